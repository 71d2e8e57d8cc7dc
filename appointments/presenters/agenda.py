"""Days as a picture: hours from top to bottom, what is booked placed by its time.

The page's security policy allows no style attributes, so a place is a handful of classes: hours
and minutes from the top, hours and minutes of length, and the lane where two stand side by side
(static/css/agenda.css turns them into pixels). Everything is also a list in the order of time.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from appointments.models import Appointment, Status
from appointments.models.appointment import OVER
from appointments.presenters import times
from appointments.selectors.agenda import WorkTime
from booking_site.common.periods import Period, intersect, local_day

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
# A picture of nothing is a working day.
USUAL = (9, 18)
STEP = 5
SHORTEST = 20
MOST_LANES = 3

Block = dict[str, Any]


@dataclass(frozen=True)
class Ruler:
    """From instants of one local day to minutes below the picture's top.

    ``elapsed``: by what really passes, so that an hour that comes twice has room twice. Else by the
    clock on the wall, so that several days share one scale.
    """

    day: Period
    zone: ZoneInfo
    top: int
    bottom: int
    elapsed: bool

    @property
    def date(self) -> date:
        return self.day.start.astimezone(self.zone).date()

    def minutes(self, instant: datetime) -> int:
        instant = min(max(instant, self.day.start), self.day.end)
        if self.elapsed:
            passed = instant - self.day.start
        else:
            local = instant.astimezone(self.zone).replace(tzinfo=None)
            passed = local - datetime.combine(self.date, time.min)
        return int(passed / MINUTE) - self.top

    def place(self, start: datetime, end: datetime, *, least: int = STEP) -> str:
        """Classes for a stretch; empty when nothing of it lies in the picture."""
        height = self.bottom - self.top
        first = max(0, self.minutes(start)) // STEP * STEP
        last = min(height, -(-self.minutes(end) // STEP) * STEP)
        if last <= first and (first >= height or last <= 0):
            return ""
        first = min(first, height - least)
        return _classes(first, max(last - first, least))


def _classes(first: int, length: int) -> str:
    hours, minutes = divmod(first, 60)
    long_hours, long_minutes = divmod(length, 60)
    return f"ag-h{hours} ag-m{minutes} ag-dh{long_hours} ag-dm{long_minutes}"


def day_picture(
    work: WorkTime, booked: Sequence[Appointment], day: date, at: datetime
) -> dict[str, Any] | None:
    """Today, with what goes on. None when there is nothing to draw: no hours, nothing booked."""
    zone = work.hours.zone
    whole = local_day(day, zone)
    ends = _extent(whole, [*work.open, *work.bookable], booked)
    if ends is None:
        return None
    first, last = _full_hours(whole, *ends, zone)
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
        "size": _classes(0, bottom - top),
        "ticks": ticks,
        "now": now,
        "now_clock": times.clock(at.astimezone(zone)) if now else "",
        **_filled(ruler, work, booked, at),
    }


def week_picture(work: WorkTime, booked: Sequence[Appointment], at: datetime) -> dict[str, Any]:
    """Seven columns on one scale of hours, by the clock on the wall."""
    zone = work.hours.zone
    today = at.astimezone(zone).date()
    dates = [work.first + timedelta(days=n) for n in range((work.last - work.first).days + 1)]
    wholes = {day: local_day(day, zone) for day in dates}
    hours = [_wall_hours(wholes[day], work, booked, zone) for day in dates]
    found = [one for one in hours if one is not None]
    first = min((one[0] for one in found), default=USUAL[0])
    last = max((one[1] for one in found), default=USUAL[1])
    columns = []
    for day in dates:
        ruler = Ruler(wholes[day], zone, first * 60, last * 60, elapsed=False)
        mine = [one for one in booked if _touches(one, wholes[day])]
        filled = _filled(ruler, work, mine, at)
        on_the_scale = day == today and first * 60 <= ruler.minutes(at) + first * 60 < last * 60
        now = ruler.place(at, at + STEP * MINUTE) if on_the_scale else ""
        columns.append(
            {
                "id": f"day-{day.isoformat()}",
                "weekday": times.short_weekday(day),
                "number": day.day,
                "name": times.full_day(day, today),
                "is_today": day == today,
                "is_past": day < today,
                "now": now,
                "note": _note(work, wholes[day], day),
                **filled,
            }
        )
    return {
        "size": _classes(0, (last - first) * 60),
        "ticks": [
            {"label": f"{hour:02d}:00", "place": _classes((hour - first) * 60, 60)}
            for hour in range(first, last)
        ],
        "columns": columns,
        "is_empty": not booked,
    }


def _filled(
    ruler: Ruler, work: WorkTime, booked: Sequence[Appointment], at: datetime
) -> dict[str, list[Block]]:
    """``shades``: when they work, for the eye alone; ``items``: everything else, by time."""
    shades = _blocks(ruler, work.bookable, lambda _period: {"kind": "work"})
    shades += [block for one in booked if one.status not in OVER for block in _buffers(ruler, one)]
    pauses = _blocks(ruler, work.breaks, lambda period: _pause(ruler, period, "break"))
    away = _blocks(ruler, work.time_off, lambda period: _pause(ruler, period, "off"))
    items = [*away, *pauses, *_appointments(ruler, booked, at)]
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


def _buffers(ruler: Ruler, one: Appointment) -> list[Block]:
    """Time kept free around it, so that nobody is booked there."""
    found = []
    before = timedelta(minutes=one.buffer_before_minutes)
    after = timedelta(minutes=one.buffer_after_minutes)
    for start, end in ((one.starts_at - before, one.starts_at), (one.ends_at, one.ends_at + after)):
        place = ruler.place(start, end) if start < end else ""
        if place:
            found.append({"place": place, "kind": "buffer"})
    return found


def _appointments(ruler: Ruler, booked: Sequence[Appointment], at: datetime) -> list[Block]:
    lanes = _lanes(booked)
    found = []
    for one in booked:
        end = one.ends_at
        if one.status == Status.COMPLETED and one.completed_at is not None:
            end = max(one.starts_at + STEP * MINUTE, min(end, one.completed_at))
        place = ruler.place(one.starts_at, end, least=SHORTEST)
        if not place:
            continue
        lane, of = lanes[one.pk]
        minutes = int((end - one.starts_at) / MINUTE)
        status = Status(one.status)
        found.append(
            {
                "kind": "booked",
                "place": f"{place} ag-lane{lane} ag-of{of}",
                "order": one.starts_at.isoformat(),
                "id": one.pk,
                "key": f"{ruler.date:%m%d}-{one.pk}",
                "name": one.customer_name,
                "time": times.span(one.starts_at, one.ends_at, ruler.zone),
                "status": status.value,
                "status_label": str(status.label),
                "live": one.live,
                "arrived": one.arrived_at is not None
                and status in (Status.PENDING, Status.CONFIRMED),
                "is_over": status in OVER or (status == Status.CONFIRMED and one.ends_at <= at),
                "is_short": minutes < 45,
            }
        )
    return found


def _lanes(booked: Sequence[Appointment]) -> dict[int, tuple[int, int]]:
    """Which of how many columns each stands in; several side by side only where they overlap."""
    found: dict[int, tuple[int, int]] = {}
    group: list[tuple[Appointment, int]] = []
    ends: list[datetime] = []
    for one in sorted(booked, key=lambda row: (row.starts_at, row.pk)):
        if ends and all(end <= one.starts_at for end in ends):
            _close(group, found)
            group, ends = [], []
        free = (n for n, end in enumerate(ends) if end <= one.starts_at)
        lane = next(free, len(ends))
        if lane == len(ends):
            ends.append(one.ends_at)
        ends[lane] = one.ends_at
        group.append((one, lane))
    _close(group, found)
    return found


def _close(group: Sequence[tuple[Appointment, int]], found: dict[int, tuple[int, int]]) -> None:
    of = min(MOST_LANES, max((lane for _one, lane in group), default=0) + 1)
    for one, lane in group:
        found[one.pk] = (min(lane, MOST_LANES - 1), of)


def _extent(
    whole: Period, periods: Iterable[Period], booked: Iterable[Appointment]
) -> tuple[datetime, datetime] | None:
    busy = [Period(one.starts_at, one.ends_at) for one in booked if _touches(one, whole)]
    inside = intersect([*periods, *busy], [whole])
    return (inside[0].start, inside[-1].end) if inside else None


def _full_hours(
    whole: Period, start: datetime, end: datetime, zone: ZoneInfo
) -> tuple[datetime, datetime]:
    """The hours around them on the wall's clock, within the day."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    start -= timedelta(minutes=first.minute, seconds=first.second, microseconds=first.microsecond)
    over = timedelta(minutes=last.minute, seconds=last.second, microseconds=last.microsecond)
    end = end + HOUR - over if over else end
    return max(start, whole.start), min(end, whole.end)


def _wall_hours(
    whole: Period, work: WorkTime, booked: Iterable[Appointment], zone: ZoneInfo
) -> tuple[int, int] | None:
    ends = _extent(whole, [*work.open, *work.bookable], booked)
    if ends is None:
        return None
    ruler = Ruler(whole, zone, 0, 24 * 60, elapsed=False)
    first, last = ruler.minutes(ends[0]), ruler.minutes(ends[1])
    return first // 60, -(-max(last, first + 1) // 60)


def _touches(one: Appointment, whole: Period) -> bool:
    return one.starts_at < whole.end and one.ends_at > whole.start


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
