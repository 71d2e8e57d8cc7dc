"""The first page: offers, the day, the line. Script looks again every few seconds."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from appointments.forms import DeclineForm
from appointments.presenters import console, times
from appointments.selectors.console import desk_of
from appointments.views.console.access import page
from appointments.views.console.own_page import is_bare
from booking_site.common.callers import actor_of
from realtors.models import Realtor
from stores.permissions import owns


@page
def today(request: HttpRequest, realtor: Realtor) -> HttpResponse:
    return first_page(request, realtor)


def first_page(
    request: HttpRequest, realtor: Realtor, *, refused: tuple[int, DeclineForm] | None = None
) -> HttpResponse:
    """``refused``: an answer that was sent with a mistake, and for which appointment. A look that
    would find what is on the screen already is not answered, so that nothing there moves."""
    at = timezone.now()
    shown = console.shown(desk_of(realtor, at=at), at)
    seen = console.fingerprint(shown)
    if request.headers.get("HX-Request") and request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    local_day = at.astimezone(realtor.store.zone).date()
    context = {
        **shown,
        "seen": seen,
        "said": console.said(shown),
        "realtor": realtor,
        "store": realtor.store,
        "day": times.calendar_day(local_day, local_day),
        "zone_note": times.zone_note(realtor.store),
        "now": at,
        "is_bare": is_bare(realtor.store) and owns(actor_of(request), realtor.store),
    }
    for offer in shown["offers"]:
        offer["form"] = _form(offer["id"], refused)
    return render(request, "console/today.html", context)


def _form(appointment_id: int, refused: tuple[int, DeclineForm] | None) -> DeclineForm:
    if refused is not None and refused[0] == appointment_id:
        return refused[1]
    return decline_form(appointment_id)


def decline_form(appointment_id: int, data: Any = None) -> DeclineForm:
    """With ids of its own: several stand on one page."""
    return DeclineForm(data, auto_id=f"decline-{appointment_id}-%s")
