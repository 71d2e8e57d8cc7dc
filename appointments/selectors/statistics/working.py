"""How much of their working time realtors had promised.

* Working time is what hours, breaks, time off and the store's hours say **now**: earlier versions
  of a week are not kept, so a change of hours also changes what is said of the past.
* Busy is working time that lies in a confirmed, running or completed appointment: the time it was
  promised for, from its real beginning if that was earlier, to its real end if that was earlier.
  Two at once count once, and so does a session, however many sit in it; one that nobody has booked
  is promised to nobody. What lies outside of working time does not count, so that nobody is more
  than fully busy. A live customer who was accepted has no time before the work begins.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from appointments.models import Status
from booking_site.common.periods import Period, intersect
from realtors.models import Realtor
from realtors.selectors import working_weeks
from stores.selectors import opening_hours_of

from .spans import DAY, Span

BUSY = (Status.CONFIRMED, Status.IN_PROGRESS, Status.COMPLETED)
# Local (date, hour): on a day of 25 hours one of them has 120 minutes, on one of 23 one has none.
Hour = tuple[date, int]


@dataclass
class Minutes:
    """One realtor's, by local date and hour."""

    working: dict[Hour, float] = field(default_factory=dict)
    busy: dict[Hour, float] = field(default_factory=dict)


def busy_time(
    status: str,
    *,
    live: bool,
    starts_at: datetime,
    ends_at: datetime,
    started_at: datetime | None,
    completed_at: datetime | None,
) -> Period | None:
    """The time an appointment kept its realtor busy; None when it did not."""
    if status not in BUSY or (live and started_at is None):
        return None
    start, end = min(starts_at, started_at or starts_at), min(ends_at, completed_at or ends_at)
    return Period(start, end) if start < end else None


def minutes_by_hour(
    spans: Sequence[Span], realtors: Iterable[Realtor], busy: Mapping[int, list[Period]]
) -> dict[int, Minutes]:
    """By realtor id. ``busy`` by realtor id too. Five queries, however many there are."""
    found: dict[int, Minutes] = defaultdict(Minutes)
    realtors = list(realtors)
    if not realtors:
        return found
    hours = opening_hours_of(
        [span.store for span in spans],
        min(span.first for span in spans),
        max(span.last for span in spans),
    )
    whole = Period(
        min(span.period.start for span in spans) - DAY, max(span.period.end for span in spans) + DAY
    )
    weeks = working_weeks(realtors, whole)
    by_store = {span.store.pk: span for span in spans}
    for realtor in realtors:
        span, zone = by_store[realtor.store_id], hours[realtor.store_id].zone
        periods = weeks[realtor.pk].periods(span.first, span.last, hours[realtor.store_id])
        working = intersect(periods, [span.period])
        minutes = found[realtor.pk]
        minutes.working = _by_hour(working, zone)
        minutes.busy = _by_hour(intersect(working, busy.get(realtor.pk, ())), zone)
    return found


def _by_hour(periods: Iterable[Period], zone: ZoneInfo) -> dict[Hour, float]:
    counted: dict[Hour, float] = defaultdict(float)
    for period in periods:
        for local, minutes in _pieces(period, zone):
            counted[local.date(), local.hour] += minutes
    return counted


def _pieces(period: Period, zone: ZoneInfo) -> Iterator[tuple[datetime, float]]:
    """A period cut where the wall clock strikes, with the minutes of each piece. Clocks are set at
    full hours, so that no piece reaches over a change."""
    start = period.start
    while start < period.end:
        local = start.astimezone(zone)
        into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        end = min(start + timedelta(hours=1) - into, period.end)
        yield local, (end - start).total_seconds() / 60
        start = end
