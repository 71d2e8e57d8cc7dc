"""Who is free when, as a picture in memory. Slots on every surface and the choice of a realtor come
from here, so that what is offered is what can be booked. ``pictures`` paints it; nothing here asks
the database."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from appointments.rules import CELL_SECONDS, cells, span_mask
from booking_site.common.periods import Period, covers, local_day
from realtors.models import Realtor
from realtors.rules import WorkingWeek
from stores.models import Store
from stores.rules import OpeningHours, Policy


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
    # What ``working`` was made of, for those who have to say why somebody does not work.
    weeks: Mapping[int, WorkingWeek] = field(default_factory=dict)

    def around(self, period: Period, *, now: bool = False) -> Period:
        """The provider's time: the period and both buffers. What begins ``now`` has no time before
        it any more."""
        before = timedelta(minutes=0 if now else self.policy.buffer_before_minutes)
        after = timedelta(minutes=self.policy.buffer_after_minutes)
        return Period(period.start - before, period.end + after)

    def is_open(self, period: Period) -> bool:
        return covers(self.open_periods, period)

    def at_work(self, period: Period) -> list[Realtor]:
        """Realtors who work through all of ``period``, free or not."""
        return [one for one in self.realtors if covers(self.working[one.pk], period)]

    def free(self, period: Period) -> list[Realtor]:
        """Realtors who work through all of ``period`` and have it free, buffers included."""
        wanted = span_mask(cells(self.around(period)), self.base)
        day = period.start.astimezone(self.hours.zone).date()
        return [
            realtor
            for realtor in self.realtors
            if not self.taken[realtor.pk] & wanted
            and covers(self.working[realtor.pk], period)
            and not self.day_is_full(realtor, day)
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
        """Keep this picture true after an assignment made from it."""
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
