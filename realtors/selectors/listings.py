"""Which listings fit what somebody looks for, and in which order: the same on every database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from booking_site.common.actors import Actor
from booking_site.common.places import Point
from realtors.models import Listing, ListingPicture, ListingQuerySet
from stores.models import Category

from .distance import near

NO_PARTICULARS: Mapping[str, Any] = {}


@dataclass(frozen=True)
class ListingWish:
    """What somebody looks for; what is empty or None does not matter to them. ``category``: a short
    name; ``within``: kilometres of ``place``; ``particulars``: by the names of PARTICULARS;
    ``sort``: ``distance``, ``rating``, ``price`` or ``newest``."""

    kind: str = ""
    category: str = ""
    city: str = ""
    words: tuple[str, ...] = ()
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    place: Point | None = None
    within: float | None = None
    store_id: int | None = None
    realtor_id: int | None = None
    particulars: Mapping[str, Any] = field(default_factory=lambda: NO_PARTICULARS)
    sort: str = "rating"


def matching_listings(rows: ListingQuerySet, wish: ListingWish) -> ListingQuerySet:
    """Of these, those that fit, in a total order. With a ``place`` each has ``away``, kilometres,
    or None where nobody knows where it is. One query, however it is read."""
    facts = {
        "kind": wish.kind,
        "category__slug": wish.category,
        "store__city": wish.city,
        "price__gte": wish.price_min,
        "price__lte": wish.price_max,
        "store": wish.store_id,
        "realtor": wish.realtor_id,
    }
    asked = {name: value for name, value in facts.items() if value not in (None, "")}
    rows = rows.filter(every(wish.words, says), **asked)
    for name, value in wish.particulars.items():
        rows = rows.filter(PARTICULARS[name](value))
    if wish.place is not None:
        rows = near(rows, wish.place, wish.within)
    return _in_order(rows, wish)


def _in_order(rows: ListingQuerySet, wish: ListingWish) -> ListingQuerySet:
    if wish.sort == "price":
        return rows.order_by("price", "pk")
    if wish.sort == "newest":
        return rows.order_by("-published_at", "-pk")
    if wish.sort == "distance" and wish.place is not None:
        return rows.order_by(F("away").asc(nulls_last=True), "pk")
    return rows.best_first()


def every(words: tuple[str, ...], has: Callable[[str], Q]) -> Q:
    return reduce(and_, map(has, words), Q())


def says(word: str) -> Q:
    """Anywhere in what is said of a listing."""
    own = Q(title__icontains=word) | Q(description__icontains=word) | Q(address__icontains=word)
    own |= Q(subcategory__icontains=word) | Q(attributes__district__icontains=word)
    kind_of = Q(category__name__icontains=word) | Q(category__name_en__icontains=word)
    where = Q(store__name__icontains=word) | Q(store__city__icontains=word)
    return own | kind_of | where | Q(realtor__name__icontains=word)


def _at_least(name: str) -> Callable[[Any], Q]:
    return lambda value: Q(**{f"attributes__{name}__gte": value})


def _at_most(name: str) -> Callable[[Any], Q]:
    return lambda value: Q(**{f"attributes__{name}__lte": value})


def _one_of(name: str) -> Callable[[Any], Q]:
    """Whoever says nothing of it takes all. A list is searched as its text: SQLite knows no
    containment, and keys are plain words."""
    unsaid = Q(**{f"attributes__{name}__isnull": True})
    return lambda value: unsaid | Q(**{f"attributes__{name}__icontains": f'"{value}"'})


def _fits_age(age: Any) -> Q:
    """Whoever says nothing of ages takes all of them."""
    young = Q(attributes__age_from__isnull=True) | Q(attributes__age_from__lte=age)
    old = Q(attributes__age_to__isnull=True) | Q(attributes__age_to__gte=age)
    return young & old


def _said(name: str) -> Callable[[Any], Q]:
    """A flag. Who leaves it out has said no."""
    held = f"attributes__{name}"
    no = Q(**{held: False}) | Q(**{f"{held}__isnull": True})
    return lambda value: Q(**{held: True}) if value else no


# By name in the API and in the addresses of lists.
PARTICULARS: Mapping[str, Callable[[Any], Q]] = {
    "rooms": lambda value: Q(attributes__rooms=value),
    "rooms_min": _at_least("rooms"),
    "area_min": _at_least("area"),
    "area_max": _at_most("area"),
    "district": lambda value: Q(attributes__district__icontains=value),
    "furnished": _said("furnished"),
    "lift": _said("lift"),
    "age": _fits_age,
    "level": lambda value: Q(attributes__level=value),
    "species": _one_of("species"),
    "size": _one_of("sizes"),
    "vaccination_needed": _said("vaccination_needed"),
}


def with_cover(rows: ListingQuerySet) -> ListingQuerySet:
    """For lists: ``cover_key`` is the key of the first picture, or null. No query of its own."""
    first = ListingPicture.objects.filter(listing=OuterRef("pk")).order_by("position", "pk")
    return rows.annotate(cover_key=Subquery(first.values("key")[:1]))


def categories_with_listings(kind: str = "") -> QuerySet[Category]:
    """Every category in its order; ``there``: how many listings are to be had in it."""
    public = Listing.objects.open_to_public().values("pk")
    asked = Q(listings__in=public, **({"listings__kind": kind} if kind else {}))
    rows = Category.objects.annotate(there=Count("listings", filter=asked, distinct=True))
    # Grouped rows forget the order of their model.
    return rows.order_by("position", "pk")


def counted_by_kind() -> dict[str, int]:
    """How many are to be had, of kinds of which there are any. One query."""
    rows = Listing.objects.open_to_public().order_by().values_list("kind")
    return dict(rows.annotate(there=Count("pk")))


def cities_with(kind: str) -> list[tuple[str, int]]:
    """Those in which there is one of this kind, the largest first. One query."""
    rows = Listing.objects.open_to_public().filter(kind=kind).exclude(store__city="").order_by()
    counted = rows.values_list("store__city").annotate(there=Count("pk"))
    return sorted(counted, key=lambda row: (-row[1], row[0]))


def picture_for(key: str, by: Actor) -> ListingPicture | None:
    """For whoever may see the listing. Two queries at most."""
    found = ListingPicture.objects.filter(key=key).first()
    rows = Listing.objects.open_to_public() if by.user is None else None
    rows = Listing.objects.visible_to(by.user) if by.user is not None else rows
    if found is None or rows is None or not rows.filter(pk=found.listing_id).exists():
        return None
    return found
