"""From ids and bodies to viewings of houses, and from them to what the API answers with."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework.request import Request

from accounts.api.callers import user_of
from accounts.models import User
from appointments.api.inputs import wanted_start
from appointments.api.sides import customer_named, phone_for, require_own_sides
from appointments.api.viewing_shapes import ReservationShape
from appointments.models import Appointment, AppointmentQuerySet
from appointments.selectors.finding import between_dates
from appointments.services import BookingRequest
from booking_site.common.api.inputs import not_there, row_id
from booking_site.common.errors import Invalid
from realtors.models import Listing, ListingKind, Realtor

LONGEST_NAME = 50


def viewings_seen_by(request: Request) -> AppointmentQuerySet:
    """The caller's own as customer or host, and those of the stores they manage."""
    rows = Appointment.objects.visible_to(user_of(request)).of_time()
    rows = rows.filter(listing__kind=ListingKind.HOUSE)
    return rows.with_people().select_related("listing__store", "viewing_feedback")


def viewing_of(
    request: Request, reservation_id: str, body: dict[str, Any] | None = None
) -> Appointment:
    """With what the body says of its people. Raises NotFound, Forbidden, Invalid."""
    found = viewings_seen_by(request).filter(pk=row_id(reservation_id)).first()
    if found is None:
        raise not_there()
    require_own_sides(request, found, body or {})
    return found


def viewings_asked_for(request: Request, query: dict[str, Any]) -> AppointmentQuerySet:
    """Raises NotFound for what cannot be an id."""
    rows = viewings_seen_by(request)
    rows = between_dates(rows, first=query.get("date_from"), last=query.get("date_to"))
    if query.get("status"):
        rows = rows.filter(status=query["status"])
    if query.get("house_id") is not None:
        rows = rows.filter(listing_id=row_id(query["house_id"], field="house_id"))
    if query.get("as"):
        user = user_of(request)
        is_theirs = Q(user=user) if query["as"] == "customer" else Q(realtor__user=user)
        rows = rows.filter(is_theirs)
    return rows


def viewing_wish(request: Request, body: dict[str, Any], at: datetime) -> BookingRequest:
    """Raises NotFound for the house, Forbidden for another's ``user_id``, Invalid for a landlord
    who does not show it and a time that the clock does not show."""
    houses = Listing.objects.open_to_public().filter(kind=ListingKind.HOUSE).with_people()
    house = houses.filter(pk=row_id(body["house_id"], field="house_id")).first()
    if house is None:
        raise not_there("house_id")
    customer = customer_named(request, body.get("user_id"), house.store)
    return BookingRequest(
        store=house.store,
        listing=house,
        realtor=_landlord(house, body.get("landlord_id")),
        starts_at=_start(body, house, at),
        # Who wants to see a house wants to know at once whether they will.
        queue=False,
        customer=customer,
        customer_name=body.get("user_name") or _name(customer),
        customer_phone=phone_for(request, customer),
        email=customer.email or "",
        requirements=body.get("notes") or "",
        locale=get_language() or BookingRequest.locale,
    )


def viewings_answer(rows: Iterable[Appointment], user: User) -> list[dict[str, Any]]:
    seen = list(rows)
    sides = {
        one.pk
        for one in seen
        if user.pk in (one.user_id, one.realtor.user_id if one.realtor else None)
    }
    return list(ReservationShape(seen, many=True, context={"sides": sides}).data)


def viewing_answer(seen: Appointment, user: User) -> dict[str, Any]:
    return viewings_answer([seen], user)[0]


def _landlord(house: Listing, user_id: str | None) -> Realtor | None:
    """Whoever shows it and has this account. Raises Invalid."""
    if user_id is None:
        return None
    rows = Realtor.objects.bookable().filter(store=house.store_id)
    if house.realtor_id is not None:
        rows = rows.filter(pk=house.realtor_id)
    found = rows.filter(user=row_id(user_id, field="landlord_id")).first()
    if found is None:
        raise Invalid(errors={"landlord_id": [_("This is not the landlord of the house.")]})
    return found


def _start(body: dict[str, Any], house: Listing, at: datetime) -> datetime:
    try:
        return wanted_start(body["reserve_time"], house.store, at)
    except Invalid as refusal:
        if "start_time" in refusal.errors:
            refusal.errors = {"reserve_time": refusal.errors["start_time"]}
        raise


def _name(user: User) -> str:
    return str(user)[:LONGEST_NAME]
