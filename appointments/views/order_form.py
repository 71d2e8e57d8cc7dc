"""The form of an order: where to, for how much, and everything once more; the button books."""

import secrets
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from appointments import errors
from appointments.models import Appointment, Hold
from appointments.order_forms import OrderForm, plain
from appointments.presenters import ordering as shown
from appointments.presenters import times
from appointments.presenters.ordering import Chosen
from appointments.presenters.prices import price
from appointments.selectors.ordering import last_order_of, place_of_account
from appointments.selectors.pictures import Apart, Window, pictures
from appointments.selectors.sessions import policy_of_listing
from appointments.services import BookingRequest, OrderTerms
from appointments.services.ordering import listed_price
from appointments.views.booking import details_form, make_appointment
from appointments.views.held import done
from appointments.views.memory import Memory
from appointments.views.order_doors import ELSEWHERE, Doors, same_day, to_times
from appointments.views.seats import after_booking
from booking_site.common.callers import actor_of
from booking_site.common.errors import Invalid, Refusal
from realtors.models import Listing
from stores.rules import Policy

# Fields of the form at which a refusal is said.
AT_FIELDS = ("address", "amount")


def fill_in(request: HttpRequest, service: Listing, doors: Doors) -> HttpResponse:
    """Where to, notes and amount, with the price and the rules; the button books."""
    at = timezone.now()
    start = times.read_stamp(request.GET.get("start", ""))
    if start is None:
        messages.warning(request, _("Please choose one of the offered times."))
        return redirect(doors.at_times())
    if not isinstance(request.user, User):
        messages.info(request, _("Please sign in to order. The time you chose is kept in mind."))
        return redirect_to_login(request.get_full_path())
    booked = _booked(request)
    if booked is not None:
        return booked
    policy = policy_of_listing(service)
    usual = policy.default_duration_minutes
    minutes = shown.minutes_of(service, usual, request.GET.get("minutes", ""))
    chosen = Chosen(service, minutes, start, at, service.realtor or doors.provider)
    hold = _hold_of(request.user, chosen)
    if hold is None and not _is_free(request.user, chosen, policy):
        return to_times(request, doors, chosen, errors.HoldExpired(), late=True)
    form = _form(request, request.user, chosen)
    if request.method == "POST":
        _keep_typed(request, form, chosen)
        is_right = form.is_valid() and _is_as_shown(request, form, service, policy)
        answer = _order(request, form, doors, chosen, hold) if is_right else None
        if answer is not None:
            return answer
    return _page(request, form, doors, chosen, hold, policy)


def _page(
    request: HttpRequest,
    form: OrderForm,
    doors: Doors,
    chosen: Chosen,
    hold: Hold | None,
    policy: Policy,
) -> HttpResponse:
    service = chosen.service
    context = {
        "service": service,
        "what": shown.what(service),
        "provider": chosen.provider,
        "back": doors.back,
        "form": form,
        "key": next(iter(_keys(request)), "") or secrets.token_urlsafe(16),
        "listed_price": service.price,
        "asks": shown.asked_for(service, chosen.minutes),
        "money": shown.money(chosen, _proposed(request, form)),
        "rules": shown.rules(service, policy),
        "terms": shown.terms_of(service, policy),
        "action": doors.at_details(chosen),
        "other_times": doors.at_times(**same_day(chosen)),
        **shown.when(chosen),
        **shown.countdown(hold, chosen.at),
    }
    return render(request, "appointments/order_details.html", context)


def _hold_of(user: User, chosen: Chosen) -> Hold | None:
    rows = Hold.objects.of_times().live(chosen.at).filter(user=user, listing=chosen.service)
    return rows.filter(starts_at=chosen.starts_at, duration_minutes=chosen.minutes).first()


def _is_free(user: User, chosen: Chosen, policy: Policy) -> bool:
    """Whether it could still be had. Nothing is kept here: looking at a page takes nothing."""
    store = chosen.service.store
    day = chosen.starts_at.astimezone(store.zone).date()
    apart = Apart(holds=Q(user=user))
    window = Window(store, day, day)
    picture = pictures(
        [window],
        at=chosen.at,
        policies={store.pk: policy},
        listing=chosen.service,
        apart=apart,
    )[store.pk]
    free = picture.free(chosen.period)
    wanted = chosen.provider
    return any(wanted is None or one.pk == wanted.pk for one in free)


def _form(request: HttpRequest, user: User, chosen: Chosen) -> OrderForm:
    """Sent; else with what was typed before, the address of the last order, and what the account
    knows."""
    service = chosen.service
    options: dict[str, Any] = {
        "listed": price(chosen.listed, service.currency),
        "has_place": place_of_account(user) is not None,
        "at_providers": service.whole_address,
    }
    if request.method == "POST":
        return OrderForm(_as_listed_now(request, chosen), **options)
    initial: dict[str, Any] = {**details_form(request).initial}
    initial.setdefault("amount", plain(chosen.listed))
    last = last_order_of(user) if "address" not in initial else None
    if last is not None:
        initial |= {"address": last.address, "with_place": last.point is not None}
    return OrderForm(initial=initial, **options)


