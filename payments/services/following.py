"""What a booking that is called off, or a dispute that is decided, means for its money."""

from datetime import datetime
from decimal import Decimal

from appointments.models import Appointment
from payments.models import PaymentShare, PaymentState, RefundReason
from payments.rules import owed_back

from .opening import close
from .refunding import give_back


def follow_decision(appointment: Appointment, refund: Decimal, *, at: datetime) -> None:
    """So much of what was paid for an order that stands goes back in all, by those who decided a
    dispute: what has gone back before counts. In their transaction, which holds the pool."""
    shares = PaymentShare.objects.filter(appointment=appointment, counts=True).order_by("pk")
    for share in shares:
        part = min(refund - share.refunded, share.left)
        if part > 0:
            give_back(share, amount=part, reason=RefundReason.DISPUTE, at=at)


def follow_cancelled(appointment: Appointment, *, at: datetime) -> None:
    """What was paid goes back, but for the fee; what is open is not to be paid any more. In the
    transaction that calls it off, which holds the pool."""
    shares = PaymentShare.objects.filter(appointment=appointment).select_related("payment")
    for share in shares.order_by("pk"):
        if share.payment.status == PaymentState.OPEN:
            close(share.payment, at=at)
        elif share.counts:
            owed = owed_back(share.amount, refunded=share.refunded, fee=appointment.cancel_fee)
            if owed:
                give_back(share, amount=owed, reason=RefundReason.CANCELLED, at=at)
