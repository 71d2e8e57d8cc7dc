"""The heart on a listing: what is saved, and what would save it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from realtors.models import Listing
from realtors.selectors import saved_among

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

Cards = list[dict[str, Any]]


def with_hearts(cards: Cards, user: "User | AnonymousUser") -> Cards:
    """Of cards of listings, for whoever is signed in; for guests they stay as they are. Their page
    has site/_saving.html, whose form the hearts belong to. One query at most."""
    if not user.is_authenticated:
        return cards
    saved = saved_among(user, [card["seed"] for card in cards])
    return [card | {"heart": _heart(card["seed"], saved)} for card in cards]


def heart_of(listing: Listing, user: "User | AnonymousUser") -> dict[str, Any]:
    """Of a listing's page: guests are led to sign in, and back. One query at most."""
    if user.is_authenticated:
        return _heart(listing.pk, saved_among(user, [listing.pk]))
    here = reverse("site:listing", args=[listing.pk])
    return {"sign_in": f"{reverse('account_login')}?next={here}"}


def _heart(listing_id: int, saved: Sequence[int] | set[int]) -> dict[str, Any]:
    return {"href": reverse("site:save", args=[listing_id]), "saved": listing_id in saved}
