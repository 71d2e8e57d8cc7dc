"""Beginning to talk to somebody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.models import User
from appointments.models import Appointment
from booking_site.common.callers import actor_of
from booking_site.common.errors import NotFound
from booking_site.common.transactions import run_in_transaction
from chat import services
from chat.limits import count_new_people
from chat.presenters.people import name_of
from chat.selectors.people import person_to_write_to
from realtors.models import Listing

from .access import THREAD, form_page, user_of
from .reading import number_in


@form_page
def new(request: HttpRequest) -> HttpResponse:
    """``to`` whom, and ``about`` which appointment, or about which ``listing``. Loaded as a page
    (after signing in, say) it asks first, because looking begins nothing."""
    sent = request.POST if request.method == "POST" else request.GET
    other, appointment = _meant(user_of(request), sent.get("to", ""), sent.get("about", ""))
    listing = _offered(user_of(request), sent.get("listing", ""))
    if request.method != "POST":
        context = {
            "other": other,
            "name": name_of(other),
            "appointment": appointment,
            "listing": listing,
            "picture_url": other.avatar_url,
        }
        return render(request, "chat/new.html", context)
    by, at = actor_of(request), timezone.now()
    count_new_people(user_of(request), [other.pk], at=at)
    opened = run_in_transaction(
        lambda: services.open_direct(other, appointment=appointment, listing=listing, by=by, at=at)
    )
    return redirect(THREAD, opened.conversation.pk)


def _meant(user: User, to: str, about: str) -> tuple[User, Appointment | None]:
    other_id, appointment_id = number_in(to), number_in(about)
    if other_id is None or (about and appointment_id is None):
        raise NotFound
    appointment = None
    if appointment_id is not None:
        rows = Appointment.objects.select_related("realtor", "store")
        appointment = rows.filter(pk=appointment_id).first()
        if appointment is None:
            raise NotFound
    other = person_to_write_to(user, other_id, appointment=appointment)
    if other is None or other.pk == user.pk:
        raise NotFound
    return other, appointment


def _offered(user: User, text: str) -> Listing | None:
    """One that they may see. Raises NotFound."""
    if not text:
        return None
    listing_id = number_in(text)
    found = Listing.objects.visible_to(user).filter(pk=listing_id).first() if listing_id else None
    if found is None:
        raise NotFound
    return found
