"""Listings that are booked by the time of who shows or does them: houses to see, and services."""

from typing import TypeGuard

from django.utils.translation import gettext as _

from accounts.models import User
from appointments.services.starts import keep_as_it_is
from booking_site.common.errors import Invalid, NotFound
from realtors.models import Listing, ListingKind, Realtor
from stores.models import Store

OF_TIME = (ListingKind.HOUSE, ListingKind.SERVICE)


def what_takes_time(
    store: Store, listing: Listing | None, realtor: Realtor | None
) -> tuple[Listing | None, Realtor | None]:
    """What is to be seen or ordered, and who shows or does it: the host of a house, or the provider
    of a service, that has its own. Raises NotFound for what is neither, or not of this store, or
    not seen by everybody, for another realtor than its own, and for one who does not work there."""
    if realtor and (realtor.store_id != store.pk or not realtor.is_active):
        raise NotFound(errors={"realtor_id": [str(NotFound.message)]})
    if listing is None:
        return None, realtor
    keep_as_it_is(listing)
    rows = Listing.objects.open_to_public().filter(kind__in=OF_TIME, store=store)
    found = rows.select_related("realtor", "category").filter(pk=listing.pk).first()
    if found is None:
        raise NotFound(errors={"listing_id": [str(NotFound.message)]})
    if found.realtor is not None and realtor not in (None, found.realtor):
        raise NotFound(errors={"realtor_id": [str(NotFound.message)]})
    return found, found.realtor or realtor


def require_not_ones_own(listing: Listing | None, customer: User | None) -> None:
    """Nobody is shown their own house, or works for themselves. Raises Invalid."""
    host = listing.realtor if listing is not None else None
    if host is not None and customer is not None and host.user_id == customer.pk:
        if is_service(listing):
            raise Invalid(_("You cannot order a service of your own."))
        raise Invalid(_("You cannot book a viewing of your own house."))


def is_service(listing: Listing | None) -> TypeGuard[Listing]:
    return listing is not None and listing.kind == ListingKind.SERVICE
