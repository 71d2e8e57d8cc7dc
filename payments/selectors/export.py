"""What this app holds on a person, for themselves."""

from typing import TYPE_CHECKING, Any

from payments.models import Payment, PaymentShare, Refund

if TYPE_CHECKING:
    from accounts.models import User


def export_of(user: "User") -> dict[str, Any]:
    """Plain data, ready for JSON with Django's encoder: what they paid, for which bookings, and
    what went back."""
    payments = Payment.objects.filter(user=user).order_by("pk")
    shares = PaymentShare.objects.filter(payment__user=user).order_by("pk")
    refunds = Refund.objects.filter(share__payment__user=user).order_by("pk")
    columns = ("number", "gateway", "amount", "currency", "subject", "status")
    return {
        "payments": list(payments.values(*columns, "store__name", "created_at", "paid_at")),
        "payment_shares": list(
            shares.values("payment__number", "appointment_id", "amount", "refunded")
        ),
        "refunds": list(
            refunds.values(
                "number",
                "share__payment__number",
                "share__appointment_id",
                "amount",
                "reason",
                "words",
                "status",
                "created_at",
                "done_at",
            )
        ),
    }
