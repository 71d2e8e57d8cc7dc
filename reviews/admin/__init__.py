"""Reviews in the back office: read by everybody who runs a store, moderated by operators."""

from . import parts, reviews  # noqa: F401
