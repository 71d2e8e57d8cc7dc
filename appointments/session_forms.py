"""What teachers type about the sessions of their courses. Times are by the store's clock."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.models import Session
from booking_site.common.lines import LineFormField
from booking_site.common.periods import local_instant
from realtors.forms.cursor import CursorForm
from realtors.models import Listing, ListingQuerySet
from stores.models import Store
from stores.models.hours import Weekday

# Beyond that it was the wrong year.
FURTHEST_DAYS = 731
NO_SUCH_TIME = gettext_lazy("The clocks change then: that time does not exist on this day.")
OF_TIME = ("day", "starts", "minutes")


class CourseField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.title)


def _date(label: Any, **options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)


def _time(label: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget)


def _number(label: Any, *, most: int, **options: Any) -> forms.IntegerField:
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(label=label, min_value=1, max_value=most, widget=widget, **options)


def _seats() -> forms.IntegerField:
    return _number(gettext_lazy("Seats"), most=500, required=False)


def _price() -> forms.DecimalField:
    return forms.DecimalField(
        label=gettext_lazy("Added to the price"),
        required=False,
        max_digits=12,
        decimal_places=2,
        help_text=gettext_lazy("Of one seat; with a minus in front it is taken off."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ScheduleForm(CursorForm):
    """``today`` by the store's calendar, against wrong years."""

    shown_as: ClassVar[Mapping[str, str]] = {
        "starts_at": "starts",
        "duration_minutes": "minutes",
        "price_modifier": "change",
    }

    def __init__(self, *args: Any, store: Store, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.store, self.today = store, today

    def near(self, name: str) -> date | None:
        day: date | None = self.cleaned_data[name]
        if day is not None and abs((day - self.today).days) > FURTHEST_DAYS:
            raise ValidationError(_("Please check the year."))
        return day

    def begins(self) -> datetime | None:
        """From its day and time. None, with a complaint, when the clock jumps over it."""
        day, clock = self.cleaned_data.get("day"), self.cleaned_data.get("starts")
        if day is None or clock is None:
            return None
        instant = local_instant(day, clock, self.store.zone)
        if instant is None:
            self.add_error("starts", NO_SUCH_TIME)
        return instant

    @property
    def added(self) -> Decimal:
        return self.cleaned_data["change"] or Decimal(0)


class OfCourse(ScheduleForm):
    """``courses``: what there is to choose from."""

    course = CourseField(
        label=gettext_lazy("Course"), queryset=Listing.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, courses: ListingQuerySet, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["course"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = courses


class SessionForm(OfCourse):
    """A session that is opened. What is left empty is as the course says."""

    day = _date(gettext_lazy("Date"))
    starts = _time(gettext_lazy("Start"))
    minutes = _number(gettext_lazy("Minutes"), most=1440, required=False)
    capacity = _seats()
    change = _price()

    def clean_day(self) -> date | None:
        return self.near("day")

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        facts["starts_at"] = self.begins()
        return facts


class EditSessionForm(ScheduleForm):
    """Its time only while nobody has a seat: ``is_fixed`` says that somebody has."""

    day = _date(gettext_lazy("Date"))
    starts = _time(gettext_lazy("Start"))
    minutes = _number(gettext_lazy("Minutes"), most=1440)
    capacity = _number(gettext_lazy("Seats"), most=500)
    change = _price()

    def __init__(self, *args: Any, session: Session, is_fixed: bool, **options: Any) -> None:
        start = session.starts_local
        initial = {
            "day": start.date(),
            "starts": start.time(),
            "minutes": session.duration_minutes,
            "capacity": session.capacity,
            "change": f"{session.price_modifier:f}".removesuffix(".00"),
        }
        super().__init__(*args, initial=initial, **options)
        self.is_fixed = is_fixed
        if is_fixed:
            for name in OF_TIME:
                del self.fields[name]

    def clean_day(self) -> date | None:
        return self.near("day")

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        facts["starts_at"] = None if self.is_fixed else self.begins()
        return facts

    def time(self) -> dict[str, Any]:
        """As it was changed; nothing when it was left as it is, which may be in the past."""
        if not set(OF_TIME) & set(self.changed_data):
            return {}
        told = self.cleaned_data
        return {"starts_at": told["starts_at"], "duration_minutes": told["minutes"]}


class RuleForm(OfCourse):
    """Sessions that recur week by week."""

    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("On these days"),
        coerce=int,
        choices=Weekday.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one weekday.")},
    )
    starts = _time(gettext_lazy("Start"))
    first_date = _date(gettext_lazy("First day"))
    last_date = _date(gettext_lazy("Last day"), required=False)
    capacity = _seats()
    change = _price()

    def clean_first_date(self) -> date | None:
        return self.near("first_date")

    def clean_last_date(self) -> date | None:
        return self.near("last_date")


class EndRuleForm(CursorForm):
    """``concerns``: whether anybody has booked what would be called off; they are owed a reason."""

    call_off = forms.BooleanField(
        label=gettext_lazy("Also call off the sessions still to come"), required=False
    )
    reason = LineFormField(
        label=gettext_lazy("Why?"),
        required=False,
        max_length=160,
        help_text=gettext_lazy("Whoever has booked reads it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, concerns: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.concerns = concerns

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        if self.concerns and facts.get("call_off") and not facts.get("reason"):
            self.add_error("reason", _("Please say why; the customers are told."))
        return facts


class BlockForm(CursorForm):
    reason = LineFormField(
        label=gettext_lazy("Why?"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("For you and the store; customers do not read it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
