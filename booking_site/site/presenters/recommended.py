"""Houses that are recommended, each with the reason why it stands there."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from booking_site.site.presenters import listings
from booking_site.site.presenters.saving import with_hearts
from realtors.models import ListingQuerySet
from realtors.selectors import (
    ListingWish,
    Recommendation,
    first_houses,
    recommended_for,
    recommended_houses,
    with_cover,
)

if TYPE_CHECKING:
    from accounts.models import User

# Reasons that speak of whoever looks.
OF_THEIRS = frozenset(
    {
        "also_booked",
        "also_liked",
        "same_place",
        "same_rooms",
        "same_price",
        "same_category",
        "saved",
        "viewed",
    }
)


def houses(
    user: "User | AnonymousUser",
    *,
    at: datetime,
    page: int = 1,
    page_size: int,
    city: str = "",
) -> dict[str, Any]:
    """``title``; ``cards``, each with a ``reason``; and the ``page`` they are. Ten queries at most,
    six for guests."""
    asked: dict[str, Any] = {"at": at, "page": page, "page_size": page_size, "dressed": _dressed}
    wish = ListingWish(city=city)
    if user.is_authenticated:
        found = recommended_for(user, wish, **asked)
    else:
        found = recommended_houses(wish, **asked)
    return {"title": _title(found.rows), "cards": _cards(found.rows, user, at), "page": found}


def popular_houses(*, at: datetime, most: int, city: str = "") -> dict[str, Any]:
    """The same for guests, without a page. Four queries at most."""
    found = first_houses(ListingWish(city=city), at=at, most=most, dressed=_dressed)
    return {"title": _title(found), "cards": _cards(found, AnonymousUser(), at)}


def _cards(
    found: list[Recommendation], user: "User | AnonymousUser", at: datetime
) -> list[dict[str, Any]]:
    cards = listings.cards([one.listing for one in found], at=at)
    told = zip(cards, found, strict=True)
    return with_hearts([card | {"reason": one.reason.sentence} for card, one in told], user)


def _title(found: list[Recommendation]) -> str:
    codes = {one.reason.code for one in found}
    if codes & OF_THEIRS:
        return _("Houses for you")
    return _("Popular houses") if "popular" in codes else _("Houses to look at")


def _dressed(rows: ListingQuerySet) -> ListingQuerySet:
    return with_cover(rows.with_people())
