"""When a realtor works, from hours, breaks and time off; no database here."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from booking_site.common.periods import Period, intersect, merge, subtract
from stores.rules import Interval, OpeningHours, hours_as_periods

Week = Mapping[int, tuple[Interval, ...]]


@dataclass(frozen=True)
class WorkingWeek:
    """One realtor's week by the store's wall clock; no ``work`` at all means the store's hours."""

    work: Week
    breaks: Week
    time_off: tuple[Period, ...] = ()

    @property
    def mark(self) -> str:
        """The same for the same ordinary week, whoever reads it."""
        return week_mark(week_facts("work", self.work) | week_facts("break", self.breaks))

    def periods(self, first: date, last: date, store: OpeningHours) -> list[Period]:
        """When this realtor can be booked from ``first`` to ``last``: never outside the store's
        hours, never in a break or time off."""
        opened = store.periods(first, last)
        before = first - timedelta(days=1)
        pauses = hours_as_periods(
            lambda day: self.breaks.get(day.weekday(), ()), store.zone, before, last
        )
        away = merge([*pauses, *self.time_off])
        if not self.work:
            return subtract(opened, away)
        working = hours_as_periods(
            lambda day: self.work.get(day.weekday(), ()), store.zone, before, last
        )
        return subtract(intersect(working, opened), away)


Fact = tuple[str, int, time, time]


def week_facts(kind: str, week: Mapping[int, Iterable[Interval]]) -> set[Fact]:
    """Each interval as (kind, weekday, from, to)."""
    return {
        (kind, weekday, interval.opens, interval.closes)
        for weekday, intervals in week.items()
        for interval in intervals
    }


def week_mark(facts: Iterable[Fact]) -> str:
    text = " ".join(f"{kind}/{day}/{opens}/{closes}" for kind, day, opens, closes in sorted(facts))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
