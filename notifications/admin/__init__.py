"""The outbox in the back office: what happened, who was told, and what could not be sent."""

from . import deliveries, outbox  # noqa: F401
