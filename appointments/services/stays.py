"""Nights of pets in a boarding place: booked, and moved to other dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Pet, User
from appointments import claims, errors
from appointments.events import AppointmentCreated, AppointmentRescheduled
from appointments.models import Action, Appointment, PaymentStatus, Status, StayPet
from appointments.models.appointment import UPCOMING
from appointments.permissions import bound_by_cutoff, is_staff, require_customer_or_staff
from appointments.rules import share_of
from appointments.selectors.finding import LAST_DATE
from appointments.selectors.nights import hours_of_stay, units_left
from appointments.selectors.sessions import policy_of_listing
from appointments.services.assignment import put_before, withdraw_offers
from appointments.services.booking import insert
from appointments.services.cancelling import require_before_cutoff
from appointments.services.moving_seats import keep_the_fee
from appointments.services.paying import confirm_or_ask, end_overdue
from appointments.services.pools import lock_pool
from appointments.services.seat_shares import require_fair_share_of_stays
from appointments.services.starts import keep_as_it_is, require_still_there
from appointments.services.stay_checks import require_dates, require_fitting
from appointments.transitions import write_log
from booking_site.common.actors import Actor
from booking_site.common.errors import Forbidden, Invalid, NotFound
from booking_site.common.events import publish
from realtors.listing_rules import HIGHEST_PRICE
from realtors.models import Listing, ListingKind
from stores.rules import Policy

MOST_PETS = 10


@dataclass(frozen=True, kw_only=True)
class StayRequest:
    """Who wants which nights, ``[check_in, check_out)`` by the place's wall clock, for which of
    their pets. ``nightly_price``: what they were shown, where they were."""

    listing: Listing
    customer: User
    pets: Sequence[Pet]
    check_in: date
    check_out: date
    customer_name: str
    customer_phone: str = ""
    email: str = ""
    note: str = ""
    locale: str = "zh-hans"
    nightly_price: Decimal | None = None


@transaction.atomic
def book_stay(request: StayRequest, *, by: Actor, at: datetime) -> Appointment:
    """A unit for each pet and night, all of them or none: pending and unpaid where something is to
    be paid in advance.

    Raises NotFound for a place that is not open to the public, Forbidden, Invalid for dates and
    pets that do not fit, VaccinationExpired, TooSoon, TooFarAhead, NightsTaken, PetConflict,
    TooMany.
    """
    listing = _locked(request.listing, at=at)
    if request.customer != by.user and not is_staff(by, listing.store):
        raise Forbidden
    require_still_there(listing.store, request.customer)
    if listing.realtor is not None and listing.realtor.user_id == request.customer.pk:
        raise Invalid(_("You cannot book a place of your own."))
    if request.nightly_price not in (None, listing.price):
        changed = _("The price or the rules have changed meanwhile. Please look at them again.")
        raise Invalid(changed)
    policy = policy_of_listing(listing)
    require_dates(listing, policy, request.check_in, request.check_out, at=at)
    pets = _own_pets(request)
    require_fitting(listing, pets, request.check_out)
    appointment = insert(_new(request, listing, policy, len(pets), at))
    write_log(appointment, Action.CREATED, by=by, at=at, from_status="")
    StayPet.objects.bulk_create(
        StayPet(appointment=appointment, pet=pet, name=pet.name, species=pet.species)
        for pet in pets
    )
    _claim(appointment, listing, [pet.pk for pet in pets], at)
    if request.customer == by.user:
        require_fair_share_of_stays(appointment, at=at)
    publish(AppointmentCreated(appointment_id=appointment.pk, at=at, queued=False))
    if not appointment.awaits_payment:
        confirm_or_ask(appointment, at=at)
    return appointment


@transaction.atomic
def move_stay(
    appointment: Appointment, check_in: date, *, by: Actor, at: datetime, reason: str = ""
) -> Appointment:
    """As many nights from another date on: own claims go and new ones come, or nothing changes.
    What was paid stays paid, what was confirmed stays so; what cancelling costs by now it costs
    afterwards, too.

    Raises the refusals of ``book_stay``, CancelTooLate, InvalidTransition, ProofRequired.
    """
    if check_in > LAST_DATE:
        raise errors.TooFarAhead
    lock_pool(appointment.store_id, at=at)
    end_overdue(appointment.store_id, at=at)
    appointment.refresh_from_db()
    require_customer_or_staff(by, appointment)
    if appointment.status not in UPCOMING or appointment.check_in is None:
        raise errors.InvalidTransition(errors={"status": [appointment.status]})
    if check_in == appointment.check_in:
        # Nothing moves, and nobody gets a new deadline by it.
        return appointment
    if bound_by_cutoff(by, appointment):
        require_before_cutoff(appointment, "reschedule_cutoff_minutes", at)
        keep_the_fee(appointment, at)
    assert appointment.listing_id is not None
    listing = Listing.objects.with_people().get(pk=appointment.listing_id)
    check_out = check_in + timedelta(days=appointment.nights)
    policy = policy_of_listing(listing)
    require_dates(listing, policy, check_in, check_out, at=at)
    pets = [one.pet for one in appointment.stay_pets.select_related("pet")]
    still_there = [pet for pet in pets if pet is not None]
    require_fitting(listing, still_there, check_out)
    before, previous = appointment.check_in, appointment.starts_at
    claims.release(appointment)
    _stay_then(appointment, listing, check_in, check_out, at)
    _claim(appointment, listing, [pet.pk for pet in still_there], at, units=len(pets))
    details = {"from": before.isoformat(), "to": check_in.isoformat()}
    write_log(appointment, Action.RESCHEDULED, by=by, at=at, reason=reason, details=details)
    publish(AppointmentRescheduled(appointment_id=appointment.pk, at=at, previous_start=previous))
    if appointment.status == Status.PENDING and not appointment.awaits_payment:
        withdraw_offers(appointment, at=at)
        put_before(appointment, at=at)
    return appointment


def total_price(listing: Listing, nights: int, pets: int) -> Decimal:
    return listing.price * nights * pets


def _locked(listing: Listing, *, at: datetime) -> Listing:
    """The store's pool, and then the place as it is. What was not paid in time is over, whether or
    not the sweep has come by."""
    lock_pool(listing.store_id, at=at)
    keep_as_it_is(listing)
    rows = Listing.objects.open_to_public().with_people()
    found = rows.filter(
        pk=listing.pk, store=listing.store_id, kind=ListingKind.BOARDING, realtor__isnull=False
    ).first()
    if found is None:
        raise NotFound(errors={"service_id": [str(NotFound.message)]})
    end_overdue(listing.store_id, at=at)
    return found


def _own_pets(request: StayRequest) -> list[Pet]:
    """Locked, so that none is taken out of the books while somebody books for it. Raises
    Invalid."""
    ids = [pet.pk for pet in request.pets]
    if not ids or len(set(ids)) != len(ids):
        raise Invalid(errors={"pet_ids": [_("Say which pets are to stay, each once.")]})
    if len(ids) > MOST_PETS:
        message = _("At most %(count)s pets at a time.") % {"count": MOST_PETS}
        raise Invalid(errors={"pet_ids": [message]})
    theirs = Pet.objects.visible_to(request.customer).select_for_update().filter(pk__in=ids)
    found = list(theirs.order_by("pk"))
    if len(found) != len(ids):
        raise Invalid(errors={"pet_ids": [_("This is not a pet of yours.")]})
    return found


def _new(
    request: StayRequest, listing: Listing, policy: Policy, pets: int, at: datetime
) -> Appointment:
    """Not saved, without a code."""
    realtor = listing.realtor
    assert realtor is not None
    price = total_price(listing, (request.check_out - request.check_in).days, pets)
    if price > HIGHEST_PRICE:
        raise Invalid(errors={"check_out": [_("So long a stay cannot be paid in one go.")]})
    due_now = share_of(price, listing.deposit_percent, listing.currency)
    hours = hours_of_stay(listing, request.check_in, request.check_out)
    pay_before = min(at + timedelta(minutes=policy.payment_minutes), hours.start)
    return Appointment(
        store=listing.store,
        realtor=realtor,
        realtor_named=True,
        listing=listing,
        user=request.customer,
        customer_name=request.customer_name,
        customer_phone=request.customer_phone,
        customer_email=request.email,
        customer_note=request.note,
        locale=request.locale,
        check_in=request.check_in,
        check_out=request.check_out,
        starts_at=hours.start,
        ends_at=hours.end,
        duration_minutes=int((hours.end - hours.start).total_seconds() // 60),
        nightly_price=listing.price,
        price=price,
        final_price=price,
        commission=share_of(price, realtor.commission_percent, listing.currency),
        currency=listing.currency,
        due_now=due_now,
        payment_status=PaymentStatus.UNPAID if due_now else PaymentStatus.NOT_REQUIRED,
        pay_before=pay_before if due_now else None,
        policy=policy.snapshot(),
        queued_at=at,
        created_at=at,
        updated_at=at,
    )


def _claim(
    appointment: Appointment,
    listing: Listing,
    pet_ids: Sequence[int],
    at: datetime,
    *,
    units: int | None = None,
) -> None:
    """The place's units and the pets, every night. Raises NightsTaken, PetConflict."""
    check_in, check_out = appointment.check_in, appointment.check_out
    assert check_in is not None
    assert check_out is not None
    wanted = len(pet_ids) if units is None else units
    # Said first, and in words: the sitter may be away, which no claim shows.
    if units_left([listing], check_in, check_out, at=at)[listing.pk] < wanted:
        raise errors.NightsTaken
    try:
        claims.take(appointment, claims.for_pets(pet_ids, check_in, check_out), at=at)
    except claims.Refused as error:
        raise errors.PetConflict from error
    try:
        claims.take_nights(appointment, listing, check_in, check_out, wanted, at=at)
    except claims.Refused as error:
        raise errors.NightsTaken from error


def _stay_then(
    appointment: Appointment, listing: Listing, check_in: date, check_out: date, at: datetime
) -> None:
    hours = hours_of_stay(listing, check_in, check_out)
    appointment.check_in, appointment.check_out = check_in, check_out
    appointment.starts_at, appointment.ends_at = hours.start, hours.end
    appointment.duration_minutes = int((hours.end - hours.start).total_seconds() // 60)
    appointment.sequence += 1
    appointment.updated_at = at
    appointment.arrived_at = None
    if appointment.pay_before is not None:
        appointment.pay_before = min(appointment.pay_before, hours.start)
    appointment.save(
        update_fields=[
            "check_in",
            "check_out",
            "starts_at",
            "ends_at",
            "duration_minutes",
            "policy",
            "sequence",
            "updated_at",
            "arrived_at",
            "pay_before",
        ]
    )
