"""A course's sessions: opened, changed, blocked, called off, held."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from appointments import claims, errors
from appointments.events import AppointmentCompleted, AppointmentStarted
from appointments.models import (
    Appointment,
    Claim,
    SeatWish,
    Session,
    SessionRule,
    SessionStatus,
    Status,
    SystemReason,
)
from appointments.models.appointment import LIVE, UPCOMING
from appointments.models.session import TAKES_PLACE
from appointments.permissions import is_staff
from appointments.rules import cell_of, session_key
from appointments.selectors.sessions import policy_of_listing
from appointments.services.calling_off import call_off
from appointments.services.paying import end_overdue
from appointments.services.pools import lock_pool
from appointments.services.queueing import dispatch
from appointments.services.seat_wishes import tell_wishers
from appointments.services.session_checks import (
    check_figures,
    check_hours,
    check_start,
    course_run_by,
    runs_sessions,
)
from appointments.transitions import move
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Forbidden, Invalid
from booking_site.common.events import publish
from booking_site.common.periods import Period
from booking_site.common.transactions import all_in_turn, run_in_transaction
from realtors.models import Listing
from stores.selectors import policies_of


@transaction.atomic
def open_session(
    listing: Listing,
    *,
    starts_at: datetime,
    by: Actor,
    at: datetime,
    duration_minutes: int | None = None,
    capacity: int | None = None,
    price_modifier: Decimal = Decimal(0),
    rule: SessionRule | None = None,
    override: bool = False,
) -> Session:
    """A dated session, whose teacher's time is claimed with both buffers. Lengths and seats are
    the course's where none are said. ``override``: although the store is closed then, or its
    teacher has time off.

    Raises Forbidden, NotFound for what is no course, TooSoon, TooFarAhead, StoreClosed,
    OutsideBusinessHours, SlotTaken when the teacher has something else then, Invalid by field.
    """
    lock_pool(listing.store_id, at=at)
    listing = course_run_by(by, listing)
    starts_at = starts_at.astimezone(UTC)
    policy = policy_of_listing(listing)
    minutes = duration_minutes or listing.duration_minutes or policy.default_duration_minutes
    seats = listing.capacity if capacity is None else capacity
    check_figures(listing, minutes, seats, price_modifier)
    check_start(starts_at, at)
    session = Session(
        listing=listing,
        store=listing.store,
        realtor=listing.realtor,
        rule=rule,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        buffer_before_minutes=policy.buffer_before_minutes,
        buffer_after_minutes=policy.buffer_after_minutes,
        capacity=seats,
        price_modifier=price_modifier,
        created_at=at,
        updated_at=at,
    )
    check_hours(session, override)
    session.save(force_insert=True)
    _claim_teacher(session, at)
    return session


@transaction.atomic
def edit_session(
    session: Session,
    *,
    by: Actor,
    at: datetime,
    starts_at: datetime | None = None,
    duration_minutes: int | None = None,
    capacity: int | None = None,
    price_modifier: Decimal | None = None,
    override: bool = False,
) -> Session:
    """What is said; its time only while nobody has a seat. A price that changes is that of new
    bookings. Raises as ``open_session``, InvalidTransition for what takes place no more."""
    _lock(session, by, at)
    # What has run out keeps no seat, swept or not.
    session.holds.expired(at).delete()
    end_overdue(session.store_id, at=at)
    if capacity is not None:
        check_figures(session.listing, session.duration_minutes, capacity, session.price_modifier)
        _resize(session, capacity, at)
    if price_modifier is not None:
        check_figures(session.listing, session.duration_minutes, session.capacity, price_modifier)
        session.price_modifier = price_modifier
    if starts_at is not None or duration_minutes is not None:
        _retime(session, starts_at, duration_minutes, override, at)
    session.updated_at = at
    session.save()
    tell_wishers([session.pk], at=at)
    dispatch(session.store, at=at)
    return session


@transaction.atomic
def block_session(session: Session, *, by: Actor, at: datetime, reason: str = "") -> Session:
    """Nobody may book it any more; who has a seat keeps it, and the teacher's time stays taken."""
    _lock(session, by, at)
    _to(session, SessionStatus.BLOCKED, at, reason)
    return session


@transaction.atomic
def unblock_session(session: Session, *, by: Actor, at: datetime) -> Session:
    _lock(session, by, at)
    _to(session, SessionStatus.OPEN, at, "")
    tell_wishers([session.pk], at=at)
    return session


@transaction.atomic
def call_off_session(session: Session, *, by: Actor, at: datetime, reason: str = "") -> Session:
    """It will not take place: every seat is called off at no cost, and the teacher's time is free.
    Not any more once it has begun, for everybody or for somebody."""
    _lock(session, by, at)
    seats = _seats(session)
    if session.starts_at <= at or seats.filter(status=Status.IN_PROGRESS).exists():
        raise errors.InvalidTransition(_("It has begun already."))
    for appointment in seats.filter(status__in=UPCOMING):
        call_off(appointment, by=by, at=at, reason=reason or SystemReason.SESSION_CANCELLED)
    session.holds.all().delete()
    SeatWish.objects.filter(session=session).delete()
    claims.release(session)
    _to(session, SessionStatus.CANCELLED, at, reason)
    dispatch(session.store, at=at)
    return session


