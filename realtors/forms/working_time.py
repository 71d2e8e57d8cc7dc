"""What realtors type about when they work: the ordinary week, and time off."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, ClassVar, NamedTuple
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from booking_site.common.lines import LineFormField
from booking_site.common.periods import MIDNIGHT, day_start, local_instant
from realtors.rules import WorkingWeek
from stores.models.hours import Weekday
from stores.rules import DAY_MINUTES, Interval

from .cursor import CursorForm

KINDS = ("work", "break")
# As many rows as the API takes for one day.
MOST_ROWS = 10
FURTHEST_DAYS = 5 * 365
WEEK = 7 * DAY_MINUTES


class Row(NamedTuple):
    """The two fields of one interval, by name."""

    starts: str
    ends: str


def row(kind: str, weekday: int, number: int) -> Row:
    stem = f"{kind}-{weekday}-{number}"
    return Row(f"{stem}-from", f"{stem}-to")


class DayMode(TextChoices):
    """What a weekday is like."""

    STORE = "store", gettext_lazy("As the store is open")
    OWN = "own", gettext_lazy("Own hours")
    OFF = "off", gettext_lazy("Not working")


class WeekForm(CursorForm):
    """Seven days, each as the store, at hours of one's own, or free; rows of from and to, of which
    those left empty count for nothing. ``week`` fills it; ``store`` is the store's ordinary week,
    in which breaks have to lie.

    Without any hours of their own a realtor works whenever the store is open. As soon as one day
    differs every day is written out, and "as the store" is the whole day then: nobody is booked
    outside of the store's hours, so it follows them also when they change.
    """

    def __init__(
        self,
        *args: Any,
        store: Mapping[int, Iterable[Interval]],
        week: WorkingWeek | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.store = store
        self.rows: dict[tuple[str, int], list[Row]] = {}
        known = {"work": week.work, "break": week.breaks} if week else {"work": {}, "break": {}}
        for weekday in Weekday.values:
            mode = mode_of(known["work"], weekday)
            self._add_mode(weekday, mode)
            work = known["work"].get(weekday, ()) if mode == DayMode.OWN else ()
            self._add_rows("work", weekday, sorted_hours(work))
            self._add_rows("break", weekday, sorted_hours(known["break"].get(weekday, ())))

    def mode(self, weekday: int) -> str:
        """As it was sent or is stored; nonsense is the store's hours."""
        value = str(self[mode_name(weekday)].value() or "")
        return value if value in DayMode.values else DayMode.STORE.value

    def week(self) -> WorkingWeek:
        """What was typed. Only after ``is_valid``."""
        return WorkingWeek(work=self._work(), breaks=self._breaks())

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        for (kind, weekday), rows in self.rows.items():
            if self._counts(kind, weekday):
                for one in rows:
                    self._check_row(one)
        for kind in KINDS:
            self._check_overlaps(kind)
        self._check_own_days()
        self._check_breaks()
        if not self.errors and all(self.mode(day) == DayMode.OFF for day in Weekday.values):
            message = _("Work on one day at least. For a longer while without any, take time off.")
            self.add_error(mode_name(0), message)
        return facts

    def _counts(self, kind: str, weekday: int) -> bool:
        """Whether rows of this kind say anything on this day; the others are hidden."""
        mode = self.mode(weekday)
        return mode == DayMode.OWN if kind == "work" else mode != DayMode.OFF

    def _work(self) -> dict[int, tuple[Interval, ...]]:
        modes = {weekday: self.mode(weekday) for weekday in Weekday.values}
        if all(mode == DayMode.STORE for mode in modes.values()):
            return {}
        own = {
            weekday: tuple(self._intervals("work", weekday).values())
            for weekday, mode in modes.items()
            if mode == DayMode.OWN
        }
        whole = {
            weekday: (Interval(night_before(own, weekday), MIDNIGHT),)
            for weekday, mode in modes.items()
            if mode == DayMode.STORE
        }
        return {weekday: rows for weekday, rows in sorted({**own, **whole}.items()) if rows}

    def _breaks(self) -> dict[int, tuple[Interval, ...]]:
        found = {
            weekday: tuple(self._intervals("break", weekday).values())
            for weekday in Weekday.values
            if self._counts("break", weekday)
        }
        return {weekday: rows for weekday, rows in found.items() if rows}

    def wrong_days(self) -> set[int]:
        return {
            weekday
            for (_kind, weekday), rows in self.rows.items()
            if mode_name(weekday) in self.errors
            or any(name in self.errors for one in rows for name in one)
        }

    def _add_mode(self, weekday: int, mode: str) -> None:
        name = mode_name(weekday)
        self.fields[name] = forms.ChoiceField(
            label=Weekday(weekday).label,
            choices=DayMode.choices,
            widget=forms.RadioSelect,
            error_messages={"required": _("Please choose one of the three.")},
        )
        self.initial[name] = mode

    def _add_rows(self, kind: str, weekday: int, known: list[Interval]) -> None:
        count = max(1, len(known))
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
            if self._counts(kind, weekday)
            for one, interval in self._intervals(kind, weekday).items()
        )
        again = [(start + WEEK, end + WEEK, name) for start, end, name in spans[:1]]
        for earlier, later in pairwise(spans + again):
            if later[0] < earlier[1] and later[2] not in self.errors:
                self.add_error(later[2], _("This overlaps the hours before it."))

    def _check_own_days(self) -> None:
        for weekday in Weekday.values:
            rows = self.rows["work", weekday]
            is_own = self.mode(weekday) == DayMode.OWN
            typed = any(name in self.errors for one in rows for name in one)
            if is_own and not typed and not self._intervals("work", weekday):
                message = _("Give your hours on this day, or choose another of the three.")
                self.add_error(rows[0].starts, message)

    def _check_breaks(self) -> None:
        """A break that interrupts nothing is a mistake that nobody would notice; but on a day on
        which the store is closed there is nothing to interrupt, and it may open again."""
        work = [
            (start + shift, end + shift)
            for weekday in Weekday.values
            for interval in self._hours_on(weekday)
            for start, end in [_minutes(weekday, interval)]
            for shift in (-WEEK, 0, WEEK)
        ]
        for weekday in Weekday.values:
            is_closed = self.mode(weekday) == DayMode.STORE and not self.store.get(weekday)
            if is_closed or not self._counts("break", weekday):
                continue
            for one, interval in self._intervals("break", weekday).items():
                start, end = _minutes(weekday, interval)
                inside = any(first <= start and end <= last for first, last in work)
                if not inside and one.starts not in self.errors:
                    message = _("This break lies outside of the hours of that day.")
                    self.add_error(one.starts, message)

    def _hours_on(self, weekday: int) -> Iterable[Interval]:
        modes = {
            DayMode.OWN.value: self._intervals("work", weekday).values(),
            DayMode.STORE.value: self.store.get(weekday, ()),
        }
        return modes.get(self.mode(weekday), ())

    def _intervals(self, kind: str, weekday: int) -> dict[Row, Interval]:
        found = {}
        for one in self.rows[kind, weekday]:
            starts, ends = self.cleaned_data.get(one.starts), self.cleaned_data.get(one.ends)
            if starts is not None and ends is not None:
                found[one] = Interval(starts, ends)
        return found


