"""Arithmetic of opening hours and policies; nothing here touches the database."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from booking_site.common.periods import Period, daily_period, merge

CELL_MINUTES = 5
DAY_MINUTES = 1440
MOST_FEE_STEPS = 10
# No fee begins earlier than a year before.
EARLIEST_FEE_MINUTES = 366 * DAY_MINUTES
MULTIPLES_OF_A_CELL = (
    "default_duration_minutes",
    "grid_minutes",
    "buffer_before_minutes",
    "buffer_after_minutes",
)


@dataclass(frozen=True)
class Policy:
    """The effective booking policy of a store; minutes unless the name says days."""

    default_duration_minutes: int = 60
    grid_minutes: int = 15
    max_advance_days: int = 7
    # Sessions and nights are dated long before.
    dated_advance_days: int = 180
    min_advance_minutes: int = 30
    buffer_before_minutes: int = 0
    buffer_after_minutes: int = 0
    hold_minutes: int = 5
    accept_timeout_minutes: int = 5
    accept_later_minutes: int = 120
    queue_timeout_minutes: int = 120
    payment_minutes: int = 5
    realtor_max_load: int = 3
    online_timeout_minutes: int = 30
    no_show_after_minutes: int = 15
    first_reminder_minutes: int = 1440
    second_reminder_minutes: int = 120
    cancel_cutoff_minutes: int = 0
    reschedule_cutoff_minutes: int = 0
    auto_confirm: bool = False
    fee_steps: tuple[tuple[int, int], ...] = ()

    def overridden_by(self, row: Any) -> Self:
        """This policy with every figure that ``row`` (a BookingPolicy, or whatever else has some
        of its columns) states."""
        columns = {one.name: getattr(row, one.name, None) for one in fields(self)}
        stated = {name: figure for name, figure in columns.items() if figure is not None}
        if "fee_steps" in stated:
            stated["fee_steps"] = fee_steps_of(stated["fee_steps"])
        return replace(self, **stated)

    def snapshot(self) -> dict[str, Any]:
        """What an appointment keeps of the policy it was made under (JSON)."""
        kept = (
            "min_advance_minutes",
            "queue_timeout_minutes",
            "cancel_cutoff_minutes",
            "reschedule_cutoff_minutes",
            "fee_steps",
        )
        return {name: value for name, value in asdict(self).items() if name in kept}


SITE_DEFAULT = Policy()


def check_policy_row(row: Any) -> None:
    """Raise ValidationError, by field, on figures that could not be claimed or charged."""
    for name in MULTIPLES_OF_A_CELL:
        if (getattr(row, name) or 0) % CELL_MINUTES:
            raise ValidationError({name: _("Must be a multiple of 5 minutes.")})
    if row.fee_steps is not None:
        fee_steps_of(row.fee_steps)


def fee_steps_of(steps: Any) -> tuple[tuple[int, int], ...]:
    """Steps as (minutes before the start, percent), the earliest first. Raises ValidationError for
    the field ``fee_steps``: also for so many, or so early, that no cancelling could reckon them."""
    try:
        pairs = tuple(sorted(((int(before), int(cost)) for before, cost in steps), reverse=True))
    except (TypeError, ValueError, OverflowError) as error:
        raise ValidationError({"fee_steps": _("Write [[minutes, percent], …].")}) from error
    if len(pairs) > MOST_FEE_STEPS:
        message = _("At most %(count)s steps.") % {"count": MOST_FEE_STEPS}
        raise ValidationError({"fee_steps": message})
    if any(before > EARLIEST_FEE_MINUTES for before, _cost in pairs):
        raise ValidationError({"fee_steps": _("A fee begins a year before at the earliest.")})
    if any(before < 0 or not 0 <= cost <= 100 for before, cost in pairs):
        raise ValidationError({"fee_steps": _("Minutes from 0, percent from 0 to 100.")})
    return pairs


@dataclass(frozen=True)
class Interval:
    """Wall-clock hours of one day; see stores.models.hours."""

    opens: time
    closes: time


@dataclass(frozen=True)
class OpeningHours:
    """A store's week and the dates that differ from it, with what is said about them."""

    zone: ZoneInfo
    week: Mapping[int, tuple[Interval, ...]]
    special: Mapping[date, tuple[Interval, ...]]
    notes: Mapping[date, str] = field(default_factory=dict)

    def intervals(self, day: date) -> tuple[Interval, ...]:
        if day in self.special:
            return self.special[day]
        return self.week.get(day.weekday(), ())

    def periods(self, first: date, last: date) -> list[Period]:
        """When the store is open from ``first`` to ``last``, the night before included."""
        return hours_as_periods(self.intervals, self.zone, first - timedelta(days=1), last)

    def is_open(self, at: datetime) -> bool:
        """Whether somebody standing at the door now would find it open."""
        today = at.astimezone(self.zone).date()
        return any(period.start <= at < period.end for period in self.periods(today, today))

    def opens_next(self, at: datetime) -> datetime | None:
        """When the door opens the next time after this moment, within a week."""
        today = at.astimezone(self.zone).date()
        coming = self.periods(today, today + timedelta(days=7))
        return next((period.start for period in coming if period.start > at), None)


def hours_as_periods(intervals_of: Any, zone: ZoneInfo, first: date, last: date) -> list[Period]:
    """Merged periods of the wall-clock intervals that ``intervals_of(day)`` gives for each day."""
    found: list[Period] = []
    day = first
    while day <= last:
        for interval in intervals_of(day):
            period = daily_period(day, interval.opens, interval.closes, zone)
            if period:
                found.append(period)
        day += timedelta(days=1)
    return merge(found)


def intervals_overlap(intervals: Iterable[Interval]) -> bool:
    """Whether intervals of one day overlap, read as minutes from that day's midnight."""
    spans = sorted(_span(interval) for interval in intervals)
    return any(later[0] < earlier[1] for earlier, later in pairwise(spans))


def week_overlaps(week: Mapping[int, Iterable[Interval]]) -> bool:
    """Whether intervals of a week overlap, also over midnight and from Sunday into Monday."""
    spans = sorted(
        (weekday * DAY_MINUTES + start, weekday * DAY_MINUTES + end)
        for weekday, intervals in week.items()
        for start, end in map(_span, intervals)
    )
    next_week = [(start + 7 * DAY_MINUTES, end + 7 * DAY_MINUTES) for start, end in spans[:1]]
    return any(later[0] < earlier[1] for earlier, later in pairwise(spans + next_week))


def _span(interval: Interval) -> tuple[int, int]:
    start = interval.opens.hour * 60 + interval.opens.minute
    end = interval.closes.hour * 60 + interval.closes.minute
    return start, end if end > start else end + DAY_MINUTES
