"""The pictures on the back office's first page: counted here, drawn by the theme's Chart.js, and
told as a table beside each.

Days are days of the reader's clock, as half-open ranges of UTC; they are put into them in Python,
because what databases make of local dates depends on time-zone tables that may not be loaded.
"""

import json
import math
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _

from appointments.models import AppointmentQuerySet, Status
from booking_site.common.periods import Period, dates_between, day_start, merge
from realtors.models import Realtor, RealtorQuerySet
from realtors.selectors import working_weeks
from stores.selectors import opening_hours_of

DAYS = 14
# More bars than these cannot be read; those with most work are shown.
MOST_REALTORS = 12
COLOURS = {
    "coming": "var(--color-primary-300)",
    "running": "var(--color-orange-400)",
    "done": "var(--color-primary-500)",
    "called_off": "var(--color-base-400)",
    "no_show": "var(--color-red-500)",
}
OUTCOME = {
    Status.PENDING: "coming",
    Status.CONFIRMED: "coming",
    Status.IN_PROGRESS: "running",
    Status.COMPLETED: "done",
    Status.CANCELLED: "called_off",
    Status.NO_SHOW: "no_show",
}


@dataclass(frozen=True)
class Days:
    """The last days up to today by one clock, and where each begins; the last entry is tomorrow."""

    dates: Sequence[date]
    starts: Sequence[datetime]

    @classmethod
    def until(cls, today: date, zone: ZoneInfo) -> "Days":
        dates = dates_between(today - timedelta(days=DAYS - 1), DAYS + 1)
        return cls(dates[:-1], [day_start(day, zone) for day in dates])

    @property
    def span(self) -> Period:
        return Period(self.starts[0], self.starts[-1])

    def place_of(self, instant: datetime) -> int:
        """Which of the dates an instant of the span lies in."""
        return bisect_right(self.starts, instant) - 1

    @property
    def labels(self) -> list[str]:
        return [formats.date_format(day, "MONTH_DAY_FORMAT") for day in self.dates]


@dataclass(frozen=True)
class Series:
    """``values`` as many as the chart has labels; None where there is nothing to tell."""

    name: str
    values: Sequence[float | None]
    colour: str


@dataclass(frozen=True)
class Chart:
    """``kind`` is "bar" or "line"; ``unit`` follows a figure in the table."""

    title: str
    told: str
    kind: str
    first: str
    labels: Sequence[str]
    series: Sequence[Series]
    empty: str
    unit: str = ""
    stacked: bool = False
    lying: bool = False

    @property
    def is_empty(self) -> bool:
        return not any(value for one in self.series for value in one.values)

    @property
    def data(self) -> str:
        sets = []
        for one in self.series:
            colours = {"backgroundColor": one.colour, "borderColor": one.colour}
            looks = {"maxBarThickness": 28, "borderRadius": 3, "pointRadius": 3}
            sets.append({"label": one.name, "data": list(one.values), **colours, **looks})
        return json.dumps({"labels": list(self.labels), "datasets": sets})

    @property
    def options(self) -> str:
        """All of Chart.js' options: those given here take the place of the theme's."""
        tick = {"color": "#7d8784"}
        axis = {"stacked": self.stacked, "ticks": tick, "grid": {"display": False}}
        counted = {**axis, "beginAtZero": True, "grid": {"display": True}}
        counted["ticks"] = {**tick, "precision": 0}
        counted["title"] = {"display": bool(self.unit), "text": self.unit.strip(), **tick}
        legend = {"display": len(self.series) > 1, "position": "bottom", "labels": tick}
        return json.dumps(
            {
                "responsive": True,
                "maintainAspectRatio": False,
                "animation": False,
                "indexAxis": "y" if self.lying else "x",
                "scales": {"x": counted, "y": axis} if self.lying else {"x": axis, "y": counted},
                "plugins": {"legend": legend},
                "interaction": {"mode": "index", "intersect": False},
            }
        )

    @property
    def rows(self) -> list[list[str]]:
        columns = [[self._words(value) for value in one.values] for one in self.series]
        return [list(row) for row in zip(self.labels, *columns, strict=True)]

    @property
    def heads(self) -> list[str]:
        return [self.first, *(one.name for one in self.series)]

    def _words(self, value: float | None) -> str:
        return "–" if value is None else f"{formats.number_format(value)}{self.unit}"


def bookings_by_day(seen: AppointmentQuerySet, days: Days) -> Chart:
    """By the day they were for, and by what became of them. One query."""
    rows = seen.order_by().filter(starts_at__gte=days.span.start, starts_at__lt=days.span.end)
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * len(days.dates))
    for starts_at, status in rows.values_list("starts_at", "status"):
        counts[OUTCOME[Status(status)]][days.place_of(starts_at)] += 1
    names = {
        "done": _("completed"),
        "running": _("in progress"),
        "coming": _("still to come, or never begun"),
        "no_show": _("no-show"),
        "called_off": _("cancelled"),
    }
    return Chart(
        title=_("Appointments by day"),
        told=_("By the day they were for, over the last %(days)s days.") % {"days": DAYS},
        kind="bar",
        first=_("Day"),
        labels=days.labels,
        series=[Series(names[key], counts[key], COLOURS[key]) for key in names],
        empty=_("No appointments in the last %(days)s days.") % {"days": DAYS},
        stacked=True,
    )


