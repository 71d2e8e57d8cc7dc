"""A realtor's week as a form: a day's rows of fields, and the day in words above them."""

from datetime import date, time
from typing import Any

from django.utils.translation import gettext as _

from appointments.presenters.hours import written
from realtors.forms import WeekForm
from stores.models.hours import Weekday
from stores.rules import Interval


def days(form: WeekForm, today: date) -> list[dict[str, Any]]:
    wrong = form.wrong_days()
    return [
        {
            "weekday": weekday,
            "name": str(Weekday(weekday).label),
            "is_today": weekday == today.weekday(),
            "is_wrong": weekday in wrong,
            "summary": _summary(form, weekday),
            "work": _rows(form, "work", weekday),
            "breaks": _rows(form, "break", weekday),
        }
        for weekday in Weekday.values
    ]


def _rows(form: WeekForm, kind: str, weekday: int) -> list[tuple[Any, Any]]:
    return [(form[one.starts], form[one.ends]) for one in form.rows[kind, weekday]]


def _summary(form: WeekForm, weekday: int) -> str:
    work, breaks = _hours(form, "work", weekday), _hours(form, "break", weekday)
    hours = written(work) if work else _("no hours of your own")
    if not breaks:
        return hours
    return _("%(hours)s, break %(breaks)s") % {"hours": hours, "breaks": written(breaks)}


def _hours(form: WeekForm, kind: str, weekday: int) -> list[Interval]:
    """What the fields hold, as far as it can be read."""
    found = []
    for starts, ends in _rows(form, kind, weekday):
        first, last = _clock(starts.value()), _clock(ends.value())
        if first is not None and last is not None:
            found.append(Interval(first, last))
    return found


def _clock(value: Any) -> time | None:
    if isinstance(value, time):
        return value
    try:
        return time.fromisoformat(value or "")
    except ValueError:
        return None
