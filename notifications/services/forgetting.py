"""Whoever has their account erased is told nothing more, and leaves neither address nor name."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from accounts.models import User
from appointments.models import Appointment, Offer, SystemReason
from notifications.models import (
    Delivery,
    DeliveryStatus,
    Device,
    LastSeen,
    Notification,
    NotificationPreference,
    OutboxEvent,
    Role,
    SeatHint,
    ToldPlace,
    UserEvent,
    UserStream,
)
from notifications.selectors.export import deliveries_to
from realtors.models import Realtor

from .forgetting_people import forget_in_conversations


@transaction.atomic
def forget(user: User, *, at: datetime) -> None:
    """What waits is dropped; addresses, what mail servers said of them, and what people gave as a
    reason go from all the rest."""
    theirs = deliveries_to(user)
    theirs.filter(status=DeliveryStatus.PENDING).update(
        status=DeliveryStatus.DROPPED, lease_until=None, lease_owner=""
    )
    theirs.update(address="", last_error="")
    for event in OutboxEvent.objects.filter(appointment__user=user):
        if event.facts.get("reason") and event.facts["reason"] not in SystemReason.values:
            event.facts["reason"] = ""
            event.save(update_fields=["facts"])
    _forget_streams(user)
    _blank_names(user)
    forget_in_conversations(user, at=at)


def _forget_streams(user: User) -> None:
    """What they were told themselves, by which ways, and when they were here. Their place in a line
    is not theirs any more, so that nothing is written of its end. The stream is locked first: what
    others are writing into it at this moment is there when its rows go."""
    UserStream.objects.filter(user=user).update(floor_u=F("last_u") + 1)
    theirs = (Device, NotificationPreference, Notification, UserEvent, LastSeen, SeatHint)
    for rows in theirs:
        rows.objects.filter(user=user).delete()
    ToldPlace.objects.filter(appointment__user=user).delete()


def _blank_names(user: User) -> None:
    """What others were told of them says so no more. The rows stay, without words: numbers of a
    stream have no holes."""
    ids = _ever_theirs(user)
    for row in Notification.objects.filter(appointment__in=ids):
        row.title = row.content = ""
        row.detail = _without_name(row.detail)
        row.save(update_fields=["title", "content", "detail"])
    events = UserEvent.objects.filter(appointment__in=ids, event="notification")
    for event in events:
        told = {**event.payload, "title": "", "content": ""}
        told["detail"] = _without_name(told.get("detail"))
        # By its two columns: there is no other key.
        UserEvent.objects.filter(user=event.user_id, u=event.u).update(payload=told)


def _ever_theirs(user: User) -> list[int]:
    """As customer or realtor; also those that had gone to somebody else."""
    now = Appointment.objects.filter(Q(user=user) | Q(realtor__user=user)).order_by()
    once = Offer.objects.filter(realtor__user=user).order_by()
    told = Delivery.objects.filter(
        role=Role.REALTOR, recipient_id__in=Realtor.objects.filter(user=user).values("pk")
    ).order_by()
    return list(
        {
            *now.values_list("pk", flat=True),
            *once.values_list("appointment", flat=True),
            *told.values_list("event__appointment", flat=True),
        }
    )


def _without_name(detail: dict[str, Any] | None) -> dict[str, Any]:
    return {**(detail or {}), **({"user_name": ""} if detail else {})}
