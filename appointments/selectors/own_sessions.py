"""A teacher's sessions: who sits in them, what was paid for it, and what speaks against them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, FilteredRelation, OuterRef, Q, Subquery, Sum

from appointments.errors import SessionNotFound
from appointments.models import (
    Appointment,
    Hold,
    OfferStatus,
    PaymentStatus,
    SeatWish,
    Session,
    SessionQuerySet,
    SessionRule,
    SessionStatus,
    Status,
)
from appointments.models.appointment import UPCOMING
from appointments.models.session import TAKES_PLACE
from appointments.selectors.sessions import Conflict, conflicts_of
from booking_site.common.errors import NotFound
from booking_site.common.periods import Period
from realtors.models import Listing, ListingKind, ListingQuerySet, Realtor

# No session is longer; this bound lets the index find those that reach into a period.
DAY = timedelta(days=1)
NOTHING = Decimal(0)


@dataclass(frozen=True)
class OwnSession:
    """``people``: who has booked, whatever they did then; of these ``asking`` wait for the
    teacher's answer and ``unpaid`` still have to pay. ``locked``: seats kept for those who are
    booking at this moment. ``paid``: what was paid by those who have a seat."""

    session: Session
    people: int = 0
    locked: int = 0
    asking: int = 0
    unpaid: int = 0
    paid: Decimal = NOTHING
    conflict: Conflict | None = None

    @property
    def taken(self) -> int:
        return self.people + self.locked


@dataclass(frozen=True)
class Concerned:
    """Whom calling something off would concern, and how much of their money would go back."""

    sessions: int
    people: int
    amount: Decimal


def own_courses(realtor: Realtor) -> ListingQuerySet:
    return Listing.objects.filter(realtor=realtor, kind=ListingKind.COURSE).order_by("title", "pk")


def own_session(realtor: Realtor, session_id: int, *, at: datetime) -> OwnSession:
    """With what speaks against it. Raises SessionNotFound for another teacher's. Four queries, one
    for what is over."""
    found = _counted(Session.objects.filter(realtor=realtor, pk=session_id), realtor, at)
    if not found:
        raise SessionNotFound
    return with_conflicts(found, at)[0]


def sessions_within(
    realtor: Realtor,
    period: Period,
    *,
    at: datetime,
    statuses: Iterable[str] = (*TAKES_PLACE, SessionStatus.COMPLETED),
    course_id: int | None = None,
) -> list[OwnSession]:
    """Those that lie in the period or reach into it, by their start. One query."""
    rows = Session.objects.filter(
        realtor=realtor,
        status__in=list(statuses),
        starts_at__gte=period.start - DAY,
        starts_at__lt=period.end,
        ends_at__gt=period.start,
    )
    if course_id is not None:
        rows = rows.filter(listing=course_id)
    return _counted(rows, realtor, at)


def sessions_ahead(realtor: Realtor, at: datetime) -> list[Session]:
    """Everything still to come. One query."""
    rows = Session.objects.filter(realtor=realtor, status__in=TAKES_PLACE, ends_at__gt=at)
    return _of(realtor, rows)


def with_conflicts(found: Sequence[OwnSession], at: datetime) -> list[OwnSession]:
    """The same, with what speaks against those to come. Three queries, none when none is."""
    coming = [one.session for one in found if one.session.status in TAKES_PLACE]
    conflicts = conflicts_of([session for session in coming if session.ends_at > at])
    return [replace(one, conflict=conflicts.get(one.session.pk)) for one in found]


def _counted(rows: SessionQuerySet, realtor: Realtor, at: datetime) -> list[OwnSession]:
    """One query."""
    waits = Q(appointments__status=Status.PENDING) & Q(
        appointments__payment_status=PaymentStatus.UNPAID
    )
    # What was not paid in time has no seat, swept or not.
    here = Q(appointments__isnull=False) & ~Q(appointments__status=Status.CANCELLED)
    here &= ~waits | Q(appointments__pay_before__gt=at)
    asks = Q(appointments__status=Status.PENDING) & ~waits
    paid = here & Q(appointments__payment_status=PaymentStatus.PAID)
    kept = Hold.objects.filter(session=OuterRef("pk"), expires_at__gt=at).order_by()
    locks = kept.values("session").annotate(count=Count("pk")).values("count")
    rows = rows.annotate(
        people=Count("appointments", filter=here),
        asking=Count("appointments", filter=asks),
        unpaid=Count("appointments", filter=here & waits),
        paid=Sum("appointments__due_now", filter=paid),
        locked=Subquery(locks),
    )
    found: list[Any] = _of(realtor, rows)
    return [
        OwnSession(
            one,
            people=one.people,
            locked=one.locked or 0,
            asking=one.asking,
            unpaid=one.unpaid,
            paid=one.paid or NOTHING,
        )
        for one in found
    ]


def attendees(session: Session) -> list[Appointment]:
    """Who has a seat or had one, by when they booked; each with ``asked_at`` and ``answer_by`` of
    the offer that waits for its teacher's answer, or None. One query."""
    rows = Appointment.objects.filter(session=session).annotate(
        open_offer=FilteredRelation("offers", condition=Q(offers__status=OfferStatus.OPEN)),
        asked_at=F("open_offer__created_at"),
        answer_by=F("open_offer__deadline_at"),
    )
    found: list[Any] = list(rows.select_related("child").order_by("created_at", "pk"))
    for one in found:
        one.store, one.realtor = session.store, session.realtor
        one.session, one.listing = session, session.listing
    return found


