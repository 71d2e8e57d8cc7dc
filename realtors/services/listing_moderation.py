"""Listings that should not be shown: taken down and put back by staff, who say why."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from booking_site.common.actors import Actor
from booking_site.common.errors import Invalid
from booking_site.common.history import signed
from realtors.errors import ListingMoved
from realtors.listing_rules import LONGEST_REASON
from realtors.models import Listing, ListingStatus
from realtors.permissions import require_overseer

from .listings import locked


@transaction.atomic
def hide_listing(listing: Listing, *, reason: str, by: Actor, at: datetime) -> Listing:
    """Nobody sees it any more but who runs it, who reads why; what is booked stays booked. Raises
    Forbidden, Invalid; ListingMoved for what is not shown."""
    row = locked(listing)
    require_overseer(by, row.store)
    if row.status != ListingStatus.PUBLISHED:
        raise ListingMoved(_("It is not shown to anybody."))
    return _moved(row, ListingStatus.HIDDEN, reason, by, at)


@transaction.atomic
def restore_listing(listing: Listing, *, reason: str, by: Actor, at: datetime) -> Listing:
    """Shown again. Raises Forbidden, Invalid; ListingMoved for what was not taken down."""
    row = locked(listing)
    require_overseer(by, row.store)
    if row.status != ListingStatus.HIDDEN:
        raise ListingMoved(_("It was not taken down."))
    return _moved(row, ListingStatus.PUBLISHED, reason, by, at)


def _moved(row: Listing, to: ListingStatus, reason: str, by: Actor, at: datetime) -> Listing:
    """Every step and its reason is a version of the row."""
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Invalid(errors={"reason": [_("Please say why, in a line.")]})
    row.status, row.hidden_reason, row.updated_at = to, reason.strip(), at
    signed(row, by=by, at=at).save(update_fields=["status", "hidden_reason", "updated_at"])
    return row
