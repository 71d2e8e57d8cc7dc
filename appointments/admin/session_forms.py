"""What a step with a session has to know, and the form that opens one."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from appointments.models import Session, SessionRule
from appointments.services.session_checks import MOST_SEATS, check_hours, check_start
from booking_site.common.errors import Refusal
from booking_site.common.periods import local_instant
from realtors.models import Listing
from stores.models.hours import Weekday

from .asking import LOOKS, ClockInput, DayInput

LONGEST_REASON = 200


class MayForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("For your colleagues; customers do not read it."),
    )


class MustForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Everybody who has a seat is told."),
    )


class EndForm(forms.Form):
    call_off = forms.BooleanField(
        label=_("Call off what it has made"),
        required=False,
        widget=UnfoldBooleanWidget(),
        help_text=_("Sessions to come will not take place; everybody who has a seat is told."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
    )


def _seats(**options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Seats"),
        min_value=1,
        max_value=MOST_SEATS,
        widget=UnfoldAdminIntegerFieldWidget(),
        **options,
    )


def _added(**options: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=_("Added to the price"),
        max_digits=12,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget(),
        help_text=_("With a minus it costs less than the course; 0 is as the course."),
        **options,
    )


class SeatsForm(forms.Form):
    capacity = _seats()
    price_modifier = _added()


class CourseChoice(forms.ModelChoiceField):
    def label_from_instance(self, listing: Any) -> str:
        return f"{listing.title} · {listing.realtor} · {listing.store}"


class OfCourseForm(forms.ModelForm):
    """``listing`` is narrowed to the reader's courses by the list it belongs to."""

    capacity = _seats(required=False, help_text=_("Left empty: as many as the course has."))
    price_modifier = _added(initial=0)


class OpeningForm(OfCourseForm):
    """When it begins is the wall clock of the course's store."""

    day = forms.DateField(
        label=_("Day"),
        input_formats=["%Y-%m-%d"],
        widget=DayInput(format="%Y-%m-%d", attrs=LOOKS),
    )
    clock = forms.TimeField(
        label=_("Start"),
        input_formats=["%H:%M"],
        widget=ClockInput(format="%H:%M", attrs=LOOKS),
        help_text=_("By the clock of the course's store."),
    )
    minutes = forms.IntegerField(
        label=_("Minutes"),
        required=False,
        min_value=5,
        max_value=1440,
        widget=UnfoldAdminIntegerFieldWidget(),
        help_text=_("Left empty: as long as the course says."),
    )
    override = forms.BooleanField(
        label=_("Override the rules"),
        required=False,
        widget=UnfoldBooleanWidget(),
        help_text=_(
            "Although the store is closed then, or the teacher has time off. Nobody can be "
            "promised twice."
        ),
    )

    class Meta:
        model = Session
        fields = ("listing", "capacity", "price_modifier")

    def clean(self) -> dict[str, Any]:
        """What the rules speak against is said beside the box that leaves them aside."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        listing: Listing | None = data.get("listing")
        if listing is None or not data.get("day") or not data.get("clock"):
            return data
        starts_at = local_instant(data["day"], data["clock"], listing.store.zone)
        if starts_at is None:
            message = gettext("The clocks go forward that night: there is no such time.")
            raise ValidationError({"clock": message})
        data["starts_at"] = starts_at
        try:
            check_start(starts_at, timezone.now())
        except Refusal as refusal:
            raise ValidationError({"clock": str(refusal)}) from refusal
        minutes = data.get("minutes") or listing.duration_minutes or 0
        try:
            check_hours(_planned(listing, starts_at, minutes), bool(data.get("override")))
        except Refusal as refusal:
            told = gettext("%(why)s Tick this if you know better.") % {"why": refusal}
            raise ValidationError({"override": told}) from refusal
        return data

    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "starts_at": data["starts_at"],
            "duration_minutes": data.get("minutes"),
            "capacity": data.get("capacity"),
            "price_modifier": data["price_modifier"],
            "override": data["override"],
        }


def _planned(listing: Listing, starts_at: datetime, minutes: int) -> Session:
    """As it would be, for the checks."""
    ends_at = starts_at + timedelta(minutes=minutes)
    return Session(
        listing=listing,
        store=listing.store,
        realtor=listing.realtor,
        starts_at=starts_at,
        ends_at=ends_at,
    )


class RuleForm(OfCourseForm):
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"),
        coerce=int,
        choices=Weekday.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
    )
    starts = forms.TimeField(
        label=_("Start"),
        input_formats=["%H:%M"],
        widget=ClockInput(format="%H:%M", attrs=LOOKS),
        help_text=_("By the clock of the course's store."),
    )
    first_date = forms.DateField(
        label=_("First day"),
        input_formats=["%Y-%m-%d"],
        widget=DayInput(format="%Y-%m-%d", attrs=LOOKS),
    )
    last_date = forms.DateField(
        label=_("Last day"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=DayInput(format="%Y-%m-%d", attrs=LOOKS),
        help_text=_("Left empty: until it is ended."),
    )

    class Meta:
        model = SessionRule
        fields = (
            "listing",
            "weekdays",
            "starts",
            "first_date",
            "last_date",
            "capacity",
            "price_modifier",
        )

    def given(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        del data["listing"]
        return data
