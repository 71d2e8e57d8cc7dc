"""Asks somebody by mail to confirm their address."""

from allauth.account.models import EmailAddress
from django.http import HttpRequest


def ask_to_confirm(user_id: int, request: HttpRequest, *, signup: bool) -> None:
    """Call it after the commit. Does nothing without an address or when it is confirmed.

    The adapter limits how often, and a mail server that is down is logged, not raised.
    """
    address = EmailAddress.objects.filter(user_id=user_id, primary=True, verified=False).first()
    if address is not None:
        address.send_confirmation(request, signup=signup)
