"""A boarding place's nights as months of a calendar, for whoever wants to book: free, how many are
left, full, away, past; and what choosing a day leads to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from appointments.presenters import times
from appointments.presenters.months import DAY, month_after, month_name, month_of, weekdays
from appointments.selectors.stay_dates import OpenNights
from appointments.services.stay_checks import MOST_NIGHTS

MONTHS_SHOWN = 2
WEEK = 7


@dataclass(frozen=True)
class Choice:
    """What has been chosen so far. ``length``: of a stay that is moved, whose check-out follows
    from its check-in."""

    check_in: date | None = None
    check_out: date | None = None
    units: int = 1
    length: int = 0
    # What every link carries along.
    keep: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """A check-in is chosen and waits for its check-out."""
        return self.check_in is not None and self.check_out is None and not self.length

    def covers(self, day: date) -> bool:
        """One of the chosen nights."""
        since, until = self.check_in, self.check_out
        return since is not None and until is not None and since <= day < until


@dataclass(frozen=True)
class Calendar:
    """Two months of one place from ``first``, the first day of a month, seen on ``today``."""

    found: OpenNights
    choice: Choice
    first: date
    today: date

    @property
    def months(self) -> list[dict[str, Any]]:
        firsts = [month_after(self.first, number) for number in range(MONTHS_SHOWN)]
        return [self._month(first) for first in firsts]

    @property
    def earlier(self) -> str:
        """The address of the months before; empty where they are over."""
        if self.first <= month_of(self.found.first):
            return ""
        return self._turn(max(month_after(self.first, -MONTHS_SHOWN), month_of(self.found.first)))

    @property
    def later(self) -> str:
        following = month_after(self.first, MONTHS_SHOWN)
        return self._turn(following) if following < self.found.last_check_out else ""

    @property
    def weekdays(self) -> list[str]:
        return weekdays()

    @property
    def asks(self) -> str:
        """What a press on a day would choose."""
        if self.choice.length:
            return _("Choose the new check-in. The stay keeps its length.")
        if self.choice.is_open:
            return _("Now choose the day of the check-out.")
        return _("Choose the day of the check-in.")

    def _turn(self, first: date) -> str:
        dates = [("check_in", self.choice.check_in)]
        if not self.choice.length:
            dates.append(("check_out", self.choice.check_out))
        chosen = {name: day.isoformat() for name, day in dates if day is not None}
        return self._href({**chosen, "month": f"{first:%Y-%m}"})

    def _href(self, query: Mapping[str, str]) -> str:
        return "?" + urlencode({**self.choice.keep, **query}) + "#nights"

    def _month(self, first: date) -> dict[str, Any]:
        following = month_after(first, 1)
        # Weeks that are over would only push those that can be chosen down the page.
        begins = max(first, self.today - self.today.weekday() * DAY)
        days = [self._day(begins + number * DAY) for number in range((following - begins).days)]
        cells: list[dict[str, Any] | None] = [*[None] * begins.weekday(), *days]
        cells += [None] * (-len(cells) % WEEK)
        return {
            "id": f"month-{first:%Y-%m}",
            "title": month_name(first),
            "weeks": [cells[start : start + WEEK] for start in range(0, len(cells), WEEK)],
        }

    def _day(self, day: date) -> dict[str, Any]:
        state, note = self._state(day)
        href, does = self._leads_to(day)
        told = [self._chosen(day), _state_in_words(state, self.found.left(day)), does]
        return {
            "id": f"night-{day.isoformat()}",
            "number": day.day,
            "note": note,
            "state": state,
            "href": href,
            "edge": day in (self.choice.check_in, self.choice.check_out),
            "inside": self.choice.covers(day),
            "today": day == self.today,
            # For those who hear it: the day, what is chosen of it, how it is, what a press does.
            "spoken": _("%(day)s: %(told)s")
            % {
                "day": times.calendar_day(day, self.today),
                "told": _(", ").join(filter(None, told)),
            },
        }

    def _state(self, day: date) -> tuple[str, str]:
        """Of the night that begins then: a name for its look, and a word that fits in a cell."""
        if day < self.found.first:
            return "past", ""
        if day >= self.found.last_check_out:
            return "far", ""
        night = self.found.nights.get(day)
        if night is None or night.away:
            return "away", pgettext("night", "away")
        if night.left < self.choice.units:
            return "full", pgettext("night", "full")
        return "free", pgettext("places left of a night", "%(n)d left") % {"n": night.left}

    def _leads_to(self, day: date) -> tuple[str, str]:
        """The address that choosing it leads to, and what it does in words; both empty for a day
        that cannot be chosen."""
        choice, since = self.choice, self.choice.check_in
        month = {"month": f"{self.first:%Y-%m}"}
        ends = choice.is_open and since is not None and since < day <= since + MOST_NIGHTS * DAY
        if ends and since is not None and self.found.has_room(since, day, choice.units):
            dates = {"check_in": since.isoformat(), "check_out": day.isoformat()}
            return self._href(dates | month), _("choose it as the check-out")
        until = day + (choice.length or 1) * DAY
        if not self.found.has_room(day, until, choice.units):
            return "", ""
        return self._href({"check_in": day.isoformat()} | month), _("choose it as the check-in")

    def _chosen(self, day: date) -> str:
        if day == self.choice.check_in:
            return _("your check-in")
        if day == self.choice.check_out:
            return _("your check-out")
        return _("one of your nights") if self.choice.covers(day) else ""


def _state_in_words(state: str, left: int) -> str:
    if state == "free":
        return ngettext("%(count)d place left", "%(count)d places left", left) % {"count": left}
    return {
        "past": pgettext("night", "over"),
        "far": pgettext("night", "cannot be booked yet"),
        "away": pgettext("night", "the sitter is away"),
        "full": pgettext("night", "full"),
    }[state]
