"""From ids in paths, queries and bodies to listings, and from a query to what is looked for."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.request import Request

from booking_site.common.api.inputs import not_there, row_id
from booking_site.common.errors import Invalid
from booking_site.common.places import Point
from realtors.api.lookups import realtor_of
from realtors.models import Listing, ListingPicture, ListingQuerySet
from realtors.selectors import PARTICULARS, ListingWish
from stores.api.lookups import store_of
from stores.models import Category

MOST_WORDS = 6
# What a fact of the service is called in bodies.
CALLED = {"store": "store_id", "realtor": "realtor_id"}


def listing_of(request: Request, listing_id: str, *, field: str | None = None) -> Listing:
    """One that the caller may see. Raises NotFound, also for what is no id."""
    return _first(Listing.objects.visible_to(request.user), listing_id, field)


def own_listing_of(request: Request, listing_id: str) -> Listing:
    """One that the caller may edit; to everybody else it is not there. Raises NotFound."""
    return _first(Listing.objects.run_by(request.user), listing_id, None)


def own_picture_of(request: Request, listing_id: str, key: str) -> ListingPicture:
    listing = own_listing_of(request, listing_id)
    picture = ListingPicture.objects.filter(listing=listing, key=key).first()
    if picture is None:
        raise not_there()
    picture.listing = listing
    return picture


def _first(rows: ListingQuerySet, listing_id: str, field: str | None) -> Listing:
    named = rows.with_people().prefetch_related("pictures")
    found = named.filter(pk=row_id(listing_id, field=field)).first()
    if found is None:
        raise not_there(field)
    return found


def facts_of(request: Request, body: dict[str, Any]) -> dict[str, Any]:
    """A body, whole or in part, as the keywords of services. Raises NotFound, Invalid."""
    facts = {name: value for name, value in body.items() if name not in CALLED.values()}
    if body.get("store_id") is not None:
        facts["store"] = store_of(request, body["store_id"])
    if "realtor_id" in body:
        named = body["realtor_id"]
        facts["realtor"] = None if named is None else realtor_of(request, named)
    if "category" in body:
        facts["category"] = _category(body["category"])
    return facts


def _category(slug: str | None) -> Category | None:
    found = Category.objects.filter(slug=slug).first() if slug else None
    if slug and found is None:
        raise Invalid(errors={"category": [_("There is no such category.")]})
    return found


@contextmanager
def called_as_in_bodies(names: Mapping[str, str] = CALLED) -> Iterator[None]:
    """The service's complaints, at the fields of the body."""
    try:
        yield
    except Invalid as refusal:
        refusal.errors = {names.get(name, name): told for name, told in refusal.errors.items()}
        raise


def wish_of(request: Request, query: dict[str, Any]) -> ListingWish:
    """Raises NotFound for a store or realtor that is not there."""
    store, realtor = query.get("store_id"), query.get("realtor_id")
    place = None
    if "lat" in query and "lng" in query:
        place = Point(query["lat"], query["lng"])
    return ListingWish(
        kind=query.get("kind") or "",
        category=query.get("category") or "",
        city=query.get("city") or "",
        words=tuple((query.get("q") or "").split()[:MOST_WORDS]),
        price_min=query.get("price_min"),
        price_max=query.get("price_max"),
        place=place,
        within=query.get("radius_km") if place else None,
        store_id=store_of(request, store).pk if store else None,
        realtor_id=realtor_of(request, realtor).pk if realtor else None,
        particulars={one: query[one] for one in PARTICULARS if query.get(one) not in (None, "")},
        sort=query.get("sort") or ("distance" if place else "rating"),
    )
