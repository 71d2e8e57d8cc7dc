"""Joining a store's live line: the same steps as booking, without a time."""

import secrets
from datetime import datetime

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from appointments import errors, services
from appointments.forms import DetailsForm
from appointments.models import Appointment
from appointments.presenters import live
from appointments.presenters.pages import spoken_phone
from appointments.selectors.waits import LiveLine, live_line
from appointments.services import LiveRequest
from appointments.views.booking import details_form, make_appointment, typed, wish_of
from appointments.views.guards import counted, kind_refusals, private
from appointments.views.held import done
from appointments.views.memory import Memory
from booking_site.common.callers import actor_of
from booking_site.common.errors import Refusal
from stores.models import Store
from stores.selectors import policy_of


@require_http_methods(["GET", "HEAD", "POST"])
@private
@kind_refusals
@counted
def live_details(request: HttpRequest, store_id: int) -> HttpResponse:
    """What joining means, and who would come."""
    at = timezone.now()
    store = get_object_or_404(Store.objects.open_to_public(), pk=store_id)
    form = DetailsForm(request.POST) if request.method == "POST" else details_form(request)
    if form.is_bound:
        Memory(request).keep_details(typed(form))
        if form.is_valid():
            return redirect("appointments:live_confirm", store_id)
    line = _line(request, store, at)
    if isinstance(line, HttpResponse):
        return line
    context = {"store": store, "form": form, "line": live.before_joining(line, policy_of(store))}
    return render(request, "appointments/live_details.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@private
@kind_refusals
@counted
def live_confirm(request: HttpRequest, store_id: int) -> HttpResponse:
    """Everything once more; the form carries a key of its own, so that it joins the line once."""
    at = timezone.now()
    store = get_object_or_404(Store.objects.open_to_public(), pk=store_id)
    key = request.POST.get("key", "")[:40]
    booked = Memory(request).booked(key) if key else None
    if booked is not None:
        return done(request, booked)
    form = DetailsForm(Memory(request).details)
    if not form.is_valid():
        return redirect("appointments:live", store_id)
    if request.method == "POST" and key:
        return _join(request, form, store, key, at)
    line = _line(request, store, at)
    if isinstance(line, HttpResponse):
        return line
    context = {
        "store": store,
        "line": live.before_joining(line, policy_of(store)),
        "details": form.cleaned_data,
        "phone": spoken_phone(form.cleaned_data["phone"]),
        "rules": live.rules(),
        "key": secrets.token_urlsafe(16),
    }
    return render(request, "appointments/live_confirm.html", context)


def standing_here(request: HttpRequest, store: Store, at: datetime) -> Appointment | None:
    """The visitor's own place in this line, by account or by what this browser has booked."""
    own = Q(pk__in=Memory(request).proven(at))
    if isinstance(request.user, User):
        own |= Q(user=request.user)
    # Everybody in a live line, asked for or not, has a key.
    return Appointment.objects.filter(own, store=store, live_key__isnull=False).first()


def _line(request: HttpRequest, store: Store, at: datetime) -> LiveLine | HttpResponse:
    """The line to join; or where to go for one who stands there, and when nobody serves today."""
    standing = standing_here(request, store, at)
    if standing is not None:
        return _to_own_place(request, standing)
    line = live_line(store, at=at)
    if not line.serves_today:
        closed = _("Nobody serves here today any more. Please book a time.")
        return _back(request, store, closed)
    return line


def _join(
    request: HttpRequest, form: DetailsForm, store: Store, key: str, at: datetime
) -> HttpResponse:
    wish = LiveRequest(**wish_of(request, form, store))
    try:
        appointment = make_appointment(
            request, lambda: services.join(wish, by=actor_of(request), at=at), keys=[key], at=at
        )
    except Refusal as refusal:
        # The other of two presses has joined, and this one has waited for it.
        booked = Memory(request).booked(key)
        if booked is not None:
            return done(request, booked)
        standing = standing_here(request, store, at)
        if isinstance(refusal, errors.CustomerConflict) and standing is not None:
            return _to_own_place(request, standing)
        return _back(request, store, str(refusal))
    if appointment.is_waiting:
        messages.success(request, _("You are in line. This page moves by itself."))
    else:
        messages.success(request, _("You need not wait: somebody is being asked already."))
    return redirect("appointments:detail", appointment.code)


def _to_own_place(request: HttpRequest, standing: Appointment) -> HttpResponse:
    messages.info(request, _("You already stand in this line: here is your place."))
    return redirect("appointments:detail", standing.code)


def _back(request: HttpRequest, store: Store, sentence: str) -> HttpResponse:
    messages.warning(request, sentence)
    return redirect(reverse("site:store", args=[store.pk]))
