"""What somebody looks for, as it stands in an address: kept, sent on, and never trusted."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from booking_site.common.lines import is_odd_in_a_line
from booking_site.common.places import Point, read_point

LONGEST_TEXT = 80
MOST_WORDS = 6
# Kilometres one may choose between.
DISTANCES = (5, 10, 20, 50)


class Order(StrEnum):
    DISTANCE = "distance"
    RATING = "rating"
    SOONEST = "soonest"
    PRICE = "price"
    NEWEST = "newest"


@dataclass(frozen=True)
class Search:
    """Everything that filters and sorts. ``category`` is a short name, ``within`` kilometres."""

    text: str = ""
    category: str = ""
    city: str = ""
    open_now: bool = False
    place: Point | None = None
    within: int | None = None
    asked_order: str = ""

    @property
    def words(self) -> list[str]:
        return self.text.split()[:MOST_WORDS]

    @property
    def order(self) -> Order:
        """As asked for, where that is possible; else the nearest first, or the best."""
        known = [Order.RATING, Order.SOONEST, *([Order.DISTANCE] if self.place else [])]
        if self.asked_order in known:
            return Order(self.asked_order)
        return Order.DISTANCE if self.place else Order.RATING

    @property
    def filters(self) -> bool:
        return bool(self.text or self.category or self.city or self.open_now or self.within)

    @property
    def here_only(self) -> "Search":
        """Only where: what the first page understands."""
        return Search(city=self.city, place=self.place)

    def known(self, categories: set[str]) -> "Search":
        """Without a category that nobody has ever heard of."""
        return self if self.category in categories else replace(self, category="")

    @property
    def parts(self) -> dict[str, str]:
        """As an address holds them, without the empty ones."""
        place = self.place
        every = {
            "q": self.text,
            "category": self.category,
            "city": self.city,
            "open": "1" if self.open_now else "",
            "lat": f"{place.latitude:.3f}" if place else "",
            "lng": f"{place.longitude:.3f}" if place else "",
            "within": str(self.within or ""),
            "sort": self.asked_order,
        }
        return {name: value for name, value in every.items() if value}

    @property
    def query(self) -> str:
        return urlencode(self.parts)

    def but(self, **changed: Any) -> str:
        """The address of the same with something changed: ``?…``."""
        return "?" + replace(self, **changed).query

    def parts_without(self, *names: str) -> list[tuple[str, str]]:
        """For the hidden fields of a form that asks for ``names`` itself."""
        return [(name, value) for name, value in self.parts.items() if name not in names]


def read_search(query: Mapping[str, str]) -> Search:
    """What cannot be meant is as if it were not there."""
    place = read_point(query.get("lat", ""), query.get("lng", ""))
    if place:
        # A hundred metres are near enough, and tell less of whoever looks.
        place = Point(round(place.latitude, 3), round(place.longitude, 3))
    within = query.get("within", "")
    order = query.get("sort", "")
    return Search(
        text=plain(query.get("q", "")),
        category=plain(query.get("category", "")),
        city=plain(query.get("city", "")),
        open_now=query.get("open") == "1",
        place=place,
        within=int(within) if place and within in map(str, DISTANCES) else None,
        asked_order=order if order in list(Order) else "",
    )


def plain(text: str) -> str:
    """One line of at most so many characters, with nothing odd in it."""
    cut = text[: 2 * LONGEST_TEXT]
    return "".join(" " if is_odd_in_a_line(sign) else sign for sign in cut).strip()[:LONGEST_TEXT]
