"""Stretches in which a realtor takes nothing."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from booking_site.common.actors import Actor
from booking_site.common.errors import Invalid, NotFound
from booking_site.common.events import publish
from booking_site.common.history import delete_all, signed
from realtors.events import RealtorAvailabilityChanged
from realtors.models import Realtor, TimeOff
from realtors.permissions import require_runner

FURTHEST = timedelta(days=5 * 365)


@transaction.atomic
def add_time_off(
    realtor: Realtor,
    *,
    starts_at: datetime,
    ends_at: datetime,
    reason: str = "",
    by: Actor,
    at: datetime,
) -> TimeOff:
    """Nothing is booked in that time from now on; what is booked stays booked.

    Raises Forbidden, and Invalid for ``starts_at`` or ``ends_at``: turned around, past, too far
    ahead, or overlapping other time off.
    """
    require_runner(by, realtor)
    off = TimeOff(realtor=realtor, starts_at=starts_at, ends_at=ends_at, reason=reason)
    _save(off, by, at)
    return off


@transaction.atomic
def change_time_off(
    off: TimeOff,
    *,
    by: Actor,
    at: datetime,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    reason: str | None = None,
) -> TimeOff:
    """What is None stays as it is. Raises as ``add_time_off``, and NotFound."""
    require_runner(by, off.realtor)
    off = _locked(off)
    off.starts_at = starts_at or off.starts_at
    off.ends_at = ends_at or off.ends_at
    off.reason = off.reason if reason is None else reason
    _save(off, by, at)
    return off


@transaction.atomic
def remove_time_off(off: TimeOff, *, by: Actor, at: datetime) -> None:
    """The ordinary week counts again in that time. Raises Forbidden."""
    require_runner(by, off.realtor)
    delete_all(TimeOff.objects.filter(pk=off.pk), by=by, at=at)
    _announce(off, at)


def _locked(off: TimeOff) -> TimeOff:
    """The row as it is now, ours until the end: somebody may have changed or removed it."""
    found = TimeOff.objects.select_for_update().filter(pk=off.pk).first()
    if found is None:
        raise NotFound
    found.realtor = off.realtor
    return found


def _save(off: TimeOff, by: Actor, at: datetime) -> None:
    _check(off, at)
    # Two at once would not see each other's time off.
    Realtor.objects.select_for_update().get(pk=off.realtor_id)
    others = TimeOff.objects.filter(realtor_id=off.realtor_id).exclude(pk=off.pk)
    if others.filter(starts_at__lt=off.ends_at, ends_at__gt=off.starts_at).exists():
        raise Invalid(errors={"starts_at": [_("This overlaps other time off.")]})
    signed(off, by=by, at=at).save()
    _announce(off, at)


def _check(off: TimeOff, at: datetime) -> None:
    if off.ends_at <= off.starts_at:
        raise Invalid(errors={"ends_at": [_("Must be after the start.")]})
    if off.ends_at <= at:
        raise Invalid(errors={"ends_at": [_("This time is past.")]})
    if off.starts_at < at - FURTHEST:
        raise Invalid(errors={"starts_at": [_("This is too long ago.")]})
    if off.ends_at > at + FURTHEST:
        raise Invalid(errors={"ends_at": [_("This is too far ahead.")]})


def _announce(off: TimeOff, at: datetime) -> None:
    store_id = off.realtor.store_id
    publish(RealtorAvailabilityChanged(realtor_id=off.realtor_id, store_id=store_id, at=at))
