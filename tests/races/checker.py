"""Reads the tables and says what is wrong in them.

Everything is computed from appointments, holds, offers and the log: what was promised to whom, what
that should claim, where each stands in line, who could serve whom. Nothing is asked of the code
that made the rows; in particular overlaps are not looked for among claims, which the database
guards, but among the promises themselves. The figures of a policy must not have changed since the
holds were made. What each went through is read in histories.py, who could serve whom in idle.py,
who sleeps where in nights.py, what was ordered in orders.py, who can get where in ways.py.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from appointments.models import Appointment, Claim, Hold, Offer, Session
from appointments.selectors.lines import queue_positions
from appointments.selectors.waits import estimated_waits
from booking_site.common.periods import Period

from .histories import Logs, broken_histories, given_by_staff, logs, odd_offers
from .idle import (
    MINUTE,
    UNDER_WAY,
    Shop,
    idle_realtors,
    is_silent,
    is_there,
    most_live,
    room_on_the_day,
    shops,
    working,
    works_later,
)
from .nights import KEPT, promises_of_pets, wrong_nights
from .orders import wrong_orders
from .promises import (
    CELL,
    Promise,
    live_key_of,
    promises_of,
    promises_of_holds,
    promises_of_sessions,
    waits,
)
from .seats import seats_of, wrong_seats
from .ways import rushed, visits

# How long the sweeps may take to notice.
PATIENCE = timedelta(seconds=10)


def faults(at: datetime, *, swept: bool = True) -> list[str]:
    """Everything that is wrong at this moment, in sentences; empty when all is well. ``swept``: the
    timed work has just been done, so that nothing may be due and nobody may be idle."""
    appointments = list(
        Appointment.objects.select_related("store", "user", "listing").order_by("pk")
    )
    holds = list(Hold.objects.filter(expires_at__gt=at).select_related("store", "user", "listing"))
    sessions = list(Session.objects.select_related("store", "listing").order_by("pk"))
    promises = [
        *promises_of(appointments),
        *promises_of_holds(holds),
        *promises_of_sessions(sessions),
    ]
    seats = list(seats_of(appointments, holds))
    found = logs()
    places = list(shops(appointments, holds, sessions, at))
    return [
        *_overlaps([*promises, *promises_of_pets(appointments)]),
        *_claims_that_differ([*promises, *seats], at),
        *wrong_seats(sessions, appointments, seats),
        *wrong_nights(appointments, at),
        *wrong_orders(appointments),
        *rushed(visits(appointments, holds, sessions), found),
        *_leftovers(),
        *_wrong_positions(appointments),
        *_wrong_keys(appointments),
        *broken_histories(appointments, found),
        *odd_offers(appointments, found),
        *(fault for shop in places for fault in _of_the_live_line(shop, found)),
        *(fault for shop in places for fault in (_left_undone(shop, found) if swept else ())),
        *(_unpaid(appointments, at) if swept else ()),
    ]


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
    of_time = Claim.objects.exclude(resource__regex="^[na]:").exclude(hold__expires_at__lte=at)
    rows = of_time.values_list(
        "appointment_id", "hold_id", "session_id", "resource", "unit", "cell"
    )
    there = set()
    for appointment_id, hold_id, session_id, resource, unit, cell in rows:
        kind = "appointment" if appointment_id else "hold" if hold_id else "session"
        owner = f"{kind} {appointment_id or hold_id or session_id}"
        there.add((owner, resource, cell))
        if unit and not resource.startswith("s:"):
            yield f"{owner} claims unit {unit} of {resource}"
    forgotten = (at - KEPT).timestamp() // CELL
    lacking = {claim for claim in wanted - there if claim[2] >= forgotten}
    yield from (f"{owner} lacks a claim on {who}" for owner, who, _ in _firsts(lacking))
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
    lines: dict[tuple[int, int | None, datetime | None], list[Appointment]] = defaultdict(list)
    for one in appointments:
        if waits(one):
            line = (None, None) if one.live else (one.listing_id, one.starts_at)
            lines[one.store_id, *line].append(one)
    ranks = dict.fromkeys((one.pk for one in appointments), 0)
    for line in lines.values():
        line.sort(key=lambda one: (one.priority, one.queued_at, one.pk))
        ranks |= {one.pk: rank for rank, one in enumerate(line, start=1)}
    shown = queue_positions(appointments)
    for pk, rank in ranks.items():
        if shown[pk] != rank:
            yield f"appointment {pk} is shown at {shown[pk]} and stands at {rank}"


def _wrong_keys(appointments: list[Appointment]) -> Iterator[str]:
    """A person stands in a live line once, and until it is over."""
    for one in appointments:
        key = live_key_of(one) if one.live and one.status in UNDER_WAY else None
        if one.live_key != key:
            yield f"appointment {one.pk} ({one.status}) stands under {one.live_key}, not {key}"


# The live line


def _of_the_live_line(shop: Shop, found: Logs) -> Iterator[str]:
    here = [one for one in shop.appointments if one.live and one.store_id == shop.store.pk]
    if not here:
        return
    yield from _untrue_waits(shop, [one for one in here if waits(one)])
    for realtor in shop.realtors:
        theirs = [one for one in here if one.realtor_id == realtor.pk and one.status in UNDER_WAY]
        chosen = any(given_by_staff(found[one.pk]) for one in theirs)
        if len(theirs) > most_live(realtor, shop.policy) and not chosen:
            yield f"{realtor.name} has {len(theirs)} live customers at once"
    yield from _absent_and_asked(shop, found)


def _untrue_waits(shop: Shop, waiting: list[Appointment]) -> Iterator[str]:
    """Nobody on duty means that nobody knows, and so it is for one whom all of these have refused,
    and where those who are left take no more today, do not work so long, or the wait ends before;
    it never means at once."""
    if not waiting:
        return
    works = working(shop, Period(shop.at, shop.at + MINUTE))
    room = {one.pk: room_on_the_day(one, shop.at, shop) for one in shop.realtors}
    on_duty = [
        one
        for one in shop.realtors
        if works[one.pk] and is_there(one, shop.policy, shop.at) and room[one.pk] > 0
    ]
    rows = {one.pk: one for one in waiting}
    refused = defaultdict(set)
    for offer in Offer.objects.filter(appointment__in=rows, status__in=["declined", "timed_out"]):
        refused[offer.appointment_id].add(offer.realtor_id)
    ranks = {one.pk: rank for rank, one in enumerate(sorted(waiting, key=_rank_in_line), start=1)}
    for pk, minutes in estimated_waits(waiting, at=shop.at).items():
        one = rows[pk]
        themself = {other.pk for other in on_duty if one.user_id and other.user_id == one.user_id}
        able = {other.pk for other in on_duty} - refused[pk] - themself
        # Who is told the shortest wait may be about to be asked.
        least = 0 if minutes is None or minutes <= 5 else minutes
        most = minutes or _longest_wait(shop, ranks[pk], len(on_duty))
        hope, sure = (
            not one.needs_person
            and ranks[pk] <= sum(room[other] for other in able)
            and shop.at + wait * MINUTE <= one.served_until
            and works_later(shop, one.duration_minutes, shop.at + wait * MINUTE, able)
            for wait in (least, most)
        )
        if (minutes is None and sure) or (minutes is not None and not hope):
            yield f"appointment {pk} is told {minutes} minutes with {len(able)} on duty for them"
        elif minutes is not None and minutes < 1:
            yield f"appointment {pk} is told {minutes} minutes"


def _rank_in_line(one: Appointment) -> tuple[int, datetime, int]:
    return one.priority, one.queued_at, one.pk


def _longest_wait(shop: Shop, position: int, servers: int) -> float:
    """Minutes, if each visit takes as long as the longest ever has, or is meant to."""
    lengths = [shop.policy.default_duration_minutes]
    for one in shop.appointments:
        if one.live and one.started_at and one.completed_at:
            lengths.append((one.completed_at - one.started_at) / MINUTE)
    return position * max(lengths) / max(1, servers) + 5


def _absent_and_asked(shop: Shop, found: Logs) -> Iterator[str]:
    """What the rows still show of it: who is away, or was last seen long before."""
    offers = Offer.objects.filter(appointment__live=True, appointment__store=shop.store)
    realtors = {one.pk: one for one in shop.realtors}
    for offer in offers:
        realtor = realtors.get(offer.realtor_id)
        if realtor is None or "staff" in offer.score:
            continue
        away = realtor.away_since
        if away is not None and away + PATIENCE < offer.created_at:
            yield f"offer {offer.pk} was made to {realtor.name}, who was away"
        if is_silent(realtor, shop.policy, offer.created_at):
            yield f"offer {offer.pk} was made to {realtor.name}, who was silent"


# What the sweeps are there for


def _left_undone(shop: Shop, found: Logs) -> Iterator[str]:
    yield from idle_realtors(shop)
    yield from _stuck_offers(shop)
    here = [one for one in shop.appointments if one.live and one.store_id == shop.store.pk]
    realtors = {one.pk: one for one in shop.realtors}
    for one in here:
        patience = timedelta(minutes=one.policy["queue_timeout_minutes"])
        if waits(one) and one.queued_at + patience + PATIENCE < shop.at:
            yield f"appointment {one.pk} has waited for too long and still does"
        begun = one.status not in ("pending", "confirmed")
        if begun or one.realtor_id is None or given_by_staff(found[one.pk]):
            continue
        realtor = realtors.get(one.realtor_id)
        if realtor is None:
            yield f"appointment {one.pk} is with somebody who has left"
        elif realtor.presence == "offline" or is_silent(realtor, shop.policy, shop.at):
            yield f"appointment {one.pk} is with {realtor.name}, who has gone"


def _unpaid(appointments: list[Appointment], at: datetime) -> Iterator[str]:
    for one in appointments:
        unpaid = one.status == "pending" and one.payment_status == "unpaid"
        if unpaid and one.pay_before is not None and one.pay_before + PATIENCE < at:
            yield f"appointment {one.pk} was not paid in time and still waits"


def _stuck_offers(shop: Shop) -> Iterator[str]:
    late = Offer.objects.filter(
        status="open", deadline_at__lt=shop.at - PATIENCE, appointment__store=shop.store
    )
    for offer in late:
        yield f"offer {offer.pk} is open after its deadline"
