"""A letter's way: taken in hand by one worker, and then sent, tried again later, or given up.

Every step is one guarded UPDATE. A worker that dies leaves a lease that runs out; a worker that was
too slow finds that the letter is no longer its own.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from appointments.permissions import is_staff
from booking_site.common.actors import Actor
from booking_site.common.errors import Conflict, Forbidden
from notifications.models import (
    Channel,
    Delivery,
    DeliveryStatus,
    DropReason,
    Leased,
    Push,
    due_at,
)
from notifications.rules import LEASE, pause_after
from notifications.selectors.recipients import recipient_again

# Others take the first of them at the same moment.
CANDIDATES = 10


@transaction.atomic
def claim_next(*, owner: str, at: datetime, channels: Collection[Channel] = ()) -> Delivery | None:
    """Take the letter that has waited longest in hand for a while; of ``channels``, where some are
    named. None when nothing is due. The try counts from here, so that a letter that kills its
    worker is given up like any other."""
    due = Delivery.objects.due(at)
    if channels:
        due = due.filter(channel__in=channels)
    pk = claimed(due, owner=owner, at=at)
    parts = ("store", "realtor", "user", "listing", "session", "order")
    with_facts = Delivery.objects.select_related(
        "device", *(f"event__appointment__{part}" for part in parts)
    )
    return with_facts.get(pk=pk) if pk else None


@transaction.atomic
def claim_next_push(*, owner: str, at: datetime) -> Push | None:
    """The same for pushes that carry their own words."""
    pk = claimed(Push.objects.filter(due_at(at)), owner=owner, at=at)
    return Push.objects.select_related("device").get(pk=pk) if pk else None


def claimed(due: QuerySet[Any], *, owner: str, at: datetime) -> int | None:
    """The key of the one that has waited longest, if this ``owner`` was the one to get it."""
    for pk in list(due.order_by("next_try_at", "pk").values_list("pk", flat=True)[:CANDIDATES]):
        if due.filter(pk=pk).update(
            lease_owner=owner, lease_until=at + LEASE, attempts=F("attempts") + 1
        ):
            return int(pk)
    return None


def mark_sent(delivery: Leased, *, at: datetime) -> bool:
    """False when it was taken over by another meanwhile, who sends it under the same id."""
    return _close(delivery, status=DeliveryStatus.SENT, sent_at=at, last_error="")


def drop(delivery: Leased, *, reason: DropReason) -> bool:
    """It has become false or superfluous; nothing will be sent to that address."""
    address = {"address": ""} if isinstance(delivery, Delivery) else {}
    return _close(delivery, status=DeliveryStatus.DROPPED, last_error=reason, **address)


def mark_failed(delivery: Leased, *, error: str, at: datetime, for_good: bool = False) -> bool:
    """To be tried again after a pause that grows; after the last try, or when it failed
    ``for_good``, it waits for a person."""
    pause = None if for_good else pause_after(delivery.attempts)
    told = " ".join(error.split())[:200]
    if pause is None:
        return _close(delivery, status=DeliveryStatus.DEAD, last_error=told)
    return _close(delivery, next_try_at=at + pause, last_error=told)


@transaction.atomic
def send_again(delivery: Delivery, *, by: Actor, at: datetime) -> None:
    """Staff give a letter that was given up another chance, at the address its person has today,
    or on the same device. Raises Forbidden, and Conflict when it was not given up or its person
    (or device) is gone."""
    if not is_staff(by, delivery.event.appointment.store):
        raise Forbidden
    to = recipient_again(delivery)
    dead = Delivery.objects.filter(pk=delivery.pk, status=DeliveryStatus.DEAD)
    gone = to is None or (delivery.channel == Channel.PUSH and delivery.device is None)
    if (
        to is None
        or gone
        or not dead.update(
            status=DeliveryStatus.PENDING,
            address=to.address if delivery.channel == Channel.EMAIL else "",
            locale=to.locale,
            attempts=0,
            next_try_at=at,
            last_error="",
        )
    ):
        raise Conflict


def _close(delivery: Leased, **changes: object) -> bool:
    own: QuerySet[Any] = type(delivery)._default_manager.filter(
        pk=delivery.pk, status=DeliveryStatus.PENDING, lease_owner=delivery.lease_owner
    )
    return bool(own.update(lease_until=None, lease_owner="", **changes))
