"""Two or a few press at the same moment where a seat, a session or its money is at stake: exactly
one outcome, and it is one of those that could have come one after the other. (The control, without
lock and key, is in test_seats_over_http.)"""

from datetime import timedelta
from functools import partial

import pytest

from accounts.services import erase_account
from appointments import services
from appointments.models import Appointment, Hold, PaymentStatus, Session, Status
from appointments.services.paying import end_unpaid
from appointments.timed import run_due
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Refusal
from tests.appointments.courses import (
    child_of,
    lock,
    paid_seat,
    seat,
    seat_claims,
    session_at,
    take_package,
    take_seat,
    teach,
    teaching,
)
from tests.appointments.world import MINUTE, NOW, clock, open_store, owner, register

from .checker import faults
from .together import codes, side_by_side, together

pytestmark = pytest.mark.django_db(transaction=True)
TEN = clock("10:00")
RUN_OUT = NOW + timedelta(minutes=5)
ROUNDS = range(4)


@pytest.fixture
def store():
    return open_store()


@pytest.fixture
def piano(store):
    return teach(store, fee_steps=[[10080, 50]])


@pytest.fixture
def fang():
    return register("Fang", phone="+8613800000011")


@pytest.fixture
def bo():
    return register("Bo", phone="+8613800000012")


def fresh(row):
    """As another request would have loaded it."""
    return type(row).objects.get(pk=row.pk)


def booking(session, user, *, at=NOW, **more):
    request = seat(fresh(session), user, **more)
    return partial(services.book_seat, request, by=Actor.of(user), at=at)


def all_is_well(at=NOW):
    assert faults(at, swept=False) == []


@pytest.mark.parametrize("_round", ROUNDS)
def test_the_last_seat_goes_to_one_of_eight_who_lock_or_book_it(piano, _round):
    lesson = session_at(piano, TEN, capacity=1)
    people = [register(f"C{n}", phone=f"+861380000010{n}") for n in range(8)]

    outcomes = together(
        *(
            booking(lesson, one)
            if n % 2
            else partial(services.lock_seat, fresh(lesson), by=Actor.of(one), at=NOW)
            for n, one in enumerate(people)
        )
    )

    assert codes(outcomes) == ["done", *["slot_taken"] * 7]
    assert seat_claims(lesson) == 1
    all_is_well()


@pytest.mark.parametrize("_round", ROUNDS)
def test_what_is_paid_at_the_last_moment_is_confirmed_or_called_off_and_never_both(
    piano, fang, _round
):
    booked = take_seat(session_at(piano, TEN), fang)

    counted, _swept = side_by_side(
        lambda: together(partial(services.note_paid, fresh(booked), at=RUN_OUT))[0],
        partial(end_unpaid, at=RUN_OUT),
    )

    booked = fresh(booked)
    # True is what the money stays for; False is what sends it back.
    if counted:
        assert (booked.status, booked.payment_status) == (Status.CONFIRMED, PaymentStatus.PAID)
    else:
        assert (booked.status, booked.paid_at) == (Status.CANCELLED, None)
        assert booked.cancel_fee == 0
    all_is_well(RUN_OUT)


@pytest.mark.parametrize("_round", ROUNDS)
def test_of_two_callbacks_for_one_seat_one_counts(piano, fang, _round):
    booked = take_seat(session_at(piano, TEN), fang)

    outcomes = together(*(partial(services.note_paid, fresh(booked), at=NOW) for _ in range(3)))

    assert sorted(outcomes) == [False, False, True]
    assert booked.log.filter(action="paid").count() == 1
    all_is_well()


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_payment_beside_a_cancellation_is_kept_with_its_fee_or_not_counted(piano, fang, _round):
    booked = take_seat(session_at(piano, TEN), fang)

    counted, cancelled = together(
        partial(services.note_paid, fresh(booked), at=NOW),
        partial(services.cancel, fresh(booked), by=owner(booked), at=NOW),
    )

    assert isinstance(cancelled, Appointment)
    booked = fresh(booked)
    assert booked.status == Status.CANCELLED
    assert booked.cancel_fee == (50 if counted else 0)
    assert (booked.paid_at is not None) == counted
    all_is_well()


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_seat_that_ran_out_goes_to_one_of_those_who_want_it(piano, fang, _round):
    lesson = session_at(piano, TEN, capacity=1)
    late = take_seat(lesson, fang)
    others = [register(f"C{n}", phone=f"+861380000010{n}") for n in range(4)]

    outcomes = together(
        *(booking(lesson, one, at=RUN_OUT) for one in others),
        partial(services.note_paid, fresh(late), at=RUN_OUT),
    )

    *wanted, counted = outcomes
    won = [one for one in wanted if isinstance(one, Appointment)]
    assert len(won) + bool(counted) == 1
    assert fresh(late).status == (Status.CONFIRMED if counted else Status.CANCELLED)
    all_is_well(RUN_OUT)


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_packages_in_reverse_order_wait_for_each_other_and_one_gets_all(
    store, fang, bo, _round
):
    course = teach(store, "Yun", title="Swimming", attributes={"package_sessions": 3})
    series = [session_at(course, TEN + timedelta(days=n), capacity=1) for n in range(3)]

    outcomes = together(
        partial(take_package, [fresh(one) for one in series], fang),
        partial(take_package, [fresh(one) for one in reversed(series)], bo),
    )

    assert codes(outcomes) == ["done", "slot_taken"]
    assert Appointment.objects.count() == 3
    assert len(set(Appointment.objects.values_list("user", flat=True))) == 1
    all_is_well()


