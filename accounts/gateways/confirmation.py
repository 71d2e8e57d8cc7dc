"""Asks somebody by mail to confirm their address, and tells the one that it takes the place of."""

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.http import HttpRequest

from accounts.models import User


def ask_to_confirm(user_id: int, request: HttpRequest, *, signup: bool) -> None:
    """Call it after the commit. Does nothing without an address or when it is confirmed.

    The adapter limits how often, and a mail server that is down is logged, not raised.
    """
    address = EmailAddress.objects.filter(user_id=user_id, primary=True, verified=False).first()
    if address is not None:
        address.send_confirmation(request, signup=signup)


def tell_old_address(user: User, old: str | None, request: HttpRequest) -> None:
    """Call it after the commit. The letter allauth sends when it is done on the pages."""
    if not old or old == user.email:
        return
    if user.email:
        letter, names = "email_changed", {"from_email": old, "to_email": user.email}
    else:
        letter, names = "email_deleted", {"deleted_email": old}
    get_adapter(request).send_notification_mail(f"account/email/{letter}", user, names, email=old)
