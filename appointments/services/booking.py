"""Making an appointment: with a free realtor, from a hold, or into the line."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from appointments import claims, errors
from appointments.events import AppointmentCreated
from appointments.models import Action, Appointment, Hold
from appointments.permissions import is_staff
from appointments.rules import CELL_SECONDS, cells
from appointments.selectors.availability import Availability
from appointments.selectors.pictures import availability
from appointments.selectors.slots import next_free_starts
from appointments.services.assignment import assign, assign_to_best, period_of
from appointments.services.codes import draw_code
from appointments.services.ordering import (
    LISTED,
    OrderTerms,
    keep_order,
    put_terms,
    require_orderable,
)
from appointments.services.paying import settle_payments
from appointments.services.queueing import let_go_of_own_holds, settle
from appointments.services.starts import (
    checked_start,
    require_still_there,
)
from appointments.services.what_takes_time import (
    is_service,
    require_not_ones_own,
    what_takes_time,
)
from appointments.transitions import write_log
from booking_site.common.actors import Actor
from booking_site.common.errors import Forbidden, Unavailable
from booking_site.common.events import publish
from booking_site.common.periods import Period
from realtors.models import Listing, ListingKind, Realtor
from stores.models import Store

MOST_DRAWS = 5


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Who wants something of a store. ``customer_phone`` is in E.164."""

    store: Store
    customer_name: str
    customer_phone: str
    duration_minutes: int | None = None
    customer: User | None = None
    email: str = ""
    requirements: str = ""
    locale: str = "zh-hans"


@dataclass(frozen=True, kw_only=True)
class BookingRequest(Wish):
    """What a customer asks for. ``realtor`` names one who is never replaced; ``queue`` says whether
    to wait when nobody is free at that start. ``listing``: a house to see, or a service, which is
    ordered on ``terms``; where it has its own realtor, they are named with it, and nobody waits,
    nor does who orders anything."""

    starts_at: datetime
    listing: Listing | None = None
    realtor: Realtor | None = None
    hold_token: str | None = None
    queue: bool = True
    terms: OrderTerms = LISTED


@transaction.atomic
def book(wish: BookingRequest, *, by: Actor, at: datetime) -> Appointment:
    """Make the appointment and claim everything it needs in one transaction.

    Raises the refusals of ``checked_start``, SlotTaken (with the next free starts), HoldExpired,
    CustomerConflict; of a service those of ``require_orderable``.
    """
    require_right_to_book_for(wish, by)
    settle(wish.store, at=at)
    settle_payments(wish.store, at=at)
    listing, realtor = what_takes_time(wish.store, wish.listing, wish.realtor)
    require_not_ones_own(listing, wish.customer)
    wish = replace(wish, listing=listing, realtor=realtor)
    if is_service(listing):
        wish = replace(wish, queue=False)
        require_orderable(listing, wish.customer, wish.terms, wish.duration_minutes)
    require_still_there(wish.store, wish.customer)
    if wish.customer is not None and wish.hold_token is None:
        let_go_of_own_holds(wish.customer, wish.store, at=at)
    if wish.hold_token is not None:
        appointment = _book_what_was_held(wish, by, at)
    else:
        appointment = _book_who_is_free(wish, by, at)
    queued = appointment.is_waiting
    publish(AppointmentCreated(appointment_id=appointment.pk, at=at, queued=queued))
    return appointment


def _book_who_is_free(wish: BookingRequest, by: Actor, at: datetime) -> Appointment:
    picture, period = checked_start(
        wish.store,
        starts_at=wish.starts_at,
        duration_minutes=wish.duration_minutes,
        at=at,
        listing=wish.listing,
    )
    picture = picture.towards(wish.terms.place)
    named = wish.realtor is not None
    appointment = new_appointment(wish, picture, period, at, named=named)
    _write(appointment, wish, picture, at)
    write_log(appointment, Action.CREATED, by=by, at=at, from_status="")
    claim_customer(appointment, at=at)
    claim_house(appointment, at=at)
    if not assign_to_best(appointment, picture, at=at, only=_only(wish)):
        if wish.realtor or not wish.queue:
            raise slot_taken(wish.store, period, at, realtor_id=_only(wish), listing=wish.listing)
        stand_in_line(appointment)
        write_log(appointment, Action.QUEUED, by=by, at=at)
    return appointment


def _book_what_was_held(wish: BookingRequest, by: Actor, at: datetime) -> Appointment:
    """The hold's realtor, time and buffers as they were promised, whatever the policy says by now:
    filling in the form takes minutes, and what was soon enough when held still is."""
    held, kept = _redeemable(wish, by, at)
    day = held.starts_at.astimezone(wish.store.zone).date()
    picture = availability(
        wish.store, day, day, at=at, realtor_id=held.realtor_id, listing=wish.listing
    ).towards(wish.terms.place)
    period = Period(held.starts_at, held.ends_at)
    named = held.realtor_named or wish.realtor is not None
    appointment = new_appointment(wish, picture, period, at, named=named)
    taken = cells(period)
    appointment.buffer_before_minutes = (taken.start - kept.start) * CELL_SECONDS // 60
    appointment.buffer_after_minutes = (kept.stop - taken.stop) * CELL_SECONDS // 60
    _write(appointment, wish, picture, at)
    write_log(appointment, Action.CREATED, by=by, at=at, from_status="")
    claims.hand_over(held, appointment)
    held.delete()
    claim_customer(appointment, at=at)
    assign(appointment, held.realtor, picture, at=at, score={"held": True})
    return appointment


