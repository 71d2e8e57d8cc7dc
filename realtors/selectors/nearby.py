"""Services around a place: what somebody can have come to them, or go to."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from booking_site.common.places import Point
from realtors.models import Listing, ListingKind, ListingQuerySet
from stores.models import Category

from .listings import ListingWish, matching_listings

FARTHEST_KM = 2000
MOST = 100


@dataclass(frozen=True)
class NearbyWish:
    """``radius``: kilometres around ``place``, FARTHEST_KM at most. ``category``: its short name,
    or what it is called in either language. ``sort``: ``rating`` (weighed by how many say it) or
    ``distance``. ``limit``: MOST at most."""

    place: Point
    radius: float
    category: str = ""
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    sort: str = "rating"
    limit: int = 20


def nearby_services(wish: NearbyWish) -> ListingQuerySet:
    """Those that can be had, in a total order, each with ``away``: kilometres. One query to read
    it; another one is made here where a category is named."""
    rows = Listing.objects.open_to_public()
    if wish.category:
        rows = rows.filter(category__in=categories_called(wish.category))
    asked = ListingWish(
        kind=ListingKind.SERVICE,
        price_min=wish.price_min,
        price_max=wish.price_max,
        place=wish.place,
        within=min(wish.radius, FARTHEST_KM),
        sort=wish.sort,
    )
    return matching_listings(rows, asked)[: min(wish.limit, MOST)]


def categories_called(name: str) -> list[int]:
    """Ids. One query."""
    called = Q(slug__iexact=name) | Q(name__iexact=name) | Q(name_en__iexact=name)
    return list(Category.objects.filter(called).values_list("pk", flat=True))
