"""What stands below an appointment: what happened to it, and who was asked."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from appointments.models import AppointmentEvent, Offer
from booking_site.common.admin import ReadOnlyInline

from .showing import actor_of_entry, as_words, change_of, local, names_in
from .why import in_short


class LogInline(ReadOnlyInline):
    model = AppointmentEvent
    fields = ("when", "action", "who", "change", "reason", "details_in_words")
    readonly_fields = fields
    ordering = ("id",)
    hide_title = True
    tab = True
    verbose_name_plural = _("operation log")

    def __init__(self, *args: Any, **options: Any) -> None:
        # An inline is made anew for every page.
        self.people: dict[int, dict[int, str]] = {}
        super().__init__(*args, **options)

    def get_queryset(self, request: HttpRequest) -> QuerySet[AppointmentEvent]:
        return super().get_queryset(request).select_related("actor_user", "appointment__store")

    @display(description=_("when"))
    def when(self, entry: AppointmentEvent) -> str:
        return local(entry.at, entry.appointment.store)

    @display(description=_("who"))
    def who(self, entry: AppointmentEvent) -> str:
        return actor_of_entry(entry)

    @display(description=_("status"))
    def change(self, entry: AppointmentEvent) -> str:
        return change_of(entry)

    @display(description=_("details"))
    def details_in_words(self, entry: AppointmentEvent) -> str:
        store_id = entry.appointment.store_id
        if store_id not in self.people:
            self.people[store_id] = names_in(store_id)
        return as_words(entry.details, self.people[store_id])


class OfferInline(ReadOnlyInline):
    model = Offer
    fields = ("realtor", "status", "answer_by", "why", "reason")
    readonly_fields = fields
    hide_title = True
    tab = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("realtor", "appointment__store")

    @display(description=_("answer by"))
    def answer_by(self, offer: Offer) -> str:
        return local(offer.deadline_at, offer.appointment.store)

    @display(description=_("why this realtor"))
    def why(self, offer: Offer) -> str:
        return in_short(offer)
