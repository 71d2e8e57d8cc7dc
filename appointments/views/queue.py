"""Waiting in line for a start at which nobody is free: the same steps, without a hold."""

import secrets
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from appointments import services
from appointments.forms import DetailsForm
from appointments.presenters import times
from appointments.presenters.pages import spoken_phone
from appointments.presenters.place import Place, times_address
from appointments.presenters.week import Week, week_for
from appointments.services import BookingRequest
from appointments.views.booking import details_form, make_appointment, typed, wish_of
from appointments.views.guards import counted, kind_refusals, private
from appointments.views.held import back_to_times, done, named_house, rules_of
from appointments.views.memory import Memory
from booking_site.common.callers import actor_of
from booking_site.common.errors import Refusal
from realtors.models import Listing
from stores.models import Store


def line_address(
    store: Store, starts_at: datetime, house: Listing | None = None, *, page: str = "queue"
) -> str:
    """The steps into the line for this start, or for seeing a ``house`` at it: ``queue`` or
    ``queue_confirm``."""
    query = {"start": times.stamp(starts_at)}
    if house is not None:
        query["listing"] = str(house.pk)
    return f"{reverse(f'appointments:{page}', args=[store.pk])}?{urlencode(query)}"


@require_http_methods(["GET", "HEAD", "POST"])
@private
@kind_refusals
@counted
def queue_details(request: HttpRequest, store_id: int) -> HttpResponse:
    """What waiting in line means, and who would come."""
    at = timezone.now()
    store = get_object_or_404(Store.objects.open_to_public(), pk=store_id)
    starts_at = times.read_stamp(request.GET.get("start", ""))
    if starts_at is None:
        messages.warning(request, _("Please choose one of the offered times."))
        return redirect("site:store", store_id)
    house = named_house(store, request.GET.get("listing", ""))
    form = DetailsForm(request.POST) if request.method == "POST" else details_form(request)
    if request.method == "POST":
        Memory(request).keep_details(typed(form))
        if form.is_valid():
            return redirect(line_address(store, starts_at, house, page="queue_confirm"))
    found = _line(request, store, house, starts_at, at)
    if isinstance(found, HttpResponse):
        return found
    page = {"form": form, "action": line_address(store, starts_at, house), **found}
    return render(request, "appointments/details.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@private
@kind_refusals
@counted
def queue_confirm(request: HttpRequest, store_id: int) -> HttpResponse:
    """Everything once more; the form carries a key of its own, so that it joins the line once."""
    at = timezone.now()
    store = get_object_or_404(Store.objects.open_to_public(), pk=store_id)
    starts_at = times.read_stamp(request.GET.get("start", ""))
    if starts_at is None:
        return redirect("site:store", store_id)
    house = named_house(store, request.GET.get("listing", ""))
    key = request.POST.get("key", "")[:40]
    booked = Memory(request).booked(key) if key else None
    if booked is not None:
        return done(request, booked)
    form = DetailsForm(Memory(request).details)
    if not form.is_valid():
        return redirect(line_address(store, starts_at, house))
    if request.method == "POST" and key:
        wish = BookingRequest(
            **wish_of(request, form, store), starts_at=starts_at, listing=house, queue=True
        )
        return _join(request, wish, key, at)
    found = _line(request, store, house, starts_at, at)
    if isinstance(found, HttpResponse):
        return found
    page = {
        "details": form.cleaned_data,
        "phone": spoken_phone(form.cleaned_data["phone"]),
        "rules": rules_of(found["place"]),
        "action": request.get_full_path(),
        "change_details": line_address(store, starts_at, house),
        "key": secrets.token_urlsafe(16),
        **found,
    }
    return render(request, "appointments/confirm.html", page)


def _line(
    request: HttpRequest, store: Store, house: Listing | None, starts_at: datetime, at: datetime
) -> dict | HttpResponse:
    """The place and what the line for it means; or back to the times, when there is no line. For a
    house with a host of its own nobody waits."""
    day = starts_at.astimezone(store.zone).date()
    back = times_address(store, house, date=day.isoformat())
    if house is not None and house.realtor_id is not None:
        return redirect(back)
    week = week_for(store, at=at, wanted=day.isoformat(), listing=house)
    slot = week.slot_at(starts_at)
    if slot is None:
        messages.warning(request, _("That time is not offered. Please choose another one."))
    elif not slot.available and not week.has_line(slot):
        messages.warning(request, _("The house is shown to somebody else at that time."))
    elif slot.available:
        messages.success(
            request, _("Good news: somebody is free at that time. You need not wait in line.")
        )
    else:
        place = Place(
            store=store, starts_at=slot.starts_at, ends_at=slot.ends_at, at=at, house=house
        )
        return {"place": place, "line": line_facts(week, starts_at, slot.queue_length, at)}
    return redirect(back)


def line_facts(week: Week, starts_at: datetime, length: int, at: datetime) -> dict[str, str]:
    """What waiting in line means, in sentences."""
    zone = week.picture.hours.zone
    latest = starts_at - timedelta(minutes=week.picture.policy.min_advance_minutes)
    return {
        "position": _("You would be number %(position)d in line for %(when)s.")
        % {"position": length + 1, "when": times.spoken(starts_at, zone, at)},
        "kept": _(
            "Your own time is kept meanwhile: you cannot book anything else that overlaps with it."
        ),
        "served": _(
            "As soon as somebody becomes free, the time is yours; your booking's page shows it."
        ),
        "ends": _("If nobody is free by %(latest)s, we cancel it and it costs you nothing.")
        % {"latest": times.spoken(latest, zone, at)},
    }


def _join(request: HttpRequest, wish: BookingRequest, key: str, at: datetime) -> HttpResponse:
    try:
        appointment = make_appointment(
            request, lambda: services.book(wish, by=actor_of(request), at=at), keys=[key], at=at
        )
    except Refusal as refusal:
        booked = Memory(request).booked(key)
        if booked is not None:
            return done(request, booked)
        return back_to_times(request, wish.store, wish.starts_at, refusal, house=wish.listing)
    if appointment.is_waiting:
        messages.success(request, _("You are in line. The code below shows where you stand."))
    else:
        messages.success(request, _("Somebody has just become free: the time is yours."))
    return redirect("appointments:detail", appointment.code)
