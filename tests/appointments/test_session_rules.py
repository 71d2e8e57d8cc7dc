"""Sessions that recur: which are made, which are not and why, and where it ends."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache

from appointments import services
from appointments.models import Session, SessionStatus, Status
from appointments.services.session_rules import MADE_AHEAD, MOST_RULES, make_sessions
from appointments.timed import run_due
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Forbidden, Invalid, NotFound
from realtors.models import ListingStatus
from tests.appointments.courses import paid_seat, session_at, teach, teacher_of, teaching
from tests.appointments.world import (
    MINUTE,
    MONDAY,
    NOW,
    TUESDAY,
    acting,
    away,
    book,
    clock,
    hire,
    manager,
    open_store,
    register,
)
from tests.factories import ListingFactory

pytestmark = pytest.mark.django_db

TEN = time(10)
WEEK = timedelta(days=7)
THURSDAY = MONDAY + timedelta(days=3)


@pytest.fixture
def store():
    return open_store()


@pytest.fixture
def piano(store):
    return teach(store)


def every(course, *weekdays, **fields):
    """A rule of this course at ten o'clock, by its teacher."""
    fields = {"starts": TEN, "first_date": MONDAY, "by": teaching(course), "at": NOW} | fields
    return services.add_rule(course, weekdays=weekdays, **fields)


def dates_of(rule):
    return [one.starts_local.date() for one in rule.sessions.order_by("starts_at")]


def skipped_by(rule):
    return list(rule.skipped.values_list("date", "reason"))


def test_mondays_and_thursdays_for_eight_weeks(piano):
    rule = every(piano, 0, 3)

    made = dates_of(rule)
    assert made[:4] == [MONDAY, THURSDAY, MONDAY + WEEK, THURSDAY + WEEK]
    assert {day.weekday() for day in made} == {0, 3}
    assert made[-1] <= MONDAY + MADE_AHEAD
    assert rule.made_until == MONDAY + MADE_AHEAD
    assert {one.starts_local.time() for one in rule.sessions.all()} == {TEN}


def test_from_the_first_day_to_the_last_and_with_its_own_figures(piano):
    rule = every(
        piano,
        *range(7),
        first_date=TUESDAY,
        last_date=THURSDAY,
        capacity=3,
        price_modifier=Decimal(-20),
    )

    assert dates_of(rule) == [TUESDAY, TUESDAY + timedelta(days=1), THURSDAY]
    assert {(one.capacity, one.price) for one in rule.sessions.all()} == {(3, 80)}


def test_what_would_have_begun_today_is_not_made(piano):
    rule = every(piano, 0, at=clock("10:30"))

    assert dates_of(rule)[0] == MONDAY + WEEK
    assert not rule.skipped.exists()


def test_what_cannot_be_is_written_down_with_its_reason(store, piano):
    teacher = teacher_of(piano)
    away(teacher, clock("09:00", TUESDAY), clock("12:00", TUESDAY))
    session_at(teach(store, teacher=teacher, title="Violin"), clock("10:30", THURSDAY))

    rule = every(piano, 0, 1, 3, last_date=THURSDAY)

    assert dates_of(rule) == [MONDAY]
    assert skipped_by(rule) == [(TUESDAY, "away"), (THURSDAY, "taken")]


def test_the_store_is_closed_then(piano):
    rule = every(piano, 0, last_date=MONDAY, starts=time(20))

    assert skipped_by(rule) == [(MONDAY, "closed")]


def test_in_the_night_in_which_clocks_jump_there_is_no_half_past_two():
    """New York, 8 March 2026."""
    store = open_store("broadway", zone="America/New_York", opens="00:00", closes="00:00")
    sunday = date(2026, 3, 8)

    rule = every(teach(store), 6, starts=time(2, 30), last_date=sunday + WEEK)

    assert dates_of(rule) == [sunday + WEEK]
    assert skipped_by(rule) == [(sunday, "no_such_time")]


def test_in_the_night_in_which_clocks_are_set_back_it_is_made_once():
    """New York, 1 November 2026: half past one comes twice, and the first is meant."""
    store = open_store("broadway", zone="America/New_York", opens="00:00", closes="00:00")
    day = date(2026, 11, 1)
    october = clock("12:00", day - WEEK)

    rule = every(teach(store), 6, starts=time(1, 30), first_date=day, last_date=day, at=october)

    (made,) = rule.sessions.all()
    assert (made.starts_local.fold, f"{made.starts_local:%H:%M %z}") == (0, "01:30 -0400")
    assert made.duration_minutes == 60


def test_the_hour_on_the_wall_stays_when_clocks_change():
    store = open_store("broadway", zone="America/New_York", opens="00:00", closes="00:00")

    rule = every(teach(store), 6, last_date=date(2026, 3, 8))

    assert {f"{one.starts_local:%H:%M}" for one in rule.sessions.all()} == {"10:00"}


# It goes on


def test_the_hourly_work_goes_on_where_it_had_come_to(piano):
    rule = every(piano, 0)
    before = dates_of(rule)
    cache.clear()

    run_due(at=NOW + WEEK)

    assert dates_of(rule) == [*before, before[-1] + WEEK]


def test_what_was_called_off_is_not_made_again(piano):
    rule = every(piano, 0)
    first = rule.sessions.order_by("starts_at")[1]
    services.call_off_session(first, by=teaching(piano), at=NOW)
    count = rule.sessions.count()

    make_sessions(at=NOW)
    make_sessions(at=NOW + timedelta(hours=1))

    assert rule.sessions.count() == count


