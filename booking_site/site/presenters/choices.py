"""What a search can be narrowed by, and how to take each of it back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking_site.site.finding.search import DISTANCES, Order, Search
from stores.models import Category

# By short name; of categories that staff have added, the last.
ICONS = {
    "housekeeping": "washing-machine",
    "repair": "wrench",
    "delivery": "truck",
    "education": "graduation-cap",
    "medical": "stethoscope",
    "beauty": "scissors",
}
OTHER_ICON = "shapes"
# More cities than this are chosen from a list.
MOST_CITIES = 4

Counted = list[tuple[Category, int]]


@dataclass(frozen=True)
class Choice:
    """A chip. ``href`` chooses it, or takes it back where it is chosen."""

    label: str
    href: str
    chosen: bool = False
    icon: str = ""
    count: int | None = None
    hint: str = ""


def people_in_words(count: int) -> str:
    return ngettext("%(count)d person", "%(count)d people", count) % {"count": count}


def categories(
    counted: Counted, search: Search, *, in_words: Callable[[int], str] = people_in_words
) -> list[Choice]:
    """Those in which there is somebody to be booked, or something, and the chosen one."""
    return [
        Choice(
            label=row.shown_name,
            href=search.but(category="" if row.slug == search.category else row.slug),
            chosen=row.slug == search.category,
            icon=ICONS.get(row.slug, OTHER_ICON),
            count=there,
            hint=in_words(there),
        )
        for row, there in counted
        if there or row.slug == search.category
    ]


def cities(counted: list[tuple[str, int]], search: Search) -> list[Choice]:
    """None where there is nothing to choose."""
    names = [name for name, _stores in counted]
    if search.city and search.city not in names:
        counted = [*counted, (search.city, 0)]
    if len(counted) < 2 and not search.city:
        return []
    return [
        Choice(
            label=name,
            href=search.but(city="" if name == search.city else name),
            chosen=name == search.city,
            count=stores,
        )
        for name, stores in counted
    ]


def orders(search: Search) -> list[Choice]:
    labels = {
        Order.DISTANCE: _("Nearest"),
        Order.RATING: _("Best rated"),
        Order.SOONEST: _("Soonest free"),
    }
    return [
        Choice(label=label, href=search.but(asked_order=order.value), chosen=order == search.order)
        for order, label in labels.items()
        if search.place or order != Order.DISTANCE
    ]


def reaches(search: Search) -> list[Choice]:
    """How far away, once a place is known."""
    if search.place is None:
        return []
    return [
        Choice(
            label=_("Within %(count)d km") % {"count": kilometres},
            href=search.but(within=None if kilometres == search.within else kilometres),
            chosen=kilometres == search.within,
        )
        for kilometres in DISTANCES
    ]


def taken_back(search: Search, counted: Counted) -> list[dict[str, Any]]:
    """Every filter, with the address of the same search without it."""
    name = next((row.shown_name for row, _people in counted if row.slug == search.category), "")
    every = (
        (search.text, _("Without “%(words)s”") % {"words": search.text}, {"text": ""}),
        (search.category, _("Without “%(words)s”") % {"words": name}, {"category": ""}),
        (search.city, _("In any city, not only %(city)s") % {"city": search.city}, {"city": ""}),
        (search.open_now, _("Closed ones too"), {"open_now": False}),
        (search.within, _("Farther away too"), {"within": None}),
    )
    return [
        {"label": label, "href": search.but(**change)} for asked, label, change in every if asked
    ]
