"""Listings on public pages: in lists, and one of them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appointments.presenters import times
from appointments.presenters.courses import left_words
from appointments.presenters.prices import price
from appointments.selectors.coming_sessions import next_sessions
from appointments.selectors.sessions import Seats
from booking_site.site.presenters import words
from realtors.listing_rules import ATTRIBUTES
from realtors.models import Listing, ListingKind, ListingPicture
from stores.rules import Policy

LISTS: dict[str, str] = {
    ListingKind.HOUSE: "site:houses",
    ListingKind.COURSE: "site:courses",
    ListingKind.BOARDING: "site:boarding",
    ListingKind.SERVICE: "site:services",
}
ICONS = {
    ListingKind.HOUSE: "house",
    ListingKind.COURSE: "graduation-cap",
    ListingKind.BOARDING: "paw-print",
    ListingKind.SERVICE: "wrench",
}


def kind_name(kind: str) -> str:
    """Of many, as lists and tabs are called."""
    return {
        ListingKind.HOUSE: _("Houses"),
        ListingKind.COURSE: _("Courses"),
        ListingKind.BOARDING: _("Boarding"),
        ListingKind.SERVICE: _("Services at home"),
    }[ListingKind(kind)]


def kind_links(counted: dict[str, int], *, here: str = "") -> list[dict[str, Any]]:
    """The lists in which there is something, and the one that is looked at."""
    return [
        {
            "href": reverse(LISTS[kind]),
            "label": kind_name(kind),
            "icon": ICONS[kind],
            "count": counted.get(kind, 0),
            "current": kind == here,
        }
        for kind in ListingKind
        if counted.get(kind) or kind == here
    ]


def cards(
    listings: Iterable[Listing],
    *,
    at: datetime,
    with_kind: bool = False,
    policies: Mapping[int, Policy] | None = None,
    first: int | None = None,
) -> list[dict[str, Any]]:
    """For _components/listing_card.html, of listings that come with people and cover, numbered from
    ``first`` beside a map. Courses say when they can be joined next: three queries, two where the
    ``policies`` of their stores are known, none where there is no course."""
    rows = list(listings)
    courses = [one.pk for one in rows if one.kind == ListingKind.COURSE]
    coming = next_sessions(courses, at=at, policies=policies)
    told = [_card(one, with_kind, coming.get(one.pk), at) for one in rows]
    if first is not None:
        told = [card | {"number": first + place} for place, card in enumerate(told)]
    return told


def _card(listing: Listing, with_kind: bool, coming: Seats | None, at: datetime) -> dict[str, Any]:
    away = getattr(listing, "away", None)
    where = ["" if away is None else words.distance(away), _district(listing)]
    return {
        "href": reverse("site:listing", args=[listing.pk]),
        "title": listing.title,
        "seed": listing.pk,
        "picture_url": cover(listing),
        "flag": kind_name(listing.kind) if with_kind else "",
        "facts": " · ".join(one for one in brief(listing) if one),
        "detail": " · ".join([*filter(None, where), listing.store.name]),
        "rating": listing.rating if listing.review_count else None,
        "price": price_of(listing),
        "next": times.spoken(coming.session.starts_at, listing.store.zone, at) if coming else "",
        "left": left_words(coming.left) if coming else "",
    }


def cover(listing: Listing) -> str:
    """The small form of the first picture; empty where there is none."""
    key = getattr(listing, "cover_key", None)
    return reverse("realtors:picture_small", args=[key]) if key else ""


def price_of(listing: Listing) -> str:
    if listing.free_of_charge:
        return _("Free of charge")
    amount = price(listing.price, listing.currency)
    return _("%(price)s %(unit)s") % {"price": amount, "unit": listing.get_price_unit_display()}


def brief(listing: Listing) -> list[str]:
    """What a card says of it in a line."""
    told = listing.attributes
    if listing.kind == ListingKind.HOUSE:
        return [_rooms(told), _area(told)]
    if listing.kind == ListingKind.COURSE:
        length = listing.duration_minutes
        return [ages(told), _chosen(listing, "level"), times.duration(length) if length else ""]
    if listing.kind == ListingKind.BOARDING:
        return [_chosen(listing, "species"), _chosen(listing, "sizes")]
    kind_of = listing.category.shown_name if listing.category else ""
    return [kind_of, listing.subcategory, _reach(told)]


def facts(listing: Listing) -> list[dict[str, str]]:
    """Everything that is said of it besides words: ``label`` and ``value``."""
    rows = [
        {"label": str(one.label), "value": _told(listing, one.name, one.type)}
        for one in ATTRIBUTES[listing.kind]
        if listing.attributes.get(one.name) not in (None, False)
    ]
    if listing.duration_minutes:
        rows.append({"label": _("Takes"), "value": times.duration(listing.duration_minutes)})
    if listing.capacity > 1:
        label = _("Seats") if listing.kind == ListingKind.COURSE else _("Places")
        rows.append({"label": label, "value": str(listing.capacity)})
    return rows


def _told(listing: Listing, name: str, kind: str) -> str:
    value = listing.attributes[name]
    if kind == "flag":
        return _("yes")
    if kind in ("choice", "choices"):
        return _chosen(listing, name)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _chosen(listing: Listing, name: str) -> str:
    """In words, by the choices of its kind."""
    value = listing.attributes.get(name) or []
    labels = {
        key: str(label)
        for one in ATTRIBUTES[listing.kind]
        if one.name == name
        for key, label in one.choices
    }
    named = [value] if isinstance(value, str) else value
    return _(", ").join(labels.get(one, one) for one in named)


def _rooms(told: dict[str, Any]) -> str:
    if "rooms" not in told:
        return ""
    return ngettext("%(count)d room", "%(count)d rooms", told["rooms"]) % {"count": told["rooms"]}


def _reach(told: dict[str, Any]) -> str:
    reach = told.get("radius_km")
    return _("comes as far as %(count)s km") % {"count": reach} if reach else ""


def _area(told: dict[str, Any]) -> str:
    return _("%(area)s m²") % {"area": f"{told['area']:g}"} if "area" in told else ""


def _district(listing: Listing) -> str:
    return str(listing.attributes.get("district") or words.city_of(listing.store))


def ages(told: dict[str, Any]) -> str:
    first, last = told.get("age_from"), told.get("age_to")
    if first is not None and last is not None:
        return _("ages %(first)d to %(last)d") % {"first": first, "last": last}
    if first is not None:
        return _("from the age of %(first)d") % {"first": first}
    return "" if last is None else _("up to the age of %(last)d") % {"last": last}


def gallery(pictures: Iterable[ListingPicture], title: str) -> list[dict[str, Any]]:
    """Each leads to its large form."""
    return [
        {
            "href": reverse("realtors:picture", args=[one.key]),
            "src": reverse("realtors:picture_small", args=[one.key]),
            "caption": one.caption,
            "alt": one.caption or _("%(title)s, picture %(n)d") % {"title": title, "n": n},
            "width": one.width,
            "height": one.height,
        }
        for n, one in enumerate(pictures, start=1)
    ]