def mode_name(weekday: int) -> str:
    return f"day-{weekday}"


def mode_of(work: Mapping[int, Iterable[Interval]], weekday: int) -> str:
    """How a stored day is to be read; see WeekForm."""
    if not work:
        return DayMode.STORE
    rows = list(work.get(weekday, ()))
    if not rows:
        return DayMode.OFF
    follows = {Interval(MIDNIGHT, MIDNIGHT), Interval(night_before(work, weekday), MIDNIGHT)}
    return DayMode.STORE if len(rows) == 1 and rows[0] in follows else DayMode.OWN


def night_before(work: Mapping[int, Iterable[Interval]], weekday: int) -> time:
    """Until when the hours of the day before reach into this one; midnight if they do not."""
    rows = work.get((weekday - 1) % 7, ())
    return max((one.closes for one in rows if one.closes <= one.opens), default=MIDNIGHT)


def sorted_hours(hours: Iterable[Interval]) -> list[Interval]:
    return sorted(hours, key=lambda interval: interval.opens)


def with_row_more(data: Mapping[str, str], kind: str, weekday: int) -> dict[str, str]:
    """What was typed, and an empty row."""
    longer = dict(data.items())
    for number in range(MOST_ROWS):
        one = row(kind, weekday, number)
        if one.starts not in longer:
            return longer | {one.starts: "", one.ends: ""}
    return longer


def copied_day(data: Mapping[str, str], source: int, targets: Iterable[int]) -> dict[str, str]:
    """What was typed, with one day as it is in place of others."""
    copied = dict(data.items())
    targets = [weekday for weekday in targets if weekday != source]
    for weekday in targets:
        copied[mode_name(weekday)] = data.get(mode_name(source), "")
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

    shown_as: ClassVar = {"starts_at": "first", "ends_at": "last"}

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
