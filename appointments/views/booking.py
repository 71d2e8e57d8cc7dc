"""Booking in three steps: choose a time, which is held; say who comes; confirm."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from appointments import services
from appointments.forms import DetailsForm
from appointments.models import Appointment, Hold
from appointments.presenters import times
from appointments.presenters.pages import spoken_phone
from appointments.presenters.place import Place, times_address
from appointments.services import BookingRequest
from appointments.views.guards import counted, kind_refusals, private
from appointments.views.held import (
    back_to_times,
    done,
    entered,
    held_times,
    named_house,
    named_realtor,
    place_of,
    rules_of,
)
from appointments.views.memory import Memory
from booking_site.common.callers import actor_of, address_of
from booking_site.common.errors import NotFound, Refusal
from booking_site.common.transactions import run_in_transaction
from realtors.models import Listing, Realtor
from stores.models import Store


@require_http_methods(["GET", "HEAD", "POST"])
@kind_refusals
@counted
def hold_time(request: HttpRequest, store_id: int) -> HttpResponse:
    """Choosing a time keeps it for some minutes; an earlier choice in this store is let go."""
    if request.method != "POST":
        return redirect("site:store", store_id)
    store = get_object_or_404(Store.objects.open_to_public(), pk=store_id)
    realtor = named_realtor(store, request.POST.get("realtor", ""))
    house = named_house(store, request.POST.get("listing", ""))
    starts_at = times.read_stamp(request.POST.get("starts_at", ""))
    if starts_at is None:
        messages.warning(request, _("Please choose one of the offered times."))
        return redirect(times_address(store, house))
    at = timezone.now()
    try:
        hold = _hold(request, store, starts_at, realtor, at, house=house)
    except NotFound:
        raise
    except Refusal as refusal:
        return back_to_times(request, store, starts_at, refusal, realtor=realtor, house=house)
    return redirect("appointments:details", hold.token)


@require_http_methods(["GET", "HEAD", "POST"])
@private
@kind_refusals
@counted
def details(request: HttpRequest, token: str) -> HttpResponse:
    """Who comes. A time that ran out meanwhile is kept again if nobody has taken it."""
    at = timezone.now()
    form = DetailsForm(request.POST) if request.method == "POST" else details_form(request)
    if form.is_bound:
        Memory(request).keep_details(typed(form))
    found = entered(request, token, at)
    if isinstance(found, HttpResponse):
        return found
    if not form.is_bound:
        return render(request, "appointments/details.html", _page(found, form, token))
    if found.hold is None:
        try:
            token = _hold(
                request, found.store, found.starts_at, _named(found), at, house=found.house
            ).token
        except Refusal as refusal:
            return _back(request, found, refusal, late=True)
    if form.is_valid():
        return redirect("appointments:confirm", token)
    found = place_of(held_times().get(token=token), at)
    return render(request, "appointments/details.html", _page(found, form, token))


@require_http_methods(["GET", "HEAD", "POST"])
@private
@kind_refusals
@counted
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Everything once more, with the rules; the button books, however often it is pressed."""
    at = timezone.now()
    found = entered(request, token, at)
    if isinstance(found, HttpResponse):
        return found
    form = DetailsForm(Memory(request).details)
    if not form.is_valid():
        return redirect("appointments:details", token)
    if request.method == "POST":
        return _book(request, found, form, token, at)
    page = {
        "place": found,
        "details": form.cleaned_data,
        "phone": spoken_phone(form.cleaned_data["phone"]),
        "rules": rules_of(found),
        "action": reverse("appointments:confirm", args=[token]),
        "change_details": reverse("appointments:details", args=[token]),
        **_countdown(found),
    }
    return render(request, "appointments/confirm.html", page)


def details_form(request: HttpRequest) -> DetailsForm:
    """Filled with what was typed before, else with what the account knows."""
    typed_before = Memory(request).details
    if typed_before:
        return DetailsForm(initial=typed_before)
    user = request.user
    if not isinstance(user, User):
        return DetailsForm()
    phone = spoken_phone(str(user.phone)) if user.phone else ""
    known = {"name": user.display_name, "phone": phone, "email": user.email}
    return DetailsForm(initial=known)


def typed(form: DetailsForm) -> dict[str, str]:
    """As it was typed, right or wrong, cut to what a field could ever hold."""
    return {name: form.data.get(name, "")[:1000] for name in form.fields}


def make_appointment(
    request: HttpRequest, make: Callable[[], Appointment], *, keys: list[str], at: datetime
) -> Appointment:
    """Book with ``make``, and remember it under ``keys`` in the same transaction."""
    memory = Memory(request)

    def work() -> Appointment:
        appointment = make()
        for key in keys:
            memory.note_booking(key, appointment, at)
        return appointment

    appointment = run_in_transaction(work)
    memory.forget_details()
    return appointment


def wish_of(request: HttpRequest, form: DetailsForm, store: Store) -> dict:
    """The part of a booking that is the same with and without a hold, and in the live line."""
    facts = form.cleaned_data
    return {
        "store": store,
        "customer_name": facts["name"],
        "customer_phone": facts["phone"],
        "email": facts["email"],
        "requirements": facts["requirements"],
        "customer": request.user if isinstance(request.user, User) else None,
        "locale": get_language() or "zh-hans",
    }


def _hold(
    request: HttpRequest,
    store: Store,
    starts_at: datetime,
    realtor: Realtor | None,
    at: datetime,
    *,
    house: Listing | None = None,
) -> Hold:
    memory = Memory(request)
    hold = run_in_transaction(
        lambda: services.hold(
            store,
            starts_at=starts_at,
            by=actor_of(request),
            at=at,
            realtor=realtor,
            listing=house,
            replacing=memory.token_in(store.pk),
            address=address_of(request),
        )
    )
    memory.keep_hold(hold)
    return hold


def _page(place: Place, form: DetailsForm, token: str) -> dict:
    action = reverse("appointments:details", args=[token])
    return {"place": place, "form": form, "action": action, **_countdown(place)}


def _named(place: Place) -> Realtor | None:
    return place.realtor if place.realtor_named else None


def _back(request: HttpRequest, place: Place, refusal: Refusal, *, late: bool) -> HttpResponse:
    return back_to_times(
        request,
        place.store,
        place.starts_at,
        refusal,
        realtor=_named(place),
        house=place.house,
        late=late,
    )


def _countdown(place: Place) -> dict:
    if place.hold is None:
        return {}
    kept = place.hold.expires_at - place.hold.created_at
    return {
        "expires_at": place.hold.expires_at,
        "now": place.at,
        "total": int(kept.total_seconds()),
    }


def _book(
    request: HttpRequest, place: Place, form: DetailsForm, token: str, at: datetime
) -> HttpResponse:
    wish = BookingRequest(
        **wish_of(request, form, place.store),
        starts_at=place.starts_at,
        listing=place.house,
        hold_token=place.hold.token if place.hold else None,
        realtor=None if place.hold else _named(place),
        queue=False,
    )
    try:
        appointment = make_appointment(
            request,
            lambda: services.book(wish, by=actor_of(request), at=at),
            keys=[token],
            at=at,
        )
    except Refusal as refusal:
        # The other of two presses has booked, and this one has waited for it.
        booked = Memory(request).booked(token)
        if booked is not None:
            return done(request, booked)
        return _back(request, place, refusal, late=place.hold is None)
    kept = _(
        "Please keep the code: with it and the last four digits of your phone you can change the"
        " booking."
    )
    messages.success(request, kept)
    return redirect("appointments:detail", appointment.code)
