"""Days and hours in which the realtor takes nothing."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.presenters import times
from appointments.presenters.time_off import time_off_rows
from appointments.selectors.console import booked_within
from appointments.views.console.access import button, form_page
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
    at = timezone.now()
    zone = realtor.store.zone
    sent = request.POST if request.method == "POST" else None
    form = TimeOffForm(sent, zone=zone, today=at.astimezone(zone).date())
    if form.is_bound and form.is_valid() and _added(request, realtor, form, at):
        return redirect(PAGE)
    context = {
        "form": form,
        "rows": time_off_rows(coming_time_off(realtor, at=at), zone, at),
        "realtor": realtor,
        "store": realtor.store,
        "zone_note": times.zone_note(realtor.store),
    }
    return render(request, "console/time_off.html", context)


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

    def work() -> TimeOff:
        off = add_time_off(realtor, **period, reason=facts["reason"], by=by, at=at)
        heartbeat(realtor, by=by, at=at)
        return off

    try:
        off = run_in_transaction(work)
    except Invalid as refusal:
        form.add_refusal(refusal.errors)
        return False
    messages.success(request, _("Saved. Nothing new is booked in that time."))
    _warn_of_what_is_booked(request, realtor, Period(off.starts_at, off.ends_at))
    return True


def _warn_of_what_is_booked(request: HttpRequest, realtor: Realtor, period: Period) -> None:
    booked = booked_within(realtor, period)
    if booked:
        sentence = ngettext(
            "%(count)d appointment lies in that time and stays booked. Ask the store to give it to "
            "somebody else.",
            "%(count)d appointments lie in that time and stay booked. Ask the store to give them "
            "to somebody else.",
            booked,
        )
        messages.warning(request, sentence % {"count": booked})
