"""Orders in a conversation as its pages show them: what was agreed, how it stands, and what whoever
looks can do next."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from appointments.models import Appointment, Side, Status
from appointments.presenters import life, money, order_words, times
from appointments.presenters.agreeing import Box, box
from appointments.presenters.prices import price
from appointments.selectors.orders import order_of
from appointments.services.agreeing import LONGEST_REASON
from appointments.services.work import may_begin
from chat.models import Message
from chat.presenters.cards import pending_request
from chat.selectors.about import is_of_order
from realtors.models import Listing

# Messages that show the whole order; the others say in a line what has changed.
WHOLE = ("opened", "ordered", "proposed")
DANGER, SECONDARY = {"variant": "danger"}, {"variant": "secondary"}


def shown_order(message: Message, viewer_id: int, at: datetime) -> dict[str, Any]:
    """For the item of a message about an order that is the viewer's: ``order``, or where it only
    says what has changed ``about``, a link to it."""
    order = message.order_now
    if order is None or not is_of_order(message):
        return {}
    if message.meta.get("what") in WHOLE:
        return {"order": order_card(order, viewer_id, at)}
    kept = order_of(order)
    number = kept.number if kept else ""
    return {"about": {"number": number, "href": page_of(order, viewer_id)}}


def order_card(order: Appointment, viewer_id: int, at: datetime) -> dict[str, Any]:
    side = Side.CUSTOMER if order.user_id == viewer_id else Side.PROVIDER
    kept, request = order_of(order), pending_request(order)
    agreeing = box(order, request, side, at)
    status, label = life.shown_status(order)
    said = [order_words.proposal_sentence(order)]
    if request is not None and agreeing is not None:
        said += [agreeing.sentence, agreeing.reason, agreeing.money]
    return {
        "id": order.pk,
        "title": order.listing.title if order.listing else "",
        "number": kept.number if kept else "",
        "status": status,
        "label": label,
        "when": times.spoken(order.starts_at, order.store.zone, at),
        "where": order_words.where_to(order),
        "amount": order_words.amount(order),
        "to_pay": money.to_pay(order),
        "said": [sentence for sentence in said if sentence],
        "href": page_of(order, viewer_id),
        "acts": _acts(order, side, agreeing, at),
        "longest_reason": LONGEST_REASON,
    }


def page_of(order: Appointment, viewer_id: int) -> str:
    """Each of the two is led to their own page of it."""
    if order.user_id == viewer_id and order.code:
        return reverse("appointments:detail", args=[order.code])
    if order.user_id == viewer_id:
        return ""
    return reverse("appointments:console:appointment", args=[order.pk])


def _acts(
    order: Appointment, side: Side, agreeing: Box | None, at: datetime
) -> list[dict[str, Any]]:
    """``do`` names what a button does (chat.views.acting), ``variant`` how it looks; ``href`` leads
    elsewhere. What is asked about first opens under its ``label``: why, and ``sends``, the button
    that does it."""
    theirs = _of_customer(order) if side == Side.CUSTOMER else _of_provider(order, at)
    return [*theirs, *_calling_off(order, side, agreeing)]


def _of_customer(order: Appointment) -> list[dict[str, Any]]:
    if order.code and order.is_payable:
        href = reverse("payments:checkout", args=[order.code])
        return [{"href": href, "label": _("Pay")}]
    if order.code and order.status == Status.COMPLETED and not hasattr(order, "review"):
        href = reverse("reviews:write", args=[order.code])
        return [{"href": href, "label": _("Write a review")}]
    return []


def _of_provider(order: Appointment, at: datetime) -> list[dict[str, Any]]:
    if order.status == Status.PENDING and not order.awaits_payment:
        return [
            {"do": "confirm", "label": _("Confirm")},
            {"do": "decline", "label": _("Decline"), "sends": _("Decline it"), **DANGER},
        ]
    if order.status == Status.CONFIRMED and at >= may_begin(order):
        return [{"do": "start", "label": _("Start")}]
    if order.status == Status.IN_PROGRESS:
        return [{"do": "complete", "label": _("Complete")}]
    return []


def _calling_off(order: Appointment, side: Side, agreeing: Box | None) -> list[dict[str, Any]]:
    """Alone while nothing is promised, together afterwards."""
    if order.status == Status.PENDING and side == Side.CUSTOMER:
        label = pgettext("an order", "Call it off")
        return [{"do": "cancel", "label": label, "sends": _("Call the order off"), **DANGER}]
    if agreeing is None:
        return []
    ask = {"do": "ask", "label": _("Ask to call it off"), "sends": _("Ask them"), **DANGER}
    agree = {"do": "agree", "label": _("Agree to call it off"), **DANGER}
    sends = _("No, the order stands")
    refuse = {"do": "refuse", "label": _("Do not agree"), "sends": sends, **SECONDARY}
    take_back = {"do": "take_back", "label": _("I no longer want to call it off"), **SECONDARY}
    offered = (
        (agreeing.may_ask, ask),
        (agreeing.may_agree, agree),
        (agreeing.may_refuse, refuse),
        (agreeing.may_take_back, take_back),
    )
    return [act for may, act in offered if may]


def service_row(service: Listing, conversation_id: int) -> dict[str, Any]:
    """To choose from."""
    each = {
        "price": price(service.price, service.currency),
        "unit": service.get_price_unit_display(),
    }
    return {
        "title": service.title,
        "asks": _("Free of charge") if service.free_of_charge else _("%(price)s %(unit)s") % each,
        "href": reverse("chat:order", args=[conversation_id, service.pk]),
    }
