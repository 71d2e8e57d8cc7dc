"""The money report: who may see how much of it, and its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from booking_site.common.errors import Forbidden
from realtors.models import Realtor
from stores.models import Store

from .books import Span, books_of, paid_shares

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Scope:
    """All of the stores in ``managed``; of the others the work of ``realtors`` only."""

    stores: tuple[Store, ...]
    managed: frozenset[int]
    realtors: frozenset[int]


def reporting_scope(user: "User") -> Scope:
    """Raises Forbidden for whoever has no money to see here. Two queries."""
    works = Realtor.objects.filter(user=user, is_active=True).select_related("store")
    stores = {one.store_id: one.store for one in works}
    managed = Store.objects.managed_by(user) if user.is_staff or user.is_superuser else ()
    found = {one.pk: one for one in managed}
    if not stores and not found:
        raise Forbidden
    return Scope(
        stores=tuple((stores | found).values()),
        managed=frozenset(found),
        realtors=frozenset(one.pk for one in works),
    )


def report_rows(scope: Scope, stores: Sequence[Store], span: Span) -> list[dict[str, Any]]:
    """By store and provider, in the order of their names."""
    shares = [
        share
        for share in paid_shares(stores, span).order_by("pk").iterator()
        if share.payment.store_id in scope.managed or share.appointment.realtor_id in scope.realtors
    ]
    names = {one.payment.store_id: one.payment.store.name for one in shares}
    people = {one.appointment.realtor_id: one.appointment.realtor for one in shares}
    books = books_of(shares, lambda one: (one.payment.store_id, one.appointment.realtor_id))
    rows = []
    for ((store_id, realtor_id), currency), line in books.items():
        realtor = people[realtor_id]
        rows.append(
            {
                "store_id": store_id,
                "store_name": names[store_id],
                "realtor_id": realtor_id,
                "realtor_name": realtor.name if realtor is not None else "",
                "currency": currency,
                "count": line.count,
                "paid": line.paid,
                "refunded": line.refunded,
                "fees_kept": line.fees,
                "commission": line.commission,
                "payout": line.payout,
            }
        )
    return sorted(rows, key=lambda row: (row["store_name"], row["realtor_name"]))
