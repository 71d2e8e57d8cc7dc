"""Addresses of payments."""

from django.conf import settings
from django.urls import reverse

from payments.gateways import Way
from payments.models import Payment


def pay_url(payment: Payment) -> str | None:
    """Where the customer pays, also in an app that has no session here; None once it is no longer
    open. Whoever has the number may pay, and sees what for and how much."""
    if not payment.is_open:
        return None
    return settings.SITE_URL + reverse("payments:go", args=[payment.number])


def way_of(payment: Payment, *, small_screen: bool) -> Way:
    """The addresses that a gateway is given begin with SITE_URL, never with what a request said."""
    code = payment.shares.all()[0].appointment.code
    back = reverse("payments:paid", args=[code]) if code else "/"
    callback = f"/api/v1/payments/callback/{payment.gateway}"
    return Way(
        return_url=settings.SITE_URL + back,
        notify_url=settings.SITE_URL + callback,
        small_screen=small_screen,
    )
