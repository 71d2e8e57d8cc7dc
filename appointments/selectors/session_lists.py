"""Many sessions at once, for lists that staff read: seats given, seats still free, and what cannot
take place as it is planned."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from appointments.models import (
    Appointment,
    SessionQuerySet,
    SessionStatus,
    Status,
)
from appointments.models.session import TAKES_PLACE
from appointments.selectors.sessions import Conflict, conflicts_of, seats_taken
from realtors.models import TimeOff

# Who had a place in it, whether or not they came.
SOLD = (Status.CONFIRMED, Status.IN_PROGRESS, Status.COMPLETED, Status.NO_SHOW)
# Nearer than this somebody has to do something about it; sessions are made no further ahead.
LOOKED_AHEAD = timedelta(days=62)


def seats_sold(session_ids: Iterable[int]) -> Counter[int]:
    """By session: places that were given, also of sessions long over. One query."""
    rows = Appointment.objects.filter(session__in=list(session_ids), status__in=SOLD)
    counted = rows.order_by().values_list("session").annotate(count=Count("pk"))
    return Counter({pk: count for pk, count in counted if pk is not None})


def with_seats_sold(rows: SessionQuerySet) -> Any:
    """``sold`` on each of them."""
    return rows.annotate(sold=Count("appointments", filter=Q(appointments__status__in=SOLD)))


def to_come(rows: SessionQuerySet, *, at: datetime) -> SessionQuerySet:
    return rows.filter(status__in=TAKES_PLACE, ends_at__gt=at)


def with_seats_left(rows: SessionQuerySet, *, at: datetime, left: bool) -> SessionQuerySet:
    """Those still to begin that can be booked, with a seat left or without one, by ``seats_taken``.
    Two queries."""
    open_ones = rows.filter(status=SessionStatus.OPEN, starts_at__gt=at).order_by()
    capacities = dict(open_ones.values_list("pk", "capacity"))
    taken = seats_taken(capacities, at=at)
    wanted = [pk for pk, seats in capacities.items() if (taken[pk] < seats) == left]
    return rows.filter(pk__in=wanted)


def in_conflict(rows: SessionQuerySet, *, at: datetime) -> dict[int, Conflict]:
    """Of these, what is to take place in the next weeks and cannot as things stand. Three queries
    at most."""
    near = to_come(rows, at=at).filter(starts_at__lt=at + LOOKED_AHEAD).order_by()
    needed = (
        near.select_related(None)
        .select_related("store")
        .only("starts_at", "ends_at", "realtor", "store", "store__time_zone")
        .annotate(away=Exists(_time_off_then()))
    )
    found = list(needed)
    return conflicts_of(found, away=[one.pk for one in found if one.away])


def _time_off_then() -> QuerySet[TimeOff]:
    return TimeOff.objects.filter(
        realtor=OuterRef("realtor"),
        starts_at__lt=OuterRef("ends_at"),
        ends_at__gt=OuterRef("starts_at"),
    )