def test_what_was_skipped_is_not_tried_again(piano):
    off = away(teacher_of(piano), clock("09:00"), clock("12:00"))
    rule = every(piano, 0)
    off.delete()

    make_sessions(at=NOW + MINUTE)

    assert MONDAY not in dates_of(rule)
    assert skipped_by(rule) == [(MONDAY, "away")]


def test_a_price_that_came_down_keeps_nobody_from_the_next_weeks(piano):
    rule = every(piano, 0, price_modifier=Decimal(-50))
    piano.price = 40
    piano.save()

    make_sessions(at=NOW + WEEK)

    latest = rule.sessions.order_by("starts_at").last()
    assert latest.starts_local.date() == MONDAY + MADE_AHEAD + WEEK
    assert latest.price == 0


def test_a_course_that_was_withdrawn_takes_no_more_time_until_it_is_shown_again(piano):
    rule = every(piano, 0)
    count = rule.sessions.count()
    type(piano).objects.update(status=ListingStatus.DRAFT)
    make_sessions(at=NOW + WEEK)
    assert rule.sessions.count() == count

    type(piano).objects.update(status=ListingStatus.PUBLISHED)
    make_sessions(at=NOW + 2 * WEEK)
    assert rule.sessions.count() == count + 2


def test_for_a_teacher_who_has_left_nothing_more_is_made(piano):
    rule = every(piano, 0)
    count = rule.sessions.count()
    type(piano.realtor).objects.filter(pk=piano.realtor_id).update(is_active=False)

    make_sessions(at=NOW + WEEK)

    assert rule.sessions.count() == count


def test_one_rule_that_fails_does_not_keep_the_others(piano, store, monkeypatch):
    from appointments.services import session_rules

    broken, sound = every(piano, 0), every(teach(store, "Yun", title="Violin"), 0)
    count = sound.sessions.count()
    make = session_rules._make

    def fail(rule, day, at):
        if rule == broken:
            raise RuntimeError("no luck")
        return make(rule, day, at)

    monkeypatch.setattr(session_rules, "_make", fail)

    with pytest.raises(ExceptionGroup):
        make_sessions(at=NOW + WEEK)
    assert sound.sessions.count() == count + 1


# It ends


def test_it_ends_and_what_was_made_stays(piano):
    rule = every(piano, 0)
    count = rule.sessions.count()

    services.end_rule(rule, by=teaching(piano), at=NOW)
    make_sessions(at=NOW + WEEK)

    assert rule.sessions.filter(status=SessionStatus.OPEN).count() == count


def test_it_ends_and_takes_what_is_to_come_with_it(piano):
    rule = every(piano, 0)
    held, coming = rule.sessions.order_by("starts_at")[:2]
    booked = paid_seat(coming, register("Fang"))
    late = held.starts_at + MINUTE

    services.end_rule(rule, by=teaching(piano), at=late, call_off=True, reason="The end.")

    booked.refresh_from_db()
    assert (booked.status, booked.cancel_reason) == (Status.CANCELLED, "The end.")
    assert list(Session.objects.exclude(status=SessionStatus.CANCELLED)) == [held]
    assert book(
        piano.store, clock("10:00", MONDAY + WEEK), at=clock("09:00", MONDAY + WEEK)
    ).realtor


def test_where_somebody_has_begun_the_rest_is_called_off(piano):
    rule = every(piano, 0)
    first = rule.sessions.order_by("starts_at").first()
    services.start(
        paid_seat(first, register("Fang")), by=teaching(piano), at=first.starts_at - 10 * MINUTE
    )

    services.end_rule(rule, by=teaching(piano), at=first.starts_at - 5 * MINUTE, call_off=True)

    assert list(Session.objects.exclude(status=SessionStatus.CANCELLED)) == [first]


# What is refused


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"weekdays": []}, "weekdays"),
        ({"weekdays": [7]}, "weekdays"),
        ({"last_date": MONDAY - WEEK}, "last_date"),
        ({"starts": time(10, 3)}, "starts"),
        ({"starts": time(10, 0, 30)}, "starts"),
        ({"capacity": 0}, "capacity"),
        ({"price_modifier": Decimal(-101)}, "price_modifier"),
    ],
    ids=str,
)
@pytest.mark.parametrize("first_date", [MONDAY, MONDAY + timedelta(days=400)], ids=str)
def test_what_cannot_be_is_refused_when_it_is_said(piano, first_date, wrong, field):
    wrong = {"weekdays": [0], **wrong}

    with pytest.raises(Invalid) as refusal:
        every(piano, *wrong.pop("weekdays"), **{"first_date": first_date} | wrong)
    assert set(refusal.value.errors) == {field}
    assert not piano.session_rules.exists()


def test_a_course_has_no_more_than_so_many(piano):
    for n in range(MOST_RULES):
        every(piano, 0, starts=time(n, 30), last_date=MONDAY)

    with pytest.raises(Invalid):
        every(piano, 1)


def test_only_those_who_run_it_say_so(piano, store):
    for by in (Actor.of(register("Fang")), Actor.guest(), acting(hire(store, "Wei"))):
        with pytest.raises(Forbidden):
            every(piano, 0, by=by)
    rule = every(piano, 0, by=manager(store))
    with pytest.raises(Forbidden):
        services.end_rule(rule, by=Actor.of(register("Bo")), at=NOW)


def test_what_is_no_course_does_not_recur(store):
    service = ListingFactory(realtor=hire(store, "Wei"), store=store)

    with pytest.raises(NotFound):
        every(service, 0, by=SYSTEM)
