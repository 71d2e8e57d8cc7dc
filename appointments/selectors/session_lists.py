"""Many sessions at once, for lists that staff read: seats given, seats still free, and what cannot
take place as it is planned."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

from appointments.models import (
    Appointment,
    Claim,
    PaymentStatus,
    SessionQuerySet,
    SessionStatus,
    Status,
)
from appointments.models.session import TAKES_PLACE
from appointments.rules import session_key
from appointments.selectors.sessions import Conflict, conflicts_of
from realtors.models import TimeOff

# Who had a place in it, whether or not they came.
SOLD = (Status.CONFIRMED, Status.IN_PROGRESS, Status.COMPLETED, Status.NO_SHOW)
# Nearer than this somebody has to do something about it; sessions are made no further ahead.
LOOKED_AHEAD = timedelta(days=62)
# What the key of every session begins with: "s:".
SEAT_KEY = session_key(0).removesuffix("0")


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
    """Those still to begin that can be booked, with a seat left or without one. As
    ``seats_taken`` counts: expired locks and what was not paid in time take none."""
    overdue = Q(
        appointment__status=Status.PENDING,
        appointment__payment_status=PaymentStatus.UNPAID,
        appointment__pay_before__lte=at,
    )
    key = Concat(Value(SEAT_KEY), Cast(OuterRef("pk"), CharField()))
    seats = Claim.objects.standing(at).filter(resource=key).exclude(overdue)
    counted = seats.order_by().values("resource").annotate(count=Count("pk")).values("count")
    open_ones = rows.filter(status=SessionStatus.OPEN, starts_at__gt=at)
    known = open_ones.annotate(claimed=Coalesce(Subquery(counted), 0))
    return (
        known.filter(claimed__lt=F("capacity"))
        if left
        else known.filter(claimed__gte=F("capacity"))
    )


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
