"""A store's opening hours in words: open now, today, the week, the days that differ."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from appointments.presenters import times
from booking_site.common.periods import MIDNIGHT
from stores.models.hours import Weekday
from stores.rules import Interval, OpeningHours


@dataclass(frozen=True)
class OpenNow:
    is_open: bool
    sentence: str


def open_now(hours: OpeningHours, at: datetime) -> OpenNow:
    """``Open until 18:00``, ``Open round the clock``, ``Opens tomorrow 09:00``, ``Closed``."""
    local = at.astimezone(hours.zone)
    periods = hours.periods(local.date(), local.date() + timedelta(days=7))
    for period in periods:
        if period.start <= at < period.end:
            if period.end - at > timedelta(hours=48):
                return OpenNow(True, _("Open round the clock"))
            until = times.clock(period.end.astimezone(hours.zone))
            return OpenNow(True, _("Open until %(time)s") % {"time": until})
    following = next((period.start for period in periods if period.start > at), None)
    if following is None:
        return OpenNow(False, _("Closed"))
    opens = following.astimezone(hours.zone)
    when = times.clock(opens)
    if opens.date() != local.date():
        when = times.spoken(following, hours.zone, at)
    return OpenNow(False, _("Closed now, opens %(time)s") % {"time": when})


@dataclass(frozen=True)
class WeekRow:
    name: str
    hours: str
    is_today: bool


def ordinary_week(hours: OpeningHours, today: date) -> list[WeekRow]:
    return [
        WeekRow(
            str(Weekday(number).label),
            written(hours.week.get(number, ())),
            number == today.weekday(),
        )
        for number in range(7)
    ]


def written(intervals: Iterable[Interval]) -> str:
    """``09:00–12:00, 13:30–18:00``; closed without any."""
    parts = [_interval(one) for one in sorted(intervals, key=lambda one: one.opens)]
    return pgettext("between opening hours", ", ").join(parts) if parts else _("Closed")


def _interval(interval: Interval) -> str:
    if interval.opens == MIDNIGHT and interval.closes == MIDNIGHT:
        return _("24 hours")
    closes = "24:00" if interval.closes == MIDNIGHT else _clock(interval.closes)
    text = f"{_clock(interval.opens)}–{closes}"
    past_midnight = interval.closes <= interval.opens and interval.closes != MIDNIGHT
    return _("%(times)s (next day)") % {"times": text} if past_midnight else text


def _clock(clock: time) -> str:
    return f"{clock:%H:%M}"


@dataclass(frozen=True)
class SpecialRow:
    day: str
    hours: str
    note: str


def special_rows(hours: OpeningHours, today: date) -> list[SpecialRow]:
    """The coming days that differ."""
    return [
        SpecialRow(times.full_day(day, today), written(intervals), hours.notes.get(day, ""))
        for day, intervals in sorted(hours.special.items())
        if day >= today
    ]
