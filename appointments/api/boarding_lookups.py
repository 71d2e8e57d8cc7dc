"""From ids, bodies and queries to boarding places and stays, and to what their services take."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language
from rest_framework.request import Request

from accounts.api.callers import user_of
from accounts.models import Pet, User
from appointments.api.boarding_shapes import FACTS, PARTICULARS
from appointments.api.sides import customer_named, phone_for
from appointments.errors import TooFarAhead, TooSoon
from appointments.models import Appointment, AppointmentQuerySet
from appointments.selectors.boarding_search import to_be_had
from appointments.selectors.finding import between_dates
from appointments.selectors.stay_dates import Nights
from appointments.services import StayRequest
from appointments.services.stay_checks import FURTHEST
from booking_site.common.api.inputs import not_there, row_id
from realtors.api.listing_lookups import facts_of, listing_of, own_listing_of, wish_of
from realtors.models import Listing, ListingKind, ListingQuerySet
from realtors.selectors import matching_listings

LONGEST_NAME = 50
DAY = timedelta(days=1)


def place_of(request: Request, service_id: str) -> Listing:
    """One that the caller may see. Raises NotFound."""
    return _place(listing_of(request, service_id))


def own_place_of(request: Request, service_id: str) -> Listing:
    """One that the caller may edit; to everybody else it is not there. Raises NotFound."""
    return _place(own_listing_of(request, service_id))


def _place(listing: Listing) -> Listing:
    if listing.kind != ListingKind.BOARDING:
        raise not_there()
    return listing


def places_asked_for(request: Request, query: dict[str, Any], *, at: datetime) -> ListingQuerySet:
    """Raises NotFound for a sitter or store that is not there; TooSoon, TooFarAhead."""
    mine = query.get("mine", False)
    rows = Listing.objects.run_by(request.user) if mine else Listing.objects.open_to_public()
    rows = rows.with_people().select_related("realtor__user")
    asked = dict(query, kind=ListingKind.BOARDING, realtor_id=query.get("sitter_id"))
    if "radius" in query:
        asked["radius_km"] = query["radius"]
    saved = request.user.point if isinstance(request.user, User) else None
    if "lat" not in query and saved is not None:
        asked |= {"lat": saved.latitude, "lng": saved.longitude}
        # Whoever does not speak of a place wants the best.
        asked["sort"] = query.get("sort") or "rating"
    found = matching_listings(rows, wish_of(request, asked))
    if query.get("check_in") is None:
        return found
    first, last = query["check_in"], query["check_out"]
    require_bookable(first, last, at=at)
    return to_be_had(found, Nights(first, last, query["pets"]), at=at)


def require_bookable(first: date, last: date, *, at: datetime) -> None:
    """By the calendar of wherever it is latest or earliest. Raises TooSoon, TooFarAhead."""
    if first < at.date() - DAY:
        raise TooSoon
    if last > at.date() + FURTHEST:
        raise TooFarAhead


def place_facts(request: Request, body: dict[str, Any]) -> dict[str, Any]:
    """A body, whole or in part, as keywords of the services; ``attributes`` holds those named.
    Raises NotFound, Invalid."""
    facts = facts_of(request, {told: body[name] for name, told in FACTS.items() if name in body})
    named = {name: body[name] for name in PARTICULARS if name in body}
    return facts | {"attributes": named} if named else facts


def stays_seen_by(request: Request) -> AppointmentQuerySet:
    """The caller's own as customer or sitter, and those of the stores they manage."""
    rows = Appointment.objects.visible_to(user_of(request)).stays().with_people()
    return rows.select_related("listing__store").prefetch_related("stay_pets")


def stay_of(request: Request, stay_id: str) -> Appointment:
    """Raises NotFound."""
    found = stays_seen_by(request).filter(pk=row_id(stay_id)).first()
    if found is None:
        raise not_there()
    return found


def stays_asked_for(request: Request, query: dict[str, Any]) -> AppointmentQuerySet:
    """Raises NotFound for what cannot be an id."""
    rows = stays_seen_by(request)
    rows = between_dates(rows, first=query.get("date_from"), last=query.get("date_to"))
    if query.get("status"):
        rows = rows.filter(status=query["status"])
    if query.get("service_id") is not None:
        rows = rows.filter(listing_id=row_id(query["service_id"], field="service_id"))
    if query.get("as"):
        user = user_of(request)
        is_theirs = Q(user=user) if query["as"] == "customer" else Q(realtor__user=user)
        rows = rows.filter(is_theirs)
    return rows


def stay_request(request: Request, body: dict[str, Any]) -> StayRequest:
    """Raises NotFound for a place, and for pets that are not the customer's; Forbidden."""
    rows = Listing.objects.open_to_public().filter(kind=ListingKind.BOARDING).with_people()
    place = rows.filter(pk=row_id(body["service_id"], field="service_id")).first()
    if place is None:
        raise not_there("service_id")
    customer = customer_named(request, body.get("user_id"), place.store)
    return StayRequest(
        listing=place,
        customer=customer,
        pets=_pets(customer, body["pet_ids"]),
        check_in=body["check_in"],
        check_out=body["check_out"],
        customer_name=str(customer)[:LONGEST_NAME],
        customer_phone=phone_for(request, customer),
        email=customer.email or "",
        note=body.get("notes") or "",
        locale=get_language() or StayRequest.locale,
    )


def _pets(customer: User, pet_ids: list[str]) -> list[Pet]:
    """In the given order, one that is named twice twice."""
    ids = [row_id(one, field="pet_ids") for one in pet_ids]
    found = Pet.objects.visible_to(customer).in_bulk(set(ids))
    if any(pk not in found for pk in ids):
        raise not_there("pet_ids")
    return [found[pk] for pk in ids]
