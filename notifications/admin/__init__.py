"""The outbox in the back office: what happened, who was told, and what could not be sent."""

from . import announcements, deliveries, outbox, reading, webhooks  # noqa: F401
