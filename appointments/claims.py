"""Taking and giving back. Every promise of the product passes through ``take``."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from appointments.models import Appointment, Claim, Hold, Session
from appointments.models.claim import Owner, owned_by
from appointments.rules import (
    cell_of,
    cells,
    child_key,
    house_key,
    night_cell,
    night_cells,
    pet_key,
    phone_key,
    place_key,
    realtor_key,
    session_key,
    units_of_nights,
    user_key,
)
from booking_site.common.periods import Period
from realtors.models import Listing

if TYPE_CHECKING:
    from accounts.models import User

# Only writers of another node of a cluster are met here; each time somebody gets their units.
MOST_TRIES = 20


@dataclass(frozen=True)
class Wanted:
    """A run of cells of one resource; ``unit`` is which of several equal ones."""

    resource: str
    cells: range
    unit: int = 0


class Refused(Exception):
    """The database said no: somebody else holds one of these cells."""


def for_realtor(realtor_id: int, around: Period) -> list[Wanted]:
    """The provider's side; ``around`` includes both buffers."""
    return [Wanted(realtor_key(realtor_id), cells(around))]


def for_customer(keys: Iterable[str], during: Period) -> list[Wanted]:
    """The customer's side, without buffers, under every key they are known by."""
    return [Wanted(key, cells(during)) for key in keys]


def customer_keys(user: "User | None", *, guest_phone: str = "") -> list[str]:
    """A signed-in customer is their account, and their verified phone; a guest is their phone."""
    if user is None:
        return [phone_key(guest_phone)] if guest_phone else []
    verified = [phone_key(str(user.phone))] if user.phone and user.phone_verified else []
    return [user_key(user.pk), *verified]


def attendee_keys(
    user: "User | None", *, child_id: int | None = None, guest_phone: str = ""
) -> list[str]:
    """Whose time a seat takes: the child's it is for, else the customer's."""
    if child_id is not None:
        return [child_key(child_id)]
    return customer_keys(user, guest_phone=guest_phone)


def take_seat(owner: Appointment | Hold, session: Session, *, at: datetime) -> int:
    """Claim the first free seat of a session; returns which. Raises Refused when all are taken.

    Counted from the rows: on a cluster somebody may take the same seat at the same moment, and
    then the next one is tried."""
    resource, cell = session_key(session.pk), cell_of(session.starts_at)
    taken = set(Claim.objects.standing(at).filter(resource=resource).values_list("unit", flat=True))
    for seat in range(session.capacity):
        if seat in taken:
            continue
        try:
            take(owner, [Wanted(resource, range(cell, cell + 1), seat)], at=at)
        except Refused:
            continue
        return seat
    raise Refused


def for_house(listing_id: int, during: Period) -> list[Wanted]:
    """A house that is shown to one customer at a time; without buffers."""
    return [Wanted(house_key(listing_id), cells(during))]


def for_pets(pet_ids: Iterable[int], check_in: date, check_out: date) -> list[Wanted]:
    """The pets themselves, for each night: none is in two places."""
    return [
        Wanted(pet_key(pk), range(cell, cell + 1))
        for pk in pet_ids
        for cell in night_cells(check_in, check_out)
    ]


def take_nights(
    owner: Appointment,
    listing: Listing,
    check_in: date,
    check_out: date,
    units: int,
    *,
    at: datetime,
) -> None:
    """Claim so many units of a boarding place for each night of the stay, or nothing. Raises
    Refused when one of the nights has fewer left.

    Counted from the rows, as seats are: somebody else may take the same unit at the same moment,
    and then others are tried, as long as there are enough."""
    resource, wanted = place_key(listing.pk), night_cells(check_in, check_out)
    for _try in range(MOST_TRIES):
        taken: dict[int, set[int]] = {cell: set() for cell in wanted}
        rows = Claim.objects.standing(at).nights([listing.pk], wanted)
        for cell, unit in rows.values_list("cell", "unit"):
            taken[cell].add(unit)
        chosen = units_of_nights(taken, units, listing.capacity)
        if chosen is None:
            raise Refused
        try:
            take(owner, _units(resource, chosen), at=at)
        except Refused:
            continue
        return
    raise Refused


