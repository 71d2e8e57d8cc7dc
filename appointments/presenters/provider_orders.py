"""Orders as those who provide the services see them: a row each, and the shelves they stand on."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from appointments.models import Appointment, CancelRequest, Side
from appointments.presenters import order_words, times
from appointments.presenters.agreeing import asks_of
from appointments.presenters.entries import payment_of
from appointments.presenters.where import where
from appointments.selectors.orders import order_of
from appointments.selectors.provider_orders import Shelf


def shelves(counts: Mapping[Shelf, int], chosen: Shelf) -> list[dict[str, Any]]:
    page = reverse("appointments:console:orders")
    return [
        {
            "label": label,
            "count": counts[shelf],
            "href": page if shelf == Shelf.ALL else f"{page}?state={shelf}",
            "chosen": shelf == chosen,
        }
        for shelf, label in _names().items()
    ]


def rows(
    found: Sequence[Appointment], wishes: Mapping[int, CancelRequest], at: datetime
) -> list[dict[str, Any]]:
    return [_row(one, wishes.get(one.pk), at) for one in found]


def _row(order: Appointment, wish: CancelRequest | None, at: datetime) -> dict[str, Any]:
    kept = order_of(order)
    return {
        "id": order.pk,
        "href": reverse("appointments:console:appointment", args=[order.pk]),
        "title": order.listing.title if order.listing else "",
        "number": kept.number if kept else "",
        "name": order.customer_name,
        "when": times.spoken(order.starts_at, order.store.zone, at),
        "duration": times.duration(order.duration_minutes),
        "where": where(order),
        "amount": order_words.amount(order),
        "status": order.status,
        "status_label": str(order.get_status_display()),
        "payment": payment_of(order),
        "asks": asks_of(wish, Side.PROVIDER),
    }


def _names() -> dict[Shelf, str]:
    return {
        Shelf.ALL: pgettext("orders", "All"),
        Shelf.ASKED: _("To answer"),
        Shelf.WISHES: _("To be called off?"),
        Shelf.COMING: _("To be done"),
        Shelf.TO_PAY: _("Not paid yet"),
        Shelf.DONE: pgettext("orders", "Done"),
        Shelf.CANCELLED: pgettext("orders", "Called off"),
    }
