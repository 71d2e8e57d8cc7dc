"""What the pages of an appointment say besides, where it is the order of a service."""

from typing import Any

from appointments.models import Appointment
from appointments.presenters import live, order_words
from appointments.presenters.policy import fee_sentences, policy_sentences
from appointments.selectors.orders import order_of


def order_facts(appointment: Appointment) -> dict[str, Any] | None:
    """``number``, ``amount`` with the listed one beside it, whether it ``binds``, and whether it is
    done ``at_customers``; None for what is no order."""
    if not appointment.is_order:
        return None
    order = order_of(appointment)
    return {
        "number": order.number if order is not None else "",
        "amount": order_words.amount(appointment),
        "binds": order_words.proposal_sentence(appointment),
        "at_customers": bool(order is not None and order.address),
    }


def rules_of(appointment: Appointment) -> list[str]:
    """Who may call it off or move it, until when, and what that costs, as it was booked."""
    if appointment.live:
        return live.rules()
    if appointment.is_order:
        fees = fee_sentences(appointment.policy, final_price=appointment.final_price)
        return [order_words.agreement(), *fees]
    return policy_sentences(appointment.policy, final_price=appointment.final_price)
