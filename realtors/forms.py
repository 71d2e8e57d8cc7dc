"""What realtors type about when they work: the ordinary week, and time off."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from booking_site.common.lines import LineFormField
from booking_site.common.periods import MIDNIGHT, day_start, local_instant
from realtors.rules import WorkingWeek
from stores.models.hours import Weekday
from stores.rules import DAY_MINUTES, Interval

KINDS = ("work", "break")
# As many rows as the API takes for one day.
MOST_ROWS = 10
FEWEST_ROWS = {"work": 2, "break": 1}
FURTHEST_DAYS = 5 * 365


class CursorForm(forms.Form):
    """Shown again with errors, it puts the cursor where the first one is."""

    def full_clean(self) -> None:
        super().full_clean()
        self.place_cursor()

    def place_cursor(self) -> None:
        wrong = [name for name in self.fields if name in self.errors]
        if wrong:
            self.fields[wrong[0]].widget.attrs["autofocus"] = True


class Row(NamedTuple):
    """The two fields of one interval, by name."""

    starts: str
    ends: str


def row(kind: str, weekday: int, number: int) -> Row:
    stem = f"{kind}-{weekday}-{number}"
    return Row(f"{stem}-from", f"{stem}-to")


class WeekForm(CursorForm):
    """Seven days with rows of from and to; rows left empty count for nothing. ``week`` fills it."""

    STORE, OWN = "store", "own"

    mode = forms.ChoiceField(
        label=gettext_lazy("When do you work?"),
        choices=[
            (STORE, gettext_lazy("Whenever the store is open")),
            (OWN, gettext_lazy("At hours of my own")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, week: WorkingWeek | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.rows: dict[tuple[str, int], list[Row]] = {}
        if week is not None:
            self.initial["mode"] = self.OWN if week.work else self.STORE
        known = {"work": week.work, "break": week.breaks} if week else {"work": {}, "break": {}}
        for weekday in Weekday.values:
            for kind in KINDS:
                self._add_rows(kind, weekday, sorted_hours(known[kind].get(weekday, ())))

    def hours(self, kind: str) -> dict[int, list[Interval]]:
        """What was typed, by weekday. Only after ``is_valid``."""
        week = {weekday: self._intervals(kind, weekday) for weekday in Weekday.values}
        if kind == "work" and self.cleaned_data["mode"] == self.STORE:
            return {}
        return {weekday: list(rows.values()) for weekday, rows in week.items() if rows}

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        own = facts.get("mode") == self.OWN
        for kind in KINDS:
            for rows in self.rows.values():
                for one in rows:
                    self._check_row(one)
            if kind == "break" or own:
                self._check_overlaps(kind)
        nothing = not any(self._intervals("work", weekday) for weekday in Weekday.values)
        if own and nothing and not self.errors:
            complaint = _("Give hours on one day at least, or choose the store's hours.")
            self.add_error("mode", complaint)
        return facts

    def wrong_days(self) -> set[int]:
        return {
            weekday
            for (_kind, weekday), rows in self.rows.items()
            if any(name in self.errors for one in rows for name in one)
        }

    def _add_rows(self, kind: str, weekday: int, known: list[Interval]) -> None:
        count = max(FEWEST_ROWS[kind], len(known) + 1)
        if self.is_bound:
            count = sum(row(kind, weekday, n).starts in self.data for n in range(MOST_ROWS))
        self.rows[kind, weekday] = [row(kind, weekday, n) for n in range(min(count, MOST_ROWS))]
        for number, one in enumerate(self.rows[kind, weekday]):
            self._add_field(one.starts, kind, weekday, number, ends=False)
            self._add_field(one.ends, kind, weekday, number, ends=True)
            if number < len(known):
                self.initial[one.starts] = known[number].opens
                self.initial[one.ends] = known[number].closes

    def _add_field(self, name: str, kind: str, weekday: int, number: int, *, ends: bool) -> None:
        label = pgettext_lazy("time of day", "to") if ends else pgettext_lazy("time of day", "from")
        spoken = _("%(day)s, %(kind)s %(number)d: %(label)s") % {
            "day": Weekday(weekday).label,
            "kind": _("work") if kind == "work" else _("break"),
            "number": number + 1,
            "label": label,
        }
        widget = forms.TimeInput(
            attrs={"type": "time", "step": 300, "aria-label": spoken}, format="%H:%M"
        )
        self.fields[name] = forms.TimeField(
            label=label,
            required=False,
            widget=widget,
            error_messages={"invalid": _("Please give a time such as 09:00.")},
        )

    def _check_row(self, one: Row) -> None:
        if one.starts in self.errors or one.ends in self.errors:
            return
        starts, ends = self.cleaned_data.get(one.starts), self.cleaned_data.get(one.ends)
        if (starts is None) != (ends is None):
            missing = one.starts if starts is None else one.ends
            self.add_error(missing, _("Both times are needed, or none."))
        elif starts is not None and starts == ends != MIDNIGHT:
            self.add_error(one.ends, _("This is the same time as the start."))

    def _check_overlaps(self, kind: str) -> None:
        """Also over midnight, and from Sunday into Monday."""
        spans = sorted(
            (*_minutes(weekday, interval), one.starts)
            for weekday in Weekday.values
            for one, interval in self._intervals(kind, weekday).items()
        )
        week = 7 * DAY_MINUTES
        again = [(start + week, end + week, name) for start, end, name in spans[:1]]
        for earlier, later in pairwise(spans + again):
            if later[0] < earlier[1] and later[2] not in self.errors:
                self.add_error(later[2], _("This overlaps the hours before it."))

    def _intervals(self, kind: str, weekday: int) -> dict[Row, Interval]:
        found = {}
        for one in self.rows[kind, weekday]:
            starts, ends = self.cleaned_data.get(one.starts), self.cleaned_data.get(one.ends)
            if starts is not None and ends is not None:
                found[one] = Interval(starts, ends)
        return found


def sorted_hours(hours: Iterable[Interval]) -> list[Interval]:
    return sorted(hours, key=lambda interval: interval.opens)


def copied_day(data: Mapping[str, str], source: int, targets: Iterable[int]) -> dict[str, str]:
    """What was typed, with the rows of one day in place of those of others."""
    copied = dict(data.items())
    for kind in KINDS:
        for weekday in targets:
            for number in range(MOST_ROWS):
                names = zip(row(kind, source, number), row(kind, weekday, number), strict=True)
                for name, target in names:
                    copied.pop(target, None)
                    if name in data:
                        copied[target] = data[name]
    return copied


def _minutes(weekday: int, interval: Interval) -> tuple[int, int]:
    start = interval.opens.hour * 60 + interval.opens.minute
    end = interval.closes.hour * 60 + interval.closes.minute
    first = weekday * DAY_MINUTES
    return first + start, first + (end if end > start else end + DAY_MINUTES)


class TimeOffForm(CursorForm):
    """By the clock of ``zone``. Without times it is whole days."""

    first = forms.DateField(
        label=gettext_lazy("First day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    starts = forms.TimeField(
        label=gettext_lazy("From what time"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    last = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    ends = forms.TimeField(
        label=gettext_lazy("Until what time"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    reason = LineFormField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("You and the store's staff see it, customers do not."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, zone: ZoneInfo, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.zone, self.today = zone, today

    def clean_first(self) -> date:
        return self._near("first")

    def clean_last(self) -> date:
        return self._near("last")

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        first, last = facts.get("first"), facts.get("last")
        if first is not None and not self.has_error("starts"):
            facts["starts_at"] = self._instant(first, facts.get("starts"), "starts")
        if last is not None and not self.has_error("ends"):
            ends = facts.get("ends")
            day = last + timedelta(days=1) if ends is None else last
            facts["ends_at"] = self._instant(day, ends, "ends")
        return facts

    def add_refusal(self, errors: Mapping[str, Iterable[Any]]) -> None:
        """The service's complaints, at the fields that people see."""
        shown = {"starts_at": "first", "ends_at": "last"}
        for name, complaints in errors.items():
            for complaint in complaints:
                self.add_error(shown.get(name), str(complaint))
        self.place_cursor()

    def _near(self, name: str) -> date:
        day: date = self.cleaned_data[name]
        if abs((day - self.today).days) > FURTHEST_DAYS:
            raise ValidationError(_("Please check the year."))
        return day

    def _instant(self, day: date, clock: time | None, name: str) -> datetime | None:
        if clock is None:
            return day_start(day, self.zone)
        instant = local_instant(day, clock, self.zone)
        if instant is None:
            self.add_error(name, _("The clocks change then: that time does not exist on this day."))
        return instant
