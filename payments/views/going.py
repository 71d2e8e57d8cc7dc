"""The way to the gateway."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from appointments.presenters.pages import qr
from appointments.presenters.prices import price
from appointments.views.guards import kind_refusals, private
from booking_site.common.errors import NotFound
from payments.gateways import gateway_named
from payments.links import way_of
from payments.models import Payment
from payments.services import visit


@require_safe
@private
@kind_refusals
def go(request: HttpRequest, number: str) -> HttpResponse:
    """On to the gateway's own page, or the code that a phone reads. The number lets in: apps open
    this page, and have no session here."""
    payment = Payment.objects.with_parts().filter(number=number).first()
    if payment is None:
        raise NotFound
    at = timezone.now()
    way = way_of(payment, small_screen="Mobi" in request.headers.get("User-Agent", ""))
    if not payment.is_open or payment.expires_at <= at:
        return redirect(way.return_url)
    door = visit(payment, way, at=at)
    if door.url.startswith("/"):
        return redirect(door.url)
    context = {
        "gateway": gateway_named(payment.gateway).label,
        "amount": price(payment.amount, payment.currency),
        "subject": payment.subject,
        "url": door.url,
        "qr": qr(door.qr) if door.qr else "",
        "back": way.return_url,
        "expires_at": payment.expires_at,
        "zone": payment.store.time_zone,
        "at": at,
    }
    return render(request, "payments/go.html", context)
