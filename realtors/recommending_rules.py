"""What makes a listing worth showing to somebody, in points that a sentence can stand for; no
database here.

Each reason has points of its own, and only what is true has any. The sum orders a list, the reason
with the most points is the one that is told.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import log

Place = tuple[str, str]
Money = tuple[str, str]

# What an interest tells of somebody's taste, and how fast that fades.
WEIGHTS: Mapping[str, float] = {"booked": 5.0, "saved": 3.0, "viewed": 1.0}
HALF_LIFE_DAYS = 30
# What fewer did might be told of one of them.
MANY, COMPANY = 3, 2
# Of "about as much": a quarter more, or as much less.
PRICE_BAND = log(1.25)
NEW_DAYS = 14
LOVED, VOICES = 4.0, 3
# What is known already is shown, but does not stand before everything like it.
KNOWN = 0.4

# The most points of each reason. Of equals the first is told.
MOST: Mapping[str, float] = {
    "also_booked": 4.0,
    "also_liked": 3.0,
    "same_place": 3.0,
    "same_rooms": 1.5,
    "same_price": 1.5,
    "same_category": 1.0,
    "saved": 7.0,
    "viewed": 7.0,
    "popular": 1.4,
    "new": 1.0,
    "well_rated": 0.6,
}
# Which city alone says little.
CITY_ALONE = 0.2


@dataclass(frozen=True)
class Facts:
    """Of a listing. ``place``: city and district; ``money``: currency and what the price is for."""

    place: Place = ("", "")
    rooms: int | None = None
    price: float = 0.0
    money: Money = ("", "")
    category_id: int | None = None


@dataclass(frozen=True)
class Trace:
    """An interest that somebody took, so many days ago."""

    what: str
    days: int
    facts: Facts


@dataclass(frozen=True)
class Liked:
    """How much (at most 1), and the strongest interest that speaks for it."""

    weight: float
    what: str


@dataclass(frozen=True)
class Taste:
    """Of one person; empty for a newcomer."""

    places: Mapping[Place, Liked] = field(default_factory=dict)
    rooms: Mapping[int, Liked] = field(default_factory=dict)
    categories: Mapping[int, Liked] = field(default_factory=dict)
    # Logarithm of the price, of what kind, and how much it weighs.
    prices: tuple[tuple[float, Money, Liked], ...] = ()


@dataclass(frozen=True)
class Standing:
    """What people have to do with one listing. ``people``: who took an interest lately, with
    ``points`` together; ``also_booked``, ``also_liked``: how many of those who booked, or liked,
    the same as whoever asks; ``known``: ``saved`` or ``viewed`` by whoever asks."""

    people: int = 0
    points: float = 0.0
    also_booked: int = 0
    also_liked: int = 0
    known: str = ""
    days_old: int | None = None
    rating: float = 0.0
    review_count: int = 0


@dataclass(frozen=True)
class Told:
    """The reason, and the interest that it speaks of, where it does."""

    code: str
    what: str = ""


def weight_of(what: str, days: int) -> float:
    return WEIGHTS.get(what, 0.0) * 0.5 ** (max(0, days) / HALF_LIFE_DAYS)


def taste_of(traces: Iterable[Trace]) -> Taste:
    """What was passed over, or is of no known kind, speaks for nothing."""
    known = [(one, weight_of(one.what, one.days)) for one in traces if one.what in WEIGHTS]
    most = max((weight for _one, weight in known), default=0.0)
    priced = [(one, weight) for one, weight in known if one.facts.price > 0]
    return Taste(
        places=_summed((one.facts.place, one, w) for one, w in known if any(one.facts.place)),
        rooms=_summed((one.facts.rooms, one, w) for one, w in known if one.facts.rooms is not None),
        categories=_summed(
            (one.facts.category_id, one, w) for one, w in known if one.facts.category_id
        ),
        prices=tuple(
            (log(one.facts.price), one.facts.money, Liked(weight / most, one.what))
            for one, weight in priced
        ),
    )


def _summed(rows: Iterable[tuple[object, Trace, float]]) -> dict:
    """By value: the share of the heaviest one."""
    sums: dict[object, float] = {}
    strongest: dict[object, tuple[float, str]] = {}
    for value, trace, weight in rows:
        sums[value] = sums.get(value, 0.0) + weight
        strongest[value] = max(strongest.get(value, (0.0, "")), (WEIGHTS[trace.what], trace.what))
    most = max(sums.values(), default=1.0)
    return {value: Liked(weight / most, strongest[value][1]) for value, weight in sums.items()}


def points_of(facts: Facts, standing: Standing, taste: Taste) -> dict[str, float]:
    """By reason, without those that are not true."""
    content = {code: liked.weight * MOST[code] for code, liked in likeness(facts, taste).items()}
    if "same_place" in content and not facts.place[1]:
        content["same_place"] *= CITY_ALONE
    if standing.known:
        # It is like itself; what is said of it is that they know it.
        content = {standing.known: KNOWN * sum(content.values())}
    rows = content | {
        "also_booked": _company(standing.also_booked) * MOST["also_booked"],
        "also_liked": _company(standing.also_liked) * MOST["also_liked"],
        "popular": _popular(standing) * MOST["popular"],
        "new": _novelty(standing.days_old) * MOST["new"],
        "well_rated": _love(standing) * MOST["well_rated"],
    }
    return {code: points for code, points in rows.items() if points > 0}


def likeness(facts: Facts, taste: Taste) -> dict[str, Liked]:
    """What of it is like what they took an interest in, by reason."""
    found = {
        "same_place": taste.places.get(facts.place),
        "same_rooms": None if facts.rooms is None else taste.rooms.get(facts.rooms),
        "same_price": _price_alike(facts, taste),
        "same_category": taste.categories.get(facts.category_id or 0),
    }
    return {code: liked for code, liked in found.items() if liked is not None and liked.weight > 0}


def _price_alike(facts: Facts, taste: Taste) -> Liked | None:
    """To the nearest of what they took an interest in, and what weighs most there."""
    if facts.price <= 0:
        return None
    own = log(facts.price)
    near = [
        ((1 - abs(own - price) / PRICE_BAND) * liked.weight, liked.what)
        for price, money, liked in taste.prices
        if money == facts.money and abs(own - price) < PRICE_BAND
    ]
    return Liked(*max(near)) if near else None


def _company(people: int) -> float:
    return people / (people + 2) if people >= COMPANY else 0.0


def _popular(standing: Standing) -> float:
    return standing.points / (standing.points + 20) if standing.people >= MANY else 0.0


def _novelty(days: int | None) -> float:
    return 0.0 if days is None or days >= NEW_DAYS else 1 - max(0, days) / NEW_DAYS


def _love(standing: Standing) -> float:
    if standing.review_count < VOICES or standing.rating < LOVED:
        return 0.0
    weight = standing.review_count / (standing.review_count + 10)
    return weight * (standing.rating - LOVED + 0.5) / (5 - LOVED + 0.5)


def score_of(points: Mapping[str, float]) -> float:
    """To be sorted by: the same whatever the order in which it is added up."""
    return round(sum(points[code] for code in sorted(points)), 6)


def told_of(points: Mapping[str, float], facts: Facts, taste: Taste, *, narrowed: bool) -> Told:
    """The one with the most points; where there is none, that it fits what is looked for."""
    if not points:
        return Told("fits" if narrowed else "more")
    first = list(MOST)
    code = max(points, key=lambda one: (points[one], -first.index(one)))
    liked = likeness(facts, taste).get(code)
    return Told(code, liked.what if liked else "")
