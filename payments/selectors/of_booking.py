"""How the money of one booking stands."""

from datetime import datetime
from enum import StrEnum

from appointments.models import Appointment, PaymentStatus, Status
from payments.models import Payment, PaymentShare, PaymentState


class Standing(StrEnum):
    """What a customer who comes from the gateway is told."""

    CONFIRMED = "confirmed"
    WAITS = "waits"
    CHECKING = "checking"
    FAILED = "failed"
    TOO_LATE = "too_late"
    GONE = "gone"
    REFUNDED = "refunded"
    TO_PAY = "to_pay"


def latest_payment(appointment: Appointment) -> Payment | None:
    """The newest one that pays for it, too. One query."""
    rows = Payment.objects.filter(shares__appointment=appointment)
    return rows.select_related("store").order_by("-pk").first()


def standing_of(appointment: Appointment, payment: Payment | None, *, at: datetime) -> Standing:
    """One query at most."""
    if appointment.payment_status == PaymentStatus.REFUNDED:
        return Standing.REFUNDED
    if appointment.payment_status == PaymentStatus.PAID:
        if appointment.status == Status.CANCELLED:
            return Standing.REFUNDED
        return Standing.WAITS if appointment.status == Status.PENDING else Standing.CONFIRMED
    if not appointment.is_payable:
        late = PaymentShare.objects.filter(
            appointment=appointment, payment__status=PaymentState.PAID
        )
        return Standing.TOO_LATE if late.exists() else Standing.GONE
    if payment is not None and payment.opened_at is not None and _may_come(payment, at):
        return Standing.CHECKING
    if appointment.pay_before is not None and appointment.pay_before <= at:
        return Standing.GONE
    failed = payment is not None and payment.status == PaymentState.FAILED
    return Standing.FAILED if failed else Standing.TO_PAY


def _may_come(payment: Payment, at: datetime) -> bool:
    """Once its time is over another one is paid: of what is not kept for it nothing is."""
    return payment.is_open and at < payment.expires_at
