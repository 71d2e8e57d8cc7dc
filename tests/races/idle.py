"""Who waits while somebody could serve them: a second opinion, without the engine's pictures."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from appointments.models import Appointment, Hold, Offer, Session
from booking_site.common.periods import Period, covers
from realtors.models import Listing, Realtor
from realtors.selectors import working_weeks
from stores.models import Store
from stores.rules import Policy
from stores.selectors import opening_hours, policy_of

from .promises import (
    CELL,
    promises_of,
    promises_of_holds,
    promises_of_sessions,
    seconds,
    seconds_up,
    waits,
)
from .ways import Visit, can_get_there, place_of, visits

UNDER_WAY = ("pending", "confirmed", "in_progress")
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
COOL_DOWN = timedelta(minutes=2)


@dataclass
class Shop:
    """A store at one moment, as the rows show it."""

    store: Store
    policy: Policy
    at: datetime
    realtors: list[Realtor]
    appointments: list[Appointment]
    holds: list[Hold]
    # Cells that are promised, by realtor.
    busy: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    # Where they are expected, by realtor.
    visits: dict[int, list[Visit]] = field(default_factory=lambda: defaultdict(list))


def shops(
    appointments: list[Appointment], holds: list[Hold], sessions: list[Session], at: datetime
) -> Iterator[Shop]:
    busy: dict[str, set[int]] = defaultdict(set)
    for promise in (
        *promises_of(appointments),
        *promises_of_holds(holds),
        *promises_of_sessions(sessions),
    ):
        busy[promise.who].update(promise.cells())
    everybody = Realtor.objects.select_related("user").order_by("pk")
    expected = visits(appointments, holds, sessions)
    for store in Store.objects.order_by("pk"):
        realtors = [
            one
            for one in everybody
            if one.store_id == store.pk
            and store.is_active
            and one.is_active
            and (one.user is None or one.user.is_active)
        ]
        yield Shop(store, policy_of(store), at, realtors, appointments, holds, busy, expected)


def idle_realtors(shop: Shop) -> Iterator[str]:
    """Nobody waits while a suitable realtor is free."""
    waiting = [one for one in shop.appointments if one.store_id == shop.store.pk and waits(one)]
    if not waiting:
        return
    refused = defaultdict(set)
    last_no: dict[int, datetime] = {}
    for offer in Offer.objects.filter(status__in=("declined", "timed_out")).order_by("answered_at"):
        refused[offer.appointment_id].add(offer.realtor_id)
        if offer.status == "declined" and offer.answered_at:
            last_no[offer.realtor_id] = offer.answered_at
    for one in waiting:
        wanted = _wanted(one, shop)
        if wanted is None:
            continue
        works = working(shop, wanted)
        policy = _policy_for(one, shop)
        before = timedelta(minutes=0 if one.live else policy.buffer_before_minutes)
        start = seconds(wanted.start - before)
        end = seconds_up(wanted.end + policy.buffer_after_minutes * MINUTE)
        visit = Visit(wanted.start, wanted.end, place_of(shop.store, one.listing), "")
        cells = set(range(start // CELL, -(-end // CELL)))
        for realtor in shop.realtors:
            if (
                not shop.busy[f"r:{realtor.pk}"] & cells
                and realtor.pk not in refused[one.pk]
                and works[realtor.pk]
                and (one.user_id is None or one.user_id != realtor.user_id)
                and _can_do(realtor, one.listing)
                and not _day_is_full(realtor, wanted, shop)
                and can_get_there(shop.visits[realtor.pk], visit)
                and (not one.live or _takes_live(realtor, shop, last_no.get(realtor.pk)))
            ):
                yield f"appointment {one.pk} waits while {realtor.name} is free"


def _policy_for(one: Appointment, shop: Shop) -> Policy:
    return shop.policy if one.listing is None else shop.policy.overridden_by(one.listing)


def _can_do(realtor: Realtor, listing: Listing | None) -> bool:
    """Who lists skills is sent to what needs one of them, unless the listing says who comes."""
    if listing is None or listing.realtor_id is not None or listing.category_id is None:
        return True
    skills = {one.pk for one in realtor.skills.all()}
    return not skills or listing.category_id in skills


def _wanted(one: Appointment, shop: Shop) -> Period | None:
    """The time somebody is looked for; None when it is too late for that."""
    if one.live:
        waits_until = one.queued_at + one.policy["queue_timeout_minutes"] * MINUTE
        length = one.duration_minutes * MINUTE
        return Period(shop.at, shop.at + length) if waits_until >= shop.at else None
    if one.starts_at <= shop.at:
        return None
    if one.starts_at < shop.at + _policy_for(one, shop).min_advance_minutes * MINUTE:
        return None
    return Period(one.starts_at, one.ends_at)


def _takes_live(realtor: Realtor, shop: Shop, last_no: datetime | None) -> bool:
    if not is_there(realtor, shop.policy, shop.at):
        return False
    if last_no is not None and shop.at - last_no < COOL_DOWN:
        return False
    if any(
        one.realtor_id == realtor.pk and one.status == "in_progress" for one in shop.appointments
    ):
        return False
    return held_live(realtor, shop.appointments) < most_live(realtor, shop.policy)


def is_there(realtor: Realtor, policy: Policy, at: datetime) -> bool:
    """Says so, was seen lately, and answers."""
    return (
        realtor.presence == "online"
        and realtor.away_since is None
        and not is_silent(realtor, policy, at)
    )


def is_silent(realtor: Realtor, policy: Policy, at: datetime) -> bool:
    seen = realtor.last_seen_at
    return seen is None or seen + policy.online_timeout_minutes * MINUTE < at


def held_live(realtor: Realtor, appointments: Iterable[Appointment]) -> int:
    return sum(
        one.live and one.realtor_id == realtor.pk and one.status in UNDER_WAY
        for one in appointments
    )


def most_live(realtor: Realtor, policy: Policy) -> int:
    return realtor.max_load or policy.realtor_max_load


def working(shop: Shop, period: Period) -> dict[int, bool]:
    """By realtor: whether they work through all of it."""
    day = period.start.astimezone(shop.store.zone).date()
    opened = opening_hours(shop.store, day, day + DAY)
    weeks = working_weeks(shop.realtors, period)
    return {
        pk: covers(week.periods(day, day + 2 * DAY, opened), period) for pk, week in weeks.items()
    }


def works_later(shop: Shop, minutes: int, start: datetime, among: Collection[int]) -> bool:
    """Whether any of them works for so long in one go, from ``start`` to the end of this day."""
    day = shop.at.astimezone(shop.store.zone).date()
    opened = opening_hours(shop.store, day, day + DAY)
    weeks = working_weeks(shop.realtors, Period(shop.at, shop.at + 2 * DAY))
    return any(
        period.end - max(period.start, start) >= minutes * MINUTE
        and period.start.astimezone(shop.store.zone).date() <= day
        for pk, week in weeks.items()
        for period in week.periods(day, day + DAY, opened)
        if pk in among
    )


def _day_is_full(realtor: Realtor, wanted: Period, shop: Shop) -> bool:
    return room_on_the_day(realtor, wanted.start, shop) <= 0


def room_on_the_day(realtor: Realtor, moment: datetime, shop: Shop) -> float:
    """How many more they take on its local day."""
    if realtor.max_per_day is None:
        return math.inf
    zone = shop.store.zone
    day = moment.astimezone(zone).date()
    counting = [other for other in shop.appointments if other.status in (*UNDER_WAY, "completed")]
    of_that_day = [
        other
        for other in (*counting, *shop.holds)
        if other.realtor_id == realtor.pk and other.starts_at.astimezone(zone).date() == day
    ]
    return realtor.max_per_day - len(of_that_day)
