"""Boarding places for whoever looks for one: those that can be booked then."""

from datetime import date, datetime

from appointments.selectors.nights import first_night, last_check_out, with_room
from realtors.models import ListingQuerySet
from stores.selectors import policies_of


def to_be_had(
    rows: ListingQuerySet, check_in: date, check_out: date, *, units: int = 1, at: datetime
) -> ListingQuerySet:
    """Of these boarding places those with so many units every night, where it is neither too late
    to bring pets on the first day nor too early to book the last. Six queries, whatever the number
    of places and nights."""
    found = with_room(rows, check_in, check_out, units=units, at=at)
    places = list(found.order_by().select_related("store"))
    policies = policies_of(list({one.store for one in places})) if places else {}
    fitting = []
    for one in places:
        policy = policies[one.store_id].overridden_by(one)
        if first_night(one, policy, at) <= check_in and check_out <= last_check_out(
            one, policy, at
        ):
            fitting.append(one.pk)
    return rows.filter(pk__in=fitting)
