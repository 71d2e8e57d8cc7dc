"""Writing down what happened, and who is to be told."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction

from booking_site.common.transactions import do_last
from notifications.models import Channel, Delivery, Device, Kind, OutboxEvent
from notifications.selectors.devices import devices_of
from notifications.selectors.recipients import Recipient, recipients_of
from notifications.selectors.wishes import wishes_of

from .counting import count_after_commit
from .notifying import type_of
from .posting import enqueue
from .telling import Told, tell

Way = tuple[Recipient, Channel, Device | None]


# No savepoint of its own: it stands or falls with the change it is part of.
@transaction.atomic(savepoint=False)
def record(kind: Kind, *, appointment_id: int, at: datetime, facts: dict[str, Any]) -> OutboxEvent:
    """The news, and a letter for everybody whom it concerns and who can be reached. Only rows: they
    are sent after the commit, and never if there is none."""
    event = OutboxEvent.objects.create(kind=kind, appointment_id=appointment_id, at=at, facts=facts)
    ways = list(_ways_to(event, recipients_of(event)))
    # What is told on the site at once is written at once.
    at_once = tuple(one for one, by, _to in ways if by == Channel.IN_APP and not one.after)
    letters = [
        _letter(event, one, by, to) for one, by, to in ways if by != Channel.IN_APP or one.after
    ]
    if letters:
        Delivery.objects.bulk_create(letters)
    enqueue(event)
    count_after_commit(event)
    do_last(tell, Told(event.pk, at_once))
    return event


def _ways_to(event: OutboxEvent, people: list[Recipient]) -> Iterator[Way]:
    """Every way by which each can be reached and wishes to be. Two queries where somebody has an
    account, however many they are."""
    accounts = [one.user_id for one in people]
    wishes, devices = wishes_of(accounts), devices_of(accounts)
    for one in people:
        kind = type_of(event, one).kind
        if one.address and wishes.allow(one.user_id, kind, Channel.EMAIL):
            yield one, Channel.EMAIL, None
        if one.user_id and wishes.allow(one.user_id, kind, Channel.IN_APP):
            yield one, Channel.IN_APP, None
        if one.user_id and wishes.allow(one.user_id, kind, Channel.PUSH):
            for device in devices.get(one.user_id, ()):
                yield one, Channel.PUSH, device


def _letter(
    event: OutboxEvent, one: Recipient, channel: Channel, device: Device | None
) -> Delivery:
    return Delivery(
        event=event,
        channel=channel,
        role=one.role,
        recipient_id=one.recipient_id,
        letter=one.letter,
        address=one.address if channel == Channel.EMAIL else "",
        locale=one.locale,
        device=device,
        device_key=device.pk if device else 0,
        next_try_at=event.at + one.after,
        created_at=event.at,
    )