def waits_by_day(seen: AppointmentQuerySet, days: Days) -> Chart:
    """Of the live line: from joining until a realtor said yes. One query."""
    rows = seen.order_by().filter(
        live=True,
        queued_at__gte=days.span.start,
        queued_at__lt=days.span.end,
    )
    waits: list[list[float]] = [[] for _day in days.dates]
    for queued_at, confirmed_at in rows.values_list("queued_at", "confirmed_at"):
        if confirmed_at is not None:
            minutes = (confirmed_at - queued_at).total_seconds() / 60
            waits[days.place_of(queued_at)].append(minutes)
    return Chart(
        title=_("Waits in the live line"),
        told=_(
            "Minutes from joining until a realtor said yes; 95 of 100 waited no longer than the "
            "upper line."
        ),
        kind="line",
        first=_("Day"),
        labels=days.labels,
        series=[
            Series(_("half waited less"), _each(waits, 0.5), "var(--color-primary-500)"),
            Series(_("95 of 100 waited less"), _each(waits, 0.95), "var(--color-orange-500)"),
        ],
        empty=_("Nobody was served from a live line in the last %(days)s days.") % {"days": DAYS},
        unit=_(" min"),
    )


def _each(waits: Iterable[list[float]], share: float) -> list[float | None]:
    return [round(quantile(some, share), 1) if some else None for some in waits]


def quantile(values: Iterable[float], share: float) -> float:
    """The smallest of the values that so large a share does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def utilisation(
    seen: AppointmentQuerySet, realtors: RealtorQuerySet, days: Days, *, at: datetime
) -> Chart:
    """Served minutes per hundred minutes of working time until now. Seven queries at most."""
    until_now = Period(days.span.start, max(at, days.span.start + timedelta(minutes=1)))
    served = _served(seen, until_now)
    everybody = realtors.select_related("store").order_by("name", "pk")
    chosen = sorted(everybody, key=lambda one: -served[one.pk])[:MOST_REALTORS]
    duty = _duty(chosen, days, until_now)
    shares = {one: 100 * served[one.pk] / duty[one.pk] for one in chosen if duty[one.pk]}
    ordered = sorted(shares, key=lambda one: -shares[one])
    return Chart(
        title=_("How busy realtors are"),
        told=_(
            "Minutes with customers per hundred minutes of working time, over the last %(days)s "
            "days; at most %(most)s realtors, those with most work."
        )
        % {"days": DAYS, "most": MOST_REALTORS},
        kind="bar",
        first=_("Realtor"),
        labels=[one.name for one in ordered],
        series=[
            Series(
                _("with customers"),
                [round(shares[one], 1) for one in ordered],
                "var(--color-primary-500)",
            )
        ],
        empty=_("Nobody has served anybody in the last %(days)s days.") % {"days": DAYS},
        unit=" %",
        lying=True,
    )


def _served(seen: AppointmentQuerySet, within: Period) -> Counter[int]:
    """Minutes by realtor: of visits that were begun, from their real start to their real end."""
    rows = seen.order_by().filter(
        status__in=[Status.IN_PROGRESS, Status.COMPLETED],
        starts_at__lt=within.end,
        ends_at__gt=within.start - timedelta(days=1),
    )
    minutes: Counter[int] = Counter()
    names = ("realtor_id", "starts_at", "ends_at", "started_at", "completed_at")
    for realtor_id, starts_at, ends_at, started_at, completed_at in rows.values_list(*names):
        begins, ends = started_at or starts_at, completed_at or ends_at
        if realtor_id is not None and begins < ends:
            minutes[realtor_id] += round(_minutes_of(Period(begins, ends), within))
    return minutes


def _duty(realtors: Sequence[Realtor], days: Days, within: Period) -> dict[int, float]:
    """Minutes of working time by realtor, as the hours stand now."""
    first, last = days.dates[0], days.dates[-1]
    hours = opening_hours_of({one.store for one in realtors}, first, last)
    weeks = working_weeks(realtors, within)
    minutes = {}
    for one in realtors:
        periods = merge(weeks[one.pk].periods(first, last, hours[one.store_id]))
        minutes[one.pk] = sum(_minutes_of(period, within) for period in periods)
    return minutes


def _minutes_of(period: Period, within: Period) -> float:
    begins, ends = max(period.start, within.start), min(period.end, within.end)
    return max(0.0, (ends - begins).total_seconds() / 60)


def charts(
    seen: AppointmentQuerySet,
    realtors: RealtorQuerySet,
    *,
    today: date,
    zone: ZoneInfo,
    at: datetime,
) -> list[dict[str, Any]]:
    """What the first page draws, as the template takes it."""
    days = Days.until(today, zone)
    drawn = [
        bookings_by_day(seen, days),
        utilisation(seen, realtors, days, at=at),
        waits_by_day(seen, days),
    ]
    return [_as_dict(chart) for chart in drawn]


def _as_dict(chart: Chart) -> dict[str, Any]:
    return {
        "title": chart.title,
        "told": chart.told,
        "kind": chart.kind,
        "data": chart.data,
        "options": chart.options,
        "heads": chart.heads,
        "rows": chart.rows,
        "empty": chart.empty if chart.is_empty else "",
    }
