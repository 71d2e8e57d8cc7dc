"""A seat of a session: locked while the form is filled in, and booked."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Child, User
from appointments import claims, errors
from appointments.events import AppointmentCreated
from appointments.models import (
    Action,
    Appointment,
    Hold,
    Package,
    PaymentStatus,
    Session,
    SessionStatus,
)
from appointments.permissions import is_staff
from appointments.rules import share_of
from appointments.selectors.sessions import earliest, latest
from appointments.services.booking import insert
from appointments.services.paying import confirm_or_ask, end_overdue
from appointments.services.pools import lock_pool
from appointments.services.seat_shares import require_fair_share
from appointments.services.starts import require_still_there
from appointments.transitions import write_log
from booking_site.common.actors import Actor
from booking_site.common.errors import Forbidden, Invalid, NotFound, TooMany
from booking_site.common.events import publish
from booking_site.common.periods import Period
from realtors.models import Listing
from stores.rules import Policy
from stores.selectors import policies_of

MOST_LOCKS = 10


@dataclass(frozen=True, kw_only=True)
class SeatRequest:
    """Who wants a seat of which session, for themself or for a child. ``listing_id`` and
    ``realtor_id`` are what the caller takes it for, where they say so; ``is_for_unknown`` where
    they name a child that is none of theirs, which is said after what there is to say of the
    session."""

    session: Session
    customer: User
    customer_name: str
    customer_phone: str = ""
    email: str = ""
    child: Child | None = None
    is_for_unknown: bool = False
    note: str = ""
    locale: str = "zh-hans"
    lock_token: str | None = None
    listing_id: int | None = None
    realtor_id: int | None = None


@transaction.atomic
def lock_seat(session: Session, *, by: Actor, at: datetime) -> Hold:
    """Keep a seat for the policy's hold_minutes, under a token. Who locks the same session again
    gets a new token for the time from now.

    Raises SessionNotFound, SeatTaken, SessionUnavailable, TooSoon, TooFarAhead, TooMany.
    """
    if by.user is None:
        raise Forbidden
    (session,) = _locked([session], at=at)
    require_still_there(session.store, by.user)
    policy = _policy(session)
    mine = Hold.objects.filter(user=by.user, session__isnull=False)
    mine.filter(session=session).delete()
    if mine.live(at).count() >= max(MOST_LOCKS, session.listing.package_sessions):
        raise TooMany(retry_after=60)
    held = Hold.objects.create(
        token=secrets.token_urlsafe(32),
        store=session.store,
        session=session,
        realtor=session.realtor,
        realtor_named=True,
        user=by.user,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        duration_minutes=session.duration_minutes,
        created_at=at,
        expires_at=at + timedelta(minutes=policy.hold_minutes),
    )
    try:
        claims.take_seat(held, session, at=at)
    except claims.Refused as error:
        raise errors.SeatTaken from error
    _require_bookable(session, policy, at)
    return held


@transaction.atomic
def book_seat(request: SeatRequest, *, by: Actor, at: datetime) -> Appointment:
    """One seat of one session: pending and unpaid where something is to be paid in advance.

    Raises, in this order, SessionNotFound, SeatTaken, SessionUnavailable (TooSoon, TooFarAhead),
    Invalid where course or teacher are not the session's, NotFound of a child, those of
    require_fair_share, AttendeeConflict; and HoldExpired where a seat was free.
    """
    (session,) = _locked([request.session], at=at)
    if session.listing.package_sessions > 1:
        raise Invalid(errors={"slotIds": [_package_sentence(session.listing)]})
    return _book(request, session, None, by, at)


@transaction.atomic
def book_package(requests: Sequence[SeatRequest], *, by: Actor, at: datetime) -> list[Appointment]:
    """A seat in each of as many sessions as the course's package has: all of them or none.
    Raises as ``book_seat``."""
    if not requests:
        raise Invalid(errors={"slotIds": [_("Choose the sessions of the package.")]})
    sessions = _locked([request.session for request in requests], at=at)
    listing = sessions[0].listing
    if len({one.pk for one in sessions}) != len(requests):
        raise Invalid(errors={"slotIds": [_("Choose each session once.")]})
    if any(one.listing_id != listing.pk for one in sessions):
        raise Invalid(errors={"slotIds": [_("All must be sessions of the same course.")]})
    if len(requests) != listing.package_sessions:
        raise Invalid(errors={"slotIds": [_package_sentence(listing)]})
    package = None
    if len(requests) > 1:
        customer = requests[0].customer
        package = Package.objects.create(listing=listing, user=customer, created_at=at)
    return [
        _book(request, session, package, by, at)
        for request, session in zip(requests, sessions, strict=True)
    ]


def _package_sentence(listing: Listing) -> str:
    return _("This course is booked in packages of %(count)s sessions.") % {
        "count": listing.package_sessions
    }


def _locked(sessions: Sequence[Session], *, at: datetime) -> list[Session]:
    """The store's pool, and then the sessions as they are; those of one store, or the rest is not
    there. What was not paid in time is over, whether or not the sweep has come by."""
    store_id = sessions[0].store_id
    lock_pool(store_id, at=at)
    listings = Listing.objects.open_to_public().values("pk")
    rows = Session.objects.select_related("listing", "store", "realtor").filter(
        pk__in=[one.pk for one in sessions], store_id=store_id, listing__in=listings
    )
    found = {one.pk: one for one in rows.exclude(status=SessionStatus.CANCELLED)}
    if any(one.pk not in found for one in sessions):
        raise errors.SessionNotFound
    end_overdue(store_id, at=at)
    return [found[one.pk] for one in sessions]


def _policy(session: Session) -> Policy:
    return policies_of([session.store])[session.store_id].overridden_by(session.listing)


def _book(
    request: SeatRequest, session: Session, package: Package | None, by: Actor, at: datetime
) -> Appointment:
    if request.customer != by.user and not is_staff(by, session.store):
        raise Forbidden
    require_still_there(session.store, request.customer)
    _require_own_child(request)
    policy = _policy(session)
    appointment = insert(_new(request, session, package, policy, at))
    write_log(appointment, Action.CREATED, by=by, at=at, from_status="")
    _claim_seat(request, session, appointment, by, at)
    _require_bookable(session, policy, at)
    _require_same(request, session)
    if request.is_for_unknown:
        raise NotFound(errors={"childId": [str(NotFound.message)]})
    if request.customer == by.user:
        require_fair_share(appointment, at=at)
    claim_attendee(appointment, at=at)
    publish(AppointmentCreated(appointment_id=appointment.pk, at=at, queued=False))
    if not appointment.awaits_payment:
        confirm_or_ask(appointment, at=at)
    return appointment


def _new(
    request: SeatRequest,
    session: Session,
    package: Package | None,
    policy: Policy,
    at: datetime,
) -> Appointment:
    """Not saved, without a code."""
    listing, price = session.listing, session.price
    due_now = share_of(price, listing.deposit_percent, listing.currency)
    pay_before = min(at + timedelta(minutes=policy.payment_minutes), session.starts_at)
    return Appointment(
        store=session.store,
        realtor=session.realtor,
        realtor_named=True,
        listing=listing,
        session=session,
        package=package,
        user=request.customer,
        child=request.child,
        customer_name=request.customer_name,
        customer_phone=request.customer_phone,
        customer_email=request.email,
        customer_note=request.note,
        locale=request.locale,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        duration_minutes=session.duration_minutes,
        price=price,
        final_price=price,
        commission=share_of(price, session.realtor.commission_percent, listing.currency),
        currency=listing.currency,
        due_now=due_now,
        payment_status=PaymentStatus.UNPAID if due_now else PaymentStatus.NOT_REQUIRED,
        pay_before=pay_before if due_now else None,
        policy=policy.snapshot(),
        queued_at=at,
        created_at=at,
        updated_at=at,
    )


def _require_own_child(request: SeatRequest) -> None:
    """Locked, so that nobody is taken out of the books while somebody books for them."""
    if request.child is None:
        return
    theirs = Child.objects.visible_to(request.customer).select_for_update()
    if theirs.filter(pk=request.child.pk).values_list("pk", flat=True).first() is None:
        raise Invalid(errors={"childId": [_("This is not a child of yours.")]})


def _claim_seat(
    request: SeatRequest, session: Session, appointment: Appointment, by: Actor, at: datetime
) -> None:
    """The one that was locked by them, or by whoever books for them, or a free one. Raises
    HoldExpired, SeatTaken."""
    whose = {request.customer.pk, by.user_id or request.customer.pk}
    mine = Hold.objects.live(at).filter(user__in=whose, session=session)
    held = mine.filter(token=request.lock_token) if request.lock_token else mine
    kept = held.order_by("-pk").first()
    if kept is not None and claims.hand_over(kept, appointment):
        kept.delete()
        return
    try:
        claims.take_seat(appointment, session, at=at)
    except claims.Refused as error:
        raise errors.SeatTaken from error
    if request.lock_token:
        # There is a seat, and not the one they had; the caller's transaction gives it back.
        raise errors.HoldExpired


def claim_attendee(appointment: Appointment, *, at: datetime) -> None:
    """The time of whoever will sit there. Raises AttendeeConflict."""
    keys = claims.attendee_keys(
        appointment.user, child_id=appointment.child_id, guest_phone=appointment.customer_phone
    )
    during = Period(appointment.starts_at, appointment.ends_at)
    try:
        claims.take(appointment, claims.for_customer(keys, during), at=at)
    except claims.Refused as error:
        raise errors.AttendeeConflict from error


def _require_bookable(session: Session, policy: Policy, at: datetime) -> None:
    if session.status != SessionStatus.OPEN or session.starts_at <= at:
        raise errors.SessionUnavailable
    if session.starts_at < earliest(policy, at):
        raise errors.TooSoon
    if session.starts_at >= latest(session.store, policy, at):
        raise errors.TooFarAhead


def _require_same(request: SeatRequest, session: Session) -> None:
    if request.listing_id is not None and request.listing_id != session.listing_id:
        raise Invalid(errors={"courseId": [_("This is not a session of that course.")]})
    if request.realtor_id is not None and request.realtor_id != session.realtor_id:
        raise Invalid(errors={"teacherId": [_("This is not that teacher's session.")]})
    if session.realtor.user_id == request.customer.pk:
        raise Invalid(_("You cannot book a session of your own."))
