"""How to be served soon: the next free times, and the live line beside them, honestly compared."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from appointments.presenters import live, times
from appointments.presenters.week import Week
from appointments.selectors.waits import LiveLine

MOST_CHIPS = 5


def soon(week: Week, line: LiveLine | None) -> dict[str, Any]:
    """``line`` is None where another week is looked at: whoever does so wants a time."""
    return {
        "times": week.soonest(MOST_CHIPS),
        "live": line and _live(week, line),
        "sooner": _sooner(week, line) if line else "",
    }


def _live(week: Week, line: LiveLine) -> dict[str, Any]:
    shown = live.of_store(line, week.picture.policy)
    hours, at = week.picture.hours, week.at
    if not line.serves_today or hours.is_open(at):
        return {**shown, "joinable": line.serves_today}
    opens = hours.opens_next(at)
    return {**shown, **_before_opening(week, opens)} if opens else {**shown, "joinable": False}


def _before_opening(week: Week, opens: datetime) -> dict[str, Any]:
    """A place in line is kept for a while only, and nobody serves before the doors open."""
    store, at = week.store, week.at
    kept_until = at + timedelta(minutes=week.picture.policy.queue_timeout_minutes)
    facts = {
        "opens": live.clock_or_day(opens, store, at),
        "until": live.clock_or_day(kept_until, store, at),
    }
    if kept_until <= opens:
        sentence = _(
            "The store opens at %(opens)s. A place in line would lapse before, so the line opens "
            "later. You can book a time now."
        )
        return {"joinable": False, "waits": False, "sentence": sentence % facts}
    sentence = _(
        "The store opens at %(opens)s. A place you take now is kept until %(until)s and may lapse "
        "as the doors open; one of the first times is yours for sure."
    )
    return {"joinable": True, "waits": False, "sentence": sentence % facts}


def _sooner(week: Week, line: LiveLine) -> str:
    """When a time to book comes before one's turn in the line."""
    if line.wait_minutes is None:
        return ""
    turn = week.at + timedelta(minutes=line.wait_minutes)
    first = next((slot for day in week.days for slot in day.slots if slot.available), None)
    if first is None or first.starts_at >= turn:
        return ""
    spoken = times.spoken(first.starts_at, week.picture.hours.zone, week.at)
    return _("Sooner than the line: a booked time %(when)s.") % {"when": spoken}
