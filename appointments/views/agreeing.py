"""Calling a confirmed order off: one side asks, the other answers."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from appointments import services
from appointments.models import Appointment, CancelRequest
from appointments.order_forms import AgreeForm
from appointments.permissions import side_of
from appointments.presenters.agreeing import Box, box, told
from appointments.presenters.pages import facts
from appointments.selectors.orders import latest_request
from appointments.views.access import Opened, opened, place_of_work
from appointments.views.guards import counted, kind_refusals, private
from booking_site.common.actors import Actor
from booking_site.common.errors import Refusal
from booking_site.common.transactions import run_in_transaction

# What either side does, and whether they say why.
STEPS: dict[str, tuple[Callable[..., CancelRequest], bool]] = {
    "ask": (services.ask_to_cancel, True),
    "agree": (partial(services.answer_cancel_request, agree=True), False),
    "refuse": (partial(services.answer_cancel_request, agree=False), True),
    "take_back": (services.take_back_request, False),
}


@require_http_methods(["GET", "HEAD", "POST"])
@private
@kind_refusals
@counted
def call_off(request: HttpRequest, code: str) -> HttpResponse:
    """The box of the order's page alone: there forms lead that were not right."""
    found = opened(request, code)
    if found.by is None:
        return redirect("appointments:detail", code)
    form = AgreeForm(request.POST) if request.method == "POST" else AgreeForm()
    if request.method == "POST" and form.is_valid():
        return _done(request, found, form.cleaned_data["reason"])
    elsewhere = place_of_work(found)
    if elsewhere:
        return redirect(elsewhere)
    shown = box_of(found, latest_request(found.appointment))
    if shown is None:
        return redirect("appointments:detail", code)
    context = {"box": shown, "form": form, "facts": facts(found.appointment, found.at)}
    return render(request, "appointments/call_off.html", context)


def box_of(found: Opened, request: CancelRequest | None) -> Box | None:
    """As this visitor sees it; None where there is nothing to say and nothing to do. ``request``:
    the newest one."""
    side = side_of(found.by, found.appointment) if found.by is not None else None
    return box(found.appointment, request, side, found.at)


def agreed_at(code: str) -> str:
    """Where the box stands."""
    return reverse("appointments:detail", args=[code]) + "#call-off"


def take_step(do: str, appointment: Appointment, reason: str, *, by: Actor, at: datetime) -> str:
    """One of ``STEPS``, from wherever it was pressed. Gives what is said then; raises as the
    services do."""
    step, is_explained = STEPS[do]
    why = {"reason": reason} if is_explained else {}
    request = run_in_transaction(lambda: step(appointment, by=by, at=at, **why))
    return told(appointment, request, side_of(by, appointment), at)


def _done(request: HttpRequest, found: Opened, reason: str) -> HttpResponse:
    """The button's answer, however it ended, on the page of the order."""
    do, appointment, by = request.POST.get("do", ""), found.appointment, found.by
    code = appointment.code or ""
    if do not in STEPS or by is None:
        return redirect(agreed_at(code))
    try:
        said = take_step(do, appointment, reason, by=by, at=found.at)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, said)
    elsewhere = place_of_work(found)
    return redirect(elsewhere or agreed_at(code))
