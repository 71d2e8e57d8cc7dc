"""What happened (the outbox), who is to be told of it, and which reminders have had their turn."""

from .delivery import Channel, Delivery, DeliveryQuerySet, DeliveryStatus, DropReason, Letter, Role
from .outbox import Kind, OutboxEvent
from .reminder import Reminder, Turn

__all__ = [
    "Channel",
    "Delivery",
    "DeliveryQuerySet",
    "DeliveryStatus",
    "DropReason",
    "Kind",
    "Letter",
    "OutboxEvent",
    "Reminder",
    "Role",
    "Turn",
]
