"""The pictures on the back office's first page: counted here, drawn by the theme's Chart.js, and
told as a table beside each."""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.models import Status
from appointments.presenters.times import short_weekday
from appointments.selectors.statistics.arithmetic import jain
from booking_site.common.periods import Period, merge
from realtors.models import Realtor, RealtorQuerySet
from realtors.selectors import working_weeks
from stores.selectors import opening_hours_of

from .days import Days
from .facts import Fact, minutes_of, served_minutes, starting_in, waits_in

# More bars than these cannot be read; those with most work are shown.
MOST_REALTORS = 12
# Empty days at the beginning are left out, down to so many.
FEWEST_POINTS = 7
# As static/css/office.css has them: a canvas knows no variable of a stylesheet.
FONTS = (
    '-apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei",'
    ' "Noto Sans CJK SC", "Noto Sans SC", system-ui, sans-serif'
)
# Middle tones: they stand out from a white and from a dark ground.
COLOURS = {
    "coming": "var(--color-blue-500)",
    "running": "var(--color-orange-500)",
    "done": "var(--color-primary-500)",
    "called_off": "var(--color-base-500)",
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


def outcome_names() -> dict[str, str]:
    return {
        "done": _("completed"),
        "running": _("in progress"),
        "coming": _("still to come, or never begun"),
        "no_show": _("no-show"),
        "called_off": _("cancelled"),
    }


@dataclass(frozen=True)
class Series:
    """``values`` as many as the chart has labels; None where there is nothing to tell. ``colour``:
    one, or one for each value."""

    name: str
    values: Sequence[float | None]
    colour: str | Sequence[str]


@dataclass(frozen=True)
class Chart:
    """``kind`` is "bar", "line" or "doughnut"; ``unit`` follows a figure in the table."""

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
    wide: bool = False

    @property
    def is_empty(self) -> bool:
        return not any(value for one in self.series for value in one.values)

    @property
    def data(self) -> str:
        sets = []
        for one in self.series:
            colours = {"backgroundColor": one.colour, "borderColor": one.colour}
            looks: dict[str, Any] = {"maxBarThickness": 28, "borderRadius": 3, "pointRadius": 3}
            looks["spanGaps"] = True
            if self.kind == "doughnut":
                looks = {"borderWidth": 0}
            sets.append({"label": one.name, "data": list(one.values), **colours, **looks})
        return json.dumps({"labels": list(self.labels), "datasets": sets})

    @property
    def options(self) -> str:
        """All of Chart.js' options: those given here take the place of the theme's. The colour of
        texts is static/js/office.js', by the reader's theme."""
        many = len(self.series) > 1 or self.kind == "doughnut"
        legend = {"display": many, "position": "bottom", "labels": {"boxWidth": 14}}
        return json.dumps(
            {
                "responsive": True,
                "maintainAspectRatio": False,
                "animation": False,
                "font": {"family": FONTS},
                "indexAxis": "y" if self.lying else "x",
                "scales": {} if self.kind == "doughnut" else self._scales(),
                "plugins": {"legend": legend},
                "interaction": {"mode": "nearest" if self.kind == "doughnut" else "index"},
            }
        )

    def _scales(self) -> dict[str, Any]:
        axis = {"stacked": self.stacked, "grid": {"display": False}}
        counted = {
            **axis,
            "beginAtZero": True,
            "grid": {"display": True},
            "ticks": {"precision": 0},
            "title": {"display": bool(self.unit), "text": self.unit.strip()},
        }
        return {"x": counted, "y": axis} if self.lying else {"x": axis, "y": counted}

    @property
    def rows(self) -> list[list[str]]:
        columns = [[self._words(value) for value in one.values] for one in self.series]
        return [list(row) for row in zip(self.labels, *columns, strict=True)]

    @property
    def heads(self) -> list[str]:
        return [self.first, *(one.name for one in self.series)]

    def _words(self, value: float | None) -> str:
        return "–" if value is None else f"{formats.number_format(value)}{self.unit}"

    def without_empty_beginning(self) -> "Chart":
        """A new store's first weeks would be a wide nothing."""
        columns = list(zip(*(one.values for one in self.series), strict=True))
        full = next((place for place, column in enumerate(columns) if any(column)), 0)
        start = max(0, min(full, len(columns) - FEWEST_POINTS))
        series = [replace(one, values=one.values[start:]) for one in self.series]
        return replace(self, labels=self.labels[start:], series=series)


def bookings_by_day(facts: Iterable[Fact], days: Days) -> Chart:
    """By the day they were for, and by what became of them."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * len(days.dates))
    for one in starting_in(facts, days.span):
        counts[OUTCOME[Status(one.status)]][days.place_of(one.starts_at)] += 1
    return Chart(
        title=_("Appointments by day") if days.step == 1 else _("Appointments by week"),
        told=_most_on(counts, days),
        kind="bar",
        first=days.head,
        labels=days.labels,
        series=[Series(name, counts[key], COLOURS[key]) for key, name in outcome_names().items()],
        empty=_("No appointments in the last %(days)s days.") % {"days": days.count},
        stacked=True,
        wide=True,
    )


def _most_on(counts: Mapping[str, Sequence[int]], days: Days) -> str:
    """What one sees at once, in a sentence."""
    sums = [sum(column) for column in zip(*counts.values(), strict=True)]
    if not sums:
        return ""
    most = max(range(len(sums)), key=lambda place: sums[place])
    text = ngettext(
        "%(count)s in the last %(days)s days; most of them on %(day)s: %(most)s.",
        "%(count)s in the last %(days)s days; most of them on %(day)s: %(most)s.",
        sum(sums),
    )
    if days.step > 1:
        text = _("%(count)s in the last %(days)s days; most in the week from %(day)s: %(most)s.")
    facts = {"count": sum(sums), "days": days.count, "day": days.labels[most], "most": sums[most]}
    return text % facts


def status_mix(facts: Iterable[Fact], days: Days) -> Chart:
    """What became of all of them together."""
    counts = Counter(OUTCOME[Status(one.status)] for one in starting_in(facts, days.span))
    names = outcome_names()
    there = [key for key in names if counts[key]]
    whole = sum(counts.values())
    told = ""
    if whole:
        percent = formats.number_format(round(100 * counts["done"] / whole))
        told = _("%(percent)s %% of all were completed.") % {"percent": percent}
    return Chart(
        title=_("What became of them"),
        told=told,
        kind="doughnut",
        first=_("Status"),
        labels=[names[key] for key in there],
        series=[
            Series(
                _("appointments"),
                [counts[key] for key in there],
                [COLOURS[key] for key in there],
            )
        ],
        empty=_("No appointments in the last %(days)s days.") % {"days": days.count},
    )


def waits_by_day(facts: Iterable[Fact], days: Days) -> Chart:
    """Of the live line: from joining until a realtor said yes."""
    waits: list[list[float]] = [[] for _day in days.dates]
    for queued_at, minutes in waits_in(facts, days.span):
        waits[days.place_of(queued_at)].append(minutes)
    return Chart(
        title=_("Waits in the live line"),
        told=_(
            "Minutes from joining until a realtor said yes; 95 of 100 waited no longer than the "
            "upper line."
        ),
        kind="line",
        first=days.head,
        labels=days.labels,
        series=[
            Series(_("half waited less"), _each(waits, 0.5), COLOURS["done"]),
            Series(_("95 of 100 waited less"), _each(waits, 0.95), COLOURS["running"]),
        ],
        empty=_("Nobody was served from a live line in the last %(days)s days.")
        % {"days": days.count},
        unit=_(" min"),
    )


def _each(waits: Iterable[list[float]], share: float) -> list[float | None]:
    return [round(quantile(some, share), 1) if some else None for some in waits]


def quantile(values: Iterable[float], share: float) -> float:
    """The smallest of the values that so large a share does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def utilisation(
    facts: Sequence[Fact], realtors: RealtorQuerySet, days: Days, *, at: datetime
) -> Chart:
    """Served minutes per hundred minutes of working time until now. Six queries at most."""
    until_now = Period(days.span.start, max(at, days.span.start + timedelta(minutes=1)))
    served = served_minutes(facts, until_now)
    everybody = realtors.select_related("store").order_by("name", "pk")
    chosen = sorted(everybody, key=lambda one: -served[one.pk])[:MOST_REALTORS]
    duty = _duty(chosen, days, until_now)
    shares = {one: 100 * served[one.pk] / duty[one.pk] for one in chosen if duty[one.pk]}
    ordered = sorted(shares, key=lambda one: -shares[one])
    told = _(
        "Minutes with customers per hundred minutes of working time; at most %(most)s realtors, "
        "those with most work."
    ) % {"most": MOST_REALTORS}
    return Chart(
        title=_("How busy realtors are"),
        told=f"{told} {_evenly(list(shares.values()))}".strip(),
        kind="bar",
        first=_("Realtor"),
        labels=[one.name for one in ordered],
        series=[
            Series(_("with customers"), [round(shares[one], 1) for one in ordered], COLOURS["done"])
        ],
        empty=_("Nobody has served anybody in the last %(days)s days.") % {"days": days.count},
        unit=" %",
        lying=True,
    )


def _evenly(shares: Sequence[float]) -> str:
    """Jain's index of how work is shared among them: 100 when all are equally busy."""
    index = jain(shares) if len(shares) > 1 else None
    if index is None:
        return ""
    points = {"points": formats.number_format(round(100 * index))}
    if index >= 0.9:
        return _("Work is shared evenly: %(points)s of 100 points.") % points
    if index >= 0.7:
        return _("Work is shared fairly evenly: %(points)s of 100 points.") % points
    return _("Some carry much more than others: %(points)s of 100 points for evenness.") % points


def _duty(realtors: Sequence[Realtor], days: Days, within: Period) -> dict[int, float]:
    """Minutes of working time by realtor, as the hours stand now."""
    first, last = days.dates[0], days.last
    hours = opening_hours_of({one.store for one in realtors}, first, last)
    weeks = working_weeks(realtors, within)
    minutes = {}
    for one in realtors:
        periods = merge(weeks[one.pk].periods(first, last, hours[one.store_id]))
        minutes[one.pk] = sum(minutes_of(period, within) for period in periods)
    return minutes


def crowds(facts: Iterable[Fact], days: Days, zone: ZoneInfo) -> dict[str, Any]:
    """When people come: appointments that took or take place, by hour and weekday; ``heat`` from 0
    to 4 is how the fullest hour compares."""
    counts: Counter[tuple[int, int]] = Counter()
    for one in starting_in(facts, days.span):
        if one.status not in (Status.CANCELLED, Status.NO_SHOW):
            local = one.starts_at.astimezone(zone)
            counts[local.weekday(), local.hour] += 1
    hours = sorted({hour for _weekday, hour in counts})
    most = max(counts.values(), default=0)
    monday = days.dates[0] - timedelta(days=days.dates[0].weekday())
    weekdays = [monday + timedelta(days=number) for number in range(7)]
    return {
        "hours": [f"{hour:02}" for hour in _without_gaps(hours)],
        "rows": [
            {
                "day": short_weekday(day),
                "cells": [
                    _cell(counts[day.weekday(), hour], most) for hour in _without_gaps(hours)
                ],
            }
            for day in weekdays
        ],
        "told": _fullest(counts, weekdays),
    }


def _without_gaps(hours: Sequence[int]) -> range:
    return range(hours[0], hours[-1] + 1) if hours else range(0)


def _cell(count: int, most: int) -> dict[str, int]:
    return {"count": count, "heat": math.ceil(4 * count / most) if most else 0}


def _fullest(counts: Counter[tuple[int, int]], weekdays: Sequence[Any]) -> str:
    if not counts:
        return ""
    (weekday, hour), count = max(counts.items(), key=lambda one: (one[1], -one[0][0], -one[0][1]))
    facts = {"day": short_weekday(weekdays[weekday]), "hour": f"{hour:02}:00", "count": count}
    text = ngettext(
        "Fullest: %(day)s from %(hour)s, %(count)s appointment.",
        "Fullest: %(day)s from %(hour)s, %(count)s appointments.",
        count,
    )
    return text % facts


def charts(
    facts: Sequence[Fact], realtors: RealtorQuerySet, days: Days, *, at: datetime
) -> list[dict[str, Any]]:
    """What the first page draws, as the template takes it."""
    drawn = [
        bookings_by_day(facts, days).without_empty_beginning(),
        status_mix(facts, days),
        waits_by_day(facts, days).without_empty_beginning(),
        utilisation(facts, realtors, days, at=at),
    ]
    return [as_dict(chart) for chart in drawn]


def as_dict(chart: Chart) -> dict[str, Any]:
    return {
        "title": chart.title,
        "told": chart.told,
        "kind": chart.kind,
        "data": chart.data,
        "options": chart.options,
        "heads": chart.heads,
        "rows": chart.rows,
        "wide": chart.wide,
        "empty": chart.empty if chart.is_empty else "",
    }
