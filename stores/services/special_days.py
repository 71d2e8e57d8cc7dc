"""Dates on which a store's ordinary week does not count."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from booking_site.common.actors import Actor
from booking_site.common.errors import Invalid, NotFound
from booking_site.common.events import publish
from booking_site.common.history import create_all, delete_all, signed
from stores.events import StoreHoursChanged
from stores.models import SpecialDay, SpecialInterval, Store
from stores.permissions import require_manager
from stores.rules import Interval, intervals_overlap

YEARS_AHEAD = 5


@transaction.atomic
def add_special_day(
    store: Store,
    *,
    day: date,
    hours: Sequence[Interval] = (),
    note: str = "",
    by: Actor,
    at: datetime,
) -> SpecialDay:
    """Other hours on that date, or none: closed. What is booked stays booked.

    Raises Forbidden, and Invalid for ``date`` (past, too far, already special) or ``hours``.
    """
    require_manager(by, store)
    special = SpecialDay(store=store, note=note)
    _set_date(special, day, at)
    _save(special, by, at)
    _set_hours(special, hours, by, at)
    publish(StoreHoursChanged(store_id=store.pk, at=at))
    return special


@transaction.atomic
def change_special_day(
    special: SpecialDay,
    *,
    by: Actor,
    at: datetime,
    day: date | None = None,
    hours: Sequence[Interval] | None = None,
    note: str | None = None,
) -> SpecialDay:
    """What is None stays as it is. Raises as ``add_special_day``, and NotFound."""
    require_manager(by, special.store)
    special = _locked(special)
    if day is not None and day != special.date:
        _set_date(special, day, at)
    if note is not None:
        special.note = note
    _save(special, by, at)
    if hours is not None:
        _set_hours(special, hours, by, at)
    publish(StoreHoursChanged(store_id=special.store_id, at=at))
    return special


@transaction.atomic
def remove_special_day(special: SpecialDay, *, by: Actor, at: datetime) -> None:
    """The ordinary week counts again on that date. Raises Forbidden."""
    require_manager(by, special.store)
    delete_all([*SpecialInterval.objects.filter(special_day=special), special], by=by, at=at)
    publish(StoreHoursChanged(store_id=special.store_id, at=at))


def _locked(special: SpecialDay) -> SpecialDay:
    """The row as it is now, ours until the end: somebody may have changed or removed it."""
    found = SpecialDay.objects.select_for_update().filter(pk=special.pk).first()
    if found is None:
        raise NotFound
    found.store = special.store
    return found


def _set_date(special: SpecialDay, day: date, at: datetime) -> None:
    today = at.astimezone(special.store.zone).date()
    if day < today:
        raise Invalid(errors={"date": [_("This date is past.")]})
    if day.year > today.year + YEARS_AHEAD:
        raise Invalid(errors={"date": [_("This date is too far ahead.")]})
    special.date = day


def _save(special: SpecialDay, by: Actor, at: datetime) -> None:
    try:
        with transaction.atomic():
            signed(special, by=by, at=at).save()
    except IntegrityError as error:
        message = _("There are special hours for this date already.")
        raise Invalid(errors={"date": [message]}) from error


def _set_hours(special: SpecialDay, hours: Sequence[Interval], by: Actor, at: datetime) -> None:
    if intervals_overlap(hours):
        raise Invalid(errors={"hours": [_("These hours overlap.")]})
    wanted = {(interval.opens, interval.closes) for interval in hours}
    rows = SpecialInterval.objects.filter(special_day=special)
    # The table has no key that keeps two of the same apart.
    there = {(row.opens, row.closes): row for row in rows}
    gone = (row for row in rows if there.get((row.opens, row.closes)) is not row)
    left = (row for facts, row in there.items() if facts not in wanted)
    delete_all([*gone, *left], by=by, at=at)
    new = (
        SpecialInterval(special_day=special, opens=opens, closes=closes)
        for opens, closes in sorted(wanted - there.keys())
    )
    create_all(new, by=by, at=at)
