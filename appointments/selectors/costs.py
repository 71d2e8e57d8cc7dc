"""What calling an appointment off would cost its customer."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from appointments.models import Appointment, PaymentStatus, Status
from appointments.rules import cancellation_percent, share_of

NOTHING = Decimal(0)
# Nothing has been paid, or all of it has gone back.
NOTHING_THERE = (PaymentStatus.UNPAID, PaymentStatus.REFUNDED)


@dataclass(frozen=True)
class Cost:
    """``amount`` is what is kept of the ``percent`` of the price: never more than was paid, and
    nothing of what is not paid yet or has gone back already. Of what is paid on the spot the store
    may ask for it."""

    percent: int
    amount: Decimal


def percent_by_policy(appointment: Appointment, at: datetime) -> int:
    """Of the price, paid or not."""
    policy = appointment.policy
    steps = policy.get("fee_steps") or ()
    percent = cancellation_percent(steps, starts_at=appointment.starts_at, at=at)
    return min(max(percent, int(policy.get("fee_floor") or 0)), int(policy.get("fee_ceiling", 100)))


def cost_of_cancelling(appointment: Appointment, at: datetime) -> Cost:
    """By the policy the appointment keeps; ``fee_floor`` in it is what cancelling cost already when
    its customer moved it, ``fee_ceiling`` what it cost before the other side moved it. No query."""
    if not appointment.final_price or appointment.payment_status in NOTHING_THERE:
        return Cost(0, NOTHING)
    if appointment.status == Status.PENDING and appointment.is_order:
        # Its amount does not bind anybody yet.
        return Cost(0, NOTHING)
    percent = percent_by_policy(appointment, at)
    amount = share_of(appointment.final_price, percent, appointment.currency)
    if appointment.payment_status == PaymentStatus.PAID:
        amount = min(amount, appointment.due_now)
    return Cost(percent, amount)
