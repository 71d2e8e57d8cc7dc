"""Notifications as a page shows them: by day, the newest first."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.presenters import times
from booking_site.common.counts import shown_count
from notifications.models import Notification, Type

ICONS = {
    Type.CREATED: "calendar-plus",
    Type.CONFIRMED: "calendar-check",
    Type.CANCELLED: "calendar-x",
    Type.REMINDER: "timer",
    Type.QUEUE_MOVED: "list-ordered",
    Type.REASSIGNED: "user-check",
    Type.RESCHEDULED: "calendar-days",
    Type.PAYMENT: "credit-card",
    Type.REVIEW: "star",
    Type.SYSTEM: "info",
    Type.MESSAGE: "message-circle",
    Type.SEAT_FREE: "bell",
    Type.VIEWING_FEEDBACK: "message-circle",
    Type.CHECKED_IN: "paw-print",
    Type.CANCEL_REQUESTED: "calendar-x",
    Type.CANCEL_REQUEST_CHANGED: "info",
}


def days_of(rows: Iterable[Notification], *, at: datetime) -> list[dict[str, Any]]:
    """``[{"name": "Today", "rows": […]}, …]`` by the clock of the installation: a list holds news
    of stores here and there, and one day must not stand in it twice."""
    zone = ZoneInfo(settings.DEFAULT_TIME_ZONE)
    today = at.astimezone(zone).date()

    def day_of(row: Notification) -> date:
        return row.created_at.astimezone(zone).date()

    # In the order of the stream; a clock that was put back may part a day in two.
    grouped = groupby(rows, key=day_of)
    return [
        {"name": capfirst(times.spoken_day(day, today)), "rows": [_told(row, zone) for row in its]}
        for day, its in grouped
    ]


def _told(row: Notification, zone: ZoneInfo) -> dict[str, Any]:
    """Without words once the person of whom it spoke has been erased."""
    return {
        "u": row.u,
        "title": row.title or _("About somebody who has left"),
        "content": row.content,
        # Nowhere else can it be read.
        "is_whole": row.type == Type.SYSTEM or not row.link,
        "time": times.clock(row.created_at.astimezone(zone)),
        "at": row.created_at,
        "unread": row.read_at is None,
        "icon": ICONS[Type(row.type)],
    }


def bell_of(*, u: int, unread: int) -> dict[str, Any]:
    """For the header. ``said`` is what is read out; the script fills in what changes later."""
    return {
        "u": u,
        "unread": unread,
        "shown": shown_count(unread),
        "said": _said(unread),
        "said_none": _said(0),
    }


def _said(unread: int) -> str:
    if not unread:
        return _("Notifications, all read")
    text = ngettext("Notifications, %(count)d unread", "Notifications, %(count)d unread", unread)
    return text % {"count": unread}
