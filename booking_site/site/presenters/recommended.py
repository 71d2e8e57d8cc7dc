"""What is recommended, houses or services, each with the reason why it stands there."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import gettext as _

from booking_site.site.presenters import listings
from booking_site.site.presenters.saving import with_hearts
from realtors.models import ListingKind, ListingQuerySet
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


# By the kind whose list leads there: what is recommended beside each other.
TOGETHER: dict[str, tuple[str, ...]] = {
    ListingKind.HOUSE: (ListingKind.HOUSE.value,),
    ListingKind.SERVICE: (ListingKind.SERVICE.value, ListingKind.BOARDING.value),
}


def for_whoever(
    user: "User | AnonymousUser",
    *,
    at: datetime,
    page: int = 1,
    page_size: int,
    city: str = "",
    kind: str = ListingKind.HOUSE,
) -> dict[str, Any]:
    """``title``; ``cards``, each with a ``reason``; and the ``page`` they are. ``kind``: of
    TOGETHER. Ten queries at most, six for guests."""
    asked: dict[str, Any] = {"at": at, "page": page, "page_size": page_size, "dressed": _dressed}
    asked["kinds"] = TOGETHER[kind]
    wish = ListingWish(city=city)
    if user.is_authenticated:
        found = recommended_for(user, wish, **asked)
    else:
        found = recommended_houses(wish, **asked)
    cards = _cards(found.rows, user, at)
    return {"title": _title(found.rows, kind), "cards": cards, "page": found}


def elsewhere(kind: str) -> dict[str, str]:
    """Of the page: the list that has all of them, and what to say where there is none."""
    if kind == ListingKind.HOUSE:
        none = _("None is offered at the moment that you have not booked or passed over.")
        told = {"all_label": _("All houses"), "none": _("No house to recommend"), "why_none": none}
    else:
        none = _("None is offered at the moment that you have not booked.")
        told = {"all_label": _("All services"), "none": _("Nothing to recommend")}
        told["why_none"] = none
    return told | {"all_url": reverse(listings.LISTS[kind])}


def popular_houses(*, at: datetime, most: int, city: str = "") -> dict[str, Any]:
    """The same for guests, without a page. Four queries at most."""
    found = first_houses(ListingWish(city=city), at=at, most=most, dressed=_dressed)
    return {"title": _title(found, ListingKind.HOUSE), "cards": _cards(found, AnonymousUser(), at)}


def _cards(
    found: list[Recommendation], user: "User | AnonymousUser", at: datetime
) -> list[dict[str, Any]]:
    rows = [one.listing for one in found]
    cards = listings.cards(rows, at=at, with_kind=len({one.kind for one in rows}) > 1)
    told = zip(cards, found, strict=True)
    return with_hearts([card | {"reason": one.reason.sentence} for card, one in told], user)


def _title(found: list[Recommendation], kind: str) -> str:
    codes = {one.reason.code for one in found}
    if kind == ListingKind.HOUSE:
        theirs, popular, any_of_them = (
            _("Houses for you"),
            _("Popular houses"),
            _("Houses to look at"),
        )
    else:
        theirs, popular, any_of_them = (
            _("Services for you"),
            _("Popular services"),
            _("Services to look at"),
        )
    if codes & OF_THEIRS:
        return theirs
    return popular if "popular" in codes else any_of_them


def _dressed(rows: ListingQuerySet) -> ListingQuerySet:
    return with_cover(rows.with_people())
