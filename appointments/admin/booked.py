"""What an appointment is for, and what it costs, on its page."""

from decimal import Decimal
from typing import Any

from django.contrib.admin.options import BaseModelAdmin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import display

from appointments.models import Appointment, ViewingFeedback
from appointments.presenters.order_words import (
    amount,
    proposal_sentence,
    request_sentence,
    where_to,
)
from appointments.selectors.orders import latest_request, order_of

from .session_showing import when_in_full
from .showing import local, told_once

WHAT: Any = (
    _("What is booked"),
    {"fields": (("course", "in_session"), ("attendee", "in_package"))},
)
STAY: Any = (
    _("What is booked"),
    {"fields": (("course", "nights_and_price"), "pets")},
)
VIEWING: Any = (
    _("What is booked"),
    {"fields": (("course", "where"), "feedback")},
)
ORDER: Any = (
    _("What is booked"),
    {"fields": (("course", "order_number"), "where", ("asked_amount", "calling_off"))},
)
MONEY: Any = (
    _("Money and policy"),
    {
        "fields": (
            ("money", "payment_status"),
            ("due_in_advance", "on_the_spot"),
            ("paid", "to_be_paid_by"),
            ("fee", "share_of_site"),
            "policy_when_booked",
        )
    },
)


class ShowsWhatIsBooked(BaseModelAdmin):
    """``WHAT`` stands first where something of a listing is booked."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = super().get_fieldsets(request, obj)
        if obj is None or obj.listing_id is None:
            return shown
        first, *rest = shown
        return (first, _what(obj), *rest)

    @display(description=_("course or listing"), empty_value="–")
    def course(self, appointment: Appointment) -> str | None:
        return appointment.listing.title if appointment.listing else None

    @display(description=pgettext_lazy("course", "session"), empty_value="–")
    def in_session(self, appointment: Appointment) -> SafeString | None:
        if appointment.session is None:
            return None
        told = when_in_full(appointment.session, timezone.now())
        return _link("appointments_session", appointment.session_id, told)

    @display(description=_("for whom"))
    def attendee(self, appointment: Appointment) -> str:
        return appointment.attendee_name

    @display(description=_("pets"))
    @told_once
    def pets(self, appointment: Appointment) -> str:
        return ", ".join(str(pet) for pet in appointment.stay_pets.all())

    @display(description=_("nights"))
    def nights_and_price(self, appointment: Appointment) -> str:
        price = _amount(appointment.nightly_price, appointment)
        return str(_("%(count)s × %(price)s a pet")) % {"count": appointment.nights, "price": price}

    @display(description=_("address"), empty_value="–")
    def where(self, appointment: Appointment) -> str | None:
        assert appointment.listing is not None
        return where_to(appointment) or appointment.listing.whole_address or None

    @display(description=_("order number"), empty_value="–")
    def order_number(self, appointment: Appointment) -> SafeString | None:
        order = order_of(appointment)
        return _link("appointments_order", order.pk, order.number) if order else None

    @display(description=_("amount"))
    def asked_amount(self, appointment: Appointment) -> str:
        return " ".join((amount(appointment), proposal_sentence(appointment))).strip()

    @display(description=_("wish to call it off"), empty_value="–")
    @told_once
    def calling_off(self, appointment: Appointment) -> SafeString | None:
        asked = latest_request(appointment)
        if asked is None:
            return None
        told = request_sentence(appointment, asked, None, timezone.now())
        return _link("appointments_cancelrequest", asked.pk, told)

    @display(description=_("what the customer thought"), empty_value="–")
    @told_once
    def feedback(self, appointment: Appointment) -> str | None:
        said = ViewingFeedback.objects.filter(appointment=appointment).first()
        return f"{said.get_verdict_display()} {said.note}".strip() if said else None

    @display(description=_("package of sessions"), empty_value="–")
    def in_package(self, appointment: Appointment) -> SafeString | None:
        if appointment.package_id is None:
            return None
        number = _("package no. %(number)s") % {"number": appointment.package_id}
        return _link("appointments_package", appointment.package_id, number)

    @display(description=_("price"))
    def money(self, appointment: Appointment) -> str:
        if not appointment.price and not appointment.final_price:
            return str(_("nothing to pay"))
        return _amount(appointment.final_price or appointment.price, appointment)

    @display(description=_("to be paid in advance"), empty_value="–")
    def due_in_advance(self, appointment: Appointment) -> str | None:
        return _amount(appointment.due_now, appointment) if appointment.due_now else None

    @display(description=_("to be paid on the spot"), empty_value="–")
    def on_the_spot(self, appointment: Appointment) -> str | None:
        rest = appointment.due_on_the_spot
        return _amount(rest, appointment) if appointment.due_now and rest else None

    @display(description=_("paid at"), empty_value="–")
    def paid(self, appointment: Appointment) -> str | None:
        return local(appointment.paid_at, appointment.store) if appointment.paid_at else None

    @display(description=_("pay before"), empty_value="–")
    def to_be_paid_by(self, appointment: Appointment) -> str | None:
        if appointment.pay_before is None or not appointment.awaits_payment:
            return None
        return local(appointment.pay_before, appointment.store)

    @display(description=_("cancellation fee"), empty_value="–")
    def fee(self, appointment: Appointment) -> str | None:
        return _amount(appointment.cancel_fee, appointment) if appointment.cancel_fee else None

    @display(description=_("commission"), empty_value="–")
    def share_of_site(self, appointment: Appointment) -> str | None:
        return _amount(appointment.commission, appointment) if appointment.commission else None


def _what(appointment: Appointment) -> Any:
    if appointment.is_stay:
        return STAY
    if appointment.is_order:
        return ORDER
    return WHAT if appointment.is_seat else VIEWING


def _amount(amount: Decimal, appointment: Appointment) -> str:
    return f"{number_format(amount, 2)} {appointment.currency}"


def _link(name: str, pk: int | None, text: Any) -> SafeString:
    page = reverse(f"admin:{name}_change", args=[pk])
    return format_html('<a class="text-link" href="{}">{}</a>', page, text)
