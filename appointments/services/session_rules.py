"""Sessions that recur: a rule makes them some weeks ahead, and says which it could not make."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from appointments import errors
from appointments.models import Session, SessionRule, SkippedSession
from appointments.services.pools import lock_pool
from appointments.services.session_checks import (
    check_figures,
    course_run_by,
    runs_sessions,
    yet_to_begin,
)
from appointments.services.sessions import call_off_session, open_session
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Forbidden, Invalid
from booking_site.common.periods import local_instant
from booking_site.common.transactions import all_in_turn, run_in_transaction
from realtors.models import Listing

# How far ahead sessions are made; the rule goes on from there day by day.
MADE_AHEAD = timedelta(days=56)
MOST_RULES = 20

Reason = SkippedSession.Reason


@transaction.atomic
def add_rule(
    listing: Listing,
    *,
    weekdays: Iterable[int],
    starts: time,
    first_date: date,
    by: Actor,
    at: datetime,
    last_date: date | None = None,
    capacity: int | None = None,
    price_modifier: Decimal = Decimal(0),
) -> SessionRule:
    """A rule, and the sessions it makes now. Raises Forbidden, NotFound, Invalid by field."""
    lock_pool(listing.store_id, at=at)
    listing = course_run_by(by, listing)
    days = sorted(set(weekdays))
    _check(listing, days, first_date, last_date, starts)
    # Sessions of long after are made when nobody looks.
    seats = listing.capacity if capacity is None else capacity
    check_figures(listing, listing.duration_minutes or 60, seats, price_modifier)
    rule = SessionRule.objects.create(
        listing=listing,
        weekdays=days,
        starts=starts,
        first_date=first_date,
        last_date=last_date,
        capacity=capacity,
        price_modifier=price_modifier,
        created_at=at,
    )
    make_ahead(rule, at=at)
    return rule


@transaction.atomic
def end_rule(
    rule: SessionRule, *, by: Actor, at: datetime, call_off: bool = False, reason: str = ""
) -> SessionRule:
    """It makes no more. With ``call_off`` those to come will not take place either."""
    lock_pool(rule.listing.store_id, at=at)
    if not runs_sessions(by, rule.listing):
        raise Forbidden
    rule.is_active = False
    rule.save(update_fields=["is_active"])
    if call_off:
        coming = yet_to_begin(Session.objects.filter(rule=rule), at)
        for session in coming.select_related("listing", "store", "realtor"):
            call_off_session(session, by=by, at=at, reason=reason)
    return rule


def make_sessions(*, at: datetime) -> None:
    """Every rule goes on to where it may be made by now, of courses that can be booked:
    one that was withdrawn, or whose teacher has gone, takes no more of anybody's time. When it is
    shown again, its rules go on."""
    rules = _of_what_is_shown().select_related("listing__store")
    behind = [rule for rule in rules.order_by("pk") if _dates(rule, at)]
    all_in_turn(partial(run_in_transaction, partial(_go_on, rule, at)) for rule in behind)


def _of_what_is_shown() -> QuerySet[SessionRule]:
    listings = Listing.objects.open_to_public().values("pk")
    return SessionRule.objects.filter(is_active=True, listing__in=listings)


def _go_on(rule: SessionRule, at: datetime) -> None:
    lock_pool(rule.listing.store_id, at=at)
    if _of_what_is_shown().filter(pk=rule.pk).exists():
        make_ahead(rule, at=at)


@transaction.atomic
def make_ahead(rule: SessionRule, *, at: datetime) -> list[Session]:
    """The sessions of the dates it has not come to yet."""
    lock_pool(rule.listing.store_id, at=at)
    rule.refresh_from_db()
    made = []
    for day in _dates(rule, at) if rule.is_active else ():
        if day.weekday() in rule.weekdays:
            session = _make(rule, day, at)
            if session is not None:
                made.append(session)
        rule.made_until = day
    rule.save(update_fields=["made_until"])
    return made


def _dates(rule: SessionRule, at: datetime) -> list[date]:
    today = at.astimezone(rule.listing.store.zone).date()
    first = max(today, rule.first_date)
    if rule.made_until is not None:
        first = max(first, rule.made_until + timedelta(days=1))
    last = today + MADE_AHEAD
    if rule.last_date is not None:
        last = min(last, rule.last_date)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _make(rule: SessionRule, day: date, at: datetime) -> Session | None:
    """None for what begins no more today, and for what cannot be: that is written down."""
    starts_at = local_instant(day, rule.starts, rule.listing.store.zone)
    if starts_at is None:
        _skip(rule, day, Reason.NO_SUCH_TIME)
        return None
    if starts_at <= at:
        return None
    try:
        with transaction.atomic():
            return open_session(
                rule.listing,
                starts_at=starts_at,
                by=SYSTEM,
                at=at,
                capacity=rule.capacity,
                # Should the course have become cheaper than this takes off, it is free.
                price_modifier=max(rule.price_modifier, -rule.listing.price),
                rule=rule,
            )
    except (errors.StoreClosed, errors.OutsideBusinessHours):
        reason = Reason.CLOSED
    except errors.TeacherAway:
        reason = Reason.AWAY
    except errors.SlotTaken:
        reason = Reason.TAKEN
    _skip(rule, day, reason)
    return None


def _skip(rule: SessionRule, day: date, reason: str) -> None:
    SkippedSession.objects.get_or_create(rule=rule, date=day, defaults={"reason": reason})


def _check(listing: Listing, days: list[int], first: date, last: date | None, starts: time) -> None:
    problems = {}
    if not days or any(day not in range(7) for day in days):
        problems["weekdays"] = [_("Choose at least one weekday.")]
    if last is not None and last < first:
        problems["last_date"] = [_("The last day is before the first.")]
    if starts.minute % 5 or starts.second or starts.microsecond:
        problems["starts"] = [_("Use a multiple of 5 minutes.")]
    if listing.session_rules.filter(is_active=True).count() >= MOST_RULES:
        problems["weekdays"] = [_("This course has enough recurring sessions.")]
    if problems:
        raise Invalid(errors=problems)
