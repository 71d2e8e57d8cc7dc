"""Whose time is promised, as the rows say; half of what the checker stands on."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from appointments.models import Appointment, Hold, Session
from stores.selectors import policy_of

CELL = 300
ENDED = {"completed": "completed_at", "no_show": "no_show_at"}


@dataclass(frozen=True)
class Promise:
    """Somebody's time: ``[start, end)`` in seconds of the epoch."""

    who: str
    start: int
    end: int
    owner: str

    def cells(self) -> range:
        return range(self.start // CELL, -(-self.end // CELL))


def promises_of(appointments: Iterable[Appointment]) -> Iterator[Promise]:
    for one in appointments:
        if one.status != "cancelled" and not (one.live and waits(one)):
            yield from _promises(one)


def waits(one: Appointment) -> bool:
    return one.status == "pending" and one.realtor_id is None


def _promises(one: Appointment) -> Iterator[Promise]:
    """The customer's time and, unless it waits, the realtor's with its buffers, and that of a house
    that is shown; of a seat only the time of who will sit there, because its teacher's is the
    session's. Who is served as soon as possible gives no time of their own before the work begins.
    Work that ended before its time promises what came before the five minutes it ended in. A stay
    takes nobody's time (see nights.py)."""
    if one.check_in is not None:
        return
    start, end = seconds(one.starts_at), seconds_up(one.ends_at)
    spans = []
    if not one.live or one.started_at is not None:
        spans += [(who, start, end) for who in _customer(one)]
    if one.realtor_id is not None and one.session_id is None:
        before, after = one.buffer_before_minutes * 60, one.buffer_after_minutes * 60
        spans.append((f"r:{one.realtor_id}", start - before, end + after))
    spans += [(house, start, end) for house in _house(one)]
    yield from _cut(spans, ended_at(one), f"appointment {one.pk}")


def _cut(
    spans: Iterable[tuple[str, int, int]], ended: datetime | None, owner: str
) -> Iterator[Promise]:
    for who, first, last in spans:
        if ended is not None:
            last = min(last, seconds(ended) // CELL * CELL)
        if first < last:
            yield Promise(who, first, last, owner)


def ended_at(one: Appointment) -> datetime | None:
    return getattr(one, ENDED[one.status]) if one.status in ENDED else None


def _customer(one: Appointment | Hold) -> list[str]:
    """A guest is a phone; somebody with an account is that, and their verified phone; where it is
    for a child, only that child."""
    if isinstance(one, Appointment) and one.child_id is not None:
        return [f"c:{one.child_id}"]
    user = one.user
    if user is None:
        return [f"p:{one.customer_phone}"] if isinstance(one, Appointment) else []
    return [f"u:{user.pk}", *([f"p:{user.phone}"] if user.phone and user.phone_verified else [])]


def _house(one: Appointment | Hold) -> list[str]:
    """Kept for whoever waits for somebody to show it, too."""
    if one.listing is None or one.listing.kind != "house":
        return []
    return [f"h:{one.listing.pk}"]


def live_key_of(one: Appointment) -> str:
    """What says that this person stands in this store's live line."""
    return f"{one.store_id}:{_customer(one)[0]}"


def promises_of_holds(holds: Iterable[Hold]) -> Iterator[Promise]:
    """Of times; who will sit in a seat is said with the booking (see seats.py)."""
    holds = [hold for hold in holds if hold.session_id is None]
    policies = {store.pk: policy_of(store) for store in {hold.store for hold in holds}}
    for hold in holds:
        start, end = seconds(hold.starts_at), seconds_up(hold.ends_at)
        policy = policies[hold.store_id]
        if hold.listing is not None:
            policy = policy.overridden_by(hold.listing)
        before, after = policy.buffer_before_minutes * 60, policy.buffer_after_minutes * 60
        yield Promise(f"r:{hold.realtor_id}", start - before, end + after, f"hold {hold.pk}")
        for who in (*_customer(hold), *_house(hold)):
            yield Promise(who, start, end, f"hold {hold.pk}")


def promises_of_sessions(sessions: Iterable[Session]) -> Iterator[Promise]:
    """The teacher's time, with the buffers of the day it was opened. What was closed before its
    time promises as much as work that was."""
    for one in sessions:
        if one.status == "cancelled":
            continue
        start = seconds(one.starts_at) - one.buffer_before_minutes * 60
        end = seconds_up(one.ends_at) + one.buffer_after_minutes * 60
        closed = one.updated_at if one.status == "completed" else None
        yield from _cut([(f"r:{one.realtor_id}", start, end)], closed, f"session {one.pk}")


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def seconds_up(moment: datetime) -> int:
    return math.ceil(moment.timestamp())
