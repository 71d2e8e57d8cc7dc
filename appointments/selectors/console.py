"""What stands before one realtor: open offers, the day, the store's live line, the next days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q

from appointments.models import Appointment, Offer, OfferStatus, Session, Status
from appointments.models.appointment import LIVE, UPCOMING
from appointments.models.session import TAKES_PLACE
from appointments.selectors.agenda import WorkTime, work_time
from appointments.selectors.availability import Availability
from appointments.selectors.own_sessions import OwnSession, sessions_ahead, sessions_within
from appointments.selectors.own_stays import is_overdue, stays_ahead, stays_at_work, with_pets
from appointments.selectors.waits import Estimate, estimates, pictures_of_today
from booking_site.common.errors import NotFound
from booking_site.common.periods import Period, covers, local_day
from realtors.models import Realtor, TimeOff
from realtors.rules import WorkingWeek

COMING_DAYS = 7
# What was not brought to its end is shown for so long.
LEFT_OPEN_DAYS = 7
# What a realtor has promised their time to.
Promise = Appointment | Session
# A stay that was called off is nothing a sitter has to think of.
AT_WORK = (*LIVE, Status.COMPLETED, Status.NO_SHOW)


@dataclass(frozen=True)
class Asked:
    """An appointment that waits for this realtor's answer."""

    appointment: Appointment
    asked_at: datetime
    answer_by: datetime
    score: dict[str, Any] = field(default_factory=dict)
    considered: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Desk:
    """``asked`` by the time to answer; ``today`` with what earlier days have left open;
    ``waiting`` in the order of the live line, with minutes by appointment id. Seats and stays stand
    in none of them but ``asked``: sessions do, once each, in ``sessions``: today's, those of the
    next days, and what earlier days have left open; and in ``stays`` the stays of these days, those
    that are asked aside, with their pets. They take days, and nobody's time."""

    realtor: Realtor
    asked: list[Asked]
    today: list[Appointment]
    coming: list[Appointment]
    waiting: list[Appointment]
    waits: Mapping[int, Estimate]
    # When they work today, and what stands on the day's scale of hours.
    work: WorkTime
    timed: list[Appointment]
    sessions: list[OwnSession]
    stays: list[Appointment] = field(default_factory=list)


def desk_of(realtor: Realtor, *, at: datetime) -> Desk:
    """Queries: constant."""
    zone = realtor.store.zone
    today = local_day(at.astimezone(zone).date(), zone)
    asked, booked, stays = _asked_and_booked(realtor, today, at)
    with_pets([*stays, *(one.appointment for one in asked)])
    waiting, forgotten = _line_and_forgotten(realtor, today)
    booked = forgotten + booked
    here = today.start.astimezone(zone).date()
    pictures = pictures_of_today([realtor.store], at=at) if waiting else {}
    # The whole line in its order: the ranks that queue_positions would ask for once more.
    positions = {one.pk: rank for rank, one in enumerate(waiting, start=1)}
    return Desk(
        realtor=realtor,
        asked=asked,
        today=[one for one in booked if one.starts_at < today.end],
        coming=[one for one in booked if one.starts_at >= today.end and one.status in UPCOMING],
        waiting=waiting,
        waits=estimates(waiting, at=at, positions=positions, pictures=pictures),
        work=_work_in(pictures, realtor, here) or work_time(realtor, here, here),
        timed=[
            one
            for one in booked
            if one.status != Status.CANCELLED
            and one.is_timed
            and one.starts_at < today.end
            and one.ends_at > today.start
        ],
        sessions=_sessions(realtor, today, at),
        stays=stays,
    )


def _sessions(realtor: Realtor, today: Period, at: datetime) -> list[OwnSession]:
    """One query."""
    back, ahead = timedelta(days=LEFT_OPEN_DAYS), timedelta(days=COMING_DAYS)
    around = Period(today.start - back, today.end + ahead)
    return [
        one
        for one in sessions_within(realtor, around, at=at)
        if one.session.starts_at < around.end
        and (one.session.ends_at > today.start or one.session.status in TAKES_PLACE)
    ]


