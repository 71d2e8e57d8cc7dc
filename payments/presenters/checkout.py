"""What the pages of paying show; each is a plain dictionary for its template."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.models import Appointment, Status
from appointments.models.appointment import LIVE
from appointments.presenters import times
from appointments.presenters.own_orders import rules_of
from appointments.presenters.pages import facts
from appointments.presenters.prices import price
from payments.models import Payment
from payments.selectors import Standing

# Seconds between two looks of a page that waits for the gateway.
LOOK_SECONDS = 3
NOTHING = Decimal(0)


def due(appointment: Appointment, together: list[Appointment], at: datetime) -> dict[str, Any]:
    """What is to be paid, what for, and until when: ``expires_at`` is None of an order that is
    confirmed, which is paid whenever its customer likes."""
    currency, shown = appointment.currency, facts(appointment, at)
    whole = sum((one.final_price for one in together), NOTHING)
    now = sum((one.due_now for one in together), NOTHING)
    until = min((one.pay_before for one in together if one.pay_before), default=None)
    rest = whole - now
    return {
        "facts": shown,
        "title": appointment.listing.title if appointment.listing else appointment.store.name,
        # Of a stay, the pets.
        "attendee": shown.get("attendee") or appointment.attendee_name,
        "sessions": _sessions(together, at) if len(together) > 1 else [],
        "count": ngettext("%(count)s session", "%(count)s sessions", len(together))
        % {"count": len(together)},
        "whole": price(whole, currency),
        "now": price(now, currency),
        "rest": price(rest, currency) if rest else "",
        "rules": rules_of(appointment),
        "expires_at": until,
        "at": at,
        "total": int((until - appointment.created_at).total_seconds()) if until else 0,
    }


def _sessions(together: list[Appointment], at: datetime) -> list[dict[str, str]]:
    return [
        {
            "when": times.spoken(one.starts_at, one.store.zone, at),
            "price": price(one.final_price, one.currency),
        }
        for one in sorted(together, key=lambda one: one.starts_at)
    ]


# How they stand where money has come for it, and where some has yet to.
HAS_COME = (Standing.CONFIRMED, Standing.WAITS)
HAS_YET_TO_COME = (Standing.CHECKING, Standing.FAILED, Standing.TO_PAY)


def booked_with(others: list[Appointment], at: datetime) -> list[str]:
    """When the other sessions of its package are."""
    return [times.spoken(one.starts_at, one.store.zone, at) for one in others]


def told(
    standing: Standing,
    appointment: Appointment,
    payment: Payment | None,
    together: list[Appointment],
) -> dict[str, Any]:
    """A headline, a sentence, and how sure they are, for whoever comes from the gateway.

    ``payment``: the newest one, which pays for a whole package. ``together``: what is still due.
    """
    level, title, text = _words(standing)
    if standing == Standing.WAITS and appointment.is_stay:
        text = _("The sitter has yet to agree. Should they not, all of it goes back to you.")
    if appointment.is_order:
        level, title, text = _of_order(standing) or (level, title, text)
    if standing == Standing.REFUNDED and appointment.status != Status.CANCELLED:
        title = _("Given back")
    return {
        "level": level,
        "title": title,
        "text": text,
        "standing": str(standing),
        "may_choose_again": standing in (Standing.GONE, Standing.TOO_LATE)
        and not (appointment.is_order and appointment.status in LIVE),
        "may_try_again": standing in (Standing.FAILED, Standing.TO_PAY),
        "look": {"seconds": LOOK_SECONDS, "seen": str(standing), "waits": True}
        if standing == Standing.CHECKING
        else None,
        "amount": _amount(standing, appointment, payment, together),
    }


def _amount(
    standing: Standing,
    appointment: Appointment,
    payment: Payment | None,
    together: list[Appointment],
) -> dict[str, str] | None:
    """What has been paid, or is to be: of all that is paid in one go. None where nothing of it
    is, or what has come goes back."""
    if standing in HAS_COME:
        # Without a payment it was paid elsewhere, and noted.
        paid = payment.amount if payment else appointment.due_now
        return {"label": _("Paid"), "value": price(paid, appointment.currency)}
    if standing in HAS_YET_TO_COME:
        now = sum((one.due_now for one in together), NOTHING)
        return {"label": _("To pay now"), "value": price(now, appointment.currency)}
    return None


def _of_order(standing: Standing) -> tuple[str, str, str] | None:
    """Where an order has other words than a place; None where it has not."""
    words = {
        Standing.CONFIRMED: ("success", _("Paid"), _("Your order is confirmed and paid.")),
        Standing.TO_PAY: ("info", _("Not paid yet"), _("You can pay as soon as you like.")),
        Standing.WAITS: (
            "success",
            _("Paid"),
            _("The provider has yet to agree. Should they not, all of it goes back to you."),
        ),
        Standing.GONE: ("info", _("Nothing is to be paid"), _("At the moment nothing is due.")),
        Standing.TOO_LATE: (
            "warning",
            _("Paid too late"),
            _("The order had been called off when the money came. All of it goes back to you."),
        ),
    }
    return words.get(standing)


def _words(standing: Standing) -> tuple[str, str, str]:
    if standing == Standing.CONFIRMED:
        return "success", _("Paid and confirmed"), _("Your place is yours. See you there.")
    if standing == Standing.WAITS:
        return (
            "success",
            _("Paid"),
            _("The teacher has yet to agree. Should they not, all of it goes back to you."),
        )
    if standing == Standing.CHECKING:
        return (
            "info",
            _("We are asking whether it has been paid"),
            _("This takes a few seconds. The page looks again by itself."),
        )
    if standing == Standing.FAILED:
        return (
            "warning",
            _("That payment did not go through"),
            _("Nothing was taken. You can try again, or pay another way."),
        )
    if standing == Standing.TOO_LATE:
        return (
            "warning",
            _("Paid too late"),
            _("The place had been given up when the money came. All of it goes back to you."),
        )
    if standing == Standing.REFUNDED:
        return (
            "info",
            _("Called off"),
            _("What is owed to you has been sent back, or is on its way."),
        )
    if standing == Standing.GONE:
        return (
            "warning",
            _("The time to pay is over"),
            _("The place has been given up. Nothing was taken; you can choose again."),
        )
    return "info", _("Not paid yet"), _("Your place is kept until the time to pay is over.")
