"""What belongs to stays and viewings: the pets that stay, and what customers thought of a house."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from appointments.models import StayPet, Verdict, ViewingFeedback
from appointments.presenters.stay_words import stay_dates
from booking_site.common.admin import ChoiceFilter, DateRangeFilter, ReadOnlyAdmin, RelatedFilter

from .asking import LOOKS, Asked, DayInput
from .showing import local

VERDICT_COLOURS: dict[str, str] = {
    Verdict.INTERESTED: "success",
    Verdict.UNDECIDED: "info",
    Verdict.NOT_FOR_ME: "default",
}


class StayForm(Asked):
    """From which date on, as many nights as before."""

    decides = ("check_in",)
    check_in = forms.DateField(
        label=pgettext_lazy("of pets", "Check-in"),
        input_formats=["%Y-%m-%d"],
        widget=DayInput(format="%Y-%m-%d", attrs=LOOKS),
        help_text=_("As many nights as before. The owner is told."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Kept in the log."),
    )

    def given(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {"check_in": told["check_in"], "reason": told.get("reason", "")}


class OfAppointments(ReadOnlyAdmin):
    """Rows that hang on an appointment."""

    store_lookup = "appointment__store"
    list_select_related = ("appointment__store", "appointment__listing")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("appointment__store", "appointment__listing")

    @display(description=_("listing"), ordering="appointment__listing__title", empty_value="–")
    def listing(self, row: StayPet | ViewingFeedback) -> str | None:
        listing = row.appointment.listing
        return listing.title if listing else None


@admin.register(StayPet)
class StayPetAdmin(OfAppointments):
    list_display = ("name", "species", "listing", "dates", "appointment")
    list_filter = (
        ("appointment__status", ChoiceFilter),
        ("appointment__check_in", DateRangeFilter),
        ("appointment__listing", RelatedFilter),
        ("appointment__store", RelatedFilter),
    )
    search_fields = ("name", "species", "appointment__customer_name", "appointment__code")
    ordering = ("-appointment__check_in", "-pk")
    fields = ("name", "species", ("listing", "dates"), "appointment")

    @display(description=_("nights"), ordering="appointment__check_in")
    def dates(self, row: StayPet) -> str:
        today = timezone.now().astimezone(row.appointment.store.zone).date()
        return stay_dates(row.appointment, today) if row.appointment.is_stay else "–"


@admin.register(ViewingFeedback)
class ViewingFeedbackAdmin(OfAppointments):
    """Said to the host; staff of the store may read it, too."""

    list_display = ("said", "listing", "verdict_label", "note", "appointment")
    list_filter = (
        ("verdict", ChoiceFilter),
        ("created_at", DateRangeFilter),
        ("appointment__listing", RelatedFilter),
        ("appointment__store", RelatedFilter),
    )
    search_fields = ("note", "appointment__listing__title", "appointment__customer_name")
    ordering = ("-created_at", "-pk")
    fields = (("listing", "said"), "verdict", "note", "appointment")

    @display(description=_("said"), ordering="created_at")
    def said(self, row: ViewingFeedback) -> str:
        return local(row.created_at, row.appointment.store)

    @display(description=_("verdict"), ordering="verdict", label=VERDICT_COLOURS)
    def verdict_label(self, row: ViewingFeedback) -> tuple[str, str]:
        return row.verdict, row.get_verdict_display()
