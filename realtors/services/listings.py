"""What somebody offers: written, shown, and taken back."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from booking_site.common.actors import Actor
from booking_site.common.errors import Forbidden, Invalid
from booking_site.common.history import signed
from realtors.errors import ListingBooked, ListingMoved
from realtors.models import Listing, ListingStatus, Realtor
from realtors.permissions import oversees, require_listing_runner

# What people say of it; everything else is reckoned, or decided by staff.
FACTS = frozenset(
    {
        "kind",
        "store",
        "realtor",
        "title",
        "description",
        "category",
        "subcategory",
        "price",
        "price_unit",
        "duration_minutes",
        "buffer_before_minutes",
        "buffer_after_minutes",
        "capacity",
        "address",
        "latitude",
        "longitude",
        "tags",
        "attributes",
        "needs_approval",
        "deposit_percent",
        "cancel_cutoff_minutes",
        "reschedule_cutoff_minutes",
        "fee_steps",
    }
)
# What was promised under them stays as it was promised.
BOUND = ("kind", "store", "realtor")
OPEN = ("pending", "confirmed", "in_progress")


@transaction.atomic
def create_listing(*, by: Actor, at: datetime, **facts: Any) -> Listing:
    """A draft, which nobody else sees. Providers write for themselves, and need not say so; who
    runs a store names it. ``facts``: of FACTS.

    Raises Forbidden; Invalid, by field.
    """
    listing = Listing(created_at=at, updated_at=at)
    _put_down(listing, _with_whose(facts, by))
    require_listing_runner(by, listing)
    check(listing)
    signed(listing, by=by, at=at).save()
    return listing


@transaction.atomic
def edit_listing(listing: Listing, *, by: Actor, at: datetime, **facts: Any) -> Listing:
    """Only what is named; prices concern bookings to come. Raises Forbidden; Invalid, by field:
    also for what is to stay because somebody has booked it."""
    row = locked(listing)
    require_listing_runner(by, row)
    was = {name: getattr(row, f"{name}_id", getattr(row, name)) for name in BOUND}
    _put_down(row, facts)
    require_listing_runner(by, row)
    moved = [name for name in BOUND if getattr(row, f"{name}_id", getattr(row, name)) != was[name]]
    if moved and is_booked(row):
        message = _("Somebody has booked it, so this stays as it is. Make a new listing instead.")
        raise Invalid(errors={name: [message] for name in moved})
    check(row)
    row.updated_at = at
    signed(row, by=by, at=at).save()
    return row


@transaction.atomic
def publish_listing(listing: Listing, *, by: Actor, at: datetime) -> Listing:
    """Everybody sees it, and it can be booked. Raises Forbidden, Invalid; ListingMoved for what is
    shown already, or was taken down by staff."""
    row = locked(listing)
    require_listing_runner(by, row)
    if row.status == ListingStatus.HIDDEN:
        raise ListingMoved(_("It was taken down. Only staff can put it back."))
    if row.status == ListingStatus.PUBLISHED:
        raise ListingMoved(_("It is shown already."))
    check(row)
    row.status, row.hidden_reason = ListingStatus.PUBLISHED, ""
    # Whoever takes it back and shows it again does not become new by that.
    row.published_at = row.published_at or at
    return _kept(row, by, at)


@transaction.atomic
def withdraw_listing(listing: Listing, *, by: Actor, at: datetime) -> Listing:
    """A draft again; what is booked stays booked. Raises Forbidden; ListingMoved for what is not
    shown."""
    row = locked(listing)
    require_listing_runner(by, row)
    if row.status != ListingStatus.PUBLISHED:
        raise ListingMoved(_("It is not shown to anybody."))
    row.status = ListingStatus.DRAFT
    return _kept(row, by, at)


@transaction.atomic
def take_back_listing(listing: Listing, *, by: Actor, at: datetime) -> Listing:
    """Nobody finds it any more; nothing to do where nobody does already. The row stays, for what
    was booked of it once. Raises Forbidden; ListingBooked while something of it is to come."""
    row = locked(listing)
    require_listing_runner(by, row)
    if is_booked(row):
        raise ListingBooked
    return row if row.status != ListingStatus.PUBLISHED else withdraw_listing(row, by=by, at=at)


def locked(listing: Listing) -> Listing:
    """As it is now, and stays until the transaction ends."""
    return Listing.objects.select_for_update().get(pk=listing.pk)


def check(listing: Listing) -> None:
    """Raises Invalid, by field, for what could not be booked as it stands."""
    try:
        listing.full_clean()
    except ValidationError as error:
        raise Invalid(errors=error.message_dict) from error


def is_booked(listing: Listing) -> bool:
    """Whether somebody still has something to come of it, or a session of it is planned.
    ``appointments`` and ``sessions`` are the other sides of names there, not imports: that app
    stands above this one."""
    rows: Any = listing
    if rows.appointments.filter(status__in=OPEN).exists():
        return True
    return bool(rows.sessions.filter(status__in=("open", "blocked")).exists())


def _put_down(listing: Listing, facts: dict[str, Any]) -> None:
    unknown = set(facts) - FACTS
    if unknown:
        raise TypeError(f"a listing does not let itself be told {', '.join(sorted(unknown))}")
    for name, value in facts.items():
        setattr(listing, name, value)


def _with_whose(facts: dict[str, Any], by: Actor) -> dict[str, Any]:
    """Of a provider who does not say whose it is, their own. Raises Forbidden, Invalid."""
    store, realtor = facts.get("store"), facts.get("realtor")
    if store is None and realtor is not None:
        return facts | {"store": realtor.store}
    if store is not None and (realtor is not None or oversees(by, store)):
        return facts
    own = None
    if by.user is not None:
        own = Realtor.objects.filter(user=by.user).select_related("store").first()
    if own is not None and store in (None, own.store):
        return facts | {"store": own.store, "realtor": own}
    if by.user is None or store is not None:
        raise Forbidden
    if own is None and not by.user.is_staff:
        raise Forbidden(_("This is for those who offer something themselves."))
    raise Invalid(errors={"store": [_("Say in which store.")]})


def _kept(row: Listing, by: Actor, at: datetime) -> Listing:
    row.updated_at = at
    signed(row, by=by, at=at).save(
        update_fields=["status", "hidden_reason", "published_at", "updated_at"]
    )
    return row
