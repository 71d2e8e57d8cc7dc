"""A course's sessions: opened, changed, blocked, held, called off; and by whom."""

from datetime import timedelta
from decimal import Decimal

import pytest

from appointments import errors, services
from appointments.models import Claim, Session, SessionStatus, Status
from appointments.services.sessions import sweep_sessions
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Forbidden, Invalid, NotFound
from tests.appointments.courses import (
    lock,
    paid_seat,
    seat_claims,
    session_at,
    take_seat,
    teach,
    teacher_of,
    teaching,
)
from tests.appointments.world import (
    MINUTE,
    NOW,
    TUESDAY,
    acting,
    away,
    book,
    claimed,
    clock,
    hire,
    join,
    manager,
    online,
    open_store,
    register,
)
from tests.factories import ListingFactory

pytestmark = pytest.mark.django_db

TEN = clock("10:00")


@pytest.fixture
def store():
    return open_store()


@pytest.fixture
def piano(store):
    return teach(store)


@pytest.fixture
def lesson(piano):
    return session_at(piano, TEN, capacity=3)


@pytest.fixture
def fang():
    return register("Fang", phone="+8613800000011")


def room_of(session):
    """Which seats are taken."""
    return sorted(Claim.objects.seats([session.pk]).values_list("unit", flat=True))


# Opening


def test_a_session_is_as_long_and_as_large_as_its_course_says(piano):
    lesson = services.open_session(piano, starts_at=TEN, by=teaching(piano), at=NOW)

    assert (lesson.duration_minutes, lesson.capacity, lesson.price) == (60, 8, 100)
    assert (lesson.store, lesson.realtor) == (piano.store, piano.realtor)
    assert lesson.status == SessionStatus.OPEN


def test_a_session_may_be_longer_smaller_and_dearer(piano):
    lesson = session_at(
        piano, TEN, duration_minutes=90, capacity=2, price_modifier=Decimal("12.50")
    )

    assert (lesson.duration_minutes, lesson.capacity) == (90, 2)
    assert lesson.price == Decimal("112.50")


def test_it_claims_its_teacher_s_time_with_the_course_s_buffers(store):
    course = teach(store, buffer_before_minutes=10, buffer_after_minutes=15)
    lesson = session_at(course, TEN)

    assert claimed(lesson) == {f"r:{teacher_of(course).pk}": ["09:50-11:15"]}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"duration_minutes": 7}, "duration_minutes"),
        ({"duration_minutes": 1445}, "duration_minutes"),
        ({"capacity": 0}, "capacity"),
        ({"capacity": 501}, "capacity"),
        ({"price_modifier": Decimal("-100.01")}, "price_modifier"),
        ({"price_modifier": Decimal("10000000.01")}, "price_modifier"),
    ],
    ids=str,
)
def test_figures_that_could_not_be_booked_are_refused_by_name(piano, wrong, field):
    with pytest.raises(Invalid) as refusal:
        session_at(piano, TEN, **wrong)
    assert set(refusal.value.errors) == {field}
    assert not Session.objects.exists()


def test_a_price_may_come_down_to_nothing(piano):
    assert session_at(piano, TEN, price_modifier=Decimal(-100)).price == 0


@pytest.mark.parametrize(
    ("starts_at", "refusal"),
    [
        (NOW, errors.TooSoon),
        (NOW - MINUTE, errors.TooSoon),
        (NOW + timedelta(days=731), errors.TooFarAhead),
        (TEN + 3 * MINUTE, errors.NotOnGrid),
        (TEN + timedelta(seconds=1), errors.NotOnGrid),
        (clock("08:30"), errors.OutsideBusinessHours),
        (clock("17:30"), errors.OutsideBusinessHours),
    ],
    ids=str,
)
def test_a_start_that_cannot_be(piano, starts_at, refusal):
    with pytest.raises(refusal):
        session_at(piano, starts_at)
    assert not Claim.objects.exists()


def test_every_five_minutes_are_a_start_whatever_the_grid_of_the_store(piano):
    assert session_at(piano, TEN + 5 * MINUTE).pk


