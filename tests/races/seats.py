"""Who sits where: the seats of sessions, for the checker."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from appointments.models import Appointment, Claim, Hold, Session

from .promises import CELL, Promise, ended_at, seconds


def seats_of(appointments: Iterable[Appointment], holds: Iterable[Hold]) -> Iterator[Promise]:
    """One seat of each booking and each lock, claimed in the first five minutes of its session."""
    for one in appointments:
        if one.session_id is None or one.status == "cancelled":
            continue
        ended = ended_at(one)
        if ended is None or seconds(ended) // CELL > seconds(one.starts_at) // CELL:
            yield _seat(one.session_id, one.starts_at, f"appointment {one.pk}")
    for held in holds:
        if held.session_id is not None:
            yield _seat(held.session_id, held.starts_at, f"hold {held.pk}")


def _seat(session_id: int, starts_at: datetime, owner: str) -> Promise:
    start = seconds(starts_at)
    return Promise(f"s:{session_id}", start, start + CELL, owner)


def wrong_seats(
    sessions: Iterable[Session],
    appointments: list[Appointment],
    seats: Iterable[Promise],
) -> Iterator[str]:
    """More people than seats, by whom was promised one; a seat that is not there, or two of one
    booking; a booking that says another time or teacher than its session; what is still booked of
    what will not take place or is over."""
    known = {one.pk: one for one in sessions}
    sitting: dict[str, set[str]] = defaultdict(set)
    for seat in seats:
        sitting[seat.who].add(seat.owner)
    for pk, session in known.items():
        if len(sitting[f"s:{pk}"]) > session.capacity:
            who = ", ".join(sorted(sitting[f"s:{pk}"]))
            yield f"session {pk} has {session.capacity} seats and is promised to {who}"
    yield from _wrong_units(known)
    for one in appointments:
        if one.session_id is not None and one.status != "cancelled":
            yield from _unlike_its_session(one, known[one.session_id])


def _wrong_units(known: dict[int, Session]) -> Iterator[str]:
    rows = Claim.objects.filter(resource__startswith="s:")
    owners: dict[tuple[int | None, int | None], int] = defaultdict(int)
    for resource, unit, appointment_id, hold_id in rows.values_list(
        "resource", "unit", "appointment_id", "hold_id"
    ):
        if unit >= known[int(resource[2:])].capacity:
            yield f"seat {unit} of {resource} is not there"
        owners[appointment_id, hold_id] += 1
    for (appointment_id, hold_id), count in owners.items():
        if count > 1:
            owner = f"appointment {appointment_id}" if appointment_id else f"hold {hold_id}"
            yield f"{owner} has {count} seats"


def _unlike_its_session(one: Appointment, session: Session) -> Iterator[str]:
    is_like = (one.starts_at, one.ends_at, one.realtor_id, one.store_id) == (
        session.starts_at,
        session.ends_at,
        session.realtor_id,
        session.store_id,
    )
    if not is_like:
        yield f"appointment {one.pk} is at another time or with another teacher than its session"
    if session.status == "cancelled":
        yield f"appointment {one.pk} is {one.status} in a session that will not take place"
    if session.status == "completed" and one.status not in ("completed", "no_show"):
        yield f"appointment {one.pk} is {one.status} in a session that was held"
