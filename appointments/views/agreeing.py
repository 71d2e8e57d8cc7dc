"""Calling a confirmed order off: one side asks, the other answers."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from appointments import services
from appointments.models import CancelRequest, Side
from appointments.order_forms import AgreeForm
from appointments.permissions import side_of
from appointments.presenters.agreeing import Box, box
from appointments.presenters.pages import facts
from appointments.selectors.orders import latest_request
from appointments.views.access import Opened, opened, place_of_work
from appointments.views.guards import counted, kind_refusals, private
from booking_site.common.errors import Refusal
from booking_site.common.transactions import run_in_transaction

ASK, AGREE, REFUSE, TAKE_BACK = "ask", "agree", "refuse", "take_back"


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


def _done(request: HttpRequest, found: Opened, reason: str) -> HttpResponse:
    """The button's answer, however it ended, on the page of the order."""
    work = _work(request.POST.get("do", ""), found, reason)
    code = found.appointment.code or ""
    if work is None:
        return redirect(agreed_at(code))
    do, told = work
    try:
        run_in_transaction(do)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, told)
    elsewhere = place_of_work(found)
    return redirect(elsewhere or agreed_at(code))


def _work(what: str, found: Opened, reason: str) -> tuple[Callable[[], Any], str] | None:
    appointment, by = found.appointment, found.by
    assert by is not None
    at = found.at
    answer = partial(services.answer_cancel_request, appointment, by=by, at=at, reason=reason)
    ask = partial(services.ask_to_cancel, appointment, by=by, at=at, reason=reason)
    asked = _("They have been asked. Until they agree, the order stands.")
    if side_of(by, appointment) == Side.PROVIDER:
        asked = _("Your customer has been asked. Until they agree, the order stands.")
    known: dict[str, tuple[Callable[[], Any], str]] = {
        ASK: (ask, asked),
        AGREE: (partial(answer, agree=True), _("Called off: both of you agreed.")),
        REFUSE: (partial(answer, agree=False), _("You have said no. Staff decide.")),
        TAKE_BACK: (
            partial(services.take_back_request, appointment, by=by, at=at),
            _("Taken back: the order stands."),
        ),
    }
    return known.get(what)
