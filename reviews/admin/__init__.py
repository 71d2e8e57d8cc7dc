"""Reviews in the back office: read, never written."""

from . import reviews  # noqa: F401
