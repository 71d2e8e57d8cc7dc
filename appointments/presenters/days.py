"""A realtor's days as lists: appointments, and sessions once each among them."""

from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.utils.translation import ngettext

from appointments.models import Appointment
from appointments.presenters import times
from appointments.presenters.guests import coming_stays
from appointments.presenters.own_sessions import row
from appointments.selectors.console import COMING_DAYS, Desk
from appointments.selectors.own_sessions import OwnSession

AHEAD = timedelta(days=COMING_DAYS)


def by_time(*several: list[tuple[datetime, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Who waits for no time stands first, in their order; sorting keeps what is equal as it is."""
    pairs = [pair for one in several for pair in one]
    return [row for _start, row in sorted(pairs, key=lambda pair: pair[0])]


def session_entry(one: OwnSession, at: datetime) -> dict[str, Any]:
    """A session among the day's appointments, once for all who sit in it."""
    found = row(one, at)
    zone, session = one.session.store.zone, one.session
    if session.starts_local.date() != at.astimezone(zone).date():
        found["time"] = times.spoken(session.starts_at, zone, at)
    return found | {"is_session": True, "can_act": found["can_be_held"], "is_loose": False}


def coming_days(desk: Desk, at: datetime) -> list[dict[str, Any]]:
    """The next days that have something in them."""
    zone = desk.realtor.store.zone
    today = at.astimezone(zone).date()
    rows = by_time(
        [(one.starts_at, _coming(one)) for one in desk.coming],
        [
            (one.session.starts_at, _coming_session(one, at))
            for one in desk.sessions
            if one.session.starts_local.date() > today
        ],
        [row for row in coming_stays(desk.stays, at) if row[1]["date"] <= today + AHEAD],
    )
    days = []
    for day, several in groupby(rows, key=itemgetter("date")):
        found = list(several)
        count = ngettext("%(count)d appointment", "%(count)d appointments", len(found))
        days.append(
            {
                "day": times.full_day(day, today),
                "id": f"day-{day.isoformat()}",
                "count": count % {"count": len(found)},
                "rows": found,
            }
        )
    return days


def _coming(one: Appointment) -> dict[str, Any]:
    return {
        "id": one.pk,
        "date": one.starts_local.date(),
        "time": times.span(one.starts_at, one.ends_at, one.store.zone),
        "name": one.customer_name,
        "what": one.listing.title if one.listing else "",
        "status": one.status,
        "status_label": str(one.get_status_display()),
    }


def _coming_session(one: OwnSession, at: datetime) -> dict[str, Any]:
    found = row(one, at)
    return found | {"is_session": True, "date": one.session.starts_local.date()}
