"""What stands below an appointment: who was asked."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from appointments.models import Appointment, Offer
from booking_site.common.admin import ReadOnlyInline

from .showing import local
from .why import in_short


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


class SeatInline(ReadOnlyInline):
    """Who has a seat of a session, or had one."""

    model = Appointment
    fk_name = "session"
    fields = ("code", "for_whom", "customer_phone", "status", "payment_status", "final_price")
    readonly_fields = fields
    ordering = ("status", "id")
    show_change_link = True
    hide_title = True
    tab = True
    verbose_name = _("seat")
    verbose_name_plural = _("seats")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appointment]:
        rows: QuerySet[Appointment] = super().get_queryset(request)
        return rows.select_related("child", "store")

    @display(description=_("for whom"))
    def for_whom(self, appointment: Appointment) -> str:
        return appointment.attendee_name


class PackageSeatInline(SeatInline):
    """The sessions that were booked together."""

    fk_name = "package"
    fields = ("code", "starts", "for_whom", "status", "payment_status", "final_price")
    readonly_fields = fields
    ordering = ("starts_at", "id")

    @display(description=_("start"))
    def starts(self, appointment: Appointment) -> str:
        return local(appointment.starts_at, appointment.store)
