"""A store's days as a strip, and the times of the chosen one: to book, and to move."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby, islice
from urllib.parse import urlencode

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from appointments.presenters import times
from appointments.presenters.day_words import long_reason, part_of_day, short_reason
from appointments.selectors.availability import Availability
from appointments.selectors.pictures import NOTHING_APART, Apart, Window, pictures
from appointments.selectors.slots import Day, NoneBecause, Slot, week_of
from booking_site.common.periods import Period, dates_between
from realtors.models import Listing, Realtor
from stores.models import Store
from stores.selectors import policies_of

# A booking window up to this long fits one strip; longer ones are turned week by week.
LONGEST_STRIP = 15
WEEK = 7
# As many times as a telephone shows at once; of more, parts of the day are folded.
MOST_UNFOLDED = 36


@dataclass
class Week:
    """One strip of days with one of them chosen. Times are the store's."""

    store: Store
    picture: Availability
    days: list[Day]
    chosen: Day
    at: datetime
    realtor_id: int | None = None
    # Where a start that is taken leads: to its line, or nowhere.
    line_href: Callable[[Slot], str] | None = None
    keep: dict[str, str] = field(default_factory=dict)
    # A day after the last one that can be booked was asked for, and another is shown.
    asked_too_far: bool = False

    @property
    def today(self) -> date:
        return self.at.astimezone(self.picture.hours.zone).date()

    def href(self, day: date) -> str:
        return "?" + urlencode({**self.keep, "date": day.isoformat()}) + "#times"

    @cached_property
    def strip(self) -> list[dict]:
        """For the day strip component."""
        return [
            {
                "id": f"day-{day.date}",
                "name": times.relative_day(day.date, self.today) or times.short_weekday(day.date),
                "number": _short_date(day.date, self.today),
                "free": day.free_count,
                "queue": bool(self.line_href and day.slots and not self.nobody_works(day)),
                # What would show another day instead leads nowhere.
                "href": self.href(day.date) if day.date <= self.last_date else "",
                "selected": day.date == self.chosen.date,
                "reason": self._short_reason(day),
            }
            for day in self.days
        ]

    @cached_property
    def slots(self) -> list[dict]:
        """For the slot component, in parts of the day. Empty when the day has nothing at all."""
        if not self.chosen.free_count and not self.line_href:
            return []
        return [self._slot(slot) for slot in self.chosen.slots if self._works(slot)]

    @property
    def folded(self) -> bool:
        return len(self.slots) > MOST_UNFOLDED

    @cached_property
    def parts(self) -> list[dict]:
        """The same in parts of the day; of those that are folded, the one in which the next free
        time lies is open."""
        parts = [
            {"name": name, "slots": list(slots)}
            for name, slots in groupby(self.slots, key=lambda slot: slot["part"])
        ]
        following = next((part for part in parts if any(map(_free, part["slots"]))), None)
        for part in parts:
            part["free"] = sum(map(_free, part["slots"]))
            part["open"] = part is (following or parts[0])
        return parts

    def _works(self, slot: Slot) -> bool:
        """Whether anybody of those asked for is at work then, free or not."""
        if slot.available:
            return True
        at_work = self.picture.at_work(Period(slot.starts_at, slot.ends_at))
        return any(self.realtor_id in (None, one.pk) for one in at_work)

    def nobody_works(self, day: Day) -> bool:
        """Whether the store offers times on this day, and nobody of those asked for is there."""
        return not any(self._works(slot) for slot in day.slots)

    def _short_reason(self, day: Day) -> str:
        if day.reason == NoneBecause.FULL and self.nobody_works(day):
            return pgettext("day, of people", "off")
        return short_reason(day.reason)

    def _slot(self, slot: Slot) -> dict:
        line = self.line_href(slot) if self.line_href and self.has_line(slot) else ""
        return {
            "label": times.clock(slot.starts_at),
            "part": part_of_day(slot.starts_at),
            "value": times.stamp(slot.starts_at),
            "available": slot.available,
            "queue": bool(line),
            "queue_length": slot.queue_length,
            "href": line,
        }

    def has_line(self, slot: Slot) -> bool:
        """Whether waiting could help: for a house that is shown to somebody else it could not."""
        taken = self.picture.house_is_taken(Period(slot.starts_at, slot.ends_at))
        return not slot.available and not taken

    @property
    def chosen_day(self) -> str:
        return times.full_day(self.chosen.date, self.today)

    @property
    def reason(self) -> dict[str, str]:
        """Why the chosen day has no time: ``title``, ``text``, ``icon``."""
        reason = self.chosen.reason or NoneBecause.FULL
        if reason == NoneBecause.FULL and self.nobody_works(self.chosen):
            title, text = self._away()
            return {"title": title, "text": text, "icon": "coffee"}
        title, text = self._said_of(reason)
        return {"title": title, "text": text, "icon": f"reason-{reason}"}

    @property
    def not_yet(self) -> dict[str, str] | None:
        """Why another day is shown than the one asked for: ``title``, ``text``, ``icon``."""
        if not self.asked_too_far:
            return None
        reason = NoneBecause.TOO_FAR_AHEAD
        title, text = self._said_of(reason)
        return {"title": title, "text": text, "icon": f"reason-{reason}"}

    def _said_of(self, reason: NoneBecause) -> tuple[str, str]:
        policy = self.picture.policy
        return long_reason(reason, policy, last=self.last_date, today=self.today)

    def _away(self) -> tuple[str, str]:
        """Instead of "fully booked" of whoever does not work at all on the chosen day."""
        named = (one.name for one in self.picture.realtors if one.pk == self.realtor_id)
        name = next(named, None)
        if name is None:
            return (
                _("Nobody is at work on this day"),
                _("The store is open, but nobody takes appointments. Please choose another day."),
            )
        return (
            _("%(name)s is not at work on this day") % {"name": name},
            _("Please choose another day, or somebody else."),
        )

    @property
    def earlier(self) -> str:
        """The week before, in a booking window of several weeks."""
        first = self.days[0].date
        return self.href(first - timedelta(days=WEEK)) if first > self.today else ""

    @property
    def later(self) -> str:
        last = self.days[-1].date
        return self.href(last + timedelta(days=1)) if last < self.last_date else ""

    @property
    def last_date(self) -> date:
        return self.today + timedelta(days=self.picture.policy.max_advance_days)

    @property
    def all_taken(self) -> bool:
        """The chosen day has lines to wait in, and nothing else."""
        return bool(self.slots) and not self.chosen.free_count

    @property
    def nothing_free(self) -> bool:
        return not any(day.free_count for day in self.days)

    def free_from(self, instant: datetime, limit: int = 5) -> list[dict[str, str]]:
        """The next free starts of this strip: what to offer to somebody who lost a race."""
        found = [
            slot
            for day in self.days
            for slot in day.slots
            if slot.available and slot.starts_at >= instant
        ]
        return [self._chip(slot) for slot in found[:limit]]

    def _chip(self, slot: Slot) -> dict[str, str]:
        spoken = times.spoken(slot.starts_at, self.picture.hours.zone, self.at)
        return {"label": spoken, "value": times.stamp(slot.starts_at)}

    def soonest(self, limit: int) -> list[dict[str, str]]:
        """The very next free start of this strip, and the first one of each later part of a day."""
        firsts: dict[tuple[date, str], Slot] = {}
        for day in self.days:
            for slot in day.slots:
                if slot.available:
                    firsts.setdefault((day.date, part_of_day(slot.starts_at)), slot)
        return [self._chip(slot) for slot in islice(firsts.values(), limit)]

    def next_free(self, limit: int) -> list[dict[str, str]]:
        """After the chosen day if there are any, else before it."""
        later = self.chosen.slots[0].starts_at if self.chosen.slots else self.at
        return self.free_from(later, limit) or self.free_from(self.at, limit)

    def slot_at(self, instant: datetime) -> Slot | None:
        """The offered start, free or not, at exactly this instant."""
        offered = (slot for day in self.days for slot in day.slots)
        return next((slot for slot in offered if slot.starts_at == instant), None)