def _units(resource: str, chosen: dict[int, list[int]]) -> list[Wanted]:
    return [
        Wanted(resource, range(cell, cell + 1), unit)
        for cell, units in chosen.items()
        for unit in units
    ]


def take(owner: Owner, wanted: Iterable[Wanted], *, at: datetime) -> None:
    """Claim all of it for ``owner`` or nothing. Raises Refused; the transaction stays usable."""
    wanted = list(wanted)
    _let_go_of_expired_holds(wanted, at)
    rows = [
        Claim(resource=one.resource, cell=cell, unit=one.unit, **owned_by(owner))
        for one in sorted(wanted, key=lambda one: one.resource)
        for cell in one.cells
    ]
    try:
        with transaction.atomic():
            Claim.objects.bulk_create(rows)
    except IntegrityError as error:
        raise Refused from error


def free_until(wanted: Iterable[Wanted], *, at: datetime) -> dict[str, int]:
    """By resource: the first of the wanted cells that somebody else holds. Those without one are
    not in it."""
    found: dict[str, int] = {}
    for one in wanted:
        held = Claim.objects.standing(at).filter(
            resource=one.resource, cell__gte=one.cells.start, cell__lt=one.cells.stop
        )
        first = held.order_by("cell").values_list("cell", flat=True).first()
        if first is not None:
            found[one.resource] = first
    return found


def kept_for(held: Hold) -> range | None:
    """The cells of its realtor that a hold claims, buffers included. None when some are gone:
    somebody whose clock is ahead has let go of it as expired."""
    found = Claim.objects.of(held).filter(resource=realtor_key(held.realtor_id))
    kept = sorted(found.values_list("cell", flat=True))
    if not kept or len(kept) != kept[-1] - kept[0] + 1:
        return None
    needed = cells(Period(held.starts_at, held.ends_at))
    whole = kept[0] <= needed.start and needed.stop <= kept[-1] + 1
    return range(kept[0], kept[-1] + 1) if whole else None


def hand_over(held: Hold, to: Appointment) -> bool:
    """Give what a hold keeps of the provider's, their time and the house, or a seat, to its
    booking. It is never free in between. False when it is gone."""
    if held.session_id is not None:
        kept = [session_key(held.session_id)]
    else:
        kept = [realtor_key(held.realtor_id), house_key(held.listing_id or 0)]
    found = Claim.objects.of(held).filter(resource__in=kept)
    return found.update(appointment=to, hold=None) > 0


def release(owner: Owner) -> None:
    Claim.objects.of(owner).delete()


def release_realtor(owner: Appointment, realtor_id: int) -> None:
    """Give back the realtor's side only; the customer keeps the time."""
    Claim.objects.of(owner).filter(resource=realtor_key(realtor_id)).delete()


def release_from(owner: Appointment | Session, cell: int) -> None:
    """Give back what is left of a promise that ended early, the running cell included."""
    Claim.objects.of(owner).filter(cell__gte=cell).delete()


def release_nights(owner: Appointment, from_night: date) -> None:
    """Give back the nights of a stay that ended early, of the place and of the pets."""
    Claim.objects.of(owner).filter(cell__gte=night_cell(from_night)).delete()


def _let_go_of_expired_holds(wanted: list[Wanted], at: datetime) -> None:
    """An expired hold blocks nobody, even if the sweep has not come by yet. One query, however much
    is wanted."""
    if not wanted:
        return
    own = {(one.resource, one.unit, cell) for one in wanted for cell in one.cells}
    stale = Claim.objects.filter(
        resource__in={one.resource for one in wanted},
        cell__gte=min(one.cells.start for one in wanted),
        cell__lt=max(one.cells.stop for one in wanted),
        hold__expires_at__lte=at,
    )
    rows = stale.values_list("pk", "resource", "unit", "cell")
    ids = [pk for pk, resource, unit, cell in rows if (resource, unit, cell) in own]
    if ids:
        Claim.objects.filter(pk__in=ids).delete()
