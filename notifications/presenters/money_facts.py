"""What letters say of payments and refunds: numbers and sums, never a card or an account."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from appointments.presenters.prices import price
from appointments.selectors.orders import order_of
from notifications.presenters.facts import Facts, address
from payments.models import Payment, Refund, RefundReason


@dataclass(frozen=True)
class MoneyFacts(Facts):
    @cached_property
    def payment(self) -> Payment:
        rows = Payment.objects.select_related("store").prefetch_related("shares__appointment")
        return rows.get(pk=self.delivery.event.facts["payment_id"])

    @cached_property
    def refund(self) -> Refund:
        rows = Refund.objects.select_related("share__payment")
        return rows.get(pk=self.delivery.event.facts["refund_id"])

    @property
    def counted(self) -> bool:
        """Something was paid for by it; of what came too late or twice nothing is."""
        return any(share.counts for share in self.payment.shares.all())

    @property
    def paid_twice(self) -> bool:
        refunds = Refund.objects.filter(share__payment=self.payment)
        return refunds.filter(reason=RefundReason.PAID_TWICE).exists()

    @property
    def order_number(self) -> str:
        order = order_of(self.appointment)
        return order.number if order is not None else ""

    @property
    def sessions(self) -> int:
        return len(self.payment.shares.all())

    @property
    def amount(self) -> str:
        return price(self.payment.amount, self.payment.currency)

    @property
    def given_back(self) -> str:
        return price(self.refund.amount, self.refund.share.payment.currency)

    @property
    def paid_on(self) -> str:
        return self.spoken(self.payment.paid_at) if self.payment.paid_at else ""

    @property
    def pay_by(self) -> str:
        limit = self.appointment.pay_before
        return self.spoken(limit) if limit else ""

    @property
    def pay_page(self) -> str:
        code = self.appointment.code
        return address(reverse("payments:checkout", args=[code])) if code else self.page

    @property
    def refund_in_office(self) -> str:
        return address(reverse("admin:payments_refund_change", args=[self.refund.pk]))
