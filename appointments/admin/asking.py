"""What a step has to know before it is taken: why, who instead, when instead."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import escape
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    INPUT_CLASSES,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from appointments.models import Appointment
from appointments.presenters.times import clock as clock_of
from appointments.presenters.times import full_day, read_stamp, stamp
from appointments.selectors.candidates import Candidate, candidates, job_of
from appointments.selectors.pictures import Apart, Window, availability, pictures
from appointments.selectors.slots import week_of
from appointments.services.assignment import refused_by, standings_for
from booking_site.common.periods import dates_between, local_instant
from realtors.models import Realtor

from .showing import why_not

# How many days of free times the dialog shows; for later ones there are a date and a time.
SHOWN_DAYS = 14
LOOKS = {"class": " ".join(INPUT_CLASSES)}


class Asked(forms.Form):
    """Asked of these appointments; ``given`` are the arguments of the service."""

    # The fields whose answer a service may refuse, so that another one helps.
    decides: tuple[str, ...] = ()

    def __init__(
        self, *args: Any, appointments: Sequence[Appointment] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.appointments = appointments

    def given(self) -> dict[str, Any]:
        return {}

    def chosen_in(self) -> str:
        """Which field the refused answer stands in."""
        return self.decides[0]


class ReasonForm(Asked):
    """The customer, or the next to be asked, is told."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=UnfoldAdminTextInputWidget())

    def given(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"]}


class RealtorForm(ReasonForm):
    """Who takes it instead. Of one appointment it says beside each name what sending them costs, or
    what stands against it."""

    decides = ("realtor",)
    realtor = forms.ModelChoiceField(
        label=_("Realtor"),
        queryset=Realtor.objects.none(),
        widget=UnfoldAdminSelectWidget(),
        error_messages={"invalid_choice": _("Choose a realtor of this store.")},
    )
    override = forms.BooleanField(
        label=_("Override the rules"),
        required=False,
        widget=UnfoldBooleanWidget(),
        help_text=_(
            "Careful: this leaves working hours, presence, the daily maximum and earlier refusals "
            "aside. The log names the rule. Nobody can be promised twice."
        ),
    )
    field_order = ("realtor", "reason", "override")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].help_text = _("The customer is told.")
        field: Any = self.fields["realtor"]
        stores = {one.store_id for one in self.appointments}
        # Who belongs to several stores at once cannot be sent to any of them.
        field.queryset = Realtor.objects.bookable().filter(store__in=stores)
        if len(stores) != 1:
            field.queryset = Realtor.objects.none()
        elif len(self.appointments) == 1:
            field.choices = [("", "—"), *_choices(self.appointments[0])]

    def given(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {**super().given(), "realtor": told["realtor"], "override": told["override"]}


def _choices(appointment: Appointment) -> list[tuple[int, str]]:
    """Everybody but who has it: the best first, as the allocation would have it."""
    at, store = timezone.now(), appointment.store
    day = (at if appointment.live else appointment.starts_at).astimezone(store.zone).date()
    picture = availability(store, day, day, at=at).of(appointment.listing)
    job = job_of(appointment, at=at, excluded=refused_by(appointment))
    found = candidates(job, picture, standings_for([appointment], picture, at=at), at=at)
    return [
        (one.realtor.pk, _with_note(one))
        for one in found
        if one.realtor.pk != appointment.realtor_id
    ]


def _with_note(candidate: Candidate) -> str:
    if candidate.rejected is not None:
        note = why_not(candidate.rejected)
    else:
        minutes = number_format(candidate.cost["minutes"], 1)
        note = gettext("%(minutes)s min") % {"minutes": minutes}
    return f"{candidate.realtor.name} – {note}"


class DayInput(forms.DateInput):
    """The browser's own picker: dialogs come after the theme's scripts have run."""

    input_type = "date"


class ClockInput(forms.TimeInput):
    input_type = "time"


class StartForm(Asked):
    """When instead, by the wall clock of the store: one of the free times, or another that somebody
    knows better about. The free ones come first; what is chosen there wins."""

    decides = ("start", "clock")
    start = forms.ChoiceField(
        label=_("Free times"),
        required=False,
        widget=UnfoldAdminSelectWidget(),
        error_messages={"invalid_choice": _("This time is no longer free. Choose another one.")},
    )
    day = forms.DateField(
        label=_("Another date"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=DayInput(format="%Y-%m-%d", attrs=LOOKS),
    )
    clock = forms.TimeField(
        label=_("Another time"),
        required=False,
        input_formats=["%H:%M"],
        widget=ClockInput(format="%H:%M", attrs=LOOKS),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Kept in the log."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for appointment in self.appointments:
            local = appointment.starts_local
            self.initial = {"day": local.date(), "clock": local.time(), **self.initial}
            # The theme shows help as HTML, and a store's name is anybody's text.
            store = {"store": escape(str(appointment.store))}
            self.fields["clock"].help_text = gettext("By the clock of %(store)s.") % store
            if appointment.pk is not None:
                self._offer(free_times(appointment, at=timezone.now()))

    def _offer(self, days: list[tuple[str, list[tuple[str, str]]]]) -> None:
        field: Any = self.fields["start"]
        if days:
            field.choices = [("", gettext("Choose, or give a time below")), *days]
        else:
            field.choices = [("", gettext("None in the days that can be booked"))]

    def chosen_in(self) -> str:
        return "start" if self.cleaned_data.get("start") else "clock"

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        chosen = read_stamp(told.get("start") or "")
        if chosen is not None:
            told["starts_at"] = chosen
        elif told.get("day") and told.get("clock"):
            told["starts_at"] = self._on_the_wall(told["day"], told["clock"])
        elif not self.errors:
            message = gettext("Choose a free time, or give both a date and a time.")
            raise ValidationError({"start": message})
        return told

    def _on_the_wall(self, day: date, clock: time) -> datetime:
        starts_at = local_instant(day, clock, self.appointments[0].store.zone)
        if starts_at is None:
            message = gettext("The clocks go forward that night: there is no such time.")
            raise ValidationError({"clock": message})
        return starts_at

    def given(self) -> dict[str, Any]:
        return {
            "starts_at": self.cleaned_data["starts_at"],
            "reason": self.cleaned_data.get("reason", ""),
        }


def free_times(
    appointment: Appointment, *, at: datetime
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Starts at which somebody could come, by day, as choices; of the one the customer named, if
    they named one. Queries: constant."""
    store = appointment.store
    today = at.astimezone(store.zone).date()
    dates = dates_between(today, SHOWN_DAYS)
    window = Window(store, dates[0], dates[-1])
    apart = Apart(appointment_id=appointment.pk)
    listing = appointment.listing
    picture = pictures([window], at=at, apart=apart, listing=listing)[store.pk]
    named = appointment.realtor_id if appointment.realtor_named else None
    length = appointment.duration_minutes
    days = week_of(picture, dates, at=at, realtor_id=named, duration_minutes=length)
    return [
        (
            full_day(day.date, today),
            [
                (stamp(slot.starts_at), clock_of(slot.starts_at))
                for slot in day.slots
                if slot.available and slot.starts_at != appointment.starts_at
            ],
        )
        for day in days
        if day.free_count
    ]
