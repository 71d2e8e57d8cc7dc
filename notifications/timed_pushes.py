"""Pushes and announcements that are due. In a loop (or task) of their own: a push service that
takes its time keeps no letter waiting. Safe to run twice and at once, and to be killed at any
moment."""

import logging
import time
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from booking_site.common.transactions import all_in_turn, run_in_transaction
from chat.selectors.unseen import waiting_for
from notifications.gateways.push import (
    DeviceGone,
    NoWayToDevice,
    PushMessage,
    PushRefusedForGood,
    gateway,
)
from notifications.models import Announcement, Channel, Delivery, DropReason, Nudge, Push
from notifications.presenters.app_pushes import push_of, push_with_words
from notifications.presenters.nudges import push_of_nudge
from notifications.rules import MOST_TRIES
from notifications.selectors.nudges import why_no_nudge
from notifications.selectors.recipients import recipient_again
from notifications.selectors.standing import why_not
from notifications.services import (
    claim_next,
    claim_next_nudge,
    claim_next_push,
    disable_device,
    drop,
    mark_failed,
    mark_sent,
)
from notifications.services.announcing import announce_some
from notifications.services.notifying import type_of

log = logging.getLogger(__name__)

CHANNELS = (Channel.PUSH,)
Taken = Delivery | Nudge | Push

# Whatever is left then waits for the next round.
ROUND_SECONDS = 10.0


def run_due_pushes(*, at: datetime) -> None:
    """Both, each in its turn. Raises an ExceptionGroup when something failed."""
    all_in_turn(partial(piece, at=at) for piece in (announce_due, push_due))


def announce_due(*, at: datetime) -> None:
    """Batch after batch, each in a transaction of its own."""
    began = time.monotonic()
    for announcement in Announcement.objects.due(at).order_by("pk"):
        step = partial(announce_some, announcement.pk, at=at)
        while time.monotonic() - began < ROUND_SECONDS and run_in_transaction(step):
            continue


def push_due(*, at: datetime) -> None:
    """Send what is due, one push after the other: taken in hand in a transaction, sent in none, and
    marked in another. At least once; a repetition carries the same key."""
    service = gateway()
    owner, began = uuid4().hex, time.monotonic()
    while (gone := time.monotonic() - began) < ROUND_SECONDS:
        now = at + timedelta(seconds=gone)
        taken = run_in_transaction(partial(_claim, owner=owner, at=now))
        if taken is None:
            return
        run_in_transaction(_outcome_of(taken, service, now))


def _claim(*, owner: str, at: datetime) -> Taken | None:
    """Those with words of their own first: they are soon of no use."""
    return (
        claim_next_push(owner=owner, at=at)
        or claim_next(owner=owner, at=at, channels=CHANNELS)
        or claim_next_nudge(owner=owner, at=at, channels=CHANNELS)
    )


def _outcome_of(taken: Taken, service: Any, at: datetime) -> "partial[bool]":
    """Try to send it; returns what is to be written down of that."""
    if taken.attempts > MOST_TRIES:
        return partial(mark_failed, taken, error="every try was cut off", at=at)
    try:
        message = _message_or_why_not(taken, at)
        if isinstance(message, DropReason):
            return partial(drop, taken, reason=message)
        service.send(message)
    except DeviceGone:
        return partial(_give_up_device, taken, at=at)
    except NoWayToDevice:
        return partial(drop, taken, reason=DropReason.NO_WAY)
    except Exception as error:
        # One that cannot be made or sent must not keep the others waiting.
        log.warning("push %s not sent: %s", taken.pk, type(error).__name__)
        told = f"{type(error).__name__}: {error}"
        for_good = isinstance(error, PushRefusedForGood)
        return partial(mark_failed, taken, error=told, at=at, for_good=for_good)
    return partial(mark_sent, taken, at=at)


def _message_or_why_not(taken: Taken, at: datetime) -> PushMessage | DropReason:
    if isinstance(taken, Nudge):
        waiting = waiting_for(taken.participant_id)
        reason = why_no_nudge(taken, waiting)
        if reason is not None or waiting is None:
            return reason or DropReason.UNTRUE
        return push_of_nudge(taken, waiting)
    return _why_not(taken, at) or _message_of(taken, at)


def _why_not(taken: Delivery | Push, at: datetime) -> DropReason | None:
    if isinstance(taken, Push):
        if taken.device.disabled_at is not None:
            return DropReason.NO_DEVICE
        return DropReason.LATE if at >= taken.useful_until else None
    to = recipient_again(taken)
    if to is None or (taken.device is not None and taken.device.user_id != to.user_id):
        return DropReason.FORGOTTEN
    return why_not(taken, at=at)


def _message_of(taken: Delivery | Push, at: datetime) -> PushMessage:
    if isinstance(taken, Push):
        return push_with_words(taken)
    to = recipient_again(taken)
    assert to is not None
    return push_of(taken, type_=type_of(taken.event, to), at=at)


def _give_up_device(taken: Taken, *, at: datetime) -> bool:
    if taken.device is not None:
        disable_device(taken.device, at=at)
    return drop(taken, reason=DropReason.NO_DEVICE)
