"""Where in a picture of hours something stands, as the classes of static/css/agenda.css."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from appointments.selectors.console import Promise
from booking_site.common.periods import Period

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
STEP = 5
SHORTEST = 20
MOST_LANES = 3


@dataclass(frozen=True)
class Ruler:
    """From instants of one local day to minutes below the picture's top.

    ``elapsed``: by what really passes, so that an hour that comes twice has room twice. Else by the
    clock on the wall, so that several days share one scale.
    """

    day: Period
    zone: ZoneInfo
    top: int
    bottom: int
    elapsed: bool

    @property
    def date(self) -> date:
        return self.day.start.astimezone(self.zone).date()

    def minutes(self, instant: datetime) -> int:
        instant = min(max(instant, self.day.start), self.day.end)
        if self.elapsed:
            passed = instant - self.day.start
        else:
            local = instant.astimezone(self.zone).replace(tzinfo=None)
            passed = local - datetime.combine(self.date, time.min)
        return int(passed / MINUTE) - self.top

    def place(self, start: datetime, end: datetime, *, least: int = STEP) -> str:
        """Classes for a stretch; empty when nothing of it lies in the picture."""
        height = self.bottom - self.top
        first = max(0, self.minutes(start)) // STEP * STEP
        last = min(height, -(-self.minutes(end) // STEP) * STEP)
        if last <= first and (first >= height or last <= 0):
            return ""
        first = min(first, height - least)
        return classes(first, max(last - first, least))


def classes(first: int, length: int) -> str:
    hours, minutes = divmod(first, 60)
    long_hours, long_minutes = divmod(length, 60)
    return f"ag-h{hours} ag-m{minutes} ag-dh{long_hours} ag-dm{long_minutes}"


def lanes_of(booked: Sequence[Promise]) -> dict[Promise, tuple[int, int]]:
    """Which of how many columns each stands in; several side by side only where they overlap."""
    found: dict[Promise, tuple[int, int]] = {}
    group: list[tuple[Promise, int]] = []
    ends: list[datetime] = []
    for one in sorted(booked, key=lambda row: (row.starts_at, row.pk)):
        if ends and all(end <= one.starts_at for end in ends):
            _close(group, found)
            group, ends = [], []
        free = (n for n, end in enumerate(ends) if end <= one.starts_at)
        lane = next(free, len(ends))
        if lane == len(ends):
            ends.append(one.ends_at)
        ends[lane] = one.ends_at
        group.append((one, lane))
    _close(group, found)
    return found


def _close(group: Sequence[tuple[Promise, int]], found: dict[Promise, tuple[int, int]]) -> None:
    of = min(MOST_LANES, max((lane for _one, lane in group), default=0) + 1)
    for one, lane in group:
        found[one] = (min(lane, MOST_LANES - 1), of)


def full_hours(
    whole: Period, start: datetime, end: datetime, zone: ZoneInfo
) -> tuple[datetime, datetime]:
    """The hours around them on the wall's clock, within the day."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    start -= timedelta(minutes=first.minute, seconds=first.second, microseconds=first.microsecond)
    over = timedelta(minutes=last.minute, seconds=last.second, microseconds=last.microsecond)
    end = end + HOUR - over if over else end
    return max(start, whole.start), min(end, whole.end)


def touches(one: Promise, whole: Period) -> bool:
    return one.starts_at < whole.end and one.ends_at > whole.start