def concerned(sessions: Iterable[int]) -> Concerned:
    """By calling these sessions off. One query."""
    rows = Appointment.objects.filter(session__in=list(sessions), status__in=UPCOMING)
    found = rows.aggregate(
        sessions=Count("session", distinct=True),
        people=Count("pk"),
        amount=Sum("due_now", filter=Q(payment_status=PaymentStatus.PAID)),
    )
    return Concerned(found["sessions"], found["people"], found["amount"] or NOTHING)


def own_rules(realtor: Realtor, at: datetime) -> list[SessionRule]:
    """Those that go on, or whose sessions are still to come; each with ``ahead`` and ``missed``:
    how many sessions of it there are from now on, and how many could not be made. One query."""
    today = at.astimezone(realtor.store.zone).date()
    ahead = Q(sessions__status__in=TAKES_PLACE, sessions__starts_at__gt=at)
    rows = (
        SessionRule.objects.filter(listing__in=own_courses(realtor).order_by().values("pk"))
        .select_related("listing")
        .annotate(
            ahead=Count("sessions", filter=ahead, distinct=True),
            missed=Count("skipped", filter=Q(skipped__date__gte=today), distinct=True),
        )
        .filter(Q(is_active=True) | Q(ahead__gt=0))
    )
    return list(rows.order_by("-is_active", "listing__title", "starts", "pk"))


def own_rule(realtor: Realtor, rule_id: int) -> SessionRule:
    """Raises NotFound. One query."""
    rows = SessionRule.objects.filter(listing__realtor=realtor, pk=rule_id)
    rule = rows.select_related("listing").first()
    if rule is None:
        raise NotFound
    rule.listing.store, rule.listing.realtor = realtor.store, realtor
    return rule


def coming_of_rule(rule: SessionRule, realtor: Realtor, at: datetime) -> list[OwnSession]:
    """One query."""
    rows = Session.objects.filter(rule=rule, status__in=TAKES_PLACE, starts_at__gt=at)
    return _counted(rows, realtor, at)


def _of(realtor: Realtor, rows: SessionQuerySet) -> list[Session]:
    found = list(rows.select_related("listing").order_by("starts_at", "pk"))
    for one in found:
        one.store, one.realtor = realtor.store, realtor
        one.listing.store, one.listing.realtor = realtor.store, realtor
    return found


def wishes_for(session: Session) -> int:
    """How many want to hear when a seat is free. One query."""
    return SeatWish.objects.filter(session=session, told_at=None).count()
