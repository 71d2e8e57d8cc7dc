"""Paying for one's booking, and what has become of it."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from appointments.models import Appointment
from appointments.presenters.pages import facts
from appointments.selectors.own import package_of
from appointments.selectors.sessions import due_together
from appointments.views.guards import counted, kind_refusals, private
from booking_site.common.callers import actor_of
from booking_site.common.transactions import run_in_transaction
from payments import services
from payments.forms import GatewayForm
from payments.gateways import offered_for
from payments.presenters import checkout as presenter
from payments.selectors import Standing, latest_payment, standing_of
from payments.views.access import own_booking


@require_http_methods(["GET", "HEAD", "POST"])
@private
@kind_refusals
@counted
@login_required
def checkout(request: HttpRequest, code: str) -> HttpResponse:
    """What is due, and with whom to pay. Where nothing is due any more, how it stands."""
    at = timezone.now()
    appointment = own_booking(request, code)
    together = due_together(appointment)
    context = presenter.due(appointment, together, at)
    until = context["expires_at"]
    if not together or (until is not None and until <= at):
        return redirect("payments:paid", code)
    offered = offered_for(appointment.currency)
    form = GatewayForm(request.POST if request.method == "POST" else None, offered=offered)
    if form.is_bound and form.is_valid():
        return _to_gateway(request, appointment, form.cleaned_data["gateway"])
    context |= {"form": form, "offered": offered}
    return render(request, "payments/checkout.html", context)


def _to_gateway(request: HttpRequest, appointment: Appointment, gateway: str) -> HttpResponse:
    work = partial(
        services.open_payment,
        appointment,
        gateway=gateway,
        by=actor_of(request),
        at=timezone.now(),
    )
    payment, _is_new = run_in_transaction(work)
    return redirect("payments:go", payment.number)


def _choose_again_url(appointment: Appointment) -> str:
    """Where another place can be chosen."""
    listing = appointment.listing
    if listing is not None and listing.is_published:
        return reverse("site:listing", args=[listing.pk])
    return reverse("site:store", args=[appointment.store_id])


@require_safe
@private
@kind_refusals
@login_required
def paid(request: HttpRequest, code: str) -> HttpResponse:
    """Where the gateway sends people back to. What stands in the address counts for nothing: only
    what the gateway has said itself."""
    at = timezone.now()
    appointment = own_booking(request, code)
    payment = latest_payment(appointment)
    standing = standing_of(appointment, payment, at=at)
    if standing == Standing.CHECKING and request.GET.get("seen") == standing:
        return HttpResponse(status=204)
    context = {
        "appointment": appointment,
        "facts": facts(appointment, at),
        "choose_again_url": _choose_again_url(appointment),
        "others": presenter.booked_with(package_of(appointment), at),
        **presenter.told(standing, appointment, payment, due_together(appointment)),
    }
    return render(request, "payments/paid.html", context)