def _work_in(pictures: Mapping[int, Availability], realtor: Realtor, day: date) -> WorkTime | None:
    """What was asked for the line already. None of one who may not be booked."""
    picture = pictures.get(realtor.store_id)
    if picture is None or realtor.pk not in picture.weeks:
        return None
    return WorkTime(picture.hours, picture.weeks[realtor.pk], day, day)


def put_before(realtor: Realtor, appointment_id: int) -> Appointment:
    """One that is theirs, or that they were once asked for. Raises NotFound. One query."""
    asked = Offer.objects.filter(realtor=realtor).values("appointment_id")
    rows = Appointment.objects.filter(Q(realtor=realtor) | Q(pk__in=asked))
    rows = rows.select_related("store", "realtor", "child")
    appointment = rows.filter(pk=appointment_id).first()
    if appointment is None:
        raise NotFound
    return appointment


def booked_within(realtor: Realtor, period: Period, *, at: datetime) -> list[Promise]:
    """What of theirs is still to come and lies in this time, by its start. Three queries."""
    return [
        one
        for one in needing_them(realtor, at)
        if one.starts_at < period.end and one.ends_at > period.start
    ]


def needing_them(realtor: Realtor, at: datetime) -> list[Promise]:
    """What nobody is there for when they are away: all that is still to come, and pets that are
    there by day and night. Three queries."""
    found: list[Promise] = [*booked_from(realtor, at), *stays_ahead(realtor, at)]
    return sorted(found, key=lambda one: one.starts_at)


def booked_from(realtor: Realtor, at: datetime) -> list[Promise]:
    """Everything still to come with them, by its start: appointments, and sessions, booked or not,
    in the place of their seats. Stays lie in nobody's hours. Two queries."""
    rows = Appointment.objects.of_time().filter(
        realtor=realtor, status__in=UPCOMING, live=False, ends_at__gt=at
    )
    booked = list(rows.order_by("starts_at", "pk"))
    for one in booked:
        one.store = realtor.store
    found: list[Promise] = [*booked, *sessions_ahead(realtor, at)]
    return sorted(found, key=lambda one: one.starts_at)


def _line_and_forgotten(
    realtor: Realtor, today: Period
) -> tuple[list[Appointment], list[Appointment]]:
    """Who waits in the store's live line, in its order; and live work that somebody forgot to
    complete: nobody else ends it, and until then it counts as held and keeps the customer from the
    line. Both by their key, which hardly any row has. One query."""
    begun = Q(
        realtor=realtor,
        status=Status.IN_PROGRESS,
        starts_at__lt=today.start - timedelta(days=LEFT_OPEN_DAYS),
    )
    waits = Q(store=realtor.store, realtor=None, status=Status.PENDING, live=True)
    rows = Appointment.objects.filter(waits | begun, live_key__isnull=False)
    line: list[Appointment] = []
    forgotten: list[Appointment] = []
    for one in rows.order_by("priority", "queued_at", "pk"):
        one.store = realtor.store
        (line if one.realtor_id is None else forgotten).append(one)
    return line, sorted(forgotten, key=lambda one: (one.starts_at, one.pk))


