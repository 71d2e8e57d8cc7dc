"""Houses, and people who take an interest in them."""

from datetime import datetime, timedelta

from accounts.models import User
from realtors.models import Interest, Listing
from realtors.selectors import recommended_for, recommended_houses
from tests.factories import ListingFactory, UserFactory

from .conftest import NOW


def house(title: str, district: str = "静安", *, days: int = 100, **facts) -> Listing:
    """So many days old; of two rooms and 6,000 a month, unless said otherwise."""
    told = {"rooms": facts.pop("rooms", 2), "area": 60.5, "district": district}
    facts = {"price": 6000, "attributes": told} | facts
    return ListingFactory(title=title, house=True, published_at=NOW - timedelta(days=days), **facts)


def took(user: User, listing: Listing, what: str = "viewed", *, days: int = 1) -> Interest:
    at = NOW - timedelta(days=days)
    return Interest.objects.create(user=user, listing=listing, what=what, at=at)


def many(listing: Listing, what: str = "viewed", *, people: int = 3, days: int = 1) -> list[User]:
    users = [UserFactory() for _ in range(people)]
    for user in users:
        took(user, listing, what, days=days)
    return users


def seen(user: User | None = None, at: datetime = NOW, **asked) -> list[tuple[str, str]]:
    """Title and code of the reason, in their order."""
    rows = recommended_for(user, at=at, **asked) if user else recommended_houses(at=at, **asked)
    return [(one.listing.title, one.reason.code) for one in rows.rows]


def titles(user: User | None = None, **asked) -> list[str]:
    return [title for title, _code in seen(user, **asked)]


def reason(title: str, user: User | None = None, **asked) -> str:
    """The sentence."""
    rows = recommended_for(user, at=NOW, **asked) if user else recommended_houses(at=NOW, **asked)
    return next(one.reason.sentence for one in rows.rows if one.listing.title == title)
