"""What may be recommended to somebody, in a few bounded queries: what is new, what is like what
they liked, and what others like them chose."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, Q, QuerySet, Value, When

from realtors.models import Interest, InterestKind, ListingQuerySet
from realtors.recommending_rules import (
    COMPANY,
    WEIGHTS,
    Facts,
    Liked,
    Taste,
    Trace,
    taste_of,
)

if TYPE_CHECKING:
    from accounts.models import User

MOST_NEW, MOST_ALIKE, MOST_SHARED = 200, 300, 200
# The latest of one person, and those most like them.
MOST_TRACES, MOST_PEERS = 60, 100
# Of what somebody likes, so many are looked for.
FAVOURITES = 3
LIKING = (InterestKind.BOOKED, InterestKind.SAVED)
FACTS = (
    "pk",
    "store__city",
    "attributes",
    "price",
    "currency",
    "price_unit",
    "category_id",
    "published_at",
    "rating",
    "review_count",
)


@dataclass(frozen=True)
class Candidate:
    pk: int
    facts: Facts
    published_at: datetime | None
    rating: float
    review_count: int


@dataclass(frozen=True)
class Peers:
    """People who booked or saved what one has booked or saved; ``bookers`` booked what one
    booked."""

    everybody: tuple[int, ...] = ()
    bookers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Person:
    """Whoever asks: nobody known, or their taste, what they know, and their peers. ``chosen``: ids
    of what they booked or saved."""

    taste: Taste = field(default_factory=Taste)
    known: Mapping[int, str] = field(default_factory=dict)
    chosen: tuple[int, ...] = ()
    peers: Peers = field(default_factory=Peers)


NOBODY = Person()


def candidates(rows: QuerySet[Any]) -> list[Candidate]:
    """One query."""
    return [
        Candidate(pk, _facts(city, told, price, (currency, unit), category), at, float(mean), count)
        for pk, city, told, price, currency, unit, category, at, mean, count in rows.values_list(
            *FACTS
        )
    ]


def person_of(user: "User", kinds: Iterable[str], at: datetime) -> Person:
    """Two queries, one where they have chosen nothing yet."""
    mine = Interest.objects.of(user, *WEIGHTS).filter(listing__kind__in=tuple(kinds))
    columns = [f"listing__{name}" for name in FACTS[1:7]]
    rows = mine.order_by("-at", "-pk").values_list("what", "at", "listing_id", *columns)
    traces: list[Trace] = []
    known: dict[int, str] = {}
    chosen: list[int] = []
    booked: list[int] = []
    for what, when, pk, city, told, price, currency, unit, category in rows[:MOST_TRACES]:
        facts = _facts(city, told, price, (currency, unit), category)
        traces.append(Trace(what, (at - when).days, facts))
        if what == InterestKind.BOOKED:
            booked.append(pk)
        elif known.get(pk) != InterestKind.SAVED:
            known[pk] = str(what)
        if what in LIKING:
            chosen.append(pk)
    peers = _peers(user, chosen, booked) if chosen else Peers()
    return Person(taste_of(traces), known, tuple(chosen), peers)


def newest(rows: ListingQuerySet) -> ListingQuerySet:
    return rows.order_by("-published_at", "-pk")


def alike(rows: ListingQuerySet, taste: Taste) -> ListingQuerySet | None:
    """Those most like what somebody took an interest in, by as much as a database can tell; None
    where nothing is known of them."""
    signs = [sign for sign in (_places(taste), _rooms(taste), _categories(taste)) if sign]
    if not signs:
        return None
    any_sign = Q()
    points: Any = Value(0)
    for weight, sign in zip((4, 2, 1), signs, strict=False):
        any_sign |= sign
        points = points + Case(When(sign, then=Value(weight)), default=Value(0))
    return rows.filter(any_sign).order_by(points.desc(), "-published_at", "-pk")


def shared(kinds: Iterable[str], person: Person) -> dict[int, tuple[int, int]]:
    """What peers chose besides: by id, how many booked it of those who booked the same, and how
    many chose it. One query, none without peers."""
    if not person.peers.everybody:
        return {}
    booked = Q(what=InterestKind.BOOKED, user__in=person.peers.bookers)
    theirs = Interest.objects.filter(user__in=person.peers.everybody, what__in=LIKING)
    found = (
        theirs.filter(listing__kind__in=tuple(kinds))
        .exclude(listing__in=person.chosen)
        .values_list("listing")
        .annotate(
            people=Count("user", distinct=True),
            bookers=Count("user", distinct=True, filter=booked),
        )
        .filter(people__gte=COMPANY)
        .order_by("-people", "-listing")[:MOST_SHARED]
    )
    return {pk: (bookers, people) for pk, people, bookers in found}


def _peers(user: "User", chosen: list[int], booked: list[int]) -> Peers:
    """Those who have most in common with them. One query."""
    same = Q(what=InterestKind.BOOKED, listing__in=booked)
    found = list(
        Interest.objects.filter(listing__in=chosen, what__in=LIKING)
        .exclude(user=user)
        .values_list("user")
        .annotate(
            common=Count("listing", distinct=True),
            bookings=Count("listing", distinct=True, filter=same),
        )
        .order_by("-common", "user")[:MOST_PEERS]
    )
    bookers = tuple(pk for pk, _common, bookings in found if bookings)
    return Peers(tuple(pk for pk, _common, _bookings in found), bookers)


def _facts(
    city: str, told: Mapping[str, Any], price: Any, money: tuple[str, str], category: int | None
) -> Facts:
    place = (city, str(told.get("district") or ""))
    return Facts(place, told.get("rooms"), float(price), money, category)


def _favourites(liked: Mapping[Any, Liked]) -> list[Any]:
    """Their order must not depend on that of the rows."""
    return sorted(liked, key=lambda one: (-liked[one].weight, str(one)))[:FAVOURITES]


def _places(taste: Taste) -> Q:
    found = Q()
    for city, district in _favourites(taste.places):
        there = Q(store__city=city)
        found |= there & Q(attributes__district=district) if district else there
    return found


def _rooms(taste: Taste) -> Q:
    found = Q()
    for number in _favourites(taste.rooms):
        found |= Q(attributes__rooms=number)
    return found


def _categories(taste: Taste) -> Q:
    ids = _favourites(taste.categories)
    return Q(category__in=ids) if ids else Q()
