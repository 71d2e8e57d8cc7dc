"""What a list of listings can be narrowed by, and how to take each of it back."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking_site.site.finding.listings import ASKED, CHOICES, NUMBERS, ListingSearch
from booking_site.site.finding.search import Order
from booking_site.site.presenters import choices
from booking_site.site.presenters.choices import Choice, Counted


def categories(counted: Counted, search: ListingSearch) -> list[Choice]:
    """Those in which there is something of the kind, and the chosen one."""
    return choices.categories(counted, search, in_words=_listings_in_words)


def _listings_in_words(count: int) -> str:
    return ngettext("%(count)d listing", "%(count)d listings", count) % {"count": count}


def orders(search: ListingSearch) -> list[Choice]:
    labels = {
        Order.DISTANCE: _("Nearest"),
        Order.RATING: _("Best rated"),
        Order.PRICE: _("Lowest price"),
        Order.NEWEST: _("Newest"),
    }
    return [
        Choice(label=label, href=search.but(asked_order=order.value), chosen=order == search.order)
        for order, label in labels.items()
        if search.place or order != Order.DISTANCE
    ]


def fields(search: ListingSearch) -> list[dict[str, Any]]:
    """Of the form: ``name``, ``label``, ``value``, and ``options`` where there are some."""
    told = dict(search.particulars)
    own = [_field(name, told.get(name, "")) for name in ASKED[search.kind]]
    prices = (
        ("price_min", _("Price from"), search.price_min),
        ("price_max", _("Price to"), search.price_max),
    )
    return [
        *own,
        *(
            {"name": name, "label": label, "value": "" if value is None else value, "number": True}
            for name, label, value in prices
        ),
    ]


def _field(name: str, value: Any) -> dict[str, Any]:
    row = {"name": name, "label": _labels()[name], "value": value, "number": name in NUMBERS}
    if name in CHOICES:
        row["options"] = [
            {"value": key, "label": label, "chosen": key == value}
            for key, label in CHOICES[name].items()
        ]
    return row


def _labels() -> dict[str, str]:
    return {
        "district": _("District"),
        "rooms_min": _("Rooms, at least"),
        "area_min": _("m² from"),
        "area_max": _("m² to"),
        "age": _("Age of who attends"),
        "level": _("Level"),
        "species": _("Animal"),
        "size": _("Size"),
    }


def taken_back(search: ListingSearch, counted: Counted) -> list[dict[str, Any]]:
    """Every filter, with the address of the same search without it."""
    name = next((row.shown_name for row, _there in counted if row.slug == search.category), "")
    without = _("Without “%(words)s”")
    every = (
        (search.text, without % {"words": search.text}, {"text": ""}),
        (search.category, without % {"words": name}, {"category": ""}),
        (search.city, _("In any city, not only %(city)s") % {"city": search.city}, {"city": ""}),
        (search.within, _("Farther away too"), {"within": None}),
        (
            (search.price_min, search.price_max) != (None, None),
            _("At any price"),
            {"price_min": None, "price_max": None},
        ),
        (search.particulars, _("Without these particulars"), {"particulars": ()}),
    )
    return [
        {"label": label, "href": search.but(**change)} for asked, label, change in every if asked
    ]


def known(search: ListingSearch, slugs: set[str]) -> ListingSearch:
    """Without a category that nobody has ever heard of."""
    return search if search.category in slugs else replace(search, category="")
