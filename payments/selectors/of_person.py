"""What one person has paid, or set out to."""

from accounts.models import User
from payments.models import Payment, PaymentQuerySet


def payments_of(user: User) -> PaymentQuerySet:
    """Their own, the newest first, with what each is for; also those that came to nothing."""
    return Payment.objects.of_person(user).with_parts().order_by("-pk")
