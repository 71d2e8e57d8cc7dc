"""What a booking costs, what of it has been paid, and what comes back."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.models import Appointment, PaymentStatus, Status
from appointments.presenters import order_words, times
from appointments.presenters.policy import Cost
from appointments.presenters.prices import price

NOTHING = Decimal(0)


def money_lines(appointment: Appointment) -> list[tuple[str, str]]:
    """For whom it belongs to: each with its label. Empty for what has no price."""
    if not appointment.final_price:
        return []
    paid, currency = paid_of(appointment), appointment.currency
    lines = [(_("Price"), order_words.amount(appointment))]
    if paid:
        lines.append((_("Paid"), price(paid, currency)))
    elif appointment.is_payable and appointment.due_now < appointment.final_price:
        lines.append((_("To pay now"), price(appointment.due_now, currency)))
    if appointment.status == Status.CANCELLED:
        return [*lines, *_after_cancelling(appointment, paid)]
    if appointment.due_on_the_spot:
        lines.append((_("To pay on the spot"), price(appointment.due_on_the_spot, currency)))
    return lines


def to_pay(appointment: Appointment) -> str:
    """What is to be paid now; empty where nothing is."""
    return price(appointment.due_now, appointment.currency) if appointment.is_payable else ""


def paid_of(appointment: Appointment) -> Decimal:
    return appointment.due_now if appointment.paid_at else NOTHING


def _after_cancelling(appointment: Appointment, paid: Decimal) -> list[tuple[str, str]]:
    if not paid:
        return []
    back = price(paid - appointment.cancel_fee, appointment.currency)
    went = appointment.payment_status == PaymentStatus.REFUNDED
    lines = [(_("Gone back to you") if went else _("Goes back to you"), back)]
    if appointment.cancel_fee:
        fee = price(appointment.cancel_fee, appointment.currency)
        lines.insert(0, (_("Cancellation fee"), fee))
    return lines


def comes_back(appointment: Appointment, cost: Cost) -> str:
    """Before it is called off: what of the money returns. Empty where none was paid."""
    paid = paid_of(appointment) if appointment.payment_status == PaymentStatus.PAID else NOTHING
    if not paid:
        return ""
    back = paid - cost.amount
    if not back:
        return _("Nothing of what you paid comes back.")
    amount = price(back, appointment.currency)
    if back == paid:
        return _("All you paid comes back to you: %(amount)s.") % {"amount": amount}
    return _("Of what you paid, %(amount)s comes back to you.") % {"amount": amount}


def due(together: Sequence[Appointment], at: datetime) -> dict[str, Any] | None:
    """The payment that these wait for, all in one; None when there is none. ``in_time``: past it
    they are called off at any moment. An order that is confirmed has no time that could run out:
    ``expires_at`` is None."""
    if not together:
        return None
    first = together[0]
    amount = sum((one.due_now for one in together), NOTHING)
    paying = {
        "amount": price(amount, first.currency),
        "href": reverse("payments:checkout", args=[first.code]),
    }
    before = min((one.pay_before for one in together if one.pay_before), default=None)
    if before is None:
        return {**paying, "expires_at": None, "in_time": True}
    return {
        **paying,
        "expires_at": before,
        "now": at,
        "total": int((before - first.created_at).total_seconds()),
        "in_time": at < before,
        "zone": first.store.time_zone,
        "before": times.spoken(before, first.store.zone, at),
    }


def called_off_with(together: Sequence[Appointment]) -> str:
    """What else goes with an unpaid one of a package."""
    if len(together) < 2:
        return ""
    return ngettext(
        "It is not paid yet, so the %(count)d session booked with it is called off, too.",
        "It is not paid yet, so the %(count)d sessions booked with it are called off, too.",
        len(together) - 1,
    ) % {"count": len(together) - 1}
