"""Sessions as they stand: seats taken, what can be booked, what speaks against them."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from appointments.models import (
    Appointment,
    Claim,
    PaymentStatus,
    Session,
    SessionQuerySet,
    SessionStatus,
    Status,
)
from appointments.rules import session_key
from booking_site.common.periods import Period, day_start, local_day
from realtors.models import Listing, TimeOff
from stores.models import Store
from stores.rules import Policy
from stores.selectors import opening_hours_of, policies_of

DAY = timedelta(days=1)


class SeatState(StrEnum):
    """What a session is to somebody who wants a seat, in Document 3's words."""

    AVAILABLE = "available"
    BOOKED = "booked"
    BLOCKED = "blocked"
    COMPLETED = "completed"


@dataclass(frozen=True)
class Seats:
    """A session with its seats counted: live locks count as taken."""

    session: Session
    taken: int
    state: SeatState

    @property
    def left(self) -> int:
        return max(self.session.capacity - self.taken, 0)


def policy_of_listing(listing: Listing) -> Policy:
    """The store's policy with what the listing says otherwise. One query."""
    return policies_of([listing.store])[listing.store_id].overridden_by(listing)


def seats_taken(session_ids: Iterable[int], *, at: datetime) -> Counter[int]:
    """By session. Expired locks and what was not paid in time take no seat, swept or not. One
    query."""
    ids = list(session_ids)
    keys = {session_key(pk): pk for pk in ids}
    rows = Claim.objects.standing(at).in_time(at).seats(ids)
    return Counter(keys[resource] for resource in rows.values_list("resource", flat=True))


def with_seats(
    sessions: Sequence[Session], *, at: datetime, policies: Mapping[int, Policy] | None = None
) -> list[Seats]:
    """In the given order. Two queries, one where the stores' ``policies`` are known; the sessions'
    stores are loaded."""
    taken = seats_taken([one.pk for one in sessions], at=at)
    known = dict(policies or {})
    asked = {one.store_id: one.store for one in sessions if one.store_id not in known}
    if asked:
        known |= policies_of(list(asked.values()))
    return [
        Seats(one, taken[one.pk], state_of(one, taken[one.pk], known[one.store_id], at))
        for one in sessions
    ]


def state_of(session: Session, taken: int, policy: Policy, at: datetime) -> SeatState:
    """``BLOCKED`` is also what has begun, or is too near or too far to be booked."""
    if session.status == SessionStatus.COMPLETED or session.ends_at <= at:
        return SeatState.COMPLETED
    if session.status != SessionStatus.OPEN or not bookable_window(session, policy, at):
        return SeatState.BLOCKED
    return SeatState.BOOKED if taken >= session.capacity else SeatState.AVAILABLE


def bookable_window(session: Session, policy: Policy, at: datetime) -> bool:
    return earliest(policy, at) <= session.starts_at < latest(session.store, policy, at)


def earliest(policy: Policy, at: datetime) -> datetime:
    """From when on a session may begin to be booked now."""
    return at + timedelta(minutes=policy.min_advance_minutes)


def latest(store: Store, policy: Policy, at: datetime) -> datetime:
    """The end of the last local day whose sessions can be booked now."""
    today = at.astimezone(store.zone).date()
    return local_day(today + timedelta(days=policy.dated_advance_days), store.zone).end


def between(rows: SessionQuerySet, store: Store, first: date, last: date) -> SessionQuerySet:
    """Of these, what begins on the local dates from ``first`` to ``last`` of a store."""
    since, until = day_start(first, store.zone), local_day(last, store.zone).end
    return rows.filter(starts_at__gte=since, starts_at__lt=until).select_related(
        "listing", "store", "realtor"
    )


def unpaid_of_its_package(appointment: Appointment) -> list[Appointment]:
    """All that is paid in one go with this one, if it waits for its payment; none else. One query
    for those of a package."""
    if not appointment.awaits_payment:
        return []
    if appointment.package_id is None:
        return [appointment]
    rows = Appointment.objects.filter(
        package_id=appointment.package_id,
        status=Status.PENDING,
        payment_status=PaymentStatus.UNPAID,
    )
    return list(rows.with_people().order_by("pk"))


def due_together(appointment: Appointment) -> list[Appointment]:
    """What one payment pays: this one, or its whole package. Empty when nothing is due."""
    if appointment.is_payable and not appointment.awaits_payment:
        return [appointment]
    return unpaid_of_its_package(appointment)


class Conflict(StrEnum):
    """Why a session may not take place as it stands; staff decide."""

    CLOSED = "closed"
    OUTSIDE_HOURS = "outside_hours"
    AWAY = "away"


def conflicts_of(
    sessions: Sequence[Session], *, away: Collection[int | None] | None = None
) -> dict[int, Conflict]:
    """By session: the store is closed then, or its teacher has time off. Three queries; two where
    ``away`` says whose teacher has."""
    if not sessions:
        return {}
    stores = {one.store_id: one.store for one in sessions}
    first = min(one.starts_local.date() for one in sessions) - DAY
    last = max(one.ends_local.date() for one in sessions) + DAY
    hours = opening_hours_of(list(stores.values()), first, last)
    off = _with_teacher_away(sessions) if away is None else away
    found = {}
    for one in sessions:
        if one.pk in off:
            found[one.pk] = Conflict.AWAY
            continue
        during = Period(one.starts_at, one.ends_at)
        day = one.starts_local.date()
        opened = hours[one.store_id].periods(day, one.ends_local.date())
        if any(period.contains(during) for period in opened):
            continue
        whole = local_day(day, one.store.zone)
        some = any(period.overlaps(whole) for period in opened)
        found[one.pk] = Conflict.OUTSIDE_HOURS if some else Conflict.CLOSED
    return found


def _with_teacher_away(sessions: Sequence[Session]) -> set[int | None]:
    """Ids; None for one that is not saved yet."""
    rows = TimeOff.objects.filter(
        realtor__in={one.realtor_id for one in sessions},
        starts_at__lt=max(one.ends_at for one in sessions),
        ends_at__gt=min(one.starts_at for one in sessions),
    )
    away: dict[int, list[Period]] = {}
    for off in rows:
        away.setdefault(off.realtor_id, []).append(Period(off.starts_at, off.ends_at))
    return {
        one.pk
        for one in sessions
        if any(
            off.overlaps(Period(one.starts_at, one.ends_at)) for off in away.get(one.realtor_id, ())
        )
    }