@pytest.mark.parametrize("_round", ROUNDS)
def test_one_child_is_booked_into_one_of_two_stores(fang, _round):
    lei = child_of(fang, "Lei")
    lessons = [session_at(teach(open_store(slug), slug), TEN) for slug in ("bund", "hongqiao")]

    outcomes = together(*(booking(lesson, fang, child=lei) for lesson in lessons))

    assert codes(outcomes) == ["customer_conflict", "done"]
    assert sum(map(seat_claims, lessons)) == 1
    all_is_well()


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_packages_of_one_person_in_two_stores_are_no_deadlock_to_them(fang, _round):
    """They claim the same hours in opposite order, each behind another pool."""
    courses = [
        teach(open_store(slug), slug, attributes={"package_sessions": 2})
        for slug in ("bund", "hongqiao")
    ]
    hours = [TEN, TEN + timedelta(days=1)]
    first, second = ([session_at(course, hour) for hour in hours] for course in courses)

    outcomes = together(
        partial(take_package, first, fang), partial(take_package, second[::-1], fang)
    )

    assert codes(outcomes) == ["customer_conflict", "done"]
    assert Appointment.objects.count() == 2
    all_is_well()


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_session_is_made_smaller_or_booked(piano, fang, bo, _round):
    lesson = session_at(piano, TEN, capacity=2)
    take_seat(lesson, fang)

    outcomes = together(
        booking(lesson, bo),
        partial(services.edit_session, fresh(lesson), capacity=1, by=SYSTEM, at=NOW),
    )

    assert codes(outcomes) in (["done", "slot_taken"], ["done", "invalid"])
    assert seat_claims(lesson) == fresh(lesson).capacity
    all_is_well()


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_session_is_moved_or_booked(piano, fang, _round):
    lesson = session_at(piano, TEN)

    moved, booked = together(
        partial(services.edit_session, fresh(lesson), starts_at=clock("14:00"), by=SYSTEM, at=NOW),
        booking(lesson, fang),
    )

    # Who books it after the move has booked it at its new time.
    assert isinstance(booked, Appointment)
    assert fresh(booked).starts_at == fresh(lesson).starts_at
    if isinstance(moved, Refusal):
        assert fresh(lesson).starts_at == TEN
    all_is_well()


@pytest.mark.parametrize("step", ["block_session", "call_off_session"])
@pytest.mark.parametrize("_round", ROUNDS)
def test_nobody_books_what_was_blocked_or_called_off_a_moment_before(piano, fang, step, _round):
    lesson = session_at(piano, TEN)

    ended, booked = together(
        partial(getattr(services, step), fresh(lesson), by=teaching(piano), at=NOW),
        booking(lesson, fang),
    )

    assert isinstance(ended, Session)
    if isinstance(booked, Appointment) and step == "call_off_session":
        assert fresh(booked).status == Status.CANCELLED
    all_is_well()


@pytest.mark.parametrize("_round", ROUNDS)
def test_who_cancels_while_the_session_is_held_was_there_or_was_not(piano, fang, bo, _round):
    lesson = session_at(piano, TEN)
    booked, other = paid_seat(lesson, fang), paid_seat(lesson, bo)
    late = TEN + 20 * MINUTE

    together(
        partial(services.complete_session, fresh(lesson), by=teaching(piano), at=late),
        partial(services.cancel, fresh(booked), by=SYSTEM, at=late),
        partial(services.mark_no_show, fresh(other), by=teaching(piano), at=late),
    )

    assert fresh(booked).status in (Status.COMPLETED, Status.CANCELLED)
    assert fresh(other).status in (Status.COMPLETED, Status.NO_SHOW)
    all_is_well(late)


@pytest.mark.parametrize("_round", ROUNDS)
def test_of_two_who_swap_into_full_sessions_nobody_loses_a_seat(piano, fang, bo, _round):
    first, second = (session_at(piano, clock(at), capacity=1) for at in ("10:00", "14:00"))
    mine, yours = paid_seat(first, fang), paid_seat(second, bo)

    outcomes = together(
        partial(services.move_seat, fresh(mine), second, by=owner(mine), at=NOW),
        partial(services.move_seat, fresh(yours), first, by=owner(yours), at=NOW),
    )

    assert codes(outcomes) == ["slot_taken", "slot_taken"]
    all_is_well()


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_lock_that_is_let_go_while_it_is_booked_leaves_no_seat_behind(piano, fang, _round):
    lesson = session_at(piano, TEN, capacity=1)
    held = lock(lesson, fang)

    together(
        partial(services.release_hold, held.token, by=Actor.of(fang), at=NOW),
        booking(lesson, fang, lock_token=held.token),
    )

    assert not Hold.objects.exists()
    assert seat_claims(lesson) == Appointment.objects.count()
    all_is_well()


@pytest.mark.parametrize("_round", ROUNDS)
def test_who_erases_their_account_while_booking_has_no_seat_afterwards(piano, fang, _round):
    lesson = session_at(piano, TEN, capacity=1)
    lei = child_of(fang, "Lei")

    together(
        partial(erase_account, fresh(fang), by=Actor.of(fang), at=NOW),
        booking(lesson, fang, child=lei),
    )

    assert seat_claims(lesson) == 0
    assert not Appointment.objects.exclude(status=Status.CANCELLED).exists()
    all_is_well()


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_rounds_of_the_timed_work_at_once_do_it_once(piano, fang, bo, _round):
    lesson = session_at(piano, TEN)
    held = paid_seat(lesson, fang)
    unpaid = take_seat(session_at(piano, clock("14:00")), bo)
    late = lesson.ends_at + 15 * MINUTE

    side_by_side(*(partial(run_due, at=late) for _ in range(3)))

    assert list(held.log.values_list("to_status", flat=True))[-2:] == ["in_progress", "completed"]
    assert held.log.filter(to_status="completed").count() == 1
    assert unpaid.log.filter(action="cancelled").count() == 1
    all_is_well(late)
