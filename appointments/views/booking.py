"""Booking in three steps: choose a time, which is held; say who comes; confirm."""

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from appointments import errors, services
from appointments.forms import DetailsForm
from appointments.models import Appointment, Hold
from appointments.presenters import times
from appointments.presenters.pages import spoken_phone
from appointments.presenters.place import Place
from appointments.presenters.policy import policy_sentences
from appointments.selectors.pictures import Window, pictures
from appointments.services import BookingRequest
from appointments.views.guards import counted, kind_refusals, private
from appointments.views.memory import Memory, Wanted
from booking_site.common.api.inputs import row_id
from booking_site.common.callers import actor_of, address_of
from booking_site.common.errors import NotFound, Refusal
from booking_site.common.periods import Period
from booking_site.common.transactions import run_in_transaction
from realtors.models import Realtor
from stores.models import Store
from stores.selectors import policy_of


@require_http_methods(["GET", "HEAD", "POST"])
@kind_refusals
@counted
def hold_time(request: HttpRequest, store_id: int) -> HttpResponse:
    """Choosing a time keeps it for some minutes; an earlier choice in this store is let go."""
    if request.method != "POST":
        return redirect("site:store", store_id)
    store = get_object_or_404(Store.objects.open_to_public(), pk=store_id)
    realtor = named_realtor(store, request.POST.get("realtor", ""))
    starts_at = times.read_stamp(request.POST.get("starts_at", ""))
    if starts_at is None:
        messages.warning(request, _("Please choose one of the offered times."))
        return redirect("site:store", store_id)
    at = timezone.now()
    try:
        hold = _hold(request, store, starts_at, realtor, at)
    except NotFound:
        raise
    except Refusal as refusal:
        return back_to_times(request, store, starts_at, refusal, realtor=realtor)
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
    found = _entered(request, token, at)
    if isinstance(found, HttpResponse):
        return found
    if not form.is_bound:
        return render(request, "appointments/details.html", _page(found, form, token))
    if found.hold is None:
        try:
            token = _hold(request, found.store, found.starts_at, _named(found), at).token
        except Refusal as refusal:
            return back_to_times(
                request, found.store, found.starts_at, refusal, realtor=_named(found), late=True
            )
    if form.is_valid():
        return redirect("appointments:confirm", token)
    found = _place(Hold.objects.select_related("store", "realtor").get(token=token), at)
    return render(request, "appointments/details.html", _page(found, form, token))


@require_http_methods(["GET", "HEAD", "POST"])
@private
@kind_refusals
@counted
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Everything once more, with the rules; the button books, however often it is pressed."""
    at = timezone.now()
    found = _entered(request, token, at)
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
        "rules": policy_sentences(policy_of(found.store).snapshot()),
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


def done(request: HttpRequest, appointment_id: int) -> HttpResponse:
    appointment = get_object_or_404(Appointment, pk=appointment_id)
    return redirect("appointments:detail", appointment.code)


def named_realtor(store: Store, text: str) -> Realtor | None:
    """The realtor somebody chose in this store; None when the choice is open or no longer there."""
    try:
        realtor_id = row_id(text)
    except NotFound:
        return None
    return Realtor.objects.bookable().filter(store=store, pk=realtor_id).first()


def back_to_times(
    request: HttpRequest,
    store: Store,
    starts_at: datetime,
    refusal: Refusal,
    *,
    realtor: Realtor | None = None,
    late: bool = False,
) -> HttpResponse:
    """To the store's times, which say what happened and offer the next free ones."""
    query = {"date": starts_at.astimezone(store.zone).date().isoformat()}
    if realtor:
        query["realtor"] = str(realtor.pk)
    if isinstance(refusal, errors.SlotTaken | errors.HoldExpired):
        query["taken"] = times.stamp(starts_at)
        if late:
            query["late"] = "1"
    else:
        messages.warning(request, str(refusal))
    return redirect(f"{reverse('site:store', args=[store.pk])}?{urlencode(query)}")


def _hold(
    request: HttpRequest, store: Store, starts_at: datetime, realtor: Realtor | None, at: datetime
) -> Hold:
    memory = Memory(request)
    hold = run_in_transaction(
        lambda: services.hold(
            store,
            starts_at=starts_at,
            by=actor_of(request),
            at=at,
            realtor=realtor,
            replacing=memory.token_in(store.pk),
            address=address_of(request),
        )
    )
    memory.keep_hold(hold)
    return hold


def _entered(request: HttpRequest, token: str, at: datetime) -> Place | HttpResponse:
    """The time behind a token; or where to go when it was booked, or is not this visitor's."""
    memory = Memory(request)
    booked = memory.booked(token)
    if booked is not None:
        return done(request, booked)
    hold = Hold.objects.live(at).select_related("store", "realtor").filter(token=token).first()
    if hold is not None and hold.user_id in (None, request.user.pk):
        return _place(hold, at)
    wanted = memory.wanted(token)
    if wanted is None:
        messages.warning(request, _("This time is no longer kept. Please choose again."))
        return redirect("site:stores")
    place = _place_again(wanted, at)
    if isinstance(place, Store):
        expired = errors.HoldExpired()
        realtor = named_realtor(place, str(wanted.realtor_id or ""))
        return back_to_times(request, place, wanted.starts_at, expired, realtor=realtor, late=True)
    return place


def _place(hold: Hold, at: datetime) -> Place:
    return Place(
        store=hold.store,
        starts_at=hold.starts_at,
        ends_at=hold.ends_at,
        at=at,
        realtor=hold.realtor,
        realtor_named=hold.realtor_named,
        hold=hold,
    )


def _place_again(wanted: Wanted, at: datetime) -> Place | Store:
    """The same time after its hold ran out, if it is still free; else the store it was in.

    Nothing is kept here: looking at a page must not take anything. The next button keeps it.
    """
    store = get_object_or_404(Store.objects.open_to_public(), pk=wanted.store_id)
    day = wanted.starts_at.astimezone(store.zone).date()
    picture = pictures([Window(store, day, day)], at=at)[store.pk]
    free = picture.free(Period(wanted.starts_at, wanted.ends_at))
    named = [realtor for realtor in free if realtor.pk == wanted.realtor_id]
    soon = wanted.starts_at < at + timedelta(minutes=picture.policy.min_advance_minutes)
    if soon or not (named if wanted.realtor_id else free):
        return store
    return Place(
        store=store,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        at=at,
        realtor=named[0] if named else None,
        realtor_named=bool(named),
    )


def _named(place: Place) -> Realtor | None:
    return place.realtor if place.realtor_named else None


def _page(place: Place, form: DetailsForm, token: str) -> dict:
    action = reverse("appointments:details", args=[token])
    return {"place": place, "form": form, "action": action, **_countdown(place)}


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
        return back_to_times(
            request,
            place.store,
            place.starts_at,
            refusal,
            realtor=_named(place),
            late=place.hold is None,
        )
    kept = _(
        "Please keep the code: with it and the last four digits of your phone you can change the"
        " booking."
    )
    messages.success(request, kept)
    return redirect("appointments:detail", appointment.code)
