"""One's own figures in words and as bars: drawn here as SVG, and told as a table beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from appointments.presenters import times
from appointments.selectors.own_statistics import Boarded, OwnStatistics, Taught, Viewed
from appointments.selectors.statistics import Tally

# The picture's own units; the page scales it to its width.
WIDTH, HEIGHT, FOOT, HEAD = 720, 240, 26, 16
MOST_LABELS = 8
PARTS = ("completed", "open", "cancelled", "no_show")
NONE = "–"


@dataclass(frozen=True)
class Bar:
    """``label`` under it, ``name`` in the table."""

    label: str
    name: str
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def shown(found: OwnStatistics, today: date) -> dict[str, Any]:
    total, figures = found.figures.total, found.figures
    bars = _bars(figures.by_day, today)
    over = total.completed + total.cancelled + total.no_show
    nothing = not any(bar.total for bar in bars) and not found.answers.rate
    return {
        "is_empty": nothing and not found.taught.sessions,
        "figures": [
            _figure(_("Appointments"), str(sum(bar.total for bar in bars))),
            _figure(_("Completed"), _percent(total.completed, over), _of(total.completed, over)),
            _figure(_("Cancelled"), _percent(total.cancelled, over), _of(total.cancelled, over)),
            _figure(_("Did not come"), _percent(total.no_show, over), _of(total.no_show, over)),
            _figure(
                _("Of your hours booked"),
                _percent(total.busy_minutes, total.working_minutes),
                _("by your hours as they are now") if total.working_minutes else "",
            ),
            _figure(
                _("Offers accepted"),
                _percent(found.answers.accepted, found.answers.accepted + found.answers.refused),
                _of(found.answers.accepted, found.answers.accepted + found.answers.refused),
            ),
            _figure(_("Live customers waited"), _minutes(total.mean_wait_minutes), _mean(total)),
            *_of_sessions(found.taught),
            *_of_stays(found.boarded),
            *_of_viewings(found.viewed),
        ],
        "chart": _chart(bars),
        "legend": [{"kind": kind, "label": label} for kind, label in _labels().items()],
        "rows": [{"name": bar.name, "counts": [bar.counts[p] for p in PARTS]} for bar in bars],
        "by_week": len(figures.by_day) > 31,
    }


def _of_sessions(taught: Taught) -> list[dict[str, str]]:
    """Of who teaches nothing, none."""
    if not taught.sessions:
        return []
    held = ngettext("%(count)d held", "%(count)d held", taught.held) % {"count": taught.held}
    return [
        _figure(pgettext("of a course", "Sessions"), str(taught.sessions), held),
        _figure(
            _("Seats booked"),
            _percent(taught.taken, taught.seats),
            _of(taught.taken, taught.seats),
        ),
    ]


def _of_stays(boarded: Boarded) -> list[dict[str, str]]:
    """Of who takes in no pets, none."""
    if not boarded.stays:
        return []
    stays = ngettext("%(count)d stay", "%(count)d stays", boarded.stays) % {"count": boarded.stays}
    each = ngettext(
        "%(count)d counted for each pet", "%(count)d counted for each pet", boarded.pet_nights
    )
    return [
        _figure(_("Pets"), str(boarded.pets), stays),
        _figure(
            pgettext("how many", "Nights"),
            str(boarded.nights),
            each % {"count": boarded.pet_nights},
        ),
    ]


def _of_viewings(viewed: Viewed) -> list[dict[str, str]]:
    """Of who shows no houses, none."""
    if not viewed.viewings:
        return []
    held = ngettext("%(count)d held", "%(count)d held", viewed.held) % {"count": viewed.held}
    figures = [_figure(_("Viewings"), str(viewed.viewings), held)]
    if viewed.said:
        share = _of(viewed.interested, viewed.said)
        figures.append(_figure(_("Interested"), _percent(viewed.interested, viewed.said), share))
    return figures


def _labels() -> dict[str, str]:
    return {
        "completed": pgettext("in a chart", "completed"),
        "open": pgettext("in a chart", "still to come"),
        "cancelled": pgettext("in a chart", "cancelled"),
        "no_show": pgettext("in a chart", "did not come"),
    }


def _bars(by_day: dict[date, Tally], today: date) -> list[Bar]:
    """A bar a day, or a week where there are more days than a month."""
    if len(by_day) <= 31:
        return [
            Bar(_short(day), times.calendar_day(day, today), _counts([tally]))
            for day, tally in by_day.items()
        ]
    weeks: dict[date, list[Tally]] = {}
    for day, tally in by_day.items():
        weeks.setdefault(day - timedelta(days=day.weekday()), []).append(tally)
    return [
        Bar(
            _short(monday),
            _("week from %(day)s") % {"day": times.plain_day(monday, today)},
            _counts(several),
        )
        for monday, several in weeks.items()
    ]


def _short(day: date) -> str:
    return pgettext("month/day", "%(month)s/%(day)s") % {"month": day.month, "day": day.day}


def _counts(tallies: Iterable[Tally]) -> dict[str, int]:
    several = list(tallies)
    return {part: sum(getattr(tally, part) for tally in several) for part in PARTS}


def _chart(bars: list[Bar]) -> dict[str, Any]:
    most = max(2, *(bar.total for bar in bars))
    most += most % 2
    room = HEIGHT - FOOT - HEAD
    step = WIDTH / len(bars)
    every = -(-len(bars) // MOST_LABELS)
    drawn, labels = [], []
    for number, bar in enumerate(bars):
        below = float(HEIGHT - FOOT)
        for part in PARTS:
            height = bar.counts[part] / most * room
            if height:
                below -= height
                drawn.append(
                    {
                        "kind": part,
                        "x": _plain(number * step + step * 0.16),
                        "y": _plain(below),
                        "width": _plain(step * 0.68),
                        "height": _plain(height),
                    }
                )
        if number % every == 0:
            labels.append({"x": _plain((number + 0.5) * step), "text": bar.label})
    lines = [
        {"y": _plain(HEIGHT - FOOT - room * part), "text": str(round(most * part))}
        for part in (0, 0.5, 1)
    ]
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "foot": HEIGHT - 6,
        "bars": drawn,
        "labels": labels,
        "lines": lines,
    }


def _plain(number: float) -> str:
    """With a point in every language: it is an attribute, not a text."""
    return f"{number:.1f}"


def _figure(label: str, value: str, hint: str = "") -> dict[str, str]:
    return {"label": label, "value": value, "hint": hint}


def _percent(part: float, whole: float) -> str:
    return f"{number_format(round(part / whole * 100), 0)}%" if whole else NONE


def _of(part: int, whole: int) -> str:
    return _("%(part)d of %(whole)d") % {"part": part, "whole": whole} if whole else ""


def _minutes(value: float | None) -> str:
    return NONE if value is None else _("%(minutes)d min") % {"minutes": round(value)}


def _mean(total: Tally) -> str:
    return _("on average, until your yes") if total.waits else ""