@transaction.atomic
def complete_session(session: Session, *, by: Actor, at: datetime) -> Session:
    """It has taken place: whoever has a confirmed seat and was not marked as absent was there."""
    _lock(session, by, at)
    if session.starts_at > at:
        raise errors.InvalidTransition(_("It has not begun yet."))
    for appointment in _seats(session).filter(status__in=LIVE):
        _attended(appointment, by, at)
    claims.release_from(session, cell_of(at))
    _to(session, SessionStatus.COMPLETED, at, "")
    dispatch(session.store, at=at)
    return session


def sweep_sessions(*, at: datetime) -> None:
    """What is over and was not closed by its teacher, some time after its end (by the store's
    policy)."""
    over = Session.objects.filter(status__in=TAKES_PLACE, ends_at__lte=at).select_related("store")
    found = list(over)
    policies = policies_of([one.store for one in found]) if found else {}
    due = [
        one
        for one in found
        if one.ends_at + timedelta(minutes=policies[one.store_id].no_show_after_minutes) <= at
    ]
    all_in_turn(partial(run_in_transaction, partial(_close, one, at)) for one in due)


def _close(session: Session, at: datetime) -> None:
    lock_pool(session.store_id, at=at)
    session.refresh_from_db()
    if session.status in TAKES_PLACE and session.ends_at <= at:
        complete_session(session, by=SYSTEM, at=at)


def _attended(appointment: Appointment, by: Actor, at: datetime) -> None:
    if appointment.status == Status.PENDING:
        unpaid = appointment.awaits_payment
        reason = SystemReason.NOT_PAID if unpaid else SystemReason.NOT_ANSWERED
        call_off(appointment, by=SYSTEM, at=at, reason=reason)
        return
    if appointment.status == Status.CONFIRMED:
        move(appointment, to=Status.IN_PROGRESS, by=by, at=at)
        publish(AppointmentStarted(appointment_id=appointment.pk, at=at))
    move(appointment, to=Status.COMPLETED, by=by, at=at)
    publish(AppointmentCompleted(appointment_id=appointment.pk, at=at))
    claims.release_from(appointment, cell_of(at))


def _seats(session: Session) -> Any:
    return Appointment.objects.filter(session=session).with_people().order_by("pk")


def _lock(session: Session, by: Actor, at: datetime) -> None:
    """The store's pool, and the session as it is. Raises Forbidden, and InvalidTransition for what
    takes place no more."""
    lock_pool(session.store_id, at=at)
    session.refresh_from_db()
    if not runs_sessions(by, session.listing) and not is_staff(by, session.store):
        raise Forbidden
    if session.status not in TAKES_PLACE:
        message = _("This session is over, or was called off.")
        raise errors.InvalidTransition(message, errors={"status": [session.status]})


def _to(session: Session, status: SessionStatus, at: datetime, reason: str) -> None:
    session.status, session.reason, session.updated_at = status, reason[:200], at
    session.save(update_fields=["status", "reason", "updated_at"])


def _claim_teacher(session: Session, at: datetime) -> None:
    around = Period(
        session.starts_at - timedelta(minutes=session.buffer_before_minutes),
        session.ends_at + timedelta(minutes=session.buffer_after_minutes),
    )
    try:
        claims.take(session, claims.for_realtor(session.realtor_id, around), at=at)
    except claims.Refused as error:
        raise errors.SlotTaken(_("The teacher has something else at that time.")) from error


def _resize(session: Session, capacity: int, at: datetime) -> None:
    """Seats that lie beyond the new last one move down to free ones; refused where there are not
    enough of them."""
    standing = Claim.objects.filter(resource=session_key(session.pk))
    taken = dict(standing.values_list("unit", "pk"))
    if len(taken) > capacity:
        message = _("%(count)s seats are taken already.") % {"count": len(taken)}
        raise Invalid(errors={"capacity": [message]})
    free = (seat for seat in range(capacity) if seat not in taken)
    for seat, pk in sorted(taken.items()):
        if seat >= capacity:
            Claim.objects.filter(pk=pk).update(unit=next(free))
    session.capacity = capacity


def _retime(
    session: Session,
    starts_at: datetime | None,
    minutes: int | None,
    override: bool,
    at: datetime,
) -> None:
    if Claim.objects.filter(resource=session_key(session.pk)).exists():
        message = _("Somebody has a seat already: call it off, or open another session.")
        raise Invalid(errors={"starts_at": [message]})
    start = (starts_at or session.starts_at).astimezone(UTC)
    length = minutes or session.duration_minutes
    check_figures(session.listing, length, session.capacity, session.price_modifier)
    check_start(start, at)
    claims.release(session)
    session.starts_at, session.ends_at = start, start + timedelta(minutes=length)
    check_hours(session, override)
    _claim_teacher(session, at)
