"""From ids, bodies and queries to services, and to what the services of listings take."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.utils.translation import gettext as _
from rest_framework.request import Request

from accounts.api.callers import user_of
from booking_site.common.api.inputs import not_there
from booking_site.common.errors import Invalid
from booking_site.common.places import Point
from realtors.api.listing_lookups import facts_of, listing_of, own_listing_of
from realtors.api.service_shapes import FACTS, STATUSES, ServiceShape
from realtors.models import Listing, ListingKind, ListingQuerySet, ListingStatus
from realtors.selectors import NearbyWish
from realtors.selectors.nearby import categories_called
from stores.models import Category


def service_of(request: Request, service_id: str) -> Listing:
    """One that the caller may see. Raises NotFound."""
    return _service(listing_of(request, service_id))


def own_service_of(request: Request, service_id: str) -> Listing:
    """One that the caller may edit; to everybody else it is not there. Raises NotFound."""
    return _service(own_listing_of(request, service_id))


def _service(listing: Listing) -> Listing:
    if listing.kind != ListingKind.SERVICE:
        raise not_there()
    return listing


def own_services(request: Request, query: dict[str, Any]) -> ListingQuerySet:
    """What the caller may edit, the newest first."""
    rows = Listing.objects.run_by(request.user).filter(kind=ListingKind.SERVICE)
    if query.get("status"):
        is_shown = STATUSES[query["status"]] == ListingStatus.PUBLISHED
        shown = {"status": ListingStatus.PUBLISHED}
        rows = rows.filter(**shown) if is_shown else rows.exclude(**shown)
    if query.get("category"):
        rows = rows.filter(category__in=categories_called(query["category"]))
    return told_of_people(rows).order_by("-pk")


def told_of_people(rows: ListingQuerySet) -> ListingQuerySet:
    """With what is told of each: people and pictures. One query more than without."""
    return rows.with_people().select_related("realtor__user").prefetch_related("pictures")


def place_asked(request: Request, query: dict[str, Any]) -> Point | None:
    if "lat" in query:
        return Point(query["lat"], query["lng"])
    return user_of(request).point


def nearby_wish(request: Request, query: dict[str, Any]) -> NearbyWish:
    """Raises Invalid, by field, where neither the query nor the caller's account says where."""
    place = place_asked(request, query)
    if place is None:
        message = _("Say where, or save a place in your account.")
        raise Invalid(errors={"lat": [message], "lng": [message]})
    return NearbyWish(
        place=place,
        radius=query.get("radius", settings.DEFAULT_RADIUS_KM),
        category=query.get("category") or "",
        price_min=query.get("price_min"),
        price_max=query.get("price_max"),
        sort=query["sort"],
        limit=query["limit"],
    )


def service_facts(request: Request, body: dict[str, Any]) -> dict[str, Any]:
    """A body, whole or in part, as keywords of the services of listings; ``attributes`` holds those
    named. Raises NotFound, Invalid."""
    said = {told: body[name] for name, told in FACTS.items() if name in body}
    named = said.pop("category", None)
    facts = facts_of(request, said)
    if "category" in body:
        facts["category"] = _category(named)
    if "location" in body:
        place = body["location"] or {"lat": None, "lng": None}
        facts |= {"latitude": place["lat"], "longitude": place["lng"]}
        facts["address"] = place.get("address", "")
    if "radiusKm" in body:
        facts["attributes"] = {"radius_km": body["radiusKm"]}
    return facts


def _category(name: str | None) -> Category | None:
    ids = categories_called(name) if name else []
    if name and not ids:
        raise Invalid(errors={"category": [_("There is no such category.")]})
    return Category.objects.get(pk=ids[0]) if ids else None


def services_answer(
    services: Sequence[Listing], shape: type[ServiceShape] = ServiceShape, **context: Any
) -> list[dict[str, Any]]:
    """One query for all of them, when their people and pictures are loaded."""
    told = {"orders": _orders_of(one.pk for one in services), **context}
    return list(shape(services, many=True, context=told).data)


def _orders_of(ids: Iterable[int]) -> dict[int, int]:
    """How often each was booked. ``appointments`` is the other side of a name there, not an import:
    that app stands above this one."""
    rows = Listing.objects.filter(pk__in=list(ids)).order_by().values_list("pk")
    return dict(rows.annotate(times=Count("appointments")))