def test_outside_the_hours_it_is_opened_by_whoever_knows_better(piano):
    teacher = teacher_of(piano)
    away(teacher, TEN, clock("11:00"))

    assert session_at(piano, clock("19:00"), override=True).pk
    assert session_at(piano, TEN, override=True).pk


def test_the_teacher_s_time_off_stands_against_it(piano):
    away(teacher_of(piano), clock("10:45"), clock("12:00"))

    with pytest.raises(errors.TeacherAway):
        session_at(piano, TEN)


def test_no_override_has_a_teacher_in_two_places(lesson, piano, store):
    violin = teach(store, teacher=piano.realtor, title="Violin")

    with pytest.raises(errors.SlotTaken):
        session_at(violin, TEN + 30 * MINUTE, override=True)
    assert session_at(violin, clock("11:00")).pk


def test_an_appointment_of_the_teacher_stands_against_it(piano, store):
    book(store, TEN + 30 * MINUTE)

    with pytest.raises(errors.SlotTaken):
        session_at(piano, TEN)


def test_a_held_time_of_the_teacher_stands_against_it_until_it_expires(piano, store):
    services.hold(store, starts_at=TEN, by=Actor.guest(), at=NOW)

    with pytest.raises(errors.SlotTaken):
        session_at(piano, TEN)
    assert session_at(piano, TEN, at=NOW + 5 * MINUTE).pk


def test_live_work_that_runs_into_it_ends_where_it_begins(piano, store):
    teacher = teacher_of(piano)
    session_at(piano, TEN)
    online(teacher, at=clock("09:15"))
    visit = join(store, at=clock("09:15"), duration_minutes=30)
    services.accept(visit, by=acting(teacher), at=clock("09:16"))

    services.start(visit, by=acting(teacher), at=clock("09:40"))

    assert visit.ends_at == TEN


def test_nobody_is_given_to_a_teacher_during_a_session(piano, store):
    session_at(piano, TEN)
    online(teacher_of(piano), at=TEN + 5 * MINUTE)

    assert join(store, at=TEN + 10 * MINUTE).realtor is None


def test_a_local_start_means_the_same_instant(piano, store):
    lesson = session_at(piano, TEN.astimezone(store.zone))

    assert lesson.starts_at == TEN
    assert lesson.ends_at - lesson.starts_at == timedelta(hours=1)


def test_an_hour_lasts_an_hour_when_clocks_are_set_forward():
    """New York jumps from two to three: an hour from half past one ends at half past three."""
    store = open_store("broadway", zone="America/New_York", opens="00:00", closes="00:00")
    starts = clock("01:30", TUESDAY.replace(day=8), store.zone)

    lesson = session_at(teach(store), starts)

    assert f"{lesson.ends_local:%H:%M}" == "03:30"
    assert lesson.duration_minutes == 60


# By whom


def test_its_teacher_and_those_who_run_the_store_open_sessions(piano, store):
    for hour, by in enumerate([teaching(piano), manager(store), SYSTEM]):
        starts_at = TEN + hour * 60 * MINUTE
        assert services.open_session(piano, starts_at=starts_at, by=by, at=NOW).pk


def test_nobody_else_does(piano, store, fang):
    others = [Actor.of(fang), Actor.guest(), acting(hire(store, "Wei"))]
    for by in [*others, manager(open_store("bund"), "Qing")]:
        with pytest.raises(Forbidden):
            services.open_session(piano, starts_at=TEN, by=by, at=NOW)


@pytest.mark.parametrize(
    "step",
    [
        services.edit_session,
        services.block_session,
        services.unblock_session,
        services.call_off_session,
        services.complete_session,
    ],
    ids=lambda step: step.__name__,
)
def test_a_session_is_moved_by_nobody_else(lesson, store, fang, step):
    for by in (Actor.of(fang), Actor.guest(), acting(hire(store, "Wei"))):
        with pytest.raises(Forbidden):
            step(lesson, by=by, at=NOW)


def test_what_is_no_course_has_no_sessions(store):
    service = ListingFactory(realtor=hire(store, "Wei"), store=store)

    with pytest.raises(NotFound):
        session_at(service, TEN)


def test_a_teacher_who_has_left_opens_nothing(piano):
    type(piano.realtor).objects.filter(pk=piano.realtor_id).update(is_active=False)

    with pytest.raises(Invalid):
        session_at(piano, TEN)


