"""Seats when things come together: what ran out, who leaves, what belongs to others."""

from datetime import timedelta

import pytest

from accounts.models import Child
from accounts.services import erase_account
from appointments import errors, services
from appointments.models import (
    Appointment,
    Claim,
    PaymentStatus,
    SessionStatus,
    Status,
    SystemReason,
)
from appointments.selectors.costs import cost_of_cancelling
from appointments.services.queueing import end_unanswered
from appointments.timed import run_due
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Invalid
from realtors.services import save_realtor
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
from tests.appointments.world import MINUTE, NOW, book, clock, manager, owner

pytestmark = pytest.mark.django_db

TEN = clock("10:00")
# What was booked or locked at NOW is not kept any more; no sweep has come by.
RUN_OUT = NOW + timedelta(minutes=5)


@pytest.fixture
def series(store):
    """A course booked in packages of two."""
    course = teach(store, "Yun", title="Swimming", attributes={"package_sessions": 2})
    return [session_at(course, TEN + timedelta(days=n), capacity=1) for n in range(3)]


def fresh(appointment):
    return Appointment.objects.get(pk=appointment.pk)


# What ran out stands in nobody's way, swept or not


def test_seats_that_ran_out_do_not_keep_a_session_large(lesson, fang, bo):
    lock(lesson, fang)
    booked = take_seat(lesson, bo)

    services.edit_session(lesson, capacity=1, by=SYSTEM, at=RUN_OUT)

    assert lesson.capacity == 1
    assert fresh(booked).cancel_reason == SystemReason.NOT_PAID


def test_seats_that_ran_out_do_not_keep_a_session_at_its_time(lesson, fang, bo):
    lock(lesson, fang)
    take_seat(lesson, bo)

    services.edit_session(lesson, starts_at=clock("11:00"), by=SYSTEM, at=RUN_OUT)

    assert seat_claims(lesson) == 0
    assert lesson.starts_at == clock("11:00")


def test_what_somebody_did_not_pay_does_not_keep_them_from_another_session(lesson, store, fang):
    unpaid = take_seat(lesson, fang)
    other = session_at(teach(store, "Yun", title="Violin"), TEN)

    assert take_seat(other, fang, at=RUN_OUT).pk
    assert fresh(unpaid).status == Status.CANCELLED


def test_what_is_no_longer_kept_is_not_moved(lesson, piano, fang):
    unpaid = take_seat(lesson, fang)
    other = session_at(piano, clock("14:00"))

    with pytest.raises(errors.InvalidTransition):
        services.move_seat(unpaid, other, by=owner(unpaid), at=RUN_OUT)
    assert seat_claims(other) == 0


def test_a_start_without_payment_is_not_called_a_start_without_an_answer(series, fang):
    """A long time nobody swept: both sessions of a package have begun."""
    booked = take_package(series[:2], fang)
    late = series[1].starts_at + MINUTE

    end_unanswered(at=late)
    run_due(at=late)

    assert {fresh(one).cancel_reason for one in booked} == {SystemReason.NOT_PAID}


def test_an_unpaid_seat_in_a_session_that_was_held_was_not_paid(lesson, piano, fang):
    unpaid = take_seat(lesson, fang)

    services.complete_session(lesson, by=teaching(piano), at=TEN + 50 * MINUTE)

    assert fresh(unpaid).cancel_reason == SystemReason.NOT_PAID


# Whose it is


def test_nobody_books_for_the_child_of_somebody_else(lesson, fang, bo):
    lei = child_of(bo, "Lei")

    with pytest.raises(Invalid) as refusal:
        take_seat(lesson, fang, child=lei)
    assert "childId" in refusal.value.errors
    assert not Claim.objects.filter(appointment__isnull=False).exists()


def test_nobody_books_for_a_child_who_is_gone(lesson, fang):
    lei = child_of(fang, "Lei")
    Child.objects.filter(pk=lei.pk).delete()

    with pytest.raises(Invalid):
        take_seat(lesson, fang, child=lei)


