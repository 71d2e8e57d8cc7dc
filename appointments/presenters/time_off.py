"""Time off in words: whole days without times, the rest with them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from appointments.presenters import times
from appointments.presenters.working_week import affected
from appointments.selectors.console import Promise
from booking_site.common.periods import MIDNIGHT
from realtors.models import TimeOff


def time_off_rows(
    rows: Iterable[TimeOff], zone: ZoneInfo, at: datetime, *, booked: Iterable[Promise] = ()
) -> list[dict[str, Any]]:
    """``booked``: what is still to come, of which each row shows what lies in it."""
    booked = list(booked)
    return [
        {
            "id": off.pk,
            "when": stretch(off.starts_at, off.ends_at, zone, at),
            "reason": off.reason,
            "is_now": off.starts_at <= at,
            "booked": affected(
                (
                    one
                    for one in booked
                    if one.starts_at < off.ends_at and one.ends_at > off.starts_at
                ),
                at,
            ),
        }
        for off in rows
    ]


def stretch(start: datetime, end: datetime, zone: ZoneInfo, at: datetime) -> str:
    """``tomorrow (Tue, March 3)``, ``Tue, March 3 to Thu, March 5``, ``today (…) 14:00–16:00``."""
    today = at.astimezone(zone).date()
    first, last = start.astimezone(zone), end.astimezone(zone)
    if first.time() == last.time() == MIDNIGHT:
        final = last.date() - timedelta(days=1)
        if final == first.date():
            return times.full_day(final, today)
        return _from_to(times.calendar_day(first.date(), today), times.calendar_day(final, today))
    if first.date() == last.date():
        day = times.full_day(first.date(), today)
        return _("%(day)s %(time)s") % {"day": day, "time": times.span(start, end, zone)}
    return _from_to(_moment(first, today), _moment(last, today))


def _moment(local: datetime, today: date) -> str:
    facts = {"day": times.calendar_day(local.date(), today), "time": times.clock(local)}
    return _("%(day)s %(time)s") % facts


def _from_to(first: str, last: str) -> str:
    return _("%(first)s to %(last)s") % {"first": first, "last": last}
