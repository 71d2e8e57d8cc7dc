"""From the body of a booking to what the service takes."""

from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework.fields import Field
from rest_framework.request import Request

from accounts.models import User
from appointments.api.inputs import OF_ORDERS, wanted_start
from appointments.api.lookups import listing_named, named_realtor
from appointments.api.order_lookups import order_terms
from appointments.permissions import is_staff
from appointments.services import BookingRequest, LiveRequest, OrderTerms
from appointments.services.ordering import LISTED
from appointments.services.what_takes_time import is_service
from booking_site.common.api.inputs import not_there
from booking_site.common.callers import actor_of
from booking_site.common.errors import Invalid
from booking_site.common.phones import normalise_phone
from realtors.models import Listing
from stores.api.lookups import store_of
from stores.models import Store


def booking_wish(request: Request, body: dict[str, Any], at: datetime) -> BookingRequest:
    """Raises NotFound for ids of the body, Invalid for a missing person or a start that does not
    exist."""
    store = store_of(request, body["store_id"], field="store_id")
    listing = listing_named(store, body.get("listing_id"))
    customer = _customer(request, store, listing)
    return BookingRequest(
        store=store,
        listing=listing,
        starts_at=wanted_start(body, store, at),
        duration_minutes=body.get("duration_minutes"),
        realtor=named_realtor(store, body.get("realtor_id")),
        hold_token=body.get("hold_token"),
        queue=body["queue"],
        requirements=body.get("requirements") or "",
        customer=customer,
        locale=get_language() or BookingRequest.locale,
        terms=_terms(body, listing),
        **_person(body, customer),
    )


def live_wish(request: Request, body: dict[str, Any]) -> LiveRequest:
    """Raises NotFound for ids of the body, Invalid for a missing person."""
    if body.get("listing_id") is not None:
        # Whoever waits for anybody wants to talk to them; a house is seen at a time.
        raise not_there("listing_id")
    store = store_of(request, body["store_id"], field="store_id")
    customer = _customer(request, store)
    return LiveRequest(
        store=store,
        duration_minutes=body.get("duration_minutes"),
        requirements=body.get("requirements") or "",
        customer=customer,
        locale=get_language() or LiveRequest.locale,
        **_person(body, customer),
    )


def _terms(body: dict[str, Any], listing: Listing | None) -> OrderTerms:
    """Raises Invalid for terms of what is no service."""
    if is_service(listing):
        return order_terms(body.get("address"), body.get("total_amount"))
    wrong = [name for name in OF_ORDERS if body.get(name) is not None]
    if wrong:
        message = _("Only the order of a service has this.")
        raise Invalid(errors={name: [message] for name in wrong})
    return LISTED


def _customer(request: Request, store: Store, listing: Listing | None = None) -> User | None:
    """Staff of the store book for somebody else, as at a desk; all others for themselves. Whoever
    orders a service does it for themselves, which another system cannot."""
    by = actor_of(request)
    if is_service(listing):
        return by.user if by.user is not None and not by.user.is_machine else None
    return None if is_staff(by, store) else by.user


def _person(body: dict[str, Any], customer: User | None) -> dict[str, str]:
    account_phone = str(customer.phone) if customer and customer.phone else ""
    person = {
        "customer_name": body.get("customer_name") or (customer.display_name if customer else ""),
        "customer_phone": body.get("customer_phone") or account_phone,
    }
    missing = [name for name, value in person.items() if not value]
    if missing:
        required = Field.default_error_messages["required"]
        raise Invalid(errors={name: [required] for name in missing})
    person["customer_phone"] = normalise_phone(person["customer_phone"], field="customer_phone")
    account_email = (customer.email or "") if customer else ""
    return person | {"email": body.get("email") or account_email}
