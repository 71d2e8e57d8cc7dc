"""What a list of listings can be narrowed by, and how to take each of it back."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking_site.common.places import Point
from booking_site.site.finding.listings import (
    ASKED,
    CHOICES,
    FLAGS,
    NO,
    NUMBERS,
    YES,
    ListingSearch,
    as_written,
)
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


def views(search: ListingSearch, page: int) -> list[Choice]:
    """As a list, and on a map: the same page of the same search."""
    here = f"&page={page}" if page > 1 else ""
    return [
        Choice(
            label=label,
            href=search.but(view=view) + here,
            chosen=search.view == view,
            icon=icon,
        )
        for view, label, icon in (("", _("List"), "layout-dashboard"), ("map", _("Map"), "map"))
    ]


def fields(search: ListingSearch) -> list[dict[str, Any]]:
    """Of the form: ``name``, ``label``, ``value``, and ``options`` where there are some."""
    told = {name: as_written(value) for name, value in search.particulars}
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


def _field(name: str, value: str) -> dict[str, Any]:
    row = {"name": name, "label": _labels()[name], "value": value, "number": name in NUMBERS}
    if options := _options(name):
        row["options"] = [
            {"value": key, "label": label, "chosen": key == value} for key, label in options.items()
        ]
    return row


def _options(name: str) -> dict[str, Any]:
    """In words, by how an address spells them; none where anything may be written."""
    return {YES: _("yes"), NO: _("no")} if name in FLAGS else CHOICES.get(name, {})


def _labels() -> dict[str, str]:
    return {
        "district": _("District"),
        "rooms_min": _("Rooms, at least"),
        "area_min": _("m² from"),
        "area_max": _("m² to"),
        "furnished": _("Furnished"),
        "lift": _("Lift"),
        "age": _("Age of who attends"),
        "level": _("Level"),
        "species": _("Animal"),
        "size": _("Size"),
        "vaccination_needed": _("Vaccination needed"),
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
    )
    common = [
        {"label": label, "href": search.but(**change)} for asked, label, change in every if asked
    ]
    return common + chosen(search)


def chosen(search: ListingSearch) -> list[dict[str, Any]]:
    """What the folded form narrows by, each with the address of the same search without it."""
    kept = search.particulars
    rows: list[tuple[str, str, dict[str, Any]]] = [
        (name, as_written(value), {"particulars": tuple(one for one in kept if one[0] != name)})
        for name, value in kept
    ]
    for name in ("price_min", "price_max"):
        if (value := getattr(search, name)) is not None:
            rows.append((name, str(value), {name: None}))
    labels = _labels() | {"price_min": _("Price from"), "price_max": _("Price to")}
    told = _("%(what)s: %(value)s")
    return [
        {
            "label": told % {"what": labels[name], "value": _options(name).get(value, value)},
            "href": search.but(**change),
        }
        for name, value, change in rows
    ]


def own_place(search: ListingSearch, saved: Point | None) -> dict[str, Any]:
    """``near``: the address of the same around the ``saved`` place. Around another one: ``point``,
    as an address has it, and whether it ``is_kept`` already."""
    if search.place is None:
        return {"near": search.but(place=saved, asked_order="") if saved else ""}
    told = search.parts
    here = {"lat": told["lat"], "lng": told["lng"]}
    kept = saved and {"lat": f"{saved.latitude:.3f}", "lng": f"{saved.longitude:.3f}"}
    return {"point": here, "is_kept": here == kept}


def known(search: ListingSearch, slugs: set[str]) -> ListingSearch:
    """Without a category that nobody has ever heard of."""
    return search if search.category in slugs else replace(search, category="")
