"""Booking nights for one's pets: which of them, how to be reached, what it costs; and paying."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Pet, User
from accounts.selectors import pets_of
from appointments import errors, services
from appointments.models import Appointment
from appointments.presenters import stay_words
from appointments.presenters import stays as shown
from appointments.presenters.own_pets import adding_address, pet_rows, problems_of
from appointments.selectors.nights import units_left
from appointments.selectors.sessions import policy_of_listing
from appointments.selectors.stay_dates import Nights
from appointments.services import StayRequest
from appointments.stay_forms import StayForm
from appointments.views.boarding import nights_form, place_of, today_at, why_not
from appointments.views.booking import details_form, make_appointment
from appointments.views.guards import counted, kind_refusals, private
from appointments.views.held import done
from appointments.views.memory import Memory
from appointments.views.seats import after_booking
from booking_site.common.callers import actor_of
from booking_site.common.errors import Forbidden, NotFound, Refusal, TooMany, Unavailable
from realtors.models import Listing
from stores.rules import Policy

# Of these a page of its own tells, not the place's.
ELSEWHERE = (Forbidden, NotFound, TooMany, Unavailable)


@require_http_methods(["GET", "HEAD", "POST"])
@private
@kind_refusals
@counted
def book(request: HttpRequest, place_id: int) -> HttpResponse:
    """Which pets, and everything once more; the button books, however often it is pressed. The
    nights stand in the address, so that signing in and adding a pet lead back to them."""
    at, place = timezone.now(), place_of(request, place_id)
    nights = nights_form(request, place, at).nights
    if nights is None:
        messages.warning(request, _("Please choose the nights first."))
        return redirect(shown.page_of(place))
    if not isinstance(request.user, User):
        messages.info(request, _("Please sign in to book. The nights you chose are kept in mind."))
        return redirect_to_login(request.get_full_path())
    booked = _booked(request)
    if booked is not None:
        return booked
    policy = policy_of_listing(place)
    if why_not(place, policy, nights, at) or not _has_room(place, nights, at):
        # There it is said why.
        return redirect(shown.page_of(place, nights))
    pets = list(pets_of(request.user))
    form = _form(request, pets, place, nights)
    if request.method == "POST":
        Memory(request).keep_details({name: form.data.get(name, "")[:1000] for name in DETAILS})
        if form.is_valid() and _is_as_shown(request, form, place, policy, nights):
            answer = _book(request, form, place, nights, at)
            if answer is not None:
                return answer
    return _page(request, form, place, policy, nights, at)


DETAILS = ("name", "phone", "email", "requirements")


def _page(
    request: HttpRequest,
    form: StayForm,
    place: Listing,
    policy: Policy,
    nights: Nights,
    at: datetime,
) -> HttpResponse:
    pets = list(form.known.values())
    every = [shown.sums(place, policy, nights, count) for count in range(1, len(pets) + 1)]
    chosen = len(form.chosen)
    context = {
        **shown.place_facts(place, at),
        "store": place.store,
        "sitter": place.realtor,
        "form": form,
        "pets": pet_rows(form, problems_of(place, pets, nights), back=request.get_full_path()),
        "dates": shown.dates_in_words(nights, today_at(place, at)),
        "nights": stay_words.nights(nights.count),
        "sums": every[chosen - 1] if chosen else None,
        "every_sum": every,
        "rules": shown.rules_of(place, policy),
        "key": next(iter(_keys(request)), "") or secrets.token_urlsafe(16),
        "back_url": shown.page_of(place, nights),
        "add_url": adding_address(request.get_full_path()),
    }
    return render(request, "appointments/stay_book.html", context)


def _form(request: HttpRequest, pets: Sequence[Pet], place: Listing, nights: Nights) -> StayForm:
    """Sent; else with as many of those that may stay as was asked for, and what is known."""
    if request.method == "POST":
        return StayForm(request.POST, pets=pets)
    problems = problems_of(place, pets, nights)
    fit = [str(pet.pk) for pet in pets if pet.pk not in problems]
    initial: dict[str, Any] = {**details_form(request).initial, "pets": fit[: nights.pets]}
    return StayForm(initial=initial, pets=pets)


def _has_room(place: Listing, nights: Nights, at: datetime) -> bool:
    return units_left([place], nights.check_in, nights.check_out, at=at)[place.pk] > 0


def _is_as_shown(
    request: HttpRequest, form: StayForm, place: Listing, policy: Policy, nights: Nights
) -> bool:
    """Whether it costs what the page that was sent had said, under the same rules: for as many
    pets as are ticked now."""
    now = shown.sums(place, policy, nights, len(form.chosen))
    if request.POST.get("terms") == now["terms"]:
        return True
    was_shown = request.POST.get("terms")
    if was_shown and request.POST.get("counted") == str(len(form.chosen)):
        told = _("The price or the rules have changed meanwhile. Please look at them again.")
    else:
        told = _("This is what it costs. If it is right, press the button once more.")
    messages.info(request, told)
    return False


def _book(
    request: HttpRequest, form: StayForm, place: Listing, nights: Nights, at: datetime
) -> HttpResponse | None:
    """Where to go; None: the form says what is wrong."""
    user, facts = request.user, form.cleaned_data
    assert isinstance(user, User)
    wish = StayRequest(
        listing=place,
        customer=user,
        pets=form.chosen,
        check_in=nights.check_in,
        check_out=nights.check_out,
        customer_name=facts["name"],
        customer_phone=facts["phone"],
        email=facts["email"],
        note=facts["requirements"],
        locale=get_language() or "zh-hans",
        nightly_price=place.price,
    )

    def make() -> Appointment:
        return services.book_stay(wish, by=actor_of(request), at=at)

    try:
        appointment = make_appointment(request, make, keys=_keys(request), at=at)
    except ELSEWHERE:
        raise
    except Refusal as refusal:
        return _refused(request, form, place, nights, refusal)
    if not appointment.awaits_payment:
        messages.success(request, _("The nights are booked. Please keep the code."))
    return redirect(after_booking(appointment))


def _refused(
    request: HttpRequest, form: StayForm, place: Listing, nights: Nights, refusal: Refusal
) -> HttpResponse | None:
    # The other of two presses has booked, and this one has waited for it.
    booked = _booked(request)
    if booked is not None:
        return booked
    if isinstance(refusal, errors.PetConflict):
        form.add_error("pets", str(refusal))
        return None
    said = refusal.errors or {}
    about_pets = [str(text) for text in said.get("pet_ids", ())]
    if about_pets:
        for text in about_pets:
            form.add_error("pets", text)
        return None
    if not isinstance(refusal, errors.NightsTaken):
        messages.warning(request, str(refusal))
    wanted = Nights(nights.check_in, nights.check_out, len(form.chosen))
    return redirect(shown.page_of(place, wanted))


def _booked(request: HttpRequest) -> HttpResponse | None:
    """To what an earlier press of the same form has booked."""
    for key in _keys(request):
        booked = Memory(request).booked(key)
        if booked is not None:
            return done(request, booked)
    return None


def _keys(request: HttpRequest) -> list[str]:
    """The form's own key; none where it was left out."""
    key = request.POST.get("key", "")[:40]
    return [key] if key else []
