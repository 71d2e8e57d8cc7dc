"""Orders in a conversation as its pages show them: what was agreed, how it stands, and what whoever
looks can do next."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from appointments.models import Appointment, RequestState, Side, Status
from appointments.presenters import life, money, order_words, times
from appointments.presenters.prices import price
from appointments.selectors.orders import order_of
from appointments.services.cancelling import BINDING
from appointments.services.work import may_begin
from chat.models import Message
from chat.presenters.cards import pending_request
from chat.selectors.about import is_of_order
from realtors.models import Listing

# Messages that show the whole order; the others say in a line what has changed.
WHOLE = ("opened", "ordered", "proposed")


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
    status, label = life.shown_status(order)
    said = [order_words.proposal_sentence(order)]
    if request is not None:
        said += [
            order_words.request_sentence(order, request, side, at),
            request.reason,
            order_words.comes_back_if_agreed(order, request),
        ]
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
        "acts": _acts(order, side, at),
    }


def page_of(order: Appointment, viewer_id: int) -> str:
    """Each of the two is led to their own page of it."""
    if order.user_id == viewer_id and order.code:
        return reverse("appointments:detail", args=[order.code])
    if order.user_id == viewer_id:
        return ""
    return reverse("appointments:console:appointment", args=[order.pk])


def _acts(order: Appointment, side: Side, at: datetime) -> list[dict[str, Any]]:
    """``do`` names what a button does (chat.views.acting), with ``asks`` for what it is to say
    why; ``href`` leads elsewhere."""
    theirs = _of_customer(order) if side == Side.CUSTOMER else _of_provider(order, at)
    return [*theirs, *_calling_off(order, side)]


def _of_customer(order: Appointment) -> list[dict[str, Any]]:
    if order.code and order.is_payable:
        href = reverse("payments:checkout", args=[order.code])
        return [{"href": href, "label": _("Pay"), "main": True}]
    if order.code and order.status == Status.COMPLETED and not hasattr(order, "review"):
        href = reverse("reviews:write", args=[order.code])
        return [{"href": href, "label": _("Write a review"), "main": True}]
    return []


def _of_provider(order: Appointment, at: datetime) -> list[dict[str, Any]]:
    if order.status == Status.PENDING and not order.awaits_payment:
        return [
            {"do": "confirm", "label": _("Confirm"), "main": True},
            {"do": "decline", "label": _("Decline"), "asks": True},
        ]
    if order.status == Status.CONFIRMED and at >= may_begin(order):
        return [{"do": "start", "label": _("Start"), "main": True}]
    if order.status == Status.IN_PROGRESS:
        return [{"do": "complete", "label": _("Complete"), "main": True}]
    return []


def _calling_off(order: Appointment, side: Side) -> list[dict[str, Any]]:
    request = pending_request(order)
    if request is not None and request.side == side:
        return [{"do": "take_back", "label": _("I no longer want to call it off")}]
    if request is not None:
        agree = {"do": "agree", "label": _("Agree to call it off"), "main": True}
        if order.status not in BINDING:
            return []
        refuse = {"do": "refuse", "label": _("Do not agree"), "asks": True}
        return [agree, refuse] if request.state == RequestState.OPEN else [agree]
    if order.status in BINDING:
        return [{"do": "ask", "label": _("Ask to call it off"), "asks": True}]
    if order.status == Status.PENDING and side == Side.CUSTOMER:
        return [{"do": "cancel", "label": _("Call it off"), "asks": True}]
    return []


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
