"""Boarding places that have room on all of some nights, among those somebody looks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from appointments.selectors import boarding_search
from appointments.selectors.stay_dates import Nights, nearest_dates
from booking_site.site.finding.listings import ListingSearch, found_by
from realtors.models import Listing, ListingQuerySet
from realtors.selectors import matching_listings
from stores.rules import Policy
from stores.selectors import policies_of

# Of more nobody wants to hear, and looking takes its time.
MOST_ASKED = 100


@dataclass(frozen=True)
class Places:
    """Those that fit the rest of a search, whether or not they have room, and their policies."""

    rows: list[Listing]
    policies: Mapping[int, Policy]


def places_for(search: ListingSearch, pets: int) -> Places:
    """Large enough for so many. Two queries."""
    matching = matching_listings(Listing.objects.open_to_public(), search.wish).order_by()
    found = matching.filter(realtor__isnull=False, capacity__gte=pets).select_related("store")
    rows = list(found)
    return Places(rows, policies_of(list({one.store for one in rows})) if rows else {})


def with_room(
    search: ListingSearch, places: Places, nights: Nights, *, at: datetime
) -> ListingQuerySet:
    """What the list shows: of ``places`` those with room every night. Two queries, and one when it
    is read."""
    found = boarding_search.with_room(places.rows, places.policies, nights, at=at)
    return found_by(search).filter(pk__in=[one.pk for one in found])


def nearest(places: Places, nights: Nights, *, at: datetime) -> list[tuple[date, int]]:
    """Other check-ins for as many nights, and how many of the first places have room then. Two
    queries."""
    return nearest_dates(
        places.rows[:MOST_ASKED],
        places.policies,
        nights.check_in,
        nights.check_out,
        units=nights.pets,
        at=at,
    )
