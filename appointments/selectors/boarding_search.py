"""Boarding places for whoever looks for one: those that can be booked then."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from appointments.selectors.stay_dates import Nights, all_open_nights
from realtors.models import Listing, ListingKind, ListingQuerySet
from stores.rules import Policy
from stores.selectors import policies_of


def to_be_had(rows: ListingQuerySet, nights: Nights, *, at: datetime) -> ListingQuerySet:
    """Of these boarding places those with room on all of ``nights``. Four queries, whatever the
    number of places and nights, and one when it is read."""
    fitting = rows.filter(kind=ListingKind.BOARDING, capacity__gte=nights.pets)
    places = list(fitting.order_by().select_related("store"))
    policies = policies_of(list({one.store for one in places})) if places else {}
    found = with_room(places, policies, nights, at=at)
    return rows.filter(pk__in=[one.pk for one in found])


def with_room(
    places: Sequence[Listing], policies: Mapping[int, Policy], nights: Nights, *, at: datetime
) -> list[Listing]:
    """Of ``places`` those with so many units every night, where it is neither too late to bring
    pets on the first day nor too early to book the last. ``policies``: by store. Two queries."""
    first, last = nights.check_in, nights.check_out
    known = all_open_nights(places, policies, first, last, at=at)
    return [
        place
        for place, found in zip(places, known, strict=True)
        if found.has_room(first, last, nights.pets)
    ]