def _write(
    appointment: Appointment, wish: BookingRequest, picture: Availability, at: datetime
) -> None:
    """With its terms where it is an order."""
    if not is_service(picture.listing):
        insert(appointment)
        return
    put_terms(appointment, wish.terms, picture, at=at)
    insert(appointment)
    keep_order(appointment, wish.terms, at=at)


def stand_in_line(appointment: Appointment) -> None:
    """Behind everybody who stands there already. Whoever asked a moment earlier but got to the pool
    later would else push others back from a place they have been told."""
    line = Appointment.objects.queued().filter(store_id=appointment.store_id, live=appointment.live)
    if not appointment.live:
        line = line.filter(starts_at=appointment.starts_at, listing=appointment.listing_id)
    others = line.exclude(pk=appointment.pk).order_by()
    last = others.aggregate(last=Max("queued_at"))["last"]
    if last is not None and last > appointment.queued_at:
        appointment.queued_at = last
        appointment.save(update_fields=["queued_at"])


def slot_taken(
    store: Store,
    period: Period,
    at: datetime,
    *,
    realtor_id: int | None = None,
    listing: Listing | None = None,
) -> errors.SlotTaken:
    """The refusal, with the next free starts (of that realtor, for that listing) to offer
    instead."""
    minutes = int((period.end - period.start).total_seconds() // 60)
    starts = next_free_starts(
        store,
        after=period.start,
        at=at,
        duration_minutes=minutes,
        realtor_id=realtor_id,
        listing=listing,
    )
    return errors.SlotTaken(errors={"next_free_starts": [start.isoformat() for start in starts]})


def claim_customer(appointment: Appointment, *, at: datetime) -> None:
    """Claim the customer's own time. Raises CustomerConflict."""
    keys = claims.customer_keys(appointment.user, guest_phone=appointment.customer_phone)
    try:
        claims.take(appointment, claims.for_customer(keys, period_of(appointment)), at=at)
    except claims.Refused as error:
        raise errors.CustomerConflict from error


def claim_house(appointment: Appointment, *, at: datetime) -> None:
    """Claim the house that is to be seen, if it is one: nobody else is shown it at that time, with
    another host neither. Raises SlotTaken."""
    listing = appointment.listing
    if listing is None or listing.kind != ListingKind.HOUSE:
        return
    period = period_of(appointment)
    try:
        claims.take(appointment, claims.for_house(listing.pk, period), at=at)
    except claims.Refused as error:
        only = listing.realtor_id
        raise slot_taken(appointment.store, period, at, realtor_id=only, listing=listing) from error


def require_right_to_book_for(wish: Wish, by: Actor) -> None:
    """People book for themselves; staff of the store for anybody."""
    if wish.customer != by.user and not is_staff(by, wish.store):
        raise Forbidden


def _redeemable(wish: BookingRequest, by: Actor, at: datetime) -> tuple[Hold, range]:
    """The hold of this token and the cells it keeps, if it is this person's and keeps this wish."""
    held = Hold.objects.of_times().filter(token=wish.hold_token, store=wish.store).first()
    if held is None or held.expires_at <= at or held.starts_at < at:
        raise errors.HoldExpired
    if not held.realtor.is_active:
        raise errors.HoldExpired
    if held.user_id is not None and held.user_id != by.user_id:
        raise errors.HoldExpired
    # In UTC: Python takes a local time that occurs twice for different from any other.
    same_start = held.starts_at == wish.starts_at.astimezone(UTC)
    same_length = wish.duration_minutes in (None, held.duration_minutes)
    same_realtor = wish.realtor is None or wish.realtor.pk == held.realtor_id
    same_listing = held.listing_id == (wish.listing.pk if wish.listing else None)
    kept = claims.kept_for(held)
    if kept is None or not (same_start and same_length and same_realtor and same_listing):
        raise errors.HoldExpired
    return held, kept


def _only(wish: BookingRequest) -> int | None:
    return wish.realtor.pk if wish.realtor else None


def new_appointment(
    wish: Wish, picture: Availability, period: Period, at: datetime, *, named: bool = False
) -> Appointment:
    """Not saved, without a code."""
    return Appointment(
        store=wish.store,
        listing=picture.listing,
        user=wish.customer,
        customer_name=wish.customer_name,
        customer_phone=wish.customer_phone,
        customer_email=wish.email,
        requirements=wish.requirements,
        locale=wish.locale,
        realtor_named=named,
        starts_at=period.start,
        ends_at=period.end,
        duration_minutes=int((period.end - period.start).total_seconds() // 60),
        buffer_before_minutes=picture.policy.buffer_before_minutes,
        buffer_after_minutes=picture.policy.buffer_after_minutes,
        policy=picture.policy.snapshot(),
        queued_at=at,
        created_at=at,
        updated_at=at,
    )


def insert(appointment: Appointment) -> Appointment:
    """With a code that nobody holds. Raises Unavailable when none can be found."""
    refused: IntegrityError | None = None
    for _try in range(MOST_DRAWS):
        appointment.code = draw_code()
        try:
            with transaction.atomic():
                appointment.save(force_insert=True)
        except IntegrityError as error:
            # Another store drew the same code at the same moment, or another node of a cluster
            # let the same person in.
            require_not_in_line([appointment.live_key] if appointment.live_key else [])
            refused = error
        else:
            return appointment
    raise Unavailable from refused


def require_not_in_line(live_keys: list[str]) -> None:
    """A person stands in a live line once. Raises CustomerConflict."""
    if live_keys and Appointment.objects.filter(live_key__in=live_keys).exists():
        raise errors.CustomerConflict(_("You already stand in this line."))
