"""A course's sessions of one week, as one visitor sees them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Max, Min, Q

from accounts.models import User
from appointments.models import Appointment, Hold, SeatWish, Session, SessionQuerySet, SessionStatus
from appointments.models.appointment import LIVE
from appointments.selectors.sessions import Seats, SeatState, with_seats
from booking_site.common.periods import day_start
from realtors.models import Listing

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Own:
    """What a visitor has of some sessions, by their ids: places kept for a few minutes, places
    booked, and wishes (True: they have been told that a place is free)."""

    kept: frozenset[int] = frozenset()
    booked: frozenset[int] = frozenset()
    wished: frozenset[int] = frozenset()
    told: frozenset[int] = frozenset()


@dataclass(frozen=True)
class CourseWeek:
    """``first`` is a Monday. ``chosen`` are those of the wanted ones that are still there, of any
    week; ``earlier`` and ``later`` a day of the nearest week in which there is something."""

    first: date
    seats: list[Seats]
    chosen: list[Seats]
    own: Own
    earlier: date | None
    later: date | None

    @property
    def last(self) -> date:
        return self.first + WEEK - timedelta(days=1)

    def takes(self, seats: Seats) -> bool:
        """Whether the visitor could have a place there."""
        return seats.state == SeatState.AVAILABLE or (
            seats.state == SeatState.BOOKED and seats.session.pk in self.own.kept
        )


def coming_of(course: Listing, *, at: datetime) -> SessionQuerySet:
    """Those that have not begun; whoever sees the course sees them."""
    rows = Session.objects.filter(listing=course, starts_at__gt=at)
    rows = rows.exclude(status=SessionStatus.CANCELLED)
    return rows.select_related("listing", "store", "realtor").order_by("starts_at", "pk")


def course_week(
    course: Listing,
    *,
    day: date | None,
    chosen: Collection[int],
    user: "User | AnonymousUser",
    at: datetime,
) -> CourseWeek:
    """The week of ``day``, else of the next session. Queries: eight at most, constant."""
    coming, zone = coming_of(course, at=at), course.store.zone
    today = at.astimezone(zone).date()
    first = _monday(day or _next_day(coming, course) or today)
    since, until = day_start(first, zone), day_start(first + WEEK, zone)
    in_it = Q(starts_at__gte=since, starts_at__lt=until)
    rows = with_seats(list(coming.filter(in_it | Q(pk__in=list(chosen)))), at=at)
    beside = coming.aggregate(
        earlier=Max("starts_at", filter=Q(starts_at__lt=since)),
        later=Min("starts_at", filter=Q(starts_at__gte=until)),
    )
    return CourseWeek(
        first=first,
        seats=[one for one in rows if since <= one.session.starts_at < until],
        chosen=[one for one in rows if one.session.pk in chosen],
        own=own_of(user, [one.session.pk for one in rows], at=at),
        earlier=_day(beside["earlier"], course),
        later=_day(beside["later"], course),
    )


def own_of(user: "User | AnonymousUser", session_ids: Collection[int], *, at: datetime) -> Own:
    """Three queries; none for guests."""
    if not isinstance(user, User) or not session_ids:
        return Own()
    asked = {"user": user, "session__in": list(session_ids)}
    wishes = dict(SeatWish.objects.filter(**asked).values_list("session", "told_at"))
    return Own(
        kept=frozenset(Hold.objects.live(at).filter(**asked).values_list("session", flat=True)),
        booked=frozenset(
            Appointment.objects.filter(**asked, status__in=LIVE)
            .order_by()
            .values_list("session", flat=True)
        ),
        wished=frozenset(pk for pk, told in wishes.items() if told is None),
        told=frozenset(pk for pk, told in wishes.items() if told is not None),
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _next_day(coming: SessionQuerySet, course: Listing) -> date | None:
    return _day(coming.values_list("starts_at", flat=True).first(), course)


def _day(instant: datetime | None, course: Listing) -> date | None:
    return instant.astimezone(course.store.zone).date() if instant else None
