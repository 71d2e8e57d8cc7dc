"""Days and hours in which the realtor takes nothing."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.presenters import times
from appointments.presenters.time_off import time_off_rows
from appointments.presenters.working_week import affected
from appointments.selectors.console import Promise, booked_within, needing_them
from appointments.views.console.access import button, form_page
from appointments.views.console.hours import fingerprint
from booking_site.common.callers import actor_of
from booking_site.common.errors import Invalid
from booking_site.common.periods import Period
from booking_site.common.transactions import run_in_transaction
from realtors.forms import TimeOffForm
from realtors.models import Realtor, TimeOff
from realtors.selectors import coming_time_off
from realtors.services import add_time_off, heartbeat, remove_time_off

PAGE = "appointments:console:time_off"


@form_page
def time_off(request: HttpRequest, realtor: Realtor) -> HttpResponse:
    """What is booked in the time is shown before anything is saved; see ``hours``."""
    at = timezone.now()
    zone = realtor.store.zone
    sent = request.POST if request.method == "POST" else None
    today, asked = at.astimezone(zone).date(), _asked_for(request)
    form = TimeOffForm(sent, zone=zone, today=today, initial=asked)
    inside: list[Promise] = []
    if form.is_bound and form.is_valid():
        inside = _booked_inside(realtor, form, at)
        is_seen = not inside or request.POST.get("confirm") == fingerprint(inside)
        if is_seen and _added(request, realtor, form, at):
            return redirect(PAGE)
        inside = [] if is_seen else inside
    rows = coming_time_off(realtor, at=at)
    context = {
        "form": form,
        "rows": time_off_rows(rows, zone, at, booked=needing_them(realtor, at) if rows else ()),
        "inside": affected(inside, at),
        "confirm": fingerprint(inside) if inside else "",
        "realtor": realtor,
        "store": realtor.store,
        "zone_note": times.zone_note(realtor.store),
    }
    return render(request, "console/time_off.html", context)


def _asked_for(request: HttpRequest) -> dict[str, str]:
    """What a link fills in: the occupancy of a boarding place leads here with its nights. Nothing
    of it is saved before somebody presses the button, which checks it."""
    names = ("first", "starts", "last", "ends")
    return {name: request.GET[name][:10] for name in names if name in request.GET}


def _booked_inside(realtor: Realtor, form: TimeOffForm, at: datetime) -> list[Promise]:
    start, end = form.cleaned_data["starts_at"], form.cleaned_data["ends_at"]
    # The wrong way round: the service says so.
    return booked_within(realtor, Period(start, end), at=at) if start < end else []


@button
def remove(request: HttpRequest, realtor: Realtor, off_id: int) -> HttpResponse:
    off = get_object_or_404(TimeOff, pk=off_id, realtor=realtor)
    off.realtor = realtor
    by, at = actor_of(request), timezone.now()

    def work() -> None:
        remove_time_off(off, by=by, at=at)
        heartbeat(realtor, by=by, at=at)

    run_in_transaction(work)
    messages.success(request, _("Removed. Your ordinary week counts again in that time."))
    return redirect(PAGE)


def _added(request: HttpRequest, realtor: Realtor, form: TimeOffForm, at: datetime) -> bool:
    facts = form.cleaned_data
    by = actor_of(request)
    period = {"starts_at": facts["starts_at"], "ends_at": facts["ends_at"]}

    def work() -> None:
        add_time_off(realtor, **period, reason=facts["reason"], by=by, at=at)
        heartbeat(realtor, by=by, at=at)

    try:
        run_in_transaction(work)
    except Invalid as refusal:
        form.add_refusal(refusal.errors)
        return False
    messages.success(request, _("Saved. Nothing new is booked in that time."))
    return True
