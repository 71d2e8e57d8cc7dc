"""Times as people say them: tomorrow 14:00, Fri, November 28 09:30. Always by a store's clock."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from stores.models import Store

MINUTES_A_DAY = 24 * 60


def relative_day(day: date, today: date) -> str | None:
    """Today, tomorrow, the day after; None for others."""
    names = {
        0: pgettext("day", "today"),
        1: pgettext("day", "tomorrow"),
        2: pgettext("day", "day after tomorrow"),
        -1: pgettext("day", "yesterday"),
    }
    return names.get((day - today).days)


def plain_day(day: date, today: date) -> str:
    """``November 28``, without the weekday; with the year when it is another one."""
    return date_format(day, "MONTH_DAY_FORMAT" if day.year == today.year else "DATE_FORMAT")


def calendar_day(day: date, today: date) -> str:
    """``Fri, November 28``; with the year when it is another one."""
    if day.year == today.year:
        written = date_format(day, "MONTH_DAY_FORMAT")
    else:
        written = date_format(day, "DATE_FORMAT")
    return _("%(weekday)s, %(date)s") % {"weekday": short_weekday(day), "date": written}


def short_weekday(day: date) -> str:
    names = (
        pgettext("short weekday", "Mon"),
        pgettext("short weekday", "Tue"),
        pgettext("short weekday", "Wed"),
        pgettext("short weekday", "Thu"),
        pgettext("short weekday", "Fri"),
        pgettext("short weekday", "Sat"),
        pgettext("short weekday", "Sun"),
    )
    return names[day.weekday()]


def spoken_day(day: date, today: date) -> str:
    return relative_day(day, today) or calendar_day(day, today)


def full_day(day: date, today: date) -> str:
    """Both, where a mistake would cost a trip: ``tomorrow (Sat, November 22)``."""
    near = relative_day(day, today)
    if near is None:
        return calendar_day(day, today)
    return _("%(near)s (%(date)s)") % {"near": near, "date": calendar_day(day, today)}


def clock(local: datetime) -> str:
    """``14:00``; of an hour that comes twice, the second one says so."""
    text = f"{local:%H:%M}"
    if local.fold:
        return _("%(time)s (second time)") % {"time": text}
    return text


def spoken(instant: datetime, zone: ZoneInfo, at: datetime) -> str:
    """``tomorrow 14:00`` by the clock of ``zone``, seen from the instant ``at``."""
    local = instant.astimezone(zone)
    day = spoken_day(local.date(), at.astimezone(zone).date())
    return _("%(day)s %(time)s") % {"day": day, "time": clock(local)}


def span(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """``14:00–15:00``; a later day at the end is marked."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    text = f"{clock(first)}–{clock(last)}"
    if last.date() > first.date() and (last.hour, last.minute) != (0, 0):
        return _("%(times)s (next day)") % {"times": text}
    return text


def zone_note(store: Store) -> str:
    """``New York time`` where the visitor would otherwise think of another clock."""
    if store.time_zone == settings.DEFAULT_TIME_ZONE:
        return ""
    place = store.time_zone.rsplit("/", 1)[-1].replace("_", " ")
    return _("%(place)s time") % {"place": place}


def duration(minutes: int) -> str:
    """``45 minutes``, ``2 hours``, ``1 day``, ``1 hour 30 minutes``."""
    days, rest = divmod(minutes, MINUTES_A_DAY)
    hours, rest = divmod(rest, 60)
    if days and not hours and not rest:
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    hours += days * 24
    in_hours = ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    in_minutes = ngettext("%(count)d minute", "%(count)d minutes", rest) % {"count": rest}
    if hours and rest:
        return _("%(hours)s %(minutes)s") % {"hours": in_hours, "minutes": in_minutes}
    return in_hours if hours else in_minutes


def stamp(instant: datetime) -> str:
    """A start in an address: UTC, and without the plus sign that a query would turn into a gap."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def read_stamp(text: str) -> datetime | None:
    """The instant somebody sent back; None for anything that is none."""
    try:
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is None or not 2000 <= instant.year < 2200:
            return None
        return instant.astimezone(UTC)
    except ValueError:
        return None


def read_day(text: str, today: date) -> date | None:
    """A date from an address, within a year of today; None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if abs((day - today).days) <= 366 else None
