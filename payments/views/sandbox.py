"""The page of the built-in gateway: what a bank's would be."""

import logging

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from appointments.presenters.prices import price
from appointments.views.guards import counted, kind_refusals, private
from booking_site.common.errors import Conflict, Refusal
from booking_site.common.transactions import run_in_transaction
from payments.gateways import sandbox as bank
from payments.models import ChargeState, SandboxCharge
from payments.services import receive

log = logging.getLogger(__name__)
BUTTONS = {"pay": ChargeState.PAID, "fail": ChargeState.FAILED}


@require_http_methods(["GET", "HEAD", "POST"])
@private
@kind_refusals
@counted
def sandbox(request: HttpRequest, number: str) -> HttpResponse:
    """Two buttons. What they do comes in as a signed callback, by the door of all others."""
    if bank.Sandbox.name not in settings.PAYMENT_GATEWAYS:
        raise Http404
    charge = get_object_or_404(SandboxCharge, number=number)
    pressed = BUTTONS.get(request.POST.get("press", ""))
    if request.method == "POST" and pressed is not None:
        return _press(charge, pressed)
    context = {
        "charge": charge,
        "amount": price(charge.amount, charge.currency),
        "is_open": charge.status in (ChargeState.OPEN, ChargeState.FAILED),
        "back": bank.way_back(charge),
    }
    return render(request, "payments/sandbox.html", context)


def _press(charge: SandboxCharge, to: ChargeState) -> HttpResponse:
    at = timezone.now()
    try:
        run_in_transaction(lambda: bank.press(charge, to))
    except Conflict:
        return redirect(bank.way_back(charge))
    headers, body = bank.event_of(charge, kind=bank.EVENTS[to], at=at)
    try:
        receive(bank.Sandbox.name, headers, body, at=at)
    except Refusal as refusal:
        # As with any gateway: what was not heard is asked for with the next round.
        log.warning("the sandbox was not heard: %s", refusal.code)
    return redirect(bank.way_back(charge))
