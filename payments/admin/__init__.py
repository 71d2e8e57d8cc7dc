"""The back office of payments: looked at, and moved by services alone."""

from . import notices, payments, refunds, sandbox, shares  # noqa: F401