def _is_as_shown(request: HttpRequest, form: OrderForm, service: Listing, policy: Policy) -> bool:
    """Whether the rules are those that the page that was sent had said; the price is looked at
    where it is booked."""
    if request.POST.get("terms") in (None, shown.terms_of(service, policy)):
        return True
    changed = _("The price or the rules have changed meanwhile. Please look at them again.")
    form.add_error(None, changed)
    return False


def _as_listed_now(request: HttpRequest, chosen: Chosen) -> Any:
    """As sent. Whoever left the amount as it was shown to them proposes nothing, should the listing
    ask for another one by now."""
    sent = request.POST.copy()
    was = _was_listed(request, chosen)
    if was is not None and was != chosen.listed and sent.get("amount", "") == plain(was):
        sent["amount"] = plain(chosen.listed)
    return sent


def _was_listed(request: HttpRequest, chosen: Chosen) -> Decimal | None:
    """What the page that was sent had said the listing asks for."""
    each = _shown_price(request)
    if each is None:
        return None
    before = Listing(price=each, price_unit=chosen.service.price_unit)
    before.currency = chosen.service.currency
    return listed_price(before, chosen.minutes)


def _shown_price(request: HttpRequest) -> Decimal | None:
    text = request.POST.get("listed_price", "")[:20]
    plain_digits = text.replace(".", "", 1)
    return Decimal(text) if plain_digits.isascii() and plain_digits.isdigit() else None


def _keep_typed(request: HttpRequest, form: OrderForm, chosen: Chosen) -> None:
    """As typed, right or wrong. The sum that the listing asks for is none of them: for another
    length it is another one."""
    typed = {name: form.data.get(name, "")[:1000] for name in form.fields}
    if typed["amount"] in ("", plain(chosen.listed)):
        del typed["amount"]
    Memory(request).keep_details(typed)


def _proposed(request: HttpRequest, form: OrderForm) -> Decimal | None:
    """The amount that was sent; None before it is, or where it cannot be meant."""
    if request.method != "POST" or not form.is_bound:
        return None
    amount: Decimal | None = getattr(form, "cleaned_data", {}).get("amount")
    return amount


def _order(
    request: HttpRequest, form: OrderForm, doors: Doors, chosen: Chosen, hold: Hold | None
) -> HttpResponse | None:
    """Where to go; None: the form says what is wrong."""
    wish = _wish(request, form, chosen, hold)

    def make() -> Appointment:
        return doors.book(wish, actor_of(request), chosen.at)

    try:
        appointment = make_appointment(request, make, keys=_keys(request), at=chosen.at)
    except ELSEWHERE:
        raise
    except Refusal as refusal:
        # The other of two presses has ordered, and this one has waited for it.
        booked = _booked(request)
        return booked if booked is not None else _refused(request, form, doors, chosen, refusal)
    if not appointment.awaits_payment:
        messages.success(request, _("Ordered. Here you see how it goes on."))
        if doors.back:
            return redirect(doors.back["href"])
    return redirect(after_booking(appointment))


def _wish(
    request: HttpRequest, form: OrderForm, chosen: Chosen, hold: Hold | None
) -> BookingRequest:
    user, facts = request.user, form.cleaned_data
    assert isinstance(user, User)
    terms = OrderTerms(
        address=facts["address"],
        place=place_of_account(user) if facts.get("with_place") else None,
        amount=facts["amount"],
        listed_price=_shown_price(request),
    )
    return BookingRequest(
        store=chosen.service.store,
        customer_name=facts["name"],
        customer_phone=facts["phone"],
        email=facts["email"],
        requirements=facts["requirements"],
        customer=user,
        locale=get_language() or "zh-hans",
        starts_at=chosen.starts_at,
        duration_minutes=chosen.minutes,
        listing=chosen.service,
        realtor=chosen.provider,
        hold_token=hold.token if hold else None,
        queue=False,
        terms=terms,
    )


def _refused(
    request: HttpRequest, form: OrderForm, doors: Doors, chosen: Chosen, refusal: Refusal
) -> HttpResponse | None:
    """At its field, above the form, or at the times."""
    said = refusal.errors or {}
    at_fields = {name: said[name] for name in AT_FIELDS if said.get(name)}
    for name, texts in at_fields.items():
        form.add_error(name, [str(text) for text in texts])
    if at_fields:
        return None
    if type(refusal) is Invalid and not said:
        form.add_error(None, str(refusal))
        return None
    return to_times(request, doors, chosen, refusal)


def _booked(request: HttpRequest) -> HttpResponse | None:
    """To what an earlier press of the same form has ordered."""
    for key in _keys(request):
        booked = Memory(request).booked(key)
        if booked is not None:
            return done(request, booked)
    return None


def _keys(request: HttpRequest) -> list[str]:
    """The form's own key; none where it was left out."""
    key = request.POST.get("key", "")[:40]
    return [key] if key else []
