"""What a realtor offers, as their console shows it."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from appointments.presenters.prices import price
from realtors.listing_rules import HIGHEST_PRICE
from realtors.models import Listing, ListingKind, ListingStatus, PriceUnit

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
        "nights_href": f"{reverse('appointments:console:boarding')}?place={listing.pk}"
        if listing.kind == ListingKind.BOARDING
        else "",
    }


def price_note(kind: str, amount: Any, currency: str) -> str:
    """What a customer pays for boarding, by what stands in the form; empty of other kinds, and of
    what is no price."""
    if kind != ListingKind.BOARDING:
        return ""
    try:
        night = Decimal(str(amount))
    except (InvalidOperation, ValueError):
        return ""
    if not night.is_finite() or not 0 < night <= HIGHEST_PRICE:
        return ""
    facts = {"night": price(night, currency), "all": price(night * 6, currency)}
    return _("One night costs %(night)s a pet; three nights of two pets %(all)s.") % facts


def to_mend(listing: Listing | None) -> str:
    """Of a boarding place from a time when it could be paid for otherwise."""
    if listing is None or listing.kind != ListingKind.BOARDING:
        return ""
    if listing.price_unit == PriceUnit.NIGHT:
        return ""
    said = {"unit": listing.get_price_unit_display()}
    return _("It said “%(unit)s”. Once you save it, the price is for a night and pet.") % said


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
