"""Days as a picture: hours from top to bottom, what is booked placed by its time.

The page's security policy allows no style attributes, so a place is a handful of classes: hours
and minutes from the top, hours and minutes of length, and the lane where two stand side by side
(static/css/agenda.css turns them into pixels). Everything is also a list in the order of time.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from appointments.models import Appointment, Status
from appointments.models.appointment import OVER
from appointments.presenters import times
from appointments.presenters.own_sessions import word
from appointments.presenters.ruler import (
    HOUR,
    MINUTE,
    SHORTEST,
    STEP,
    Ruler,
    classes,
    full_hours,
    lanes_of,
    touches,
)
from appointments.presenters.travel import travel_blocks
from appointments.presenters.where import where
from appointments.selectors.agenda import WorkTime
from appointments.selectors.console import Promise
from appointments.selectors.own_sessions import OwnSession
from booking_site.common.periods import Period, intersect, local_day

# A picture of nothing is a working day.
USUAL = (9, 18)

Block = dict[str, Any]


def day_picture(
    work: WorkTime,
    booked: Sequence[Appointment],
    day: date,
    at: datetime,
    *,
    sessions: Sequence[OwnSession] = (),
) -> dict[str, Any] | None:
    """Today, with what goes on. None when there is nothing to draw: no hours, nothing booked."""
    zone = work.hours.zone
    whole = local_day(day, zone)
    ends = _extent(whole, [*work.open, *work.bookable], _all(booked, sessions))
    if ends is None:
        return None
    first, last = full_hours(whole, *ends, zone)
    top, bottom = int((first - whole.start) / MINUTE), int((last - whole.start) / MINUTE)
    ruler = Ruler(whole, zone, top, bottom, elapsed=True)
    ticks = []
    tick = first
    while tick < last:
        ticks.append(
            {
                "label": times.clock(tick.astimezone(zone)),
                "place": ruler.place(tick, tick + HOUR),
            }
        )
        tick += HOUR
    now = ruler.place(at, at + STEP * MINUTE) if first <= at < last else ""
    return {
        "size": classes(0, bottom - top),
        "ticks": ticks,
        "now": now,
        "now_clock": times.clock(at.astimezone(zone)) if now else "",
        **_filled(ruler, work, booked, sessions, at),
    }


def week_picture(
    work: WorkTime,
    booked: Sequence[Appointment],
    at: datetime,
    *,
    sessions: Sequence[OwnSession] = (),
) -> dict[str, Any]:
    """Seven columns on one scale of hours, by the clock on the wall."""
    zone = work.hours.zone
    today = at.astimezone(zone).date()
    dates = [work.first + timedelta(days=n) for n in range((work.last - work.first).days + 1)]
    wholes = {day: local_day(day, zone) for day in dates}
    promised = _all(booked, sessions)
    hours = [_wall_hours(wholes[day], work, promised, zone) for day in dates]
    found = [one for one in hours if one is not None]
    first = min((one[0] for one in found), default=USUAL[0])
    last = max((one[1] for one in found), default=USUAL[1])
    columns = []
    for day in dates:
        ruler = Ruler(wholes[day], zone, first * 60, last * 60, elapsed=False)
        mine = [one for one in booked if touches(one, wholes[day])]
        held = [one for one in sessions if touches(one.session, wholes[day])]
        note = _note(work, wholes[day], day)
        column = _column(ruler, today, at) | {"note": note}
        columns.append(column | _filled(ruler, work, mine, held, at))
    return {
        "size": classes(0, (last - first) * 60),
        "ticks": [
            {"label": f"{hour:02d}:00", "place": classes((hour - first) * 60, 60)}
            for hour in range(first, last)
        ],
        "columns": columns,
        "is_empty": not promised,
    }


def _column(ruler: Ruler, today: date, at: datetime) -> dict[str, Any]:
    """A day of the week by itself, with nothing in it yet."""
    day = ruler.date
    minutes = ruler.minutes(at)
    on_the_scale = day == today and 0 <= minutes < ruler.bottom - ruler.top
    return {
        "id": f"day-{day.isoformat()}",
        "weekday": times.short_weekday(day),
        "number": day.day,
        "name": times.full_day(day, today),
        "is_today": day == today,
        "is_past": day < today,
        "now": ruler.place(at, at + STEP * MINUTE) if on_the_scale else "",
    }


def _all(booked: Sequence[Appointment], sessions: Sequence[OwnSession]) -> list[Promise]:
    return [*booked, *(one.session for one in sessions)]


def _filled(
    ruler: Ruler,
    work: WorkTime,
    booked: Sequence[Appointment],
    sessions: Sequence[OwnSession],
    at: datetime,
) -> dict[str, list[Block]]:
    """``shades``: when they work, for the eye alone; ``items``: everything else, by time."""
    promised = _all(booked, sessions)
    lanes = lanes_of(promised)
    shades = _blocks(ruler, work.bookable, lambda _period: {"kind": "work"})
    shades += [b for one in promised if one.status not in OVER for b in _buffers(ruler, one)]
    pauses = _blocks(ruler, work.breaks, lambda period: _pause(ruler, period, "break"))
    away = _blocks(ruler, work.time_off, lambda period: _pause(ruler, period, "off"))
    items = [*away, *pauses, *travel_blocks(ruler, promised)]
    for one in booked:
        items += _appointment(ruler, one, lanes[one], at)
    for held in sessions:
        items += _session(ruler, held, lanes[held.session], at)
    return {"shades": shades, "items": sorted(items, key=lambda block: block["order"])}


def _blocks(
    ruler: Ruler, periods: Iterable[Period], told: Callable[[Period], Block]
) -> list[Block]:
    found = []
    for period in intersect(periods, [ruler.day]):
        place = ruler.place(period.start, period.end)
        if place:
            found.append({"place": place, **told(period)})
    return found


def _pause(ruler: Ruler, period: Period, kind: str) -> Block:
    words = {
        "break": pgettext("in a calendar", "Break"),
        "off": pgettext("in a calendar", "Time off"),
    }
    whole = period.start <= ruler.day.start and period.end >= ruler.day.end
    return {
        "kind": kind,
        "order": period.start.isoformat(),
        "label": words[kind],
        "time": _("all day") if whole else times.span(period.start, period.end, ruler.zone),
    }


def _buffers(ruler: Ruler, one: Promise) -> list[Block]:
    """Time kept free around it, so that nobody is booked there."""
    found = []
    before = timedelta(minutes=one.buffer_before_minutes)
    after = timedelta(minutes=one.buffer_after_minutes)
    for start, end in ((one.starts_at - before, one.starts_at), (one.ends_at, one.ends_at + after)):
        place = ruler.place(start, end) if start < end else ""
        if place:
            found.append({"place": place, "kind": "buffer"})
    return found


def _appointment(
    ruler: Ruler, one: Appointment, lane: tuple[int, int], at: datetime
) -> list[Block]:
    """None or one."""
    end = one.ends_at
    if one.status == Status.COMPLETED and one.completed_at is not None:
        end = max(one.starts_at + STEP * MINUTE, min(end, one.completed_at))
    status = Status(one.status)
    place = where(one)
    told = {
        "name": one.customer_name,
        "what": place["name"] if place else "",
        "status": status.value,
        "status_label": str(status.label),
        "live": one.live,
        "arrived": one.arrived_at is not None and status in (Status.PENDING, Status.CONFIRMED),
        "is_over": status in OVER or (status == Status.CONFIRMED and one.ends_at <= at),
    }
    return _block(ruler, one, end, lane, told)


def _session(ruler: Ruler, held: OwnSession, lane: tuple[int, int], at: datetime) -> list[Block]:
    """Once, however many sit in it; and also when nobody does."""
    one, said = held.session, word(held, at)
    told = {
        "is_session": True,
        "name": one.listing.title,
        "status": said.shade,
        "status_label": said.label,
        "seats": said.seats,
        "seats_short": f"{held.taken}/{one.capacity}",
        "is_over": one.status in OVER or one.ends_at <= at,
    }
    return _block(ruler, one, one.ends_at, lane, told)


def _block(
    ruler: Ruler, one: Promise, end: datetime, lane: tuple[int, int], told: Block
) -> list[Block]:
    place = ruler.place(one.starts_at, end, least=SHORTEST)
    if not place:
        return []
    prefix = "s" if told.get("is_session") else ""
    return [
        {
            "kind": "booked",
            "place": f"{place} ag-lane{lane[0]} ag-of{lane[1]}",
            "order": one.starts_at.isoformat(),
            "id": one.pk,
            "key": f"{ruler.date:%m%d}-{prefix}{one.pk}",
            "time": times.span(one.starts_at, one.ends_at, ruler.zone),
            "is_short": int((end - one.starts_at) / MINUTE) < 45,
            **told,
        }
    ]


def _extent(
    whole: Period, periods: Iterable[Period], booked: Iterable[Promise]
) -> tuple[datetime, datetime] | None:
    busy = [Period(one.starts_at, one.ends_at) for one in booked if touches(one, whole)]
    inside = intersect([*periods, *busy], [whole])
    return (inside[0].start, inside[-1].end) if inside else None


def _wall_hours(
    whole: Period, work: WorkTime, booked: Iterable[Promise], zone: ZoneInfo
) -> tuple[int, int] | None:
    ends = _extent(whole, [*work.open, *work.bookable], booked)
    if ends is None:
        return None
    ruler = Ruler(whole, zone, 0, 24 * 60, elapsed=False)
    first, last = ruler.minutes(ends[0]), ruler.minutes(ends[1])
    return first // 60, -(-max(last, first + 1) // 60)


def _note(work: WorkTime, whole: Period, day: date) -> str:
    """Why a day has no work in it."""
    if intersect(work.bookable, [whole]):
        return ""
    if not intersect(work.open, [whole]):
        note = work.hours.notes.get(day, "")
        closed = _("The store is closed")
        return _("%(closed)s (%(note)s)") % {"closed": closed, "note": note} if note else closed
    if intersect(work.time_off, [whole]):
        return pgettext("in a calendar", "Time off")
    return _("You do not work")