def week_for(
    store: Store,
    *,
    at: datetime,
    wanted: str = "",
    realtor_id: int | None = None,
    duration_minutes: int | None = None,
    listing: Listing | None = None,
    people: Sequence[Realtor] | None = None,
    apart: Apart = NOTHING_APART,
    line_href: Callable[[Slot], str] | None = None,
    keep: dict[str, str] | None = None,
) -> Week:
    """The strip around ``wanted`` (``2025-11-28``); without one that can be booked, the first free
    day is chosen: links are kept and sent on, and outlive the days they lead to. With a ``listing``
    it is that of seeing this house; ``people``: of these alone, who have been read already.

    Queries: constant, about ten.
    """
    policies = policies_of([store])
    today = at.astimezone(store.zone).date()
    last = today + timedelta(days=policies[store.pk].max_advance_days)
    asked = times.read_day(wanted, today)
    day = asked if asked and today <= asked <= last else None
    dates = _dates(day or today, today, policies[store.pk].max_advance_days)
    window = Window(store, dates[0], dates[-1])
    picture = pictures(
        [window], at=at, policies=policies, listing=listing, apart=apart, people=people
    )[store.pk]
    days = week_of(picture, dates, at=at, realtor_id=realtor_id, duration_minutes=duration_minutes)
    week = Week(
        store=store,
        picture=picture,
        days=days,
        chosen=days[0],
        at=at,
        realtor_id=realtor_id,
        line_href=line_href,
        keep=keep or {},
        asked_too_far=asked is not None and asked > last,
    )
    week.chosen = _chosen(week, day)
    return week


def _dates(day: date, today: date, max_advance_days: int) -> list[date]:
    if max_advance_days < LONGEST_STRIP:
        return dates_between(today, max_advance_days + 1)
    turned = (day - today).days // WEEK
    return dates_between(today + timedelta(days=turned * WEEK), WEEK)


def _chosen(week: Week, wanted: date | None) -> Day:
    """The one asked for; else the first with a free time, or with a line to wait in."""
    for day in week.days:
        if day.date == wanted:
            return day
    free = next((day for day in week.days if day.free_count), None)
    lines = (day for day in week.days if week.line_href and not week.nobody_works(day))
    return free or next(lines, None) or week.days[0]


def _free(slot: dict) -> bool:
    return bool(slot["available"])


def _short_date(day: date, today: date) -> str:
    """The number on a door: ``28``, and the month where a new one begins."""
    if day.day == 1 and day != today:
        return pgettext("month/day", "%(month)s/%(day)s") % {"month": day.month, "day": day.day}
    return str(day.day)
