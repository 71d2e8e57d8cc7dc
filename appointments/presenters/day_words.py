"""What is said of a day and its times: which part of it, and why it has none."""

from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from appointments.presenters import times
from appointments.selectors.slots import NoneBecause
from stores.rules import Policy


def part_of_day(local: datetime) -> str:
    if local.hour < 6:
        return _("Night")
    if local.hour < 12:
        return _("Morning")
    if local.hour < 18:
        return _("Afternoon")
    return _("Evening")


def short_reason(reason: NoneBecause | None) -> str:
    words = {
        NoneBecause.CLOSED: pgettext("day", "closed"),
        NoneBecause.FULL: pgettext("day", "full"),
        NoneBecause.TOO_SOON: pgettext("day", "too soon"),
        NoneBecause.TOO_FAR_AHEAD: pgettext("day", "not yet"),
        NoneBecause.PAST: pgettext("day", "over"),
    }
    return words.get(reason, "") if reason else ""


def long_reason(reason: NoneBecause, policy: Policy, *, last: date, today: date) -> tuple[str, str]:
    """Title and sentence. ``last``: the last day that can be booked on ``today``."""
    words = {
        NoneBecause.CLOSED: (
            _("Closed on this day"),
            _("The store does not open then. Please choose another day."),
        ),
        NoneBecause.FULL: (
            _("Fully booked"),
            _("Every time of this day is taken. Please choose another day."),
        ),
        NoneBecause.TOO_SOON: (
            _("Too soon"),
            _("The store needs %(time)s to prepare. Please choose another day.")
            % {"time": times.duration(policy.min_advance_minutes)},
        ),
        NoneBecause.TOO_FAR_AHEAD: (
            _("Cannot be booked yet"),
            _("Times can be booked up to %(date)s for now.")
            % {"date": times.calendar_day(last, today)},
        ),
        NoneBecause.PAST: (
            _("Over for this day"),
            _("The last time of this day has passed. Please choose another day."),
        ),
    }
    return words[reason]