# Changing


def test_more_seats_are_more_seats(lesson, fang):
    services.edit_session(lesson, capacity=5, by=SYSTEM, at=NOW)
    lesson.refresh_from_db()

    assert lesson.capacity == 5
    assert lesson.updated_at == NOW


def test_fewer_seats_move_people_down_to_the_first(lesson, fang):
    first = take_seat(lesson, fang)
    take_seat(lesson, register("Bo"))
    take_seat(lesson, register("Chun"))
    services.cancel(first, by=Actor.of(fang), at=NOW)
    assert room_of(lesson) == [1, 2]

    services.edit_session(lesson, capacity=2, by=SYSTEM, at=NOW)

    assert room_of(lesson) == [0, 1]
    with pytest.raises(errors.SeatTaken):
        take_seat(lesson, fang)


def test_a_lock_moves_down_with_the_others_and_books_its_seat(lesson, fang):
    first = take_seat(lesson, register("Bo"))
    held = lock(lesson, fang)
    services.cancel(first, by=Actor.of(first.user), at=NOW)

    services.edit_session(lesson, capacity=1, by=SYSTEM, at=NOW)

    assert take_seat(lesson, fang, lock_token=held.token).pk
    assert room_of(lesson) == [0]


def test_there_are_no_fewer_seats_than_are_taken(lesson, fang):
    take_seat(lesson, fang)
    lock(lesson, register("Bo"))

    with pytest.raises(Invalid) as refusal:
        services.edit_session(lesson, capacity=1, by=SYSTEM, at=NOW)
    assert set(refusal.value.errors) == {"capacity"}


def test_a_new_price_is_that_of_new_bookings(lesson, fang):
    before = take_seat(lesson, fang)

    services.edit_session(lesson, price_modifier=Decimal(20), by=SYSTEM, at=NOW)

    before.refresh_from_db()
    assert (before.price, before.due_now) == (100, 100)
    assert take_seat(lesson, register("Bo")).price == 120


def test_an_empty_session_is_moved_and_takes_the_teacher_s_time_with_it(lesson, piano):
    services.edit_session(lesson, starts_at=clock("14:00"), duration_minutes=30, by=SYSTEM, at=NOW)

    assert claimed(lesson) == {f"r:{piano.realtor_id}": ["14:00-14:30"]}


def test_it_may_be_moved_over_its_own_time(lesson, piano):
    services.edit_session(lesson, starts_at=TEN + 30 * MINUTE, by=SYSTEM, at=NOW)

    assert claimed(lesson) == {f"r:{piano.realtor_id}": ["10:30-11:30"]}


def test_with_somebody_in_it_it_stays_where_it_is(lesson, fang):
    take_seat(lesson, fang)

    with pytest.raises(Invalid) as refusal:
        services.edit_session(lesson, starts_at=clock("14:00"), by=SYSTEM, at=NOW)
    assert set(refusal.value.errors) == {"starts_at"}


def test_a_move_to_where_the_teacher_is_promised_changes_nothing(lesson, piano):
    other = session_at(piano, clock("14:00"))

    with pytest.raises(errors.SlotTaken):
        services.edit_session(lesson, starts_at=clock("13:30"), by=SYSTEM, at=NOW)
    lesson.refresh_from_db()
    assert lesson.starts_at == TEN
    assert claimed(lesson) == {f"r:{piano.realtor_id}": ["10:00-11:00"]}
    assert claimed(other) == {f"r:{piano.realtor_id}": ["14:00-15:00"]}


def test_the_time_that_is_left_serves_whoever_waits_for_it(lesson, store, piano):
    waiting = book(store, TEN)
    assert waiting.realtor is None

    services.edit_session(lesson, starts_at=clock("14:00"), by=SYSTEM, at=NOW)

    waiting.refresh_from_db()
    assert waiting.realtor == piano.realtor


# Blocking


