"""From ids, bodies and queries to orders, and to what their services take."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language
from rest_framework.request import Request

from accounts.api.callers import user_of
from appointments.api.complaints import ORDER, said_of
from appointments.api.inputs import wanted_start
from appointments.api.places import Place
from appointments.api.sides import phone_for
from appointments.models import Appointment, AppointmentQuerySet, Side
from appointments.selectors.finding import between_dates
from appointments.services import BookingRequest, OrderTerms
from booking_site.common.api.inputs import not_there, row_id
from realtors.models import Listing, ListingKind

LONGEST_NAME = 50


def orders() -> AppointmentQuerySet:
    """With all that is told of them: one query, and one for the wishes to call them off."""
    rows = Appointment.objects.filter(order__isnull=False).with_people()
    return rows.select_related("order", "listing").prefetch_related("cancel_requests")


def orders_seen_by(request: Request) -> AppointmentQuerySet:
    """The caller's own as customer or provider, and those of the stores they manage."""
    return orders().visible_to(user_of(request))


def order_of(request: Request, order_id: str) -> Appointment:
    """Raises NotFound."""
    found = orders_seen_by(request).filter(pk=row_id(order_id)).first()
    if found is None:
        raise not_there()
    return found


def orders_asked_for(request: Request, query: dict[str, Any]) -> AppointmentQuerySet:
    """Raises NotFound for what cannot be an id."""
    rows = orders_seen_by(request)
    rows = between_dates(rows, first=query.get("dateFrom"), last=query.get("dateTo"))
    if query.get("status"):
        rows = rows.filter(status=query["status"])
    if query.get("paymentStatus"):
        rows = rows.filter(payment_status=query["paymentStatus"])
    if query.get("serviceId") is not None:
        rows = rows.filter(listing_id=row_id(query["serviceId"], field="serviceId"))
    if query.get("as"):
        user = user_of(request)
        is_theirs = Q(user=user) if query["as"] == Side.CUSTOMER else Q(realtor__user=user)
        rows = rows.filter(is_theirs)
    return rows


def order_wish(request: Request, body: dict[str, Any], at: datetime) -> BookingRequest:
    """Of an OrderWishShape. Raises NotFound for the service, Invalid for a time that the clock does
    not show."""
    rows = Listing.objects.open_to_public().filter(kind=ListingKind.SERVICE).with_people()
    service = rows.filter(pk=row_id(body["serviceId"], field="serviceId")).first()
    if service is None:
        raise not_there("serviceId")
    customer = user_of(request)
    with said_of(ORDER):
        starts_at = wanted_start(body["scheduledTime"], service.store, at)
    return BookingRequest(
        store=service.store,
        listing=service,
        starts_at=starts_at,
        duration_minutes=body.get("durationMinutes"),
        hold_token=body.get("holdToken"),
        queue=False,
        customer=customer,
        customer_name=str(customer)[:LONGEST_NAME],
        customer_phone=phone_for(request, customer),
        email=customer.email or "",
        requirements=body.get("notes") or "",
        locale=get_language() or BookingRequest.locale,
        terms=order_terms(body.get("customerAddress"), body.get("totalAmount")),
    )


def order_terms(place: Place | None, amount: Any) -> OrderTerms:
    """Nothing said: at the provider's, for what the service asks."""
    place = place or Place()
    return OrderTerms(address=place.address, place=place.point, amount=amount)
