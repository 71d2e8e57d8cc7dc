"""Taking and giving back. Every promise of the product passes through ``take``."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from appointments.models import Appointment, Claim, Hold
from appointments.rules import cells, phone_key, realtor_key, user_key
from booking_site.common.periods import Period

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Wanted:
    """A run of cells of one resource."""

    resource: str
    cells: range


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


def take(owner: Appointment | Hold, wanted: Iterable[Wanted], *, at: datetime) -> None:
    """Claim all of it for ``owner`` or nothing. Raises Refused; the transaction stays usable."""
    wanted = list(wanted)
    _let_go_of_expired_holds(wanted, at)
    rows = [
        Claim(resource=one.resource, cell=cell, **_owner(owner))
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


def hand_over(held: Hold, to: Appointment) -> None:
    """Give the realtor's side of a hold to its booking. It is never free in between."""
    Claim.objects.of(held).filter(resource=realtor_key(held.realtor_id)).update(
        appointment=to, hold=None
    )


def release(owner: Appointment | Hold) -> None:
    Claim.objects.of(owner).delete()


def release_realtor(owner: Appointment, realtor_id: int) -> None:
    """Give back the realtor's side only; the customer keeps the time."""
    Claim.objects.of(owner).filter(resource=realtor_key(realtor_id)).delete()


def release_from(owner: Appointment, cell: int) -> None:
    """Give back what is left of a promise that ended early, the running cell included."""
    Claim.objects.of(owner).filter(cell__gte=cell).delete()


def _owner(owner: Appointment | Hold) -> dict[str, Appointment | Hold]:
    return {"appointment": owner} if isinstance(owner, Appointment) else {"hold": owner}


def _let_go_of_expired_holds(wanted: list[Wanted], at: datetime) -> None:
    """An expired hold blocks nobody, even if the sweep has not come by yet."""
    for one in wanted:
        stale = Claim.objects.filter(
            resource=one.resource,
            cell__gte=one.cells.start,
            cell__lt=one.cells.stop,
            hold__expires_at__lte=at,
        )
        ids = list(stale.values_list("pk", flat=True))
        if ids:
            Claim.objects.filter(pk__in=ids).delete()
