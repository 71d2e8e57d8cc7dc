"""The starts a store offers, day by day, and why a day has none."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import islice

from appointments.models import Appointment
from appointments.selectors.availability import Availability
from appointments.selectors.pictures import availability
from booking_site.common.periods import Period, dates_between, grid_starts, local_day
from realtors.models import Listing
from stores.models import Store

# How far ahead an alternative is looked for when a start turns out to be taken.
SEARCHED_DAYS = 7


class NoneBecause(StrEnum):
    CLOSED = "closed"
    FULL = "full"
    TOO_SOON = "too_soon"
    TOO_FAR_AHEAD = "too_far_ahead"
    PAST = "past"


@dataclass(frozen=True)
class Slot:
    """One start. Local times carry the store's offset; ``queue_length`` waits for this start."""

    starts_at: datetime
    ends_at: datetime
    free_realtors: int
    queue_length: int

    @property
    def available(self) -> bool:
        return self.free_realtors > 0


@dataclass(frozen=True)
class Day:
    date: date
    reason: NoneBecause | None
    slots: tuple[Slot, ...]

    @property
    def free_count(self) -> int:
        return sum(slot.available for slot in self.slots)


def days_of_slots(
    store: Store,
    *,
    first: date,
    days: int,
    at: datetime,
    duration_minutes: int | None = None,
    realtor_id: int | None = None,
    listing: Listing | None = None,
) -> list[Day]:
    """``days`` local days from ``first``, to see a ``listing`` or to come to the store. Queries:
    constant."""
    dates = dates_between(first, days)
    picture = availability(store, first, dates[-1], at=at, realtor_id=realtor_id, listing=listing)
    return week_of(picture, dates, at=at, duration_minutes=duration_minutes)


def week_of(
    picture: Availability,
    dates: Iterable[date],
    *,
    at: datetime,
    realtor_id: int | None = None,
    duration_minutes: int | None = None,
) -> list[Day]:
    """Days of slots, of one realtor or of all, from a picture that is there already. One query."""
    if realtor_id is not None:
        only = [realtor for realtor in picture.realtors if realtor.pk == realtor_id]
        picture = replace(picture, realtors=only)
    dates = list(dates)
    length = timedelta(minutes=duration_minutes or picture.policy.default_duration_minutes)
    waiting = _queue_lengths(picture, dates)
    return [_day(picture, day, length, waiting, at) for day in dates]


def next_free_starts(
    store: Store,
    *,
    after: datetime,
    at: datetime,
    duration_minutes: int,
    realtor_id: int | None = None,
    listing: Listing | None = None,
    limit: int = 5,
) -> list[datetime]:
    """What to offer to somebody who lost a race: the next starts with a free realtor."""
    first = max(after, at).astimezone(store.zone).date()
    dates = dates_between(first, SEARCHED_DAYS)
    picture = availability(store, first, dates[-1], at=at, realtor_id=realtor_id, listing=listing)
    length = timedelta(minutes=duration_minutes)
    free = (
        period.start
        for day in dates
        if day <= last_bookable_date(picture, at)
        for period in _bookable_periods(picture, day, length, at)
        if period.start >= after and picture.free(period)
    )
    return [start.astimezone(store.zone) for start in islice(free, limit)]


def first_free_start(picture: Availability, *, last: date, at: datetime) -> datetime | None:
    """The first start with a free realtor up to the local date ``last``. No query."""
    zone = picture.hours.zone
    length = timedelta(minutes=picture.policy.default_duration_minutes)
    earliest = earliest_start(picture, at)
    day = at.astimezone(zone).date()
    while day <= min(last, last_bookable_date(picture, at)):
        for start in grid_starts(day, zone, picture.policy.grid_minutes):
            period = Period(start, start + length)
            if start >= earliest and picture.is_open(period) and picture.free(period):
                return start.astimezone(zone)
        day += timedelta(days=1)
    return None


def last_bookable_date(picture: Availability, at: datetime) -> date:
    today = at.astimezone(picture.hours.zone).date()
    return today + timedelta(days=picture.policy.max_advance_days)


def earliest_start(picture: Availability, at: datetime) -> datetime:
    return at + timedelta(minutes=picture.policy.min_advance_minutes)


def _day(
    picture: Availability,
    day: date,
    length: timedelta,
    waiting: Counter[datetime],
    at: datetime,
) -> Day:
    if day > last_bookable_date(picture, at):
        return Day(day, NoneBecause.TOO_FAR_AHEAD, ())
    if local_day(day, picture.hours.zone).end <= at:
        return Day(day, NoneBecause.PAST, ())
    open_periods = list(_open_periods(picture, day, length))
    if not open_periods:
        return Day(day, NoneBecause.CLOSED, ())
    bookable = list(_bookable_periods(picture, day, length, at))
    if not bookable:
        past = open_periods[-1].start <= at
        return Day(day, NoneBecause.PAST if past else NoneBecause.TOO_SOON, ())
    slots = tuple(
        Slot(
            starts_at=period.start.astimezone(picture.hours.zone),
            ends_at=period.end.astimezone(picture.hours.zone),
            free_realtors=len(picture.free(period)),
            queue_length=waiting[period.start],
        )
        for period in bookable
    )
    full = not any(slot.available for slot in slots)
    return Day(day, NoneBecause.FULL if full else None, slots)


def _open_periods(picture: Availability, day: date, length: timedelta) -> Iterator[Period]:
    """Every start of that day's grid at which the store is open for ``length``."""
    for start in grid_starts(day, picture.hours.zone, picture.policy.grid_minutes):
        period = Period(start, start + length)
        if picture.is_open(period):
            yield period


def _bookable_periods(
    picture: Availability, day: date, length: timedelta, at: datetime
) -> Iterator[Period]:
    earliest = earliest_start(picture, at)
    return (period for period in _open_periods(picture, day, length) if period.start >= earliest)


def _queue_lengths(picture: Availability, dates: list[date]) -> Counter[datetime]:
    zone = picture.hours.zone
    starts = (
        Appointment.objects.queued()
        .filter(
            store=picture.store,
            listing=picture.listing,
            live=False,
            starts_at__gte=local_day(dates[0], zone).start,
            starts_at__lt=local_day(dates[-1], zone).end,
        )
        .values_list("starts_at", flat=True)
    )
    return Counter(starts)