def _asked_and_booked(
    realtor: Realtor, today: Period, at: datetime
) -> tuple[list[Asked], list[Appointment], list[Appointment]]:
    """What can still be answered; and today's, the next days', and of earlier days what is not
    over; and the stays of these days that wait for no answer. A live offer is no booking before it
    is accepted. One query."""
    end = today.end + timedelta(days=COMING_DAYS)
    is_asked = Q(status=Status.PENDING)
    left_open = Q(status__in=LIVE, starts_at__lt=today.start)
    of_these_days = Q(
        Q(starts_at__gte=today.start, starts_at__lt=end) | left_open | is_asked,
        starts_at__gte=today.start - timedelta(days=LEFT_OPEN_DAYS),
    )
    rows = Appointment.objects.filter(
        of_these_days | stays_at_work(realtor, at=at), realtor=realtor
    ).annotate(
        # One at most: an appointment has one open offer.
        open_offer=FilteredRelation("offers", condition=Q(offers__status=OfferStatus.OPEN)),
        asked_at=F("open_offer__created_at"),
        answer_by=F("open_offer__deadline_at"),
        why=F("open_offer__score"),
        others=F("open_offer__considered"),
    )
    asked: list[Asked] = []
    booked: list[Appointment] = []
    stays: list[Appointment] = []
    for one in rows.select_related("store", "listing", "child", "order").order_by(
        "starts_at", "pk"
    ):
        asks = one.status == Status.PENDING and one.answer_by is not None and one.answer_by > at
        if asks:
            asked.append(_asked(one))
        if one.is_stay and not asks and not is_overdue(one, at) and one.status in AT_WORK:
            stays.append(one)
        if one.is_seat or one.is_stay:
            continue
        if one.starts_at < end and not (one.live and one.status == Status.PENDING):
            booked.append(one)
    asked.sort(key=lambda one: (one.answer_by, one.appointment.pk))
    return asked, booked, stays


def _asked(row: Any) -> Asked:
    return Asked(row, row.asked_at, row.answer_by, row.why or {}, row.others or [])


def own_appointment(realtor: Realtor, appointment_id: int) -> Appointment:
    """One that is theirs now, with the pets of a stay: what went to a colleague is no longer theirs
    to read. Raises NotFound. One query, two of a stay."""
    rows = Appointment.objects.filter(realtor=realtor)
    rows = rows.select_related("store", "realtor", "listing", "child", "viewing_feedback", "order")
    appointment = rows.filter(pk=appointment_id).first()
    if appointment is None:
        raise NotFound
    with_pets([appointment])
    return appointment


def asked_of(appointment: Appointment, *, at: datetime) -> Asked | None:
    """What waits for its realtor's answer; None where nothing does. One query."""
    if appointment.realtor_id is None or appointment.status != Status.PENDING:
        return None
    offer = Offer.objects.filter(
        appointment=appointment,
        realtor_id=appointment.realtor_id,
        status=OfferStatus.OPEN,
        deadline_at__gt=at,
    ).first()
    if offer is None:
        return None
    return Asked(appointment, offer.created_at, offer.deadline_at, offer.score, offer.considered)


def away_then(at: datetime) -> Q:
    """Still to come, with a time, promised by a realtor who is away then: somebody has to give
    it to a colleague, or call the customer."""
    away = TimeOff.objects.filter(
        realtor=OuterRef("realtor"),
        starts_at__lt=OuterRef("ends_at"),
        ends_at__gt=OuterRef("starts_at"),
    )
    return Q(Exists(away), status__in=UPCOMING, live=False, ends_at__gte=at)


def outside_of(realtor: Realtor, week: WorkingWeek, *, at: datetime) -> list[Promise]:
    """What is booked within their hours now and would not be within ``week``. Six queries, two
    when nothing is booked."""
    booked = booked_from(realtor, at)
    if not booked:
        return []
    known = _work_time_until_the_last(booked, realtor, at)
    before = known.bookable
    after = replace(known, week=replace(week, time_off=known.week.time_off)).bookable
    periods = [(one, Period(one.starts_at, one.ends_at)) for one in booked]
    return [one for one, period in periods if covers(before, period) and not covers(after, period)]


def outside_hours(realtor: Realtor, *, at: datetime) -> list[Promise]:
    """What is booked and lies outside of their hours as they are now, time off aside. Six queries,
    two when nothing is booked."""
    booked = booked_from(realtor, at)
    if not booked:
        return []
    known = _work_time_until_the_last(booked, realtor, at)
    open_then = replace(known, week=replace(known.week, time_off=())).bookable
    return [one for one in booked if not covers(open_then, Period(one.starts_at, one.ends_at))]


def _work_time_until_the_last(
    booked: Iterable[Promise], realtor: Realtor, at: datetime
) -> WorkTime:
    """From the night that reaches into today."""
    zone = realtor.store.zone
    first = at.astimezone(zone).date() - timedelta(days=1)
    last = max(one.ends_at for one in booked).astimezone(zone).date()
    return work_time(realtor, first, last)
