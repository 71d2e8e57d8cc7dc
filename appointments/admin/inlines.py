"""What stands below an appointment: who was asked."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from appointments.models import Offer
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
