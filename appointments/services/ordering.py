"""What the order of a service is: where to, for how much, and when it is to be paid."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from appointments.models import Appointment, Order, PaymentStatus
from appointments.models.order import LONGEST_ADDRESS
from appointments.rules import share_of
from appointments.selectors.availability import Availability
from booking_site.common.errors import Forbidden, Invalid, Unavailable
from booking_site.common.money import unit_of
from booking_site.common.places import Point
from realtors.listing_rules import HIGHEST_PRICE
from realtors.models import Listing, PriceUnit

MOST_DRAWS = 5
MINUTES_OF_AN_HOUR = 60


@dataclass(frozen=True)
class OrderTerms:
    """``address`` and ``place``: where the customer wants it done; without, at the provider's.
    ``amount``: what they propose, else what the listing asks for. ``listed_price``: the listing's
    price as they were shown it, where they were."""

    address: str = ""
    place: Point | None = None
    amount: Decimal | None = None
    listed_price: Decimal | None = None


LISTED = OrderTerms()


def require_orderable(
    listing: Listing, customer: User | None, terms: OrderTerms, minutes: int | None
) -> None:
    """Raises Forbidden for who has no account, Invalid, by field, for terms that cannot be."""
    if customer is None:
        raise Forbidden(_("Please sign in to order a service."))
    if terms.listed_price not in (None, listing.price):
        changed = _("The price or the rules have changed meanwhile. Please look at them again.")
        raise Invalid(changed)
    if len(terms.address) > LONGEST_ADDRESS:
        message = _("At most %(count)s characters.") % {"count": LONGEST_ADDRESS}
        raise Invalid(errors={"address": [message]})
    if terms.amount is not None:
        _require_sum(terms.amount, listing.currency)
    _require_reach(listing, terms.place)
    require_usual_length(listing, minutes)


def require_usual_length(listing: Listing, minutes: int | None) -> None:
    """What is not paid for by the hour takes as long as it says. Raises Invalid."""
    usual = listing.default_duration_minutes
    if listing.price_unit != PriceUnit.HOUR and usual is not None and minutes not in (None, usual):
        message = _("This takes %(count)s minutes.") % {"count": usual}
        raise Invalid(errors={"duration_minutes": [message]})


def put_terms(
    appointment: Appointment, terms: OrderTerms, picture: Availability, *, at: datetime
) -> None:
    """Price and payment on the new appointment, which is not saved yet. What the listing asks for
    and nobody has to approve is paid first; all else is paid once the provider has confirmed it.
    Raises Invalid."""
    listing = appointment.listing
    assert listing is not None
    listed = listed_price(listing, appointment.duration_minutes)
    amount = listed if terms.amount is None else terms.amount
    if listed > HIGHEST_PRICE:
        raise Invalid(errors={"duration_minutes": [_("So much cannot be paid in one go.")]})
    appointment.price, appointment.final_price = listed, amount
    appointment.currency = listing.currency
    appointment.due_now = share_of(amount, listing.deposit_percent, listing.currency)
    if appointment.due_now and not listing.needs_approval and amount == listed:
        in_time = at + timedelta(minutes=picture.policy.payment_minutes)
        appointment.payment_status = PaymentStatus.UNPAID
        appointment.pay_before = min(in_time, appointment.starts_at)


def listed_price(listing: Listing, minutes: int) -> Decimal:
    """What the listing asks for so much time: by the hour, or for the visit however long."""
    if listing.price_unit != PriceUnit.HOUR:
        return listing.price
    return share_of(listing.price * minutes / MINUTES_OF_AN_HOUR, 100, listing.currency)


def keep_order(appointment: Appointment, terms: OrderTerms, *, at: datetime) -> Order:
    """The row beside the saved appointment, under a number that nobody has. Raises Unavailable
    when none can be found."""
    listing = appointment.listing
    assert listing is not None
    day = at.astimezone(appointment.store.zone)
    refused: IntegrityError | None = None
    for _try in range(MOST_DRAWS):
        order = Order(
            appointment=appointment,
            number=f"{day:%Y%m%d}{secrets.randbelow(10**8):08d}",
            address=terms.address,
            latitude=_degrees(terms.place.latitude) if terms.place else None,
            longitude=_degrees(terms.place.longitude) if terms.place else None,
            provider_address=listing.whole_address,
            details=details_of(listing),
        )
        try:
            with transaction.atomic():
                order.save(force_insert=True)
        except IntegrityError as error:
            refused = error
        else:
            return order
    raise Unavailable from refused


def on_confirming(appointment: Appointment) -> dict[str, Any]:
    """Columns that change with the provider's yes to an order: the amount binds, what is due of it
    is to be paid from now on, and the site's share is known. Nothing for anything else."""
    realtor = appointment.realtor
    if realtor is None or not appointment.is_order:
        return {}
    share = share_of(appointment.final_price, realtor.commission_percent, appointment.currency)
    changes: dict[str, Any] = {"commission": share}
    if appointment.due_now and appointment.payment_status == PaymentStatus.NOT_REQUIRED:
        changes["payment_status"] = PaymentStatus.UNPAID
    return changes


def _require_sum(amount: Decimal, currency: str) -> None:
    if not 0 <= amount <= HIGHEST_PRICE or amount % unit_of(currency):
        raise Invalid(errors={"amount": [_("A sum that can be paid, please.")]})


def _require_reach(listing: Listing, place: Point | None) -> None:
    """Where both places are known: nobody is called to where they do not go."""
    reach, here = listing.attributes.get("radius_km"), listing.point
    if place is None or here is None or reach is None:
        return
    if here.kilometres_to(place) > reach:
        message = _("They come as far as %(count)s km. Please choose somebody nearer.")
        raise Invalid(errors={"address": [message % {"count": reach}]})


def details_of(listing: Listing) -> dict[str, Any]:
    """What an order keeps of what was ordered, whatever becomes of the listing."""
    category = listing.category
    return {
        "title": listing.title,
        "category": category.slug if category else None,
        "subcategory": listing.subcategory,
        "price": str(listing.price),
        "price_unit": listing.price_unit,
        "currency": listing.currency,
    }


def _degrees(value: float) -> Decimal:
    return Decimal(str(round(value, 6)))
