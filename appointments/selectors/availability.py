"""Who is free when, as a picture in memory. Slots on every surface and the choice of a realtor come
from here, so that what is offered is what can be booked. ``pictures`` paints it; nothing here asks
the database."""

from bisect import bisect_right, insort
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Self

from appointments.rules import CELL_SECONDS, cells, span_mask
from appointments.scoring import Place, travel_minutes
from booking_site.common.periods import Period, covers, local_day
from booking_site.common.places import Point
from realtors.models import Listing, ListingKind, Realtor
from realtors.rules import WorkingWeek
from stores.models import Store
from stores.rules import OpeningHours, Policy


@dataclass(frozen=True, order=True)
class Stop:
    """Where a realtor is expected, without buffers; ``place`` is None where nobody knows."""

    start: datetime
    end: datetime
    place: Place | None = field(default=None, compare=False)


def place_of(point: Point | None) -> Place | None:
    return None if point is None else (point.latitude, point.longitude)


@dataclass
class Availability:
    """A store's realtors over some days: when they work and which of their cells are taken."""

    store: Store
    policy: Policy
    hours: OpeningHours
    open_periods: list[Period]
    realtors: list[Realtor]
    working: dict[int, list[Period]]
    # A bit per cell from ``base`` on, by realtor.
    taken: dict[int, int]
    base: int
    # Promises by (realtor, local date), kept only for realtors with a daily maximum.
    promised: Counter[tuple[int, date]] = field(default_factory=Counter)
    # Where each of them is expected, by time.
    stops: dict[int, list[Stop]] = field(default_factory=dict)
    # What it is about, if not a talk at the store; and which cells of that house are taken.
    listing: Listing | None = None
    # Where the customer of a service wants it done, if they have said so.
    destination: Place | None = None
    house_taken: int = 0
    # What ``working`` was made of, for those who have to say why somebody does not work.
    weeks: Mapping[int, WorkingWeek] = field(default_factory=dict)
    # Ids of the categories each of them lists, by realtor.
    skills: Mapping[int, Collection[int]] = field(default_factory=dict)

    def around(self, period: Period, *, now: bool = False) -> Period:
        """The provider's time: the period and both buffers. What begins ``now`` has no time before
        it any more."""
        before = timedelta(minutes=0 if now else self.policy.buffer_before_minutes)
        after = timedelta(minutes=self.policy.buffer_after_minutes)
        return Period(period.start - before, period.end + after)

    @property
    def place(self) -> Place | None:
        """Where it would be: a service at its customer's."""
        if self.listing is not None and self.listing.kind == ListingKind.SERVICE:
            return self.destination
        return place_of(self.store.point if self.listing is None else self.listing.point)

    def of(self, listing: Listing | None) -> Self:
        """The same people and times, for what is booked of this listing: by its own figures. It
        shares what is taken, so that what is given to one of them is true of all."""
        if listing is None or listing == self.listing:
            return self
        policy = self.policy.overridden_by(listing)
        listing.store = self.store
        return replace(self, policy=policy, listing=listing)

    def towards(self, point: Point | None) -> Self:
        """The same, for a service that is to be done there."""
        return self if point is None else replace(self, destination=place_of(point))

    def house_is_taken(self, period: Period) -> bool:
        return bool(self.house_taken & span_mask(cells(period), self.base))

    def can_travel(self, realtor: Realtor, period: Period, place: Place | None) -> bool:
        """Whether there is time to come there from where they are before, and to go on to where
        they are after it. Buffers are part of that time."""
        before, after = self._beside(realtor, period)
        return (
            before is None
            or period.start - before.end >= timedelta(minutes=travel_minutes(before.place, place))
        ) and (
            after is None
            or after.start - period.end >= timedelta(minutes=travel_minutes(place, after.place))
        )

    def travel_to(self, realtor: Realtor, period: Period, place: Place | None) -> float:
        """Minutes from where they are before it on that day, or else from the store."""
        before, _after = self._beside(realtor, period)
        zone = self.hours.zone
        same_day = before is not None and (
            before.end.astimezone(zone).date() == period.start.astimezone(zone).date()
        )
        start = before.place if before is not None and same_day else place_of(self.store.point)
        return travel_minutes(start, place)

    def _beside(self, realtor: Realtor, period: Period) -> tuple[Stop | None, Stop | None]:
        """What ends last before it, and begins first after it; what overlaps it is left to the
        claims."""
        stops = self.stops.get(realtor.pk, ())
        index = bisect_right(stops, period.start, key=lambda stop: stop.start)
        before = stops[index - 1] if index and stops[index - 1].end <= period.start else None
        after = stops[index] if index < len(stops) and stops[index].start >= period.end else None
        return before, after

    def able(self) -> list[Realtor]:
        """Realtors who may do what it is about, whenever they work."""
        return [one for one in self.realtors if self.has_skill(one)]

    def has_skill(self, realtor: Realtor) -> bool:
        """Whether they list its category, or no skills at all. Nothing is asked of them where there
        is no category, nor for a listing with a realtor of its own: who offers it can do it."""
        if self.listing is None or self.listing.realtor_id is not None:
            return True
        wanted, listed = self.listing.category_id, self.skills.get(realtor.pk)
        return wanted is None or not listed or wanted in listed

    def is_open(self, period: Period) -> bool:
        return covers(self.open_periods, period)

    def at_work(self, period: Period) -> list[Realtor]:
        """Realtors who can do it and work through all of ``period``, free or not."""
        return [one for one in self.able() if covers(self.working[one.pk], period)]

    def free(self, period: Period) -> list[Realtor]:
        """Realtors who can do it, work through all of ``period`` and have it free, buffers and the
        way there included; none while somebody else is in the house."""
        if self.house_is_taken(period):
            return []
        place = self.place
        wanted = span_mask(cells(self.around(period)), self.base)
        day = period.start.astimezone(self.hours.zone).date()
        return [
            realtor
            for realtor in self.able()
            if not self.taken[realtor.pk] & wanted
            and covers(self.working[realtor.pk], period)
            and not self.day_is_full(realtor, day)
            and self.can_travel(realtor, period, place)
        ]

    def is_taken(self, realtor: Realtor, around: Period) -> bool:
        return bool(self.taken[realtor.pk] & span_mask(cells(around), self.base))

    def works(self, realtor: Realtor, period: Period) -> bool:
        return covers(self.working[realtor.pk], period)

    def minutes_on(self, day: date) -> dict[int, tuple[int, int]]:
        """By realtor: minutes taken on a local day, and minutes of work there are in it."""
        whole = local_day(day, self.hours.zone)
        bits = span_mask(cells(whole), self.base)
        return {
            one.pk: (
                (self.taken[one.pk] & bits).bit_count() * CELL_SECONDS // 60,
                sum(_shared_minutes(period, whole) for period in self.working[one.pk]),
            )
            for one in self.realtors
        }

    def mark_taken(self, realtor: Realtor, period: Period, *, now: bool = False) -> None:
        """Keep this picture true after an assignment made from it, which is where this picture
        is about."""
        here = Stop(period.start, period.end, self.place)
        insort(self.stops.setdefault(realtor.pk, []), here)
        self.taken[realtor.pk] |= span_mask(cells(self.around(period, now=now)), self.base)
        day = period.start.astimezone(self.hours.zone).date()
        if realtor.max_per_day is not None:
            self.promised[realtor.pk, day] += 1

    def forget(self, realtor: Realtor, start: datetime) -> None:
        """Do not count a promise of that day which is about to be moved."""
        self.promised[realtor.pk, start.astimezone(self.hours.zone).date()] -= 1

    def day_is_full(self, realtor: Realtor, day: date) -> bool:
        most = realtor.max_per_day
        return most is not None and self.promised[realtor.pk, day] >= most


def _shared_minutes(period: Period, whole: Period) -> int:
    shared = min(period.end, whole.end) - max(period.start, whole.start)
    return max(0, int(shared.total_seconds() // 60))
