"""Finding appointments for those who may see them."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Q

from appointments.models import Appointment, AppointmentQuerySet, Offer, SessionQuerySet
from booking_site.common.periods import day_start
from stores.models import Store

if TYPE_CHECKING:
    from accounts.models import User

Rows = TypeVar("Rows", AppointmentQuerySet, SessionQuerySet)

# Outside of these years there are no appointments, and UTC runs out of years near the edges.
FIRST_DATE, LAST_DATE = date(1970, 1, 2), date(2999, 12, 31)


def answerable_by(user: "User") -> AppointmentQuerySet:
    """Those the user may see, and those once put before them: to hear that it went to another."""
    visible = Appointment.objects.visible_to(user).values("pk")
    asked = Offer.objects.filter(realtor__user=user).values("appointment_id")
    return Appointment.objects.filter(Q(pk__in=visible) | Q(pk__in=asked))


def between_dates(rows: Rows, *, first: date | None, last: date | None) -> Rows:
    """Those that start from ``first`` to ``last`` by the calendar of their own store. One query
    more, for the zones there are."""
    if first is None and last is None:
        return rows
    zones = Store.objects.order_by().values_list("time_zone", flat=True).distinct()
    wanted = Q(pk=None)
    for name in zones:
        wanted |= Q(store__time_zone=name) & _starts_between(first, last, ZoneInfo(name))
    return rows.filter(wanted)


def _starts_between(first: date | None, last: date | None, zone: ZoneInfo) -> Q:
    wanted = Q()
    if first is not None:
        wanted &= Q(starts_at__gte=day_start(within_reason(first), zone))
    if last is not None:
        wanted &= Q(starts_at__lt=day_start(within_reason(last) + timedelta(days=1), zone))
    return wanted


def within_reason(day: date) -> date:
    """The day, or the nearest one that instants can be told of."""
    return max(FIRST_DATE, min(day, LAST_DATE))