def test_a_blocked_session_keeps_who_is_in_it_and_takes_nobody_else(lesson, fang):
    booked = paid_seat(lesson, fang)

    services.block_session(lesson, by=SYSTEM, at=NOW, reason="The piano is being tuned.")

    with pytest.raises(errors.SessionUnavailable):
        take_seat(lesson, register("Bo"))
    booked.refresh_from_db()
    assert booked.status == Status.CONFIRMED
    assert lesson.reason == "The piano is being tuned."
    assert claimed(lesson)


def test_a_lock_of_a_session_that_was_blocked_books_nothing(lesson, fang):
    held = lock(lesson, fang)
    services.block_session(lesson, by=SYSTEM, at=NOW)

    with pytest.raises(errors.SessionUnavailable):
        take_seat(lesson, fang, lock_token=held.token)


def test_what_was_being_paid_when_it_was_blocked_is_confirmed(lesson, fang):
    booked = take_seat(lesson, fang)
    services.block_session(lesson, by=SYSTEM, at=NOW)

    assert services.note_paid(booked, at=NOW)


def test_unblocked_it_can_be_booked_again(lesson, fang):
    services.block_session(lesson, by=SYSTEM, at=NOW, reason="tuning")
    services.unblock_session(lesson, by=SYSTEM, at=NOW)

    assert lesson.reason == ""
    assert take_seat(lesson, fang).pk


# The end of it


@pytest.mark.parametrize("end", ["complete_session", "call_off_session"])
def test_what_is_over_moves_no_more(lesson, end):
    at = TEN + 50 * MINUTE if end == "complete_session" else NOW
    getattr(services, end)(lesson, by=SYSTEM, at=at)

    steps = (
        services.edit_session,
        services.block_session,
        services.unblock_session,
        services.call_off_session,
        services.complete_session,
    )
    for step in steps:
        with pytest.raises(errors.InvalidTransition):
            step(lesson, by=SYSTEM, at=at)


def test_a_session_is_not_called_off_once_it_has_begun_nor_completed_before(lesson):
    with pytest.raises(errors.InvalidTransition):
        services.call_off_session(lesson, by=SYSTEM, at=TEN)
    with pytest.raises(errors.InvalidTransition):
        services.complete_session(lesson, by=SYSTEM, at=TEN - MINUTE)


def test_a_session_in_which_somebody_has_begun_early_is_not_called_off(lesson, piano, fang):
    services.start(paid_seat(lesson, fang), by=teaching(piano), at=TEN - 10 * MINUTE)

    with pytest.raises(errors.InvalidTransition):
        services.call_off_session(lesson, by=SYSTEM, at=TEN - 5 * MINUTE)


def test_called_off_it_is_seen_by_nobody_and_keeps_nothing(lesson, fang):
    take_seat(lesson, fang)
    lock(lesson, register("Bo"))
    services.wish_for_seat(lesson, register("Chun"), at=NOW)

    services.call_off_session(lesson, by=SYSTEM, at=NOW, reason="ill")

    assert not Session.objects.visible_to(fang).exists()
    assert not Claim.objects.exists()
    assert not lesson.wishes.exists()
    assert not lesson.holds.exists()


def test_completed_early_the_teacher_is_free_from_then_on(lesson, piano, fang):
    paid_seat(lesson, fang)

    services.complete_session(lesson, by=teaching(piano), at=TEN + 32 * MINUTE)

    assert claimed(lesson) == {f"r:{piano.realtor_id}": ["10:00-10:30"]}
    assert claimed(lesson.appointments.get())[f"u:{fang.pk}"] == ["10:00-10:30"]


def test_who_was_not_answered_was_not_there(store, fang):
    course = teach(store, needs_approval=True)
    lesson = session_at(course, TEN)
    asked = paid_seat(lesson, fang)

    services.complete_session(lesson, by=teaching(course), at=TEN + 50 * MINUTE)

    asked.refresh_from_db()
    assert (asked.status, asked.cancel_fee) == (Status.CANCELLED, 0)


def test_sweeping_twice_is_sweeping_once(lesson, fang):
    booked = paid_seat(lesson, fang)
    late = lesson.ends_at + 15 * MINUTE

    sweep_sessions(at=late)
    steps = booked.log.count()
    sweep_sessions(at=late + MINUTE)

    assert booked.log.count() == steps
    assert seat_claims(lesson) == 1
