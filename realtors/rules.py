"""When a realtor works, from hours, breaks and time off; no database here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from booking_site.common.periods import Period, intersect, merge, subtract
from stores.rules import Interval, OpeningHours, hours_as_periods

Week = Mapping[int, tuple[Interval, ...]]


@dataclass(frozen=True)
class WorkingWeek:
    """One realtor's week by the store's wall clock; no ``work`` at all means the store's hours."""

    work: Week
    breaks: Week
    time_off: tuple[Period, ...] = ()

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
