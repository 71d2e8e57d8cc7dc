"""The sums of many payments: what came in, what went back, what is whose.

Everything is reckoned for the day on which it was paid: a refund lessens the sums of that day, also
when it went out much later."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.db.models import Q, QuerySet

from appointments.models import Status
from appointments.selectors.finding import within_reason
from booking_site.common.periods import day_start, local_day
from payments.models import PaymentShare, PaymentState
from payments.rules import payout
from stores.models import Store

K = TypeVar("K", bound=Hashable)
NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class Span:
    """Whole days, both included, by each store's wall clock."""

    first: date
    last: date


@dataclass
class Line:
    """``fees`` is what was kept of bookings that were called off; ``payout`` what is left for the
    provider after the site's ``commission``."""

    currency: str
    count: int = 0
    paid: Decimal = NOTHING
    refunded: Decimal = NOTHING
    fees: Decimal = NOTHING
    commission: Decimal = NOTHING
    payout: Decimal = NOTHING

    def add(self, share: PaymentShare) -> None:
        kept = share.left
        commission, rest = payout(
            kept, paid=share.amount, commission=share.appointment.commission or NOTHING
        )
        self.count += 1
        self.paid += share.amount
        self.refunded += share.refunded
        if share.appointment.status == Status.CANCELLED:
            self.fees += kept
        self.commission += commission
        self.payout += rest


def paid_shares(stores: Iterable[Store], span: Span) -> QuerySet[PaymentShare]:
    """What was paid in these stores on these days; the bounds are found here, because a database
    may know no time zones. What came too late or twice, and went back whole, is not in it."""
    first, last = within_reason(span.first), within_reason(span.last)
    by_zone: dict[str, list[Store]] = {}
    for store in stores:
        by_zone.setdefault(store.time_zone, []).append(store)
    wanted = Q(pk__in=[])
    for those in by_zone.values():
        zone = those[0].zone
        wanted |= Q(
            payment__store__in=[one.pk for one in those],
            payment__paid_at__gte=day_start(first, zone),
            payment__paid_at__lt=local_day(last, zone).end,
        )
    rows = PaymentShare.objects.filter(wanted, payment__status=PaymentState.PAID, counts=True)
    return rows.select_related("payment__store", "appointment__realtor", "appointment__listing")


def books_of(
    shares: Iterable[PaymentShare], key: Callable[[PaymentShare], K]
) -> dict[tuple[K, str], Line]:
    """By ``key`` and currency, in the order in which they first come."""
    found: dict[tuple[K, str], Line] = {}
    for share in shares:
        currency = share.payment.currency
        line = found.setdefault((key(share), currency), Line(currency))
        line.add(share)
    return found
