"""Reads the tables and says what is wrong in them.

Everything is computed from appointments, holds, offers and the log: what was promised to whom, what
that should claim, where each stands in line, who could serve whom. Nothing is asked of the code
that made the rows; in particular overlaps are not looked for among claims, which the database
guards, but among the promises themselves. The figures of a policy must not have changed since the
holds were made.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from appointments.models import Appointment, AppointmentEvent, Claim, Hold, Offer
from appointments.selectors.lines import queue_positions
from booking_site.common.periods import Period, covers
from realtors.models import Realtor
from realtors.selectors import working_weeks
from stores.models import Store
from stores.selectors import opening_hours, policy_of

CELL = 300
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
LIVE = ("pending", "confirmed", "in_progress")
ENDED = {"completed": "completed_at", "no_show": "no_show_at"}
# The life table of the design, written down a second time.
ALLOWED = {
    ("", "pending"),
    ("pending", "confirmed"),
    ("pending", "cancelled"),
    ("confirmed", "in_progress"),
    ("confirmed", "no_show"),
    ("confirmed", "cancelled"),
    ("in_progress", "completed"),
}
STAMPS = {
    "confirmed": "confirmed_at",
    "in_progress": "started_at",
    "completed": "completed_at",
    "cancelled": "cancelled_at",
    "no_show": "no_show_at",
}


@dataclass(frozen=True)
class Promise:
    """Somebody's time, as the rows say: ``[start, end)`` in seconds of the epoch."""

    who: str
    start: int
    end: int
    owner: str

    def cells(self) -> range:
        return range(self.start // CELL, -(-self.end // CELL))


def faults(at: datetime) -> list[str]:
    """Everything that is wrong at this moment, in sentences; empty when all is well."""
    appointments = list(Appointment.objects.select_related("store", "user").order_by("pk"))
    holds = list(Hold.objects.filter(expires_at__gt=at).select_related("store", "user"))
    promises = [*_promises_of(appointments), *_promises_of_holds(holds)]
    return [
        *_overlaps(promises),
        *_claims_that_differ(promises, at),
        *_leftovers(),
        *_wrong_positions(appointments),
        *_idle_realtors(appointments, holds, at),
        *_broken_histories(appointments),
        *_odd_offers(appointments),
    ]


def _promises_of(appointments: Iterable[Appointment]) -> Iterator[Promise]:
    for one in appointments:
        if one.status != "cancelled":
            yield from _promises(one)


def _promises(one: Appointment) -> Iterator[Promise]:
    """The customer's time and, unless it waits, the realtor's with its buffers. Work that ended
    before its time promises what came before the five minutes it ended in."""
    start, end = _seconds(one.starts_at), _seconds(one.ends_at)
    spans = [(who, start, end) for who in _customer(one)]
    if one.realtor_id is not None:
        before, after = one.buffer_before_minutes * 60, one.buffer_after_minutes * 60
        spans.append((f"r:{one.realtor_id}", start - before, end + after))
    ended_at = getattr(one, ENDED[one.status]) if one.status in ENDED else None
    for who, first, last in spans:
        if ended_at is not None:
            last = min(last, _seconds(ended_at) // CELL * CELL)
        if first < last:
            yield Promise(who, first, last, f"appointment {one.pk}")


def _customer(one: Appointment | Hold) -> list[str]:
    """A guest is a phone; somebody with an account is that, and their verified phone."""
    user = one.user
    if user is None:
        return [f"p:{one.customer_phone}"] if isinstance(one, Appointment) else []
    return [f"u:{user.pk}", *([f"p:{user.phone}"] if user.phone and user.phone_verified else [])]


def _promises_of_holds(holds: Iterable[Hold]) -> Iterator[Promise]:
    policies = {store.pk: policy_of(store) for store in {hold.store for hold in holds}}
    for hold in holds:
        start, end = _seconds(hold.starts_at), _seconds(hold.ends_at)
        policy = policies[hold.store_id]
        before, after = policy.buffer_before_minutes * 60, policy.buffer_after_minutes * 60
        yield Promise(f"r:{hold.realtor_id}", start - before, end + after, f"hold {hold.pk}")
        for who in _customer(hold):
            yield Promise(who, start, end, f"hold {hold.pk}")


def _overlaps(promises: Iterable[Promise]) -> Iterator[str]:
    by_person: dict[str, list[Promise]] = defaultdict(list)
    for promise in promises:
        by_person[promise.who].append(promise)
    for who, theirs in by_person.items():
        theirs.sort(key=lambda promise: (promise.start, promise.end))
        for one, other in pairwise(theirs):
            if other.start < one.end:
                yield f"{who} is promised twice: {one.owner} and {other.owner}"


def _claims_that_differ(promises: Iterable[Promise], at: datetime) -> Iterator[str]:
    wanted = {
        (promise.owner, promise.who, cell) for promise in promises for cell in promise.cells()
    }
    rows = Claim.objects.exclude(hold__expires_at__lte=at).values_list(
        "appointment_id", "hold_id", "resource", "unit", "cell"
    )
    there = set()
    for appointment_id, hold_id, resource, unit, cell in rows:
        owner = f"appointment {appointment_id}" if appointment_id else f"hold {hold_id}"
        there.add((owner, resource, cell))
        if unit:
            yield f"{owner} claims unit {unit} of {resource}"
    yield from (f"{owner} lacks a claim on {who}" for owner, who, _ in _firsts(wanted - there))
    yield from (f"{owner} has no right to {who}" for owner, who, _ in _firsts(there - wanted))


def _firsts(claims: set[tuple[str, str, int]]) -> Iterator[tuple[str, str, int]]:
    """One of each owner and resource: a fault of an hour would else be told twelve times."""
    seen = set()
    for claim in sorted(claims):
        if claim[:2] not in seen:
            seen.add(claim[:2])
            yield claim


def _leftovers() -> Iterator[str]:
    for pk in (
        Claim.objects.filter(appointment__status="cancelled")
        .values_list("appointment_id", flat=True)
        .distinct()
    ):
        yield f"appointment {pk} is cancelled and still claims"


def _wrong_positions(appointments: list[Appointment]) -> Iterator[str]:
    lines: dict[tuple[int, datetime], list[Appointment]] = defaultdict(list)
    for one in appointments:
        if _waits(one):
            lines[one.store_id, one.starts_at].append(one)
    ranks = dict.fromkeys((one.pk for one in appointments), 0)
    for line in lines.values():
        line.sort(key=lambda one: (one.priority, one.queued_at, one.pk))
        ranks |= {one.pk: rank for rank, one in enumerate(line, start=1)}
    shown = queue_positions(appointments)
    for pk, rank in ranks.items():
        if shown[pk] != rank:
            yield f"appointment {pk} is shown at {shown[pk]} and stands at {rank}"


def _waits(one: Appointment) -> bool:
    return one.status == "pending" and one.realtor_id is None


def _idle_realtors(
    appointments: list[Appointment], holds: list[Hold], at: datetime
) -> Iterator[str]:
    """Nobody waits while a suitable realtor is free."""
    refused = defaultdict(set)
    for offer in Offer.objects.filter(status__in=("declined", "timed_out")):
        refused[offer.appointment_id].add(offer.realtor_id)
    for store in Store.objects.all():
        waiting = [one for one in appointments if one.store_id == store.pk and _waits(one)]
        if waiting:
            yield from _idle_realtors_of(store, waiting, refused, appointments, holds, at)


def _idle_realtors_of(
    store: Store,
    waiting: list[Appointment],
    refused: dict[int, set[int]],
    appointments: list[Appointment],
    holds: list[Hold],
    at: datetime,
) -> Iterator[str]:
    policy = policy_of(store)
    before = timedelta(minutes=policy.buffer_before_minutes)
    after = timedelta(minutes=policy.buffer_after_minutes)
    realtors = list(Realtor.objects.filter(store=store, is_active=True))
    busy: dict[str, list[Promise]] = defaultdict(list)
    for promise in (*_promises_of(appointments), *_promises_of_holds(holds)):
        busy[promise.who].append(promise)
    for one in waiting:
        if one.starts_at < at + policy.min_advance_minutes * MINUTE:
            continue
        works = _working(store, realtors, one)
        start, end = _seconds(one.starts_at - before), _seconds(one.ends_at + after)
        for realtor in realtors:
            free = not any(
                promise.start < end and start < promise.end for promise in busy[f"r:{realtor.pk}"]
            )
            if (
                free
                and realtor.pk not in refused[one.pk]
                and works[realtor.pk]
                and not _day_is_full(realtor, one, appointments, holds)
            ):
                yield f"appointment {one.pk} waits while {realtor.name} is free"


def _working(store: Store, realtors: list[Realtor], one: Appointment) -> dict[int, bool]:
    day = one.starts_at.astimezone(store.zone).date()
    opened = opening_hours(store, day, day + DAY)
    period = Period(one.starts_at, one.ends_at)
    weeks = working_weeks(realtors, period)
    return {
        pk: covers(week.periods(day, day + 2 * DAY, opened), period) for pk, week in weeks.items()
    }


def _day_is_full(
    realtor: Realtor, one: Appointment, appointments: list[Appointment], holds: list[Hold]
) -> bool:
    if realtor.max_per_day is None:
        return False
    zone = one.store.zone
    day = one.starts_at.astimezone(zone).date()
    counting = [other for other in appointments if other.status in (*LIVE, "completed")]
    of_that_day = [
        other
        for other in (*counting, *holds)
        if other.realtor_id == realtor.pk and other.starts_at.astimezone(zone).date() == day
    ]
    return len(of_that_day) >= realtor.max_per_day


def _broken_histories(appointments: list[Appointment]) -> Iterator[str]:
    logs: dict[int, list[AppointmentEvent]] = defaultdict(list)
    for entry in AppointmentEvent.objects.order_by("pk"):
        logs[entry.appointment_id].append(entry)
    for one in appointments:
        yield from _broken_history(one, logs[one.pk])


def _broken_history(one: Appointment, log: list[AppointmentEvent]) -> Iterator[str]:
    name = f"appointment {one.pk}"
    if not log or log[0].action != "created":
        yield f"{name} has a log that does not begin with its making"
        return
    status, realtor_id = "", None
    passed = set()
    for entry in log:
        if entry.from_status != status:
            yield f"{name} was {status}, and its log goes on from {entry.from_status}"
        if entry.from_status != entry.to_status:
            if (entry.from_status, entry.to_status) not in ALLOWED:
                yield f"{name} went from {entry.from_status} to {entry.to_status}"
            passed.add(entry.to_status)
        status = entry.to_status
        if entry.action == "assigned":
            realtor_id = entry.details["realtor_id"]
        elif entry.action == "declined":
            realtor_id = None
    if status != one.status:
        yield f"{name} is {one.status}, and its log ends with {status}"
    if one.status != "cancelled" and realtor_id != one.realtor_id:
        yield f"{name} is with realtor {one.realtor_id}, and its log ends with {realtor_id}"
    for state, stamp in STAMPS.items():
        if (getattr(one, stamp) is not None) != (state in passed):
            yield f"{name}: {stamp} does not agree with its log"


def _odd_offers(appointments: list[Appointment]) -> Iterator[str]:
    """One open offer while a realtor has yet to answer, none otherwise."""
    open_offers: dict[int, list[int]] = defaultdict(list)
    for offer in Offer.objects.filter(status="open"):
        open_offers[offer.appointment_id].append(offer.realtor_id)
        if offer.open_key != offer.appointment_id:
            yield f"offer {offer.pk} is open without its key"
    for one in appointments:
        asked = one.status == "pending" and one.realtor_id is not None
        if open_offers[one.pk] != ([one.realtor_id] if asked else []):
            yield f"appointment {one.pk} ({one.status}) has open offers to {open_offers[one.pk]}"


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
