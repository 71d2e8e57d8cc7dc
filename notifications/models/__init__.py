"""What happened (the outbox), who is to be told of it and by which way, which reminders have had
their turn, the streams that sockets follow, and where stores are told by machine."""

from .announcement import Announcement, AnnouncementQuerySet, Audience
from .delivery import Channel, Delivery, DeliveryQuerySet, Letter, Role
from .device import LONGEST_TOKEN, Device, DeviceQuerySet, Platform, hash_of
from .leased import DeliveryStatus, DropReason, Leased, due_at
from .notification import Notification, NotificationQuerySet, Type
from .nudge import Nudge, NudgeQuerySet
from .outbox import Kind, OutboxEvent
from .preference import FIXED, KINDS, NotificationPreference
from .push import Push
from .reminder import Reminder, Turn
from .seat_hint import SeatHint, SeatHintQuerySet
from .stream import LastSeen, ToldPlace, UserEvent, UserStream
from .webhook import (
    EVENTS,
    OffReason,
    WebhookDelivery,
    WebhookDeliveryQuerySet,
    WebhookEndpoint,
    WebhookEndpointQuerySet,
    WebhookStatus,
)

__all__ = [
    "EVENTS",
    "FIXED",
    "KINDS",
    "LONGEST_TOKEN",
    "Announcement",
    "AnnouncementQuerySet",
    "Audience",
    "Channel",
    "Delivery",
    "DeliveryQuerySet",
    "DeliveryStatus",
    "Device",
    "DeviceQuerySet",
    "DropReason",
    "Kind",
    "LastSeen",
    "Leased",
    "Letter",
    "Notification",
    "NotificationPreference",
    "NotificationQuerySet",
    "Nudge",
    "NudgeQuerySet",
    "OffReason",
    "OutboxEvent",
    "Platform",
    "Push",
    "Reminder",
    "Role",
    "SeatHint",
    "SeatHintQuerySet",
    "ToldPlace",
    "Turn",
    "Type",
    "UserEvent",
    "UserStream",
    "WebhookDelivery",
    "WebhookDeliveryQuerySet",
    "WebhookEndpoint",
    "WebhookEndpointQuerySet",
    "WebhookStatus",
    "due_at",
    "hash_of",
]
