"""What the gateway says a payment is, applied to ours: in whatever order it is heard, and however
often, with one and the same end."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from appointments.models import PaymentStatus
from appointments.services import note_paid
from appointments.services.pools import lock_pool
from booking_site.common.events import publish
from payments import errors
from payments.events import PaymentFailed, PaymentSucceeded
from payments.gateways import Notice, Outcome, State, booking_of
from payments.models import (
    Payment,
    PaymentShare,
    PaymentState,
    Refund,
    RefundReason,
    RefundState,
)

from .refunding import give_back, note_done


@transaction.atomic
def apply_state(payment: Payment, state: State, *, at: datetime) -> Payment:
    """Success counts once, whatever was heard before; nothing undoes it. Raises Mismatch when what
    was paid is not what we asked for: then nothing is counted."""
    lock_pool(payment.store_id, at=at)
    payment.refresh_from_db()
    if state.outcome == Outcome.PAID:
        require_match(payment, state)
        _succeed(payment, at=at)
        _follow_refunds_outside(payment, state, at=at)
    elif state.outcome in (Outcome.FAILED, Outcome.CLOSED):
        _end(payment, PaymentState(state.outcome.value), at=at)
    return payment


def require_match(payment: Payment, told: State | Notice) -> None:
    """Raises the Mismatch that says in what it differs. What a notice leaves out is asked for
    later; a state that says "paid" must say what."""
    whole = isinstance(told, State)
    if told.number != payment.number:
        raise errors.UnknownNumber
    if (whole or told.amount is not None) and told.amount != payment.amount:
        raise errors.WrongAmount
    if (whole or told.currency) and told.currency != payment.currency:
        raise errors.WrongCurrency
    if told.booking and told.booking != booking_of(payment):
        raise errors.WrongBooking


def _succeed(payment: Payment, *, at: datetime) -> None:
    before = Payment.objects.filter(pk=payment.pk).exclude(status=PaymentState.PAID)
    if not before.update(
        status=PaymentState.PAID, paid_at=at, open_key=None, next_look_at=None, problem=""
    ):
        return
    payment.refresh_from_db()
    for share in payment.shares.select_related("appointment").order_by("pk"):
        _count(share, at=at)
    publish(PaymentSucceeded(payment_id=payment.pk, at=at))


def _count(share: PaymentShare, *, at: datetime) -> None:
    if note_paid(share.appointment, at=at):
        PaymentShare.objects.filter(pk=share.pk).update(counts=True)
        return
    paid_before = share.appointment.payment_status == PaymentStatus.PAID
    reason = RefundReason.PAID_TWICE if paid_before else RefundReason.TOO_LATE
    give_back(share, amount=share.amount, reason=reason, at=at)


def _end(payment: Payment, to: PaymentState, *, at: datetime) -> None:
    """No more than one's own word for an open payment; what is paid stays so."""
    open_ones = Payment.objects.filter(pk=payment.pk, status=PaymentState.OPEN)
    if open_ones.update(status=to, open_key=None, next_look_at=None):
        payment.refresh_from_db()
        if to == PaymentState.FAILED:
            publish(PaymentFailed(payment_id=payment.pk, at=at))


def _follow_refunds_outside(payment: Payment, state: State, *, at: datetime) -> None:
    """Somebody with an account at the gateway has given money back there: the books follow, so that
    nobody gives it back once more."""
    shares = list(payment.shares.select_related("appointment").order_by("pk"))
    known = sum((share.refunded for share in shares), Decimal(0))
    for share in shares:
        beyond = min((state.refunded or Decimal(0)) - known, share.left)
        if beyond <= 0:
            continue
        known += beyond
        made = give_back(share, amount=beyond, reason=RefundReason.OUTSIDE, at=at)
        Refund.objects.filter(pk=made.pk).update(status=RefundState.SENT, sent_at=at)
        note_done(made, at=at)
