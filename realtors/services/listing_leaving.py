"""When whoever offers something has their account erased."""

from datetime import datetime

from booking_site.common.actors import Actor
from booking_site.common.history import signed, versions_of
from realtors.models import Listing, ListingStatus, Realtor

from .listing_pictures import drop_pictures

WORDS = {"description": "", "address": "", "latitude": None, "longitude": None}


def forget_listings(realtor: Realtor, *, by: Actor, at: datetime) -> None:
    """What they offered is shown no more, and what they said of it goes with them, out of the
    history too. Its title stays, for the customers who have booked it."""
    for listing in Listing.objects.filter(realtor=realtor):
        for name, value in WORDS.items():
            setattr(listing, name, value)
        listing.status, listing.tags, listing.updated_at = ListingStatus.DRAFT, [], at
        signed(listing, by=by, at=at).save()
        versions_of(listing).update(**WORDS)
        drop_pictures(listing)
