"""What a realtor offers, as their console shows it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from appointments.presenters.prices import price
from realtors.models import Listing, ListingKind, ListingStatus

PILLS = {ListingStatus.DRAFT: "outline", ListingStatus.PUBLISHED: "accent"}
ICONS = {
    ListingKind.HOUSE: "house",
    ListingKind.COURSE: "graduation-cap",
    ListingKind.BOARDING: "paw-print",
    ListingKind.SERVICE: "wrench",
}


def kinds_to_offer() -> list[dict[str, Any]]:
    """With the address of the form for a new one."""
    labels = {
        ListingKind.HOUSE: _("A house to view"),
        ListingKind.COURSE: _("A course"),
        ListingKind.BOARDING: _("Boarding for animals"),
        ListingKind.SERVICE: _("A service"),
    }
    return [
        {
            "label": label,
            "icon": ICONS[kind],
            "href": reverse("appointments:console:new_listing", args=[kind.value]),
        }
        for kind, label in labels.items()
    ]


def listing_row(listing: Listing) -> dict[str, Any]:
    """``hidden``: why staff took it down, or nothing. ``sessions_href``: where a course's next
    session is opened."""
    status = ListingStatus(listing.status)
    is_course = listing.kind == ListingKind.COURSE
    opening = reverse("appointments:console:new_session")
    return {
        "id": listing.pk,
        "title": listing.title,
        "icon": ICONS[ListingKind(listing.kind)],
        "kind": listing.get_kind_display(),
        "status": status.value,
        "label": _status(status),
        "pill": PILLS.get(status, "warn"),
        "hidden": listing.hidden_reason if status == ListingStatus.HIDDEN else "",
        "price": _price(listing),
        "href": reverse("appointments:console:listing", args=[listing.pk]),
        "seen_href": reverse("site:listing", args=[listing.pk]),
        # Without a session nobody can book a course.
        "sessions_href": f"{opening}?course={listing.pk}" if is_course else "",
    }


def _price(listing: Listing) -> str:
    if listing.free_of_charge:
        return _("Free of charge")
    amount = price(listing.price, listing.currency)
    return _("%(price)s %(unit)s") % {
        "price": amount,
        "unit": listing.get_price_unit_display(),
    }


def _status(status: ListingStatus) -> str:
    return {
        ListingStatus.DRAFT: _("Draft"),
        ListingStatus.PUBLISHED: _("Everybody sees it"),
        ListingStatus.HIDDEN: _("Taken down"),
    }[status]


def picture_rows(listing: Listing) -> list[dict[str, Any]]:
    rows = list(listing.pictures.all())
    return [
        {
            "key": one.key,
            "src": reverse("realtors:picture_small", args=[one.key]),
            "href": reverse("realtors:picture", args=[one.key]),
            "caption": one.caption,
            "number": n,
            "is_first": n == 1,
            "is_last": n == len(rows),
        }
        for n, one in enumerate(rows, start=1)
    ]
