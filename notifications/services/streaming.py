"""Writing the streams of users: numbers without holes, in the transaction of the fact.

Rows are written last in it, in one pass, ascending by user: so two transactions that concern the
same people wait for each other in one order.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Value, When

from booking_site.common.transactions import do_last
from notifications.frames import INLINED_BYTES, durable
from notifications.gateways import hints
from notifications.models import Notification, UserEvent, UserStream


@dataclass(frozen=True)
class Happening:
    """One durable frame for one user. ``payload`` is what follows ``event`` and ``u`` in it, or a
    function of ``u`` that gives it: called when the stream is locked, so that nobody comes between
    what it counts and its number. ``notification``: a row that gets its number and is saved with
    it."""

    user_id: int
    event: str
    payload: dict[str, Any] | Callable[[int], dict[str, Any]]
    at: datetime
    appointment_id: int | None = None
    conversation_id: int | None = None
    notification: Notification | None = field(default=None, compare=False)


def stream(happening: Happening) -> None:
    """Write it at the end of this transaction; sockets hear of it after the commit."""
    do_last(append, happening)


# No savepoint of its own: it stands or falls with the change it is part of.
@transaction.atomic(savepoint=False)
def append(happenings: Iterable[Happening]) -> None:
    """Give each its number and write it. Seven statements, however many they are."""
    in_order = sorted(happenings, key=lambda one: one.user_id)
    counts = Counter(one.user_id for one in in_order)
    last = _raised(counts)
    numbered = list(_numbered(in_order, counts, last))
    for one, u in numbered:
        if one.notification is not None:
            one.notification.u = u
    Notification.objects.bulk_create(one.notification for one in in_order if one.notification)
    events = [_event(one, u) for one, u in numbered]
    UserEvent.objects.bulk_create(events)
    # A hint that is lost is found out by whoever follows the stream.
    transaction.on_commit(partial(hints.publish_news, _hints(events)), robust=True)


def _numbered(
    in_order: list[Happening], counts: Counter[int], last: dict[int, int]
) -> Iterator[tuple[Happening, int]]:
    next_u = {user_id: last[user_id] - count + 1 for user_id, count in counts.items()}
    for one in in_order:
        yield one, next_u[one.user_id]
        next_u[one.user_id] += 1


def _event(one: Happening, u: int) -> UserEvent:
    return UserEvent(
        user_id=one.user_id,
        u=u,
        event=one.event,
        payload=one.payload(u) if callable(one.payload) else one.payload,
        appointment_id=one.appointment_id,
        conversation_id=one.conversation_id,
        created_at=one.at,
    )


def _raised(counts: Counter[int]) -> dict[int, int]:
    """Raise each position by so many; the positions then. One UPDATE, because two of them would
    lock people in another order."""
    ids = sorted(counts)
    known = set(UserStream.objects.filter(pk__in=ids).values_list("pk", flat=True))
    new = [UserStream(user_id=pk) for pk in ids if pk not in known]
    if new:
        # Somebody else may begin the same stream at this moment.
        UserStream.objects.bulk_create(new, ignore_conflicts=True)
    steps = [When(pk=pk, then=Value(counts[pk])) for pk in ids]
    streams = UserStream.objects.filter(pk__in=ids)
    streams.update(last_u=F("last_u") + Case(*steps, default=Value(0)))
    return dict(streams.values_list("pk", "last_u"))


def _hints(events: list[UserEvent]) -> list[hints.News]:
    """One for each user: the frames themselves where they are short."""
    by_user: dict[int, list[UserEvent]] = {}
    for event in events:
        by_user.setdefault(event.user_id, []).append(event)
    found = []
    for user_id, theirs in by_user.items():
        texts = [durable(one.event, one.u, one.payload) for one in theirs]
        short = sum(len(text.encode()) for text in texts) <= INLINED_BYTES
        at = theirs[-1].created_at.timestamp()
        found.append(hints.News(user_id, theirs[0].u, theirs[-1].u, texts if short else [], at))
    return found
