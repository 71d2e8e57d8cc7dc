"""Where an appointment takes place, for the one who has to go there."""

from urllib.parse import quote

from django.urls import reverse

from appointments.models import Appointment
from appointments.selectors.orders import order_of
from booking_site.common.places import Point
from realtors.models import Listing, ListingKind


def where(appointment: Appointment) -> dict[str, str] | None:
    """``name``, ``address``, ``href`` of what is seen or done there, and ``geo``, which opens the
    map application of a telephone. None of what takes place in the store, or where pets are brought
    to. No query for a listing that is loaded, with its order if it is one."""
    listing = appointment.listing
    if listing is None or appointment.is_seat or appointment.is_stay:
        return None
    order = order_of(appointment)
    if order is not None and order.address:
        return {
            "name": listing.title,
            "address": order.address,
            "href": _page_of(listing, appointment),
            "geo": geo(order.point, order.address),
        }
    if listing.kind != ListingKind.HOUSE and not listing.address:
        return None
    own = point_of(listing)
    return {
        "name": listing.title,
        "address": listing.whole_address,
        "href": _page_of(listing, appointment),
        "geo": geo(own or appointment.store.point, listing.title),
    }


def point_of(listing: Listing) -> Point | None:
    """Its own, without looking for its store's."""
    if listing.latitude is None or listing.longitude is None:
        return None
    return Point(float(listing.latitude), float(listing.longitude))


def geo(point: Point | None, name: str) -> str:
    """RFC 5870, with a name for applications that show one; empty where nobody knows the place."""
    if point is None:
        return ""
    at = f"{point.latitude:.6f},{point.longitude:.6f}"
    return f"geo:{at}?q={at}({quote(name, safe='')})"


def _page_of(listing: Listing, appointment: Appointment) -> str:
    """One's own is written in the console; a store's is seen as customers see it, if they do."""
    if listing.realtor_id == appointment.realtor_id:
        return reverse("appointments:console:listing", args=[listing.pk])
    return reverse("site:listing", args=[listing.pk]) if listing.is_published else ""
