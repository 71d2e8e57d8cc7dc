"""What the families of courses, of boarding places and of services share where somebody writes a
listing."""

from datetime import datetime
from typing import Any

from booking_site.common.actors import Actor
from realtors import services
from realtors.models import Listing, ListingStatus
from realtors.services.listings import locked


def edited(listing: Listing, facts: dict[str, Any], *, by: Actor, at: datetime) -> Listing:
    """Particulars that are not named stay as they are."""
    if not facts:
        return listing
    named = facts.get("attributes")
    whole = {} if named is None else {"attributes": locked(listing).attributes | named}
    return services.edit_listing(listing, **{**facts, **whole}, by=by, at=at)


def shown_as(listing: Listing, status: str | None, *, by: Actor, at: datetime) -> Listing:
    """Published or a draft, as wanted; nothing to do where it is so already."""
    if status in (None, listing.status):
        return listing
    step = (
        services.publish_listing if status == ListingStatus.PUBLISHED else services.withdraw_listing
    )
    return step(listing, by=by, at=at)
