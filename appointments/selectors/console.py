"""What stands before one realtor: open offers, the day, the store's live line, the next days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from appointments.models import Appointment, Offer, OfferStatus, Status
from appointments.models.appointment import LIVE, UPCOMING
from appointments.selectors.lines import queue_positions
from appointments.selectors.waits import estimated_waits
from booking_site.common.errors import NotFound
from booking_site.common.periods import Period, local_day
from realtors.models import Realtor

COMING_DAYS = 7
# What was not brought to its end is shown for so long.
LEFT_OPEN_DAYS = 7


@dataclass(frozen=True)
class Desk:
    """``offers`` by their deadline; ``today`` with what earlier days have left open; ``waiting`` in
    the order of the live line, with places and minutes by appointment id."""

    realtor: Realtor
    offers: list[Offer]
    today: list[Appointment]
    coming: list[Appointment]
    waiting: list[Appointment]
    positions: Mapping[int, int]
    waits: Mapping[int, int | None]


def desk_of(realtor: Realtor, *, at: datetime) -> Desk:
    """Queries: constant."""
    zone = realtor.store.zone
    today = local_day(at.astimezone(zone).date(), zone)
    booked = _booked(realtor, today)
    waiting = list(Appointment.objects.queued().filter(store=realtor.store, live=True))
    for one in waiting:
        one.store = realtor.store
    positions = queue_positions(waiting)
    return Desk(
        realtor=realtor,
        offers=open_offers(realtor, at=at),
        today=[one for one in booked if one.starts_at < today.end],
        coming=[one for one in booked if one.starts_at >= today.end and one.status in UPCOMING],
        waiting=waiting,
        positions=positions,
        waits=estimated_waits(waiting, at=at, positions=positions),
    )


def open_offers(realtor: Realtor, *, at: datetime) -> list[Offer]:
    """Those that can still be answered, the most urgent first. One query."""
    rows = Offer.objects.filter(realtor=realtor, status=OfferStatus.OPEN, deadline_at__gt=at)
    return list(rows.select_related("appointment__store").order_by("deadline_at", "pk"))


def put_before(realtor: Realtor, appointment_id: int) -> Appointment:
    """One that is theirs, or that they were once asked for. Raises NotFound. One query."""
    asked = Offer.objects.filter(realtor=realtor).values("appointment_id")
    rows = Appointment.objects.filter(Q(realtor=realtor) | Q(pk__in=asked))
    appointment = rows.select_related("store", "realtor").filter(pk=appointment_id).first()
    if appointment is None:
        raise NotFound
    return appointment


def booked_within(realtor: Realtor, period: Period) -> int:
    """How many appointments of theirs lie in this time. One query."""
    rows = Appointment.objects.filter(
        realtor=realtor,
        status__in=UPCOMING,
        live=False,
        starts_at__lt=period.end,
        ends_at__gt=period.start,
    )
    return rows.count()


def _booked(realtor: Realtor, today: Period) -> list[Appointment]:
    """Today's, the next days', and of earlier days what is not over. A live offer is no booking
    before it is accepted."""
    rows = Appointment.objects.filter(
        Q(starts_at__gte=today.start) | Q(status__in=LIVE),
        realtor=realtor,
        starts_at__gte=today.start - timedelta(days=LEFT_OPEN_DAYS),
        starts_at__lt=today.end + timedelta(days=COMING_DAYS),
    )
    rows = rows.exclude(live=True, status=Status.PENDING)
    return list(rows.select_related("store").order_by("starts_at", "pk"))