def test_staff_book_for_a_customer_the_seat_that_they_locked_themselves(lesson, store, fang):
    hua = manager(store)
    held = services.lock_seat(lesson, by=hua, at=NOW)

    services.book_seat(seat(lesson, fang, lock_token=held.token), by=hua, at=NOW)

    assert seat_claims(lesson) == 1


def test_a_parent_and_their_child_sit_side_by_side(lesson, fang):
    take_seat(lesson, fang)
    take_seat(lesson, fang, child=child_of(fang, "Lei"))

    assert seat_claims(lesson) == 2


def test_who_teaches_cannot_be_booked_meanwhile(lesson, store):
    with pytest.raises(errors.SlotTaken):
        book(store, TEN, queue=False)


def test_a_package_of_nothing_is_no_package(series):
    with pytest.raises(Invalid) as refusal:
        services.book_package([], by=SYSTEM, at=NOW)
    assert "slotIds" in refusal.value.errors


def test_a_package_moves_no_two_seats_into_one_session(series, fang):
    _first, second = take_package(series[:2], fang)
    series[0].capacity = 2
    series[0].save()

    with pytest.raises(errors.AttendeeConflict):
        services.move_seat(second, series[0], by=owner(second), at=NOW)


# Who leaves


def test_who_leaves_leaves_unpaid_packages_behind(series, fang):
    booked = take_package(series[:2], fang)

    erase_account(fang, by=Actor.of(fang), at=NOW)

    assert {fresh(one).status for one in booked} == {Status.CANCELLED}
    assert sum(map(seat_claims, series)) == 0


def test_who_leaves_leaves_locks_wishes_and_the_seats_of_children(lesson, fang, bo):
    lock(lesson, fang)
    booked = paid_seat(lesson, fang, child=child_of(fang, "Lei"))
    services.wish_for_seat(lesson, fang, at=NOW)

    erase_account(fang, by=Actor.of(fang), at=NOW)

    assert fresh(booked).status == Status.CANCELLED
    assert not lesson.wishes.exists()
    assert not Claim.objects.exclude(session=lesson).exists()


@pytest.mark.parametrize(("cutoff", "kept"), [(0, 0), (20160, 100)])
def test_who_leaves_gets_nothing_back_of_what_could_not_be_cancelled(store, fang, cutoff, kept):
    course = teach(store, cancel_cutoff_minutes=cutoff)
    booked = paid_seat(session_at(course, TEN), fang)

    erase_account(fang, by=Actor.of(fang), at=NOW)

    booked = fresh(booked)
    assert (booked.status, booked.cancel_fee) == (Status.CANCELLED, kept)


def test_a_teacher_who_leaves_holds_the_lesson_that_has_begun(lesson, piano, fang):
    begun = services.start(paid_seat(lesson, fang), by=teaching(piano), at=TEN - 10 * MINUTE)
    piano.realtor.is_active = False

    save_realtor(piano.realtor, skills=None, by=SYSTEM, at=TEN - 5 * MINUTE)

    lesson.refresh_from_db()
    assert (fresh(begun).status, lesson.status) == (Status.IN_PROGRESS, SessionStatus.OPEN)


# What it costs


def test_what_has_gone_back_already_is_not_kept_as_a_fee(store, fang):
    booked = paid_seat(session_at(teach(store, fee_steps=[[10080, 80]]), TEN), fang)
    services.note_refunded(booked, by=SYSTEM, at=NOW)

    assert cost_of_cancelling(fresh(booked), NOW).amount == 0


def test_the_fee_begins_with_the_very_minute(store, fang):
    booked = paid_seat(session_at(teach(store, fee_steps=[[60, 50]]), TEN), fang)
    second = timedelta(seconds=1)

    assert cost_of_cancelling(booked, TEN - 60 * MINUTE - second).amount == 0
    assert cost_of_cancelling(booked, TEN - 60 * MINUTE).amount == 50


def test_what_is_paid_on_the_spot_costs_by_the_policy_and_is_asked_for_there(store, fang):
    course = teach(store, deposit_percent=0, fee_steps=[[10080, 80]])
    booked = take_seat(session_at(course, TEN), fang)
    assert booked.payment_status == PaymentStatus.NOT_REQUIRED

    services.cancel(booked, by=owner(booked), at=NOW)

    assert booked.cancel_fee == 80
