"""Days of slots for any dates somebody may ask for, those of other centuries included."""

from datetime import date, datetime, timedelta

from appointments.selectors.slots import Day, NoneBecause, days_of_slots
from realtors.models import Listing
from stores.models import Store

# Further ahead than any policy may allow (its figure ends at 365).
FURTHEST = timedelta(days=400)


def offered_days(
    store: Store,
    *,
    first: date,
    days: int,
    at: datetime,
    duration_minutes: int | None = None,
    realtor_id: int | None = None,
    listing: Listing | None = None,
) -> list[Day]:
    """``days`` local days from ``first``, fewer at the end of the calendar. Only dates that could
    be bookable are looked up. Queries: constant."""
    today = at.astimezone(store.zone).date()
    dates = [
        date.fromordinal(number)
        for number in range(first.toordinal(), first.toordinal() + days)
        if number <= date.max.toordinal()
    ]
    near = [day for day in dates if today <= day <= today + FURTHEST]
    found = {}
    if near:
        looked_up = days_of_slots(
            store,
            first=near[0],
            days=len(near),
            at=at,
            duration_minutes=duration_minutes,
            realtor_id=realtor_id,
            listing=listing,
        )
        found = {day.date: day for day in looked_up}
    return [found.get(day) or _out_of_reach(day, today) for day in dates]


def _out_of_reach(day: date, today: date) -> Day:
    return Day(day, NoneBecause.PAST if day < today else NoneBecause.TOO_FAR_AHEAD, ())
