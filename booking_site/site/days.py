"""The days that the back office's first page looks at, by the reader's clock.

Days are half-open ranges of UTC; what happened is put into them in Python, because what databases
make of local dates depends on time-zone tables that may not be loaded.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _

from booking_site.common.periods import Period, dates_between, day_start

USUAL_DAYS = 14
PERIODS = (7, USUAL_DAYS, 30, 90)
# More points than these nobody tells apart: then a point is a week.
MOST_POINTS = 31
WEEK = 7


@dataclass(frozen=True)
class Days:
    """``dates``: the first day of each point, the last one up to today; ``starts``: where each
    begins, and at last where tomorrow does."""

    dates: Sequence[date]
    starts: Sequence[datetime]
    count: int = USUAL_DAYS
    step: int = 1

    @classmethod
    def until(cls, today: date, zone: ZoneInfo, count: int = USUAL_DAYS) -> "Days":
        step = 1 if count <= MOST_POINTS else WEEK
        points = -(-count // step)
        first = today - timedelta(days=points * step - 1)
        dates = dates_between(first, points * step + 1)[::step]
        return cls(dates[:-1], [day_start(day, zone) for day in dates], points * step, step)

    @cached_property
    def before(self) -> Period:
        """The same number of days before them."""
        return Period(self.starts[0] - timedelta(days=self.count), self.starts[0])

    @property
    def span(self) -> Period:
        return Period(self.starts[0], self.starts[-1])

    @property
    def last(self) -> date:
        return self.dates[-1] + timedelta(days=self.step - 1)

    def place_of(self, instant: datetime) -> int:
        """Which of the points an instant of the span lies in."""
        return bisect_right(self.starts, instant) - 1

    @property
    def labels(self) -> list[str]:
        return [formats.date_format(day, "MONTH_DAY_FORMAT") for day in self.dates]

    @property
    def head(self) -> str:
        return _("Day") if self.step == 1 else _("Week from")
