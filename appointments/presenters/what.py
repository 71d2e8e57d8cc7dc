"""What an appointment is about, where it is more than a time in a store: a place in a course, a
house to see, nights in a boarding place, a service."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from appointments.models import Appointment
from appointments.presenters import times
from appointments.presenters.order_words import where_to
from appointments.presenters.stay_words import names_of
from appointments.selectors.nights import hours_of_stay
from realtors.models import Listing, ListingKind

SEAT, VIEWING, STAY, ORDER = "seat", "viewing", "stay", "order"
PAGES = {
    ListingKind.COURSE: "appointments:course",
    ListingKind.HOUSE: "site:listing",
    ListingKind.BOARDING: "appointments:boarding",
}


def about(appointment: Appointment) -> dict[str, Any]:
    """What a page says of it: ``listing_title`` and ``listing_url``, its ``address``, and for whom
    if for somebody else (``attendee``: a child, or pets); ``about`` is SEAT, VIEWING, STAY, ORDER,
    or empty for a time in a store. What is not loaded costs a query each."""
    listing = appointment.listing
    kind = kind_of(appointment)
    plain = {"about": "", "seat": False, "address": appointment.store.whole_address}
    if not kind or listing is None:
        return plain
    return {
        "about": kind,
        "seat": kind == SEAT,
        "listing_title": listing.title,
        # Nothing leads to what has been taken down.
        "listing_url": page_of(listing) if listing.is_published else "",
        "attendee": _attendee(appointment),
        "address": where_to(appointment) or listing.whole_address,
    }


def kind_of(appointment: Appointment) -> str:
    if appointment.is_seat:
        return SEAT
    if appointment.is_stay:
        return STAY
    if appointment.is_viewing:
        return VIEWING
    return ORDER if appointment.is_order else ""


def house_of(appointment: Appointment) -> Listing | None:
    """The house that is seen."""
    return appointment.listing if appointment.is_viewing else None


def page_of(listing: Listing) -> str:
    """Where somebody sees it who has booked it."""
    return reverse(PAGES.get(ListingKind(listing.kind), "site:listing"), args=[listing.pk])


def again_at(appointment: Appointment) -> str:
    """Where another one like it is booked; empty for a time in a store, and for what is not to be
    had any more."""
    listing, kind = appointment.listing, kind_of(appointment)
    if listing is None or not kind or not listing.is_published:
        return ""
    return reverse("site:viewing", args=[listing.pk]) if kind == VIEWING else page_of(listing)


def house_in_short(house: Listing) -> dict[str, Any]:
    """A house, before it is booked: as ``about`` says it of a viewing, and its picture. One
    query."""
    first = house.pictures.order_by("position", "pk").first()
    return {
        "about": VIEWING,
        "listing_title": house.title,
        "listing_url": reverse("site:listing", args=[house.pk]),
        "address": house.whole_address,
        "picture_url": reverse("realtors:picture_small", args=[first.key]) if first else "",
        "seed": house.pk,
    }


def usual_hours(listing: Listing, at: datetime) -> tuple[str, str]:
    """From when pets are brought and until when they are fetched: ``14:00``, ``12:00``."""
    today = at.astimezone(listing.store.zone).date()
    hours = hours_of_stay(listing, today, today + timedelta(days=1))
    zone = listing.store.zone
    return times.clock(hours.start.astimezone(zone)), times.clock(hours.end.astimezone(zone))


def _attendee(appointment: Appointment) -> str:
    if appointment.is_stay:
        return names_of(appointment)
    return appointment.attendee_name if appointment.child_id else ""
