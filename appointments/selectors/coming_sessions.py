"""Of courses: which have sessions on some days, and which session of each can be booked next."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from appointments.models import Session
from appointments.selectors.finding import between_dates
from appointments.selectors.sessions import Seats, SeatState, with_seats
from realtors.models import ListingQuerySet
from stores.rules import Policy

# Of each course so many are looked at; who is booked up beyond them has no next one to show.
LOOKED_AT = 20


def with_sessions_between(
    rows: ListingQuerySet, *, first: date | None, last: date | None, at: datetime
) -> ListingQuerySet:
    """Of these, the courses with an open session that begins from ``first`` to ``last``, by the
    calendar of its store; whether it has a free seat is not asked."""
    if first is None and last is None:
        return rows
    coming = between_dates(Session.objects.bookable(at), first=first, last=last)
    return rows.filter(pk__in=coming.order_by().values("listing"))


def next_sessions(
    listing_ids: Iterable[int], *, at: datetime, policies: Mapping[int, Policy] | None = None
) -> dict[int, Seats]:
    """By listing: the first of its sessions that can be booked now, seat and all. Three queries,
    two where the ``policies`` of all their stores are known, none for no listings."""
    ids = list(listing_ids)
    if not ids:
        return {}
    place = Window(RowNumber(), partition_by=F("listing"), order_by=[F("starts_at"), F("pk")])
    coming = Session.objects.bookable(at).filter(listing__in=ids).annotate(place=place)
    rows = coming.filter(place__lte=LOOKED_AT).select_related("listing", "store")
    found: dict[int, Seats] = {}
    for seats in with_seats(list(rows.order_by("starts_at", "pk")), at=at, policies=policies):
        if seats.state == SeatState.AVAILABLE:
            found.setdefault(seats.session.listing_id, seats)
    return found
