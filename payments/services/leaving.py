"""An account is erased: its payments stay in the books, without its name."""

from accounts.models import User
from payments.models import Payment, Refund


def forget(user: User) -> None:
    Payment.objects.filter(user=user).update(user=None)
    Refund.objects.filter(by=user).update(by=None)
