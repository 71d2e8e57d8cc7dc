"""When something was said, and when somebody was last there, as people say it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.presenters import times
from chat.gateways.presence import Seen

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DAYS_BY_NAME = 7


def zone() -> ZoneInfo:
    """The installation's: those who talk need not be where a store is."""
    return ZoneInfo(settings.DEFAULT_TIME_ZONE)


def clock(instant: datetime) -> str:
    return times.clock(instant.astimezone(zone()))


def day_of(instant: datetime, at: datetime) -> dict[str, str]:
    """``{"key": "2026-03-02", "name": "Today"}``."""
    day, today = instant.astimezone(zone()).date(), at.astimezone(zone()).date()
    return {"key": day.isoformat(), "name": capfirst(times.spoken_day(day, today))}


def short(instant: datetime, at: datetime) -> str:
    """For lists: ``14:03``, ``yesterday``, ``Fri``, ``February 3``."""
    day, today = instant.astimezone(zone()).date(), at.astimezone(zone()).date()
    if day == today:
        return clock(instant)
    if 1 < (today - day).days < DAYS_BY_NAME:
        return times.short_weekday(day)
    return times.relative_day(day, today) or times.plain_day(day, today)


def last_seen(seen: Seen, at: datetime) -> str:
    """Nothing where nobody can say."""
    if seen.is_online:
        return _("online")
    if seen.last_seen is None:
        return ""
    ago = at - seen.last_seen
    if ago < MINUTE:
        return _("last seen just now")
    if ago < HOUR:
        count = ago // MINUTE
        text = ngettext("last seen %(count)d minute ago", "last seen %(count)d minutes ago", count)
        return text % {"count": count}
    return _("last seen %(when)s") % {"when": times.spoken(seen.last_seen, zone(), at)}


def length(seconds: int | None) -> str:
    """``1:05``, of a voice."""
    return "" if seconds is None else f"{seconds // 60}:{seconds % 60:02d}"
