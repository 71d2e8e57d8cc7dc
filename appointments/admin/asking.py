"""What a step has to know before it is taken: why, who instead, when instead."""

from collections.abc import Sequence
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
from appointments.selectors.candidates import Candidate, candidates, job_of
from appointments.selectors.pictures import availability
from appointments.services.assignment import refused_by, standings_for
from booking_site.common.periods import local_instant
from realtors.models import Realtor

from .showing import why_not

LOOKS = {"class": " ".join(INPUT_CLASSES)}


class Asked(forms.Form):
    """Asked of these appointments; ``given`` are the arguments of the service."""

    def __init__(
        self, *args: Any, appointments: Sequence[Appointment] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.appointments = appointments

    def given(self) -> dict[str, Any]:
        return {}


class ReasonForm(Asked):
    """The customer, or the next to be asked, is told."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=UnfoldAdminTextInputWidget())

    def given(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"]}


class RealtorForm(ReasonForm):
    """Who takes it instead. Of one appointment it says beside each name what sending them costs, or
    what stands against it."""

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
    picture = availability(store, day, day, at=at)
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
    """When instead, by the wall clock of the store."""

    day = forms.DateField(
        label=_("Date"),
        input_formats=["%Y-%m-%d"],
        widget=DayInput(format="%Y-%m-%d", attrs=LOOKS),
    )
    clock = forms.TimeField(
        label=_("Time"),
        input_formats=["%H:%M"],
        widget=ClockInput(format="%H:%M", attrs=LOOKS),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for appointment in self.appointments:
            local = appointment.starts_local
            self.initial = {"day": local.date(), "clock": local.time(), **self.initial}
            store = {"store": escape(appointment.store)}
            self.fields["clock"].help_text = gettext("By the clock of %(store)s.") % store

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if "day" in told and "clock" in told:
            zone = self.appointments[0].store.zone
            told["starts_at"] = local_instant(told["day"], told["clock"], zone)
            if told["starts_at"] is None:
                message = gettext("The clocks go forward that night: there is no such time.")
                raise ValidationError({"clock": message})
        return told

    def given(self) -> dict[str, Any]:
        return {"starts_at": self.cleaned_data["starts_at"]}
