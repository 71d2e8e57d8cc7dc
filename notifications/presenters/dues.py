"""What is to be paid, and what goes back: said the same of seats and of stays."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _

from appointments.models import Appointment
from appointments.presenters.prices import price
from appointments.selectors.sessions import due_together
from notifications.presenters.facts import Facts, address
from notifications.selectors.together import promised_back, told_together


@dataclass(frozen=True)
class DueFacts(Facts):
    """``together`` is all that one letter is about: this one, or those of its package to which the
    same happened at the same moment."""

    @cached_property
    def together(self) -> list[Appointment]:
        return told_together(self.delivery.event)

    @property
    def code(self) -> str:
        return (self.appointment.code or "") if len(self.together) < 2 else ""

    @property
    def cost(self) -> str:
        return self.money(sum((one.final_price for one in self.together), Decimal(0)))

    @property
    def is_free(self) -> bool:
        return not any(one.final_price for one in self.together)

    @cached_property
    def due(self) -> str:
        """What one payment pays."""
        return self.money(sum((one.due_now for one in due_together(self.appointment)), Decimal(0)))

    @property
    def on_the_spot(self) -> str:
        """What a deposit leaves to be paid there; empty when that is nothing."""
        rest = sum((one.due_on_the_spot for one in self.together), Decimal(0))
        return self.money(rest) if rest else ""

    @property
    def going_back(self) -> str:
        """What the store's policy gives back of what was paid; empty when that is nothing."""
        amount = promised_back(self.together)
        return self.money(amount) if amount else ""

    @property
    def fee(self) -> str:
        kept = sum((one.cancel_fee for one in self.together), Decimal(0))
        return self.money(kept) if kept else ""

    def money(self, amount: Decimal) -> str:
        return price(amount, self.appointment.currency)

    @property
    def pay_by(self) -> str:
        limit = self.appointment.pay_before
        return self.spoken(limit) if limit else ""

    @property
    def pay_page(self) -> str:
        code = self.appointment.code
        return address(reverse("payments:checkout", args=[code])) if code else self.page


def money_back(facts: DueFacts) -> tuple[str, ...]:
    """Where it was called off after it was paid."""
    if facts.going_back and facts.fee:
        return (
            _(
                "%(going_back)s go back the way you paid; by the policy you booked under, %(fee)s "
                "are kept."
            ),
        )
    if facts.going_back:
        return (_("%(going_back)s go back the way you paid. You need not do anything."),)
    if facts.fee and facts.appointment.paid_at:
        return (_("By the policy you booked under, what was paid (%(fee)s) is kept."),)
    return ()
