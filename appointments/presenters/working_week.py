"""A realtor's week as a form: a day's rows of fields, and what will come of them in words."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, time, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from appointments.models import Appointment, Session
from appointments.presenters import times
from appointments.presenters.hours import written
from appointments.presenters.stay_words import stay_dates
from appointments.selectors.console import Promise
from booking_site.common.periods import intersect, local_day
from realtors.forms import DayMode, WeekForm
from realtors.rules import WorkingWeek
from stores.models.hours import Weekday
from stores.rules import Interval, OpeningHours

# Any Monday, in a zone whose clocks are never set: an ordinary week has no other date.
A_MONDAY = date(2024, 1, 1)
PLAIN = ZoneInfo("UTC")


def days(form: WeekForm, store: Mapping[int, Iterable[Interval]], today: date) -> list[dict]:
    wrong, names = form.wrong_days(), [str(Weekday(day).label) for day in Weekday.values]
    typed = _typed(form)
    effective = ordinary_hours(typed, store)
    return [
        {
            "weekday": weekday,
            "name": names[weekday],
            "is_today": weekday == today.weekday(),
            "is_wrong": weekday in wrong,
            "mode": form[f"day-{weekday}"],
            "is_own": form.mode(weekday) == DayMode.OWN,
            "summary": _summary(effective[weekday], form.mode(weekday), store.get(weekday, ())),
            "store": written(store.get(weekday, ())),
            "work": _rows(form, "work", weekday),
            "breaks": _rows(form, "break", weekday),
        }
        for weekday in Weekday.values
    ]


def ordinary_hours(
    week: WorkingWeek, store: Mapping[int, Iterable[Interval]]
) -> dict[int, list[Interval]]:
    """When they can be booked in an ordinary week: their hours within the store's, without breaks.
    What passes midnight stands on both days."""
    hours = OpeningHours(PLAIN, {day: tuple(rows) for day, rows in store.items()}, {})
    last = A_MONDAY + timedelta(days=6)
    # The Sunday before it reaches into the Monday.
    periods = week.periods(A_MONDAY, last, hours)
    found = {}
    for weekday in Weekday.values:
        whole = local_day(A_MONDAY + timedelta(days=weekday), PLAIN)
        found[weekday] = [
            Interval(_clock_of(period.start), _clock_of(period.end))
            for period in intersect(periods, [whole])
        ]
    return found


def in_a_sentence(week: WorkingWeek, store: Mapping[int, Iterable[Interval]]) -> str:
    """``Mon–Fri 09:00–18:00; Sat 10:00–14:00; Sun not at all``."""
    effective = ordinary_hours(week, store)
    texts = [
        written(effective[day]) if effective[day] else pgettext("hours", "not at all")
        for day in Weekday.values
    ]
    parts = []
    for text, several in groupby(Weekday.values, key=lambda day: texts[day]):
        run = list(several)
        parts.append(_("%(days)s %(hours)s") % {"days": _run(run), "hours": text})
    return pgettext("between days", "; ").join(parts)


def written_week(form: WeekForm, store: Mapping[int, Iterable[Interval]]) -> str:
    """The same of what the fields hold now, as far as it can be read."""
    return in_a_sentence(_typed(form), store)


def affected(booked: Iterable[Promise], at: Any) -> list[dict[str, Any]]:
    """What is booked, as a list to look at before saving; a session once."""
    rows = []
    for one in booked:
        rows.append({"name": _name(one), "href": _page(one), "when": _when(one, at)})
    return rows


def _when(one: Promise, at: Any) -> str:
    zone = one.store.zone
    today = at.astimezone(zone).date()
    if isinstance(one, Appointment) and one.is_stay:
        return stay_dates(one, today)
    day = times.full_day(one.starts_at.astimezone(zone).date(), today)
    span = times.span(one.starts_at, one.ends_at, zone)
    return _("%(day)s %(time)s") % {"day": day, "time": span}


def _name(one: Promise) -> str:
    return one.listing.title if isinstance(one, Session) else one.customer_name


def _page(one: Promise) -> str:
    which = "session" if isinstance(one, Session) else "appointment"
    return reverse(f"appointments:console:{which}", args=[one.pk])


def _run(run: Sequence[int]) -> str:
    names = [times.short_weekday(A_MONDAY + timedelta(days=day)) for day in (run[0], run[-1])]
    if len(run) == 1:
        return names[0]
    if len(run) == 7:
        return _("every day")
    return _("%(first)s–%(last)s") % {"first": names[0], "last": names[1]}


def _rows(form: WeekForm, kind: str, weekday: int) -> list[tuple[Any, Any]]:
    return [(form[one.starts], form[one.ends]) for one in form.rows[kind, weekday]]


def _summary(effective: Sequence[Interval], mode: str, store: Iterable[Interval]) -> str:
    if mode == DayMode.OFF:
        return _("not working")
    if not effective and not list(store):
        return _("the store is closed")
    return written(effective) if effective else _("nobody can book you")


def _typed(form: WeekForm) -> WorkingWeek:
    if form.is_bound and form.is_valid():
        return form.week()
    modes = {day: form.mode(day) for day in Weekday.values}
    breaks = {day: _hours(form, "break", day) for day in Weekday.values if modes[day] != "off"}
    if all(mode == DayMode.STORE for mode in modes.values()):
        return WorkingWeek(work={}, breaks=breaks)
    whole = (Interval(time(0), time(0)),)
    work = {
        day: whole if mode == DayMode.STORE else _hours(form, "work", day)
        for day, mode in modes.items()
        if mode != DayMode.OFF
    }
    # A week without any row is one that follows the store; here it is one without hours.
    return WorkingWeek(work=work or {0: ()}, breaks=breaks)


def _hours(form: WeekForm, kind: str, weekday: int) -> tuple[Interval, ...]:
    """What the fields hold, as far as it can be read."""
    found = []
    for starts, ends in _rows(form, kind, weekday):
        first, last = _clock(starts.value()), _clock(ends.value())
        if first is not None and last is not None:
            found.append(Interval(first, last))
    return tuple(found)


def _clock(value: Any) -> time | None:
    if isinstance(value, time):
        return value
    try:
        return time.fromisoformat(value or "").replace(tzinfo=None)
    except ValueError:
        return None


def _clock_of(instant: Any) -> time:
    clock: time = instant.astimezone(UTC).time()
    return clock
