"""From codes, ids and proofs to appointments, and to who the caller is to them."""

from dataclasses import dataclass
from datetime import datetime

from rest_framework.request import Request

from accounts.models import User
from appointments import proof
from appointments.errors import AlreadyTaken
from appointments.models import Appointment
from appointments.permissions import is_customer, is_provider, is_staff
from appointments.selectors.finding import answerable_by
from appointments.services.what_takes_time import OF_TIME
from booking_site.common.actors import Actor
from booking_site.common.api.inputs import not_there, row_id
from booking_site.common.callers import actor_of, address_of
from booking_site.common.errors import NotFound
from realtors.models import Listing, Realtor
from stores.models import Store

CODE_LENGTH = 6


@dataclass(frozen=True)
class Opened:
    """An appointment found by its code. ``known``: the caller is its customer (signed in, or
    proven), its realtor or staff, and may see all of it."""

    appointment: Appointment
    by: Actor
    known: bool


def opened(request: Request, code: str, digits: str | None, *, at: datetime) -> Opened:
    """By its code, and the proof if one is given and needed. Raises NotFound, ProofRequired,
    TooMany. Failures are counted, so call it outside of transactions."""
    if not (code.isascii() and code.isdigit() and len(code) == CODE_LENGTH):
        raise NotFound
    appointment = proof.find_by_code(
        code, with_digits=bool(digits), address=address_of(request), at=at
    )
    by = actor_of(request)
    if is_customer(by, appointment) or is_provider(by, appointment):
        return Opened(appointment, by, known=True)
    if is_staff(by, appointment.store):
        return Opened(appointment, by, known=True)
    if not digits:
        return Opened(appointment, by, known=False)
    proven = proof.prove(appointment, digits, address=address_of(request), at=at)
    return Opened(appointment, proven, known=True)


def put_before(
    request: Request, appointment_id: str, realtor_id: str | None
) -> tuple[Appointment, Realtor | None]:
    """The appointment the caller may answer, and the realtor they answer for if they say so.

    Raises NotFound, AlreadyTaken when that realtor is not (or no longer) the one.
    """
    assert isinstance(request.user, User)
    rows = answerable_by(request.user).with_people()
    appointment = rows.filter(pk=row_id(appointment_id)).first()
    if appointment is None:
        raise not_there()
    if realtor_id is None:
        return appointment, None
    run = Realtor.objects.run_by(request.user)
    realtor = run.filter(pk=row_id(realtor_id, field="realtor_id")).first()
    if realtor is None:
        raise not_there("realtor_id")
    if appointment.realtor_id != realtor.pk:
        raise AlreadyTaken
    return appointment, realtor


def listing_named(store: Store, listing_id: str | None) -> Listing | None:
    """A house or a service of this store that everybody sees: of listings, what is booked by its
    start is the viewing of a house or the order of a service; a course is booked by its sessions,
    boarding by the night. Raises NotFound for ``listing_id``."""
    if listing_id is None:
        return None
    rows = Listing.objects.open_to_public().filter(kind__in=OF_TIME, store=store)
    found = rows.with_people().filter(pk=row_id(listing_id, field="listing_id")).first()
    if found is None:
        raise not_there("listing_id")
    return found


def named_realtor(store: Store, realtor_id: str | None) -> Realtor | None:
    """One who can be booked in this store. Raises NotFound for ``realtor_id``."""
    if realtor_id is None:
        return None
    rows = Realtor.objects.bookable().filter(store=store)
    realtor = rows.filter(pk=row_id(realtor_id, field="realtor_id")).first()
    if realtor is None:
        raise not_there("realtor_id")
    return realtor
