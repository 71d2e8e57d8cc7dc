"""What is due: reminders to be written, letters to be sent. Run by the embedded loop or by Celery's
beat; safe to run twice and at once, and to be killed at any moment."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from booking_site.common.transactions import all_in_turn, run_in_transaction
from chat.selectors.unseen import waiting_for
from notifications.gateways.mail import Mailer, RefusedForGood
from notifications.models import Channel, Delivery, DropReason, Nudge, SeatHint
from notifications.presenters.free_seats import letter_of_seat
from notifications.presenters.mail import compose
from notifications.presenters.nudges import letter_of
from notifications.rules import MOST_TRIES
from notifications.selectors.due import due_reminders
from notifications.selectors.free_seats import why_no_seat_hint
from notifications.selectors.nudges import why_no_nudge
from notifications.selectors.standing import why_not
from notifications.services import (
    claim_next,
    claim_next_nudge,
    claim_next_seat_hint,
    drop,
    mark_failed,
    mark_sent,
    remind,
    tell_late,
)
from notifications.timed_notices import tell_managers
from notifications.timed_streams import keep_streams
from notifications.timed_unseen import nudge_due

log = logging.getLogger(__name__)

# Whatever is left then waits for the next round, so that no round lasts for ever.
ROUND_SECONDS = 10.0
# Pushes have a round of their own (timed_pushes).
CHANNELS = (Channel.EMAIL, Channel.IN_APP)
Taken = Delivery | Nudge | SeatHint


def run_due(*, at: datetime) -> None:
    """All of it, each in its turn. Raises an ExceptionGroup when something failed."""
    pieces = (remind_due, nudge_due, deliver_due, tell_managers, keep_streams)
    all_in_turn(partial(piece, at=at) for piece in pieces)


def remind_due(*, at: datetime) -> None:
    """Write the letters of all reminders whose time has come, each in a transaction of its own."""
    all_in_turn(
        partial(run_in_transaction, partial(remind, due, at=at)) for due in due_reminders(at=at)
    )


def deliver_due(*, at: datetime) -> None:
    """Send what is due, one letter after the other: taken in hand in a transaction, sent in none,
    and marked in another. At least once; a repetition carries the same Message-ID. What is told on
    the site is written together with its mark, once."""
    owner, began = uuid4().hex, time.monotonic()
    with Mailer() as mailer:
        while (gone := time.monotonic() - began) < ROUND_SECONDS:
            now = at + timedelta(seconds=gone)
            taken = run_in_transaction(partial(_claim, owner=owner, at=now))
            if taken is None:
                return
            run_in_transaction(_outcome_of(taken, mailer, now))


def _claim(*, owner: str, at: datetime) -> Taken | None:
    """Those about a free seat first: they are soon of no use."""
    return (
        claim_next_seat_hint(owner=owner, at=at, channels=CHANNELS)
        or claim_next(owner=owner, at=at, channels=CHANNELS)
        or claim_next_nudge(owner=owner, at=at, channels=CHANNELS)
    )


def _outcome_of(taken: Taken, mailer: Mailer, at: datetime) -> partial[bool]:
    """Try to send it; returns what is to be written down of that."""
    if taken.attempts > MOST_TRIES:
        return partial(mark_failed, taken, error="every try was cut off", at=at)
    try:
        send = _sent_by(taken, mailer, at)
        if isinstance(send, DropReason):
            return partial(drop, taken, reason=send)
        send()
    except Exception as error:
        # One letter that cannot be made or sent must not keep the others waiting.
        log.warning("letter %s not sent: %s", taken.pk, type(error).__name__)
        told = f"{type(error).__name__}: {error}"
        for_good = isinstance(error, RefusedForGood)
        return partial(mark_failed, taken, error=told, at=at, for_good=for_good)
    return partial(mark_sent, taken, at=at)


def _sent_by(taken: Taken, mailer: Mailer, at: datetime) -> Callable[[], object] | DropReason:
    """What sends it, or why it need not be sent any more."""
    if isinstance(taken, SeatHint):
        gone = why_no_seat_hint(taken, at=at)
        return gone or partial(mailer.send, letter_of_seat(taken, at=at))
    if isinstance(taken, Nudge):
        waiting = waiting_for(taken.participant_id)
        reason = why_no_nudge(taken, waiting)
        if reason is not None or waiting is None:
            return reason or DropReason.UNTRUE
        return partial(mailer.send, letter_of(taken, waiting))
    reason = why_not(taken, at=at)
    if reason is not None:
        return reason
    if taken.channel == Channel.IN_APP:
        return partial(run_in_transaction, partial(tell_late, taken, at=at))
    return partial(mailer.send, compose(taken, at=at))
