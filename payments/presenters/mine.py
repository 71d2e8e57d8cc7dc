"""One's own payments; each is a plain dictionary for its template."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from appointments.models import Appointment
from appointments.presenters import times
from appointments.presenters.prices import price
from appointments.presenters.stay_words import dates_to_choose
from payments.models import Payment, PaymentState, RefundState

NOTHING = Decimal(0)


def row(payment: Payment, at: datetime) -> dict[str, Any]:
    """Its shares, their appointments and refunds must be loaded. ``when`` is by the store's clock;
    ``moment`` the same instant for machines. ``pay_url`` is empty where nothing can be paid."""
    shares = list(payment.shares.all())
    back = sum((share.refunded for share in shares), NOTHING)
    refunds = [one for share in shares for one in share.refunds.all()]
    arrived = all(one.status == RefundState.DONE for one in refunds)
    status, label = _state(payment, is_back=arrived and back == payment.amount, at=at)
    moment = payment.paid_at or payment.created_at
    said = _("Paid: %(when)s") if payment.paid_at else _("Begun: %(when)s")
    code = shares[0].appointment.code if shares else None
    may_pay = code and payment.is_open and payment.expires_at > at
    return {
        "subject": payment.subject,
        "bookings": [_booking(share.appointment, payment, at) for share in shares],
        "amount": price(payment.amount, payment.currency),
        "status": status,
        "label": label,
        "moment": moment,
        "when": said % {"when": _with_zone(times.spoken(moment, payment.store.zone, at), payment)},
        "back": _back(payment, back, arrived=arrived),
        "pay_url": reverse("payments:checkout", args=[code]) if may_pay else "",
    }


def _state(payment: Payment, *, is_back: bool, at: datetime) -> tuple[str, str]:
    """As the status component takes it. What is open past its time may have been paid all the same:
    the gateway is being asked."""
    if payment.status == PaymentState.PAID:
        if is_back:
            return "refunded", _("Given back")
        return "paid", pgettext("state of a payment", "Paid")
    if payment.status == PaymentState.FAILED:
        return "cancelled", _("Did not go through")
    if payment.status == PaymentState.CLOSED:
        return "cancelled", _("Not paid")
    if payment.expires_at > at:
        return "unpaid", _("To be paid")
    return "pending", _("Being checked")


def _booking(appointment: Appointment, payment: Payment, at: datetime) -> dict[str, str]:
    """When it is, and its page for as long as it has a code."""
    zone = payment.store.zone
    if appointment.is_stay:
        when = dates_to_choose(appointment, at.astimezone(zone).date())
    elif appointment.is_timed:
        when = _with_zone(times.spoken(appointment.starts_at, zone, at), payment)
    else:
        when = _("as soon as possible")
    code = appointment.code
    return {
        "when": _("Appointment: %(when)s") % {"when": when},
        "url": reverse("appointments:detail", args=[code]) if code else "",
    }


def _with_zone(when: str, payment: Payment) -> str:
    note = times.zone_note(payment.store)
    return f"{when} ({note})" if note else when


def _back(payment: Payment, back: Decimal, *, arrived: bool) -> str:
    """What goes back or has arrived; empty where nothing does."""
    if not back:
        return ""
    said = _("Refunded: %(amount)s") if arrived else _("Going back to you: %(amount)s")
    return said % {"amount": price(back, payment.currency)}
