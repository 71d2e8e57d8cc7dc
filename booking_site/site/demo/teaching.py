"""The demo's sessions: open for two weeks ahead at every start, and closed once they are over."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from functools import partial

from appointments import services
from appointments.models import Session, SessionRule
from appointments.models.session import TAKES_PLACE
from appointments.services.session_rules import make_sessions
from booking_site.common.actors import Actor
from booking_site.common.errors import Refusal
from booking_site.common.periods import local_instant
from booking_site.common.transactions import run_in_transaction
from realtors.models import Listing

from .listings import DemoListing
from .offering import Courses

AHEAD_DAYS = 14


def close_what_is_over(courses: Courses, *, by: Actor, at: datetime) -> None:
    """Whoever had a seat was there. One query where nothing is over."""
    over = Session.objects.filter(
        listing__in=courses.values(), status__in=TAKES_PLACE, ends_at__lte=at
    )
    for session in over.select_related("listing", "store", "realtor"):
        with suppress(Refusal):
            run_in_transaction(partial(services.complete_session, session, by=by, at=at))


def open_two_weeks(courses: Courses, *, by: Actor, at: datetime) -> None:
    """Three queries where they are open. A time that is taken, or at which the store is closed,
    has no session."""
    known = defaultdict(set)
    planned = Session.objects.filter(listing__in=courses.values(), starts_at__gt=at)
    for listing_id, starts_at in planned.order_by().values_list("listing_id", "starts_at"):
        known[listing_id].add(starts_at)
    ruled = set(
        SessionRule.objects.filter(listing__in=courses.values()).values_list(
            "listing_id", flat=True
        )
    )
    for plan, course in courses.items():
        if plan.recurs:
            if course.pk not in ruled:
                _add_rules(plan, course, by, at)
            continue
        for starts_at in starts_of(plan, course, first=at, days=AHEAD_DAYS):
            if starts_at > at and starts_at not in known[course.pk]:
                open_one(course, starts_at, by=by, at=at)
    make_sessions(at=at)


def open_one(course: Listing, starts_at: datetime, *, by: Actor, at: datetime) -> Session | None:
    opening = partial(services.open_session, course, starts_at=starts_at, by=by, at=at)
    try:
        return run_in_transaction(opening)
    except Refusal:
        return None


def starts_of(
    plan: DemoListing, course: Listing, *, first: datetime, days: int
) -> Iterator[datetime]:
    """When it would take place from that day on, by the store's clock."""
    zone = course.store.zone
    for number in range(days):
        day = first.astimezone(zone).date() + timedelta(days=number)
        for weekdays, clock in plan.weeks:
            if day.weekday() in days_in(weekdays):
                starts_at = local_instant(day, time.fromisoformat(clock), zone)
                if starts_at is not None:
                    yield starts_at


def days_in(text: str) -> range:
    """``1-4``: from Tuesday to Friday."""
    first, _dash, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def _add_rules(plan: DemoListing, course: Listing, by: Actor, at: datetime) -> None:
    today: date = at.astimezone(course.store.zone).date()
    for weekdays, clock in plan.weeks:
        adding = partial(
            services.add_rule,
            course,
            weekdays=days_in(weekdays),
            starts=time.fromisoformat(clock),
            first_date=today,
            by=by,
            at=at,
        )
        with suppress(Refusal):
            run_in_transaction(adding)
