"""What somebody looks for among listings of one kind, as it stands in an address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q

from appointments.selectors.stay_dates import Nights
from booking_site.site.finding.search import DISTANCES, Order, Search, plain, read_search
from booking_site.site.finding.words import every
from realtors.listing_rules import LEVELS, SIZES, SPECIES
from realtors.models import Listing, ListingKind, ListingQuerySet, Realtor
from realtors.selectors import ListingWish, matching_listings, with_cover
from stores.models import Store

SUM = re.compile(r"[0-9]{1,8}")
NUMBER = re.compile(r"[0-9]{1,5}")
FLAGS = ("furnished", "lift", "vaccination_needed")
YES, NO = "1", "0"
NUMBERS = ("rooms_min", "area_min", "area_max", "age")
CHOICES = {"level": dict(LEVELS), "species": dict(SPECIES), "size": dict(SIZES)}
# Which particulars a list of this kind may be narrowed by, in the order of its form.
ASKED: Mapping[str, tuple[str, ...]] = {
    ListingKind.HOUSE: (
        "district",
        "rooms_min",
        "area_min",
        "area_max",
        "furnished",
        "lift",
    ),
    ListingKind.COURSE: ("age", "level"),
    ListingKind.BOARDING: ("species", "size", "vaccination_needed"),
    ListingKind.SERVICE: (),
}


@dataclass(frozen=True)
class ListingSearch(Search):
    """``particulars``: by their names in ASKED, as read; ``view``: ``map``, or nothing;
    ``nights``: of boarding places, when they are to have room."""

    kind: str = ""
    view: str = ""
    price_min: int | None = None
    price_max: int | None = None
    particulars: tuple[tuple[str, Any], ...] = ()
    nights: Nights | None = None

    @property
    def order(self) -> Order:
        known = [Order.RATING, Order.PRICE, Order.NEWEST, *([Order.DISTANCE] if self.place else [])]
        if self.asked_order in known:
            return Order(self.asked_order)
        return Order.DISTANCE if self.place else Order.RATING

    @property
    def filters(self) -> bool:
        return super().filters or self.narrowed or self.nights is not None

    @property
    def narrowed(self) -> bool:
        """By what stands in the form that is folded away."""
        return bool(self.particulars) or (self.price_min, self.price_max) != (None, None)

    @property
    def parts(self) -> dict[str, str]:
        own = {
            "price_min": "" if self.price_min is None else str(self.price_min),
            "price_max": "" if self.price_max is None else str(self.price_max),
            **{name: as_written(value) for name, value in self.particulars},
            "view": self.view,
            **(self.nights.parts if self.nights else {}),
        }
        return super().parts | {name: value for name, value in own.items() if value}

    @property
    def wish(self) -> ListingWish:
        return ListingWish(
            kind=self.kind,
            category=self.category,
            city=self.city,
            words=tuple(self.words),
            price_min=None if self.price_min is None else Decimal(self.price_min),
            price_max=None if self.price_max is None else Decimal(self.price_max),
            place=self.place,
            within=self.within,
            particulars=dict(self.particulars),
            sort=self.order.value,
        )


def read_listing_search(query: Mapping[str, str], kind: str) -> ListingSearch:
    """What cannot be meant is as if it were not there."""
    common = read_search(query)
    read = ((name, _read(name, query.get(name, ""))) for name in ASKED[kind])
    return ListingSearch(
        text=common.text,
        category=common.category,
        city=common.city,
        place=common.place,
        within=common.within if common.within in DISTANCES else None,
        asked_order=common.asked_order,
        kind=kind,
        view="map" if query.get("view") == "map" else "",
        price_min=_sum(query.get("price_min", "")),
        price_max=_sum(query.get("price_max", "")),
        particulars=tuple((name, value) for name, value in read if value not in (None, "")),
    )


def found_by(search: ListingSearch) -> ListingQuerySet:
    """With what a card shows of each. One query."""
    rows = Listing.objects.open_to_public().with_people()
    return with_cover(matching_listings(rows, search.wish))


def offered_by(**whose: Store | Realtor) -> ListingQuerySet:
    """What a ``store`` or a ``realtor`` offers, the best first. One query."""
    rows = Listing.objects.open_to_public().filter(**whose).with_people()
    return with_cover(rows.best_first())


def listings_named(words: list[str]) -> ListingQuerySet:
    """With every word in their title, the most reviewed first."""
    rows = Listing.objects.open_to_public().select_related("store")
    found = rows.filter(every(words, lambda word: Q(title__icontains=word)))
    return found.order_by("-review_count", "-pk")


def as_written(value: Any) -> str:
    """A particular, in an address."""
    if isinstance(value, bool):
        return YES if value else NO
    return str(value)


def _sum(text: str) -> int | None:
    return int(text) if SUM.fullmatch(text) else None


def _read(name: str, text: str) -> Any:
    if name in NUMBERS:
        return int(text) if NUMBER.fullmatch(text) else None
    if name in FLAGS:
        return {YES: True, NO: False}.get(text)
    if name in CHOICES:
        return text if text in CHOICES[name] else None
    return plain(text)
