"""What somebody has put aside, for themselves."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models import F

from realtors.models import Interest, InterestKind, Listing, ListingQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def saved_by(user: "User") -> ListingQuerySet:
    """What they saved and can still be had, the latest first."""
    rows = Listing.objects.open_to_public().saved_by(user)
    return rows.order_by(F("interests__at").desc(), "-pk").with_people()


def saved_among(user: "User | AnonymousUser", ids: Collection[int]) -> set[int]:
    """Those of these listings that they have saved. One query, none for guests."""
    if not user.is_authenticated or not ids:
        return set()
    found = Interest.objects.of(user, InterestKind.SAVED).filter(listing__in=ids)
    return set(found.values_list("listing", flat=True))
