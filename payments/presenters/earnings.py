"""A provider's own books, month by month."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.presenters.prices import price
from payments.models import PaymentShare
from payments.selectors import Line, books_of

MONTHS = 12


def shown(shares: list[PaymentShare]) -> dict[str, Any]:
    """Months from the newest on, each with its listings."""
    listings = books_of(shares, lambda share: (_month(share), _listing(share)))
    months: list[dict[str, Any]] = []
    for (month, currency), line in _newest_first(books_of(shares, _month)):
        those = [
            {"title": title, **_line(part)}
            for ((first, title), other), part in listings.items()
            if (first, other) == (month, currency)
        ]
        months.append({"first": month, **_line(line), "listings": those})
    return {"months": months, "newest": months[0] if months else None}


def _newest_first(books: dict[tuple[date, str], Line]) -> list[tuple[tuple[date, str], Line]]:
    return sorted(books.items(), key=lambda one: one[0], reverse=True)


def _month(share: PaymentShare) -> date:
    """Its first day; by the store's wall clock."""
    assert share.payment.paid_at is not None
    local = share.payment.paid_at.astimezone(share.payment.store.zone)
    return local.date().replace(day=1)


def _listing(share: PaymentShare) -> str:
    listing = share.appointment.listing
    return listing.title if listing is not None else _("Without a listing")


def _line(line: Line) -> dict[str, str]:
    currency = line.currency
    return {
        "count": ngettext("%(count)s booking", "%(count)s bookings", line.count)
        % {"count": line.count},
        "paid": price(line.paid, currency),
        "refunded": price(line.refunded, currency),
        "fees": price(line.fees, currency),
        "commission": price(line.commission, currency),
        "payout": price(line.payout, currency),
    }
