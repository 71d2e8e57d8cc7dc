"""Half-open periods of time, local days, and what daylight saving does to them.

Instants are aware datetimes in UTC. Wall-clock times belong to a zone; a wall-clock time that
occurs twice means its first occurrence, one that does not occur has no instant.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MIDNIGHT = time(0, 0)


@dataclass(frozen=True, order=True)
class Period:
    """``[start, end)`` in UTC, whatever offset it was given in; never empty.

    Python counts on two times of one zone by the wall clock, so that an hour may last two or none.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.start >= self.end:
            raise ValueError("a period ends after it starts")

    def contains(self, other: "Period") -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Period") -> bool:
        return self.start < other.end and other.start < self.end


def local_instant(day: date, clock: time, zone: ZoneInfo) -> datetime | None:
    """The first instant at which the wall clock of ``zone`` shows this, or None when there is
    none: in a DST gap, and at the edge of the calendar, where UTC has no year for it."""
    wall = datetime.combine(day, clock.replace(tzinfo=None, fold=0), tzinfo=zone)
    try:
        instant = wall.astimezone(UTC)
    except OverflowError:
        return None
    if instant.astimezone(zone).replace(tzinfo=None) != wall.replace(tzinfo=None):
        return None
    return instant


def local_boundary(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """As local_instant, but a time inside a gap means the end of the gap: what opens at 02:30 on
    a night that has no 02:30 opens when the clock jumps."""
    instant = local_instant(day, clock, zone)
    if instant is not None:
        return instant
    # Reading the missing time with the offset before the gap (fold=0) and with the one after it
    # (fold=1) gives two instants around the jump; their wall clocks differ by the gap.
    wall = datetime.combine(day, clock, tzinfo=zone)
    late, early = wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
    low, high = early, late
    offset_after = high.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == offset_after:
            high = middle
        else:
            low = middle
    return high.replace(microsecond=0)


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day; 01:00 where the clock jumps over midnight."""
    return local_boundary(day, MIDNIGHT, zone)


def local_day(day: date, zone: ZoneInfo) -> Period:
    """The whole local day: 23, 24 or 25 hours (23:30 and 24:30 on Lord Howe)."""
    return Period(day_start(day, zone), day_start(day + timedelta(days=1), zone))


def daily_period(day: date, opens: time, closes: time, zone: ZoneInfo) -> Period | None:
    """Opening hours of one day as a period; ``closes`` at or before ``opens`` is the next day's.

    00:00 to 00:00 is the whole day. None when a DST gap swallows all of it.
    """
    last_day = day if closes > opens else day + timedelta(days=1)
    start, end = local_boundary(day, opens, zone), local_boundary(last_day, closes, zone)
    return Period(start, end) if start < end else None


def merge(periods: Iterable[Period]) -> list[Period]:
    """The same time as sorted periods that neither touch nor overlap."""
    merged: list[Period] = []
    for period in sorted(periods):
        if merged and period.start <= merged[-1].end:
            merged[-1] = Period(merged[-1].start, max(merged[-1].end, period.end))
        else:
            merged.append(period)
    return merged


def subtract(periods: Iterable[Period], holes: Iterable[Period]) -> list[Period]:
    """What is left of ``periods`` outside ``holes``. Both are walked once: a year has many."""
    left: list[Period] = []
    gaps = merge(holes)
    first = 0
    for period in merge(periods):
        while first < len(gaps) and gaps[first].end <= period.start:
            first += 1
        start, next_gap = period.start, first
        while next_gap < len(gaps) and gaps[next_gap].start < period.end:
            if start < gaps[next_gap].start:
                left.append(Period(start, gaps[next_gap].start))
            start = gaps[next_gap].end
            next_gap += 1
        if start < period.end:
            left.append(Period(start, period.end))
    return left


def intersect(one: Iterable[Period], other: Iterable[Period]) -> list[Period]:
    """The time that lies in both. Both are walked once."""
    common: list[Period] = []
    left, right = merge(one), merge(other)
    here = there = 0
    while here < len(left) and there < len(right):
        if left[here].overlaps(right[there]):
            start = max(left[here].start, right[there].start)
            common.append(Period(start, min(left[here].end, right[there].end)))
        if left[here].end <= right[there].end:
            here += 1
        else:
            there += 1
    return common


def covers(periods: Iterable[Period], wanted: Period) -> bool:
    """Whether merged ``periods`` hold the whole of ``wanted``."""
    return any(period.contains(wanted) for period in periods)


def dates_between(first: date, days: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(days)]


def grid_starts(day: date, zone: ZoneInfo, step_minutes: int) -> Iterator[datetime]:
    """Every instant of a local day whose wall clock stands on the grid, in order, each once.

    On a 25-hour day the doubled hour comes twice, as two instants with different offsets.
    """
    whole = local_day(day, zone)
    instant = whole.start
    # Offsets from UTC are whole multiples of 15 minutes today; older ones are not offered.
    while instant < whole.end:
        wall = instant.astimezone(zone)
        if (wall.hour * 60 + wall.minute) % step_minutes == 0 and wall.second == 0:
            yield instant
        instant += timedelta(minutes=5)
