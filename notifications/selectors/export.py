"""What this app holds on a person, for themselves."""

from typing import TYPE_CHECKING, Any

from notifications.models import (
    Delivery,
    DeliveryQuerySet,
    Device,
    LastSeen,
    Notification,
    NotificationPreference,
    Nudge,
    Role,
    SeatHint,
)
from realtors.models import Realtor

if TYPE_CHECKING:
    from accounts.models import User


def deliveries_to(user: "User") -> DeliveryQuerySet:
    """As a customer, as a realtor, and as somebody who manages a store."""
    as_customer = Delivery.objects.filter(role=Role.CUSTOMER, event__appointment__user=user)
    own = Realtor.objects.filter(user=user).values_list("pk", flat=True)
    as_realtor = Delivery.objects.filter(role=Role.REALTOR, recipient_id__in=list(own))
    as_manager = Delivery.objects.filter(role=Role.MANAGER, recipient_id=user.pk)
    found = (as_customer, as_realtor, as_manager)
    ids = {pk for rows in found for pk in rows.values_list("pk", flat=True)}
    return Delivery.objects.filter(pk__in=ids)


def export_of(user: "User") -> dict[str, Any]:
    """Plain data, ready for JSON with Django's encoder."""
    rows = deliveries_to(user).order_by("pk")
    columns = ("channel", "letter", "address", "locale", "status", "created_at", "sent_at")
    return {
        "letters": list(rows.values(*columns, "event__appointment_id")),
        "hints_at_messages": list(
            Nudge.objects.filter(participant__user=user)
            .order_by("pk")
            .values("participant__conversation_id", "channel", "status", "created_at", "sent_at")
        ),
        "hints_at_seats": _seat_hints(user),
        "last_seen": LastSeen.objects.filter(user=user).values_list("at", flat=True).first(),
        "notifications": _notifications(user),
        "notification_preferences": list(
            NotificationPreference.objects.filter(user=user).values("kind", "channel", "enabled")
        ),
        # Not the token: it is the app's, and whoever has it can write to it.
        "devices": list(
            Device.objects.filter(user=user)
            .order_by("pk")
            .values("platform", "created_at", "last_used_at", "disabled_at")
        ),
    }


def _notifications(user: "User") -> list[dict[str, Any]]:
    rows = Notification.objects.filter(user=user).order_by("u")
    columns = ("u", "type", "title", "content", "link", "detail", "created_at", "read_at")
    return list(rows.values(*columns, "appointment_id"))


def _seat_hints(user: "User") -> list[dict[str, Any]]:
    rows = SeatHint.objects.filter(user=user).order_by("pk")
    columns = ("session_id", "status", "created_at", "sent_at")
    return [dict(row) for row in rows.values(*columns)]
