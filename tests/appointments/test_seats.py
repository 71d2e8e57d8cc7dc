"""A seat of a session: booked, locked, paid in time or not."""

from datetime import timedelta
from decimal import Decimal

import pytest

from appointments import errors, services
from appointments.models import (
    Appointment,
    Claim,
    PaymentStatus,
    Status,
    SystemReason,
)
from appointments.selectors.sessions import SeatState, seats_taken, with_seats
from appointments.services.paying import end_unpaid
from appointments.timed import run_due
from booking_site.common.actors import Actor
from booking_site.common.errors import Forbidden, Invalid, TooMany
from realtors.models import ListingStatus
from tests.appointments.courses import (
    child_of,
    lock,
    paid_seat,
    seat,
    seat_claims,
    session_at,
    take_seat,
    teach,
    teaching,
)
from tests.appointments.world import (
    HOUR,
    MINUTE,
    NOW,
    TUESDAY,
    book,
    clock,
    hire,
    manager,
    register,
)

pytestmark = pytest.mark.django_db

TEN = clock("10:00")


def taken(session, at=NOW):
    return seats_taken([session.pk], at=at)[session.pk]


def state(session, at=NOW):
    session.refresh_from_db()
    return with_seats([session], at=at)[0].state


def test_a_booked_seat_is_pending_unpaid_and_says_what_it_costs(lesson, piano, fang):
    piano.realtor.commission_percent = Decimal("12.5")
    piano.realtor.save()

    booked = take_seat(lesson, fang, note="in Chinese, please")

    assert (booked.status, booked.payment_status) == (Status.PENDING, PaymentStatus.UNPAID)
    assert (booked.price, booked.final_price, booked.due_now) == (100, 100, 100)
    assert booked.commission == Decimal("12.50")
    assert booked.pay_before == NOW + timedelta(minutes=5)
    assert (booked.realtor, booked.session, booked.listing) == (piano.realtor, lesson, piano)
    assert (booked.starts_at, booked.ends_at) == (lesson.starts_at, lesson.ends_at)
    assert booked.customer_note == "in Chinese, please"
    assert taken(lesson) == 1


def test_what_a_session_adds_to_the_price_is_charged(piano, fang):
    dear = session_at(piano, TEN, price_modifier=Decimal("-30.50"))

    assert take_seat(dear, fang).final_price == Decimal("69.50")


def test_a_deposit_is_due_now_and_the_rest_on_the_spot(store, fang):
    course = teach(store, price=Decimal("99.99"), deposit_percent=30)
    booked = take_seat(session_at(course, TEN), fang)

    assert (booked.due_now, booked.due_on_the_spot) == (Decimal("30.00"), Decimal("69.99"))


def test_paid_it_is_confirmed(lesson, fang):
    booked = take_seat(lesson, fang)

    assert services.note_paid(booked, at=NOW + MINUTE)

    booked.refresh_from_db()
    assert (booked.status, booked.payment_status) == (Status.CONFIRMED, PaymentStatus.PAID)
    assert booked.paid_at == NOW + MINUTE
    assert booked.pay_before is None


def test_a_payment_counts_once(lesson, fang):
    booked = paid_seat(lesson, fang)

    assert not services.note_paid(booked, at=NOW + MINUTE)


def test_a_course_whose_teacher_decides_is_put_before_them_once_it_is_paid(store, fang):
    course = teach(store, needs_approval=True)
    booked = take_seat(session_at(course, TEN), fang)
    assert not booked.offers.exists()
    with pytest.raises(errors.PaymentRequired):
        services.accept(booked, by=teaching(course), at=NOW)

    services.note_paid(booked, at=NOW)

    assert booked.offers.get().realtor == course.realtor
    assert services.accept(booked, by=teaching(course), at=NOW).status == Status.CONFIRMED


def test_a_teacher_who_declines_gives_the_seat_back_at_no_cost(store, fang):
    course = teach(store, needs_approval=True, fee_steps=[[10080, 50]])
    lesson = session_at(course, TEN)
    booked = paid_seat(lesson, fang)

    services.decline(booked, by=teaching(course), at=NOW, reason="ill")

    booked.refresh_from_db()
    assert (booked.status, booked.cancel_fee) == (Status.CANCELLED, 0)
    assert seat_claims(lesson) == 0


def test_a_course_free_of_charge_is_confirmed_at_once(store, fang):
    course = teach(store, price=0)
    booked = take_seat(session_at(course, TEN), fang)

    assert booked.payment_status == PaymentStatus.NOT_REQUIRED
    assert booked.status == Status.CONFIRMED


def test_as_many_as_there_are_seats_and_no_more(lesson, fang, bo):
    take_seat(lesson, fang)
    take_seat(lesson, bo)

    with pytest.raises(errors.SeatTaken) as refusal:
        take_seat(lesson, register("Chun"))

    assert (refusal.value.code, refusal.value.status) == ("slot_taken", 400)
    assert taken(lesson) == 2
    assert state(lesson) == SeatState.BOOKED


def test_a_full_session_is_full_before_anything_else_is_wrong(lesson, fang, bo, piano):
    """Document 3: the second who wants it hears that it is taken, whatever course they name."""
    take_seat(lesson, fang)
    take_seat(lesson, bo)
    services.block_session(lesson, by=teaching(piano), at=NOW)

    with pytest.raises(errors.SeatTaken):
        take_seat(lesson, fang, listing_id=piano.pk + 1)


def test_a_blocked_session_cannot_be_booked(lesson, piano, fang):
    services.block_session(lesson, by=teaching(piano), at=NOW)

    with pytest.raises(errors.SessionUnavailable):
        take_seat(lesson, fang)
    with pytest.raises(errors.SessionUnavailable):
        lock(lesson, fang)
    assert taken(lesson) == 0

    services.unblock_session(lesson, by=teaching(piano), at=NOW)
    assert take_seat(lesson, fang).pk


def test_another_course_or_teacher_is_refused(lesson, piano, fang):
    for wrong in ({"listing_id": piano.pk + 1}, {"realtor_id": piano.realtor_id + 1}):
        with pytest.raises(Invalid):
            take_seat(lesson, fang, **wrong)
    assert take_seat(lesson, fang, listing_id=piano.pk, realtor_id=piano.realtor_id).pk


def test_nobody_sits_in_two_places_at_once(lesson, store, fang):
    hire(store, "Wei")
    book(store, TEN, customer=fang)

    with pytest.raises(errors.AttendeeConflict) as refusal:
        take_seat(lesson, fang)

    assert (refusal.value.code, refusal.value.status) == ("customer_conflict", 400)


def test_two_children_sit_beside_each_other_while_their_parent_is_elsewhere(lesson, store, fang):
    hire(store, "Wei")
    book(store, TEN, customer=fang)

    for name in ("Lei", "Nan"):
        assert take_seat(lesson, fang, child=child_of(fang, name)).attendee_name == name
    assert taken(lesson) == 2


def test_a_child_sits_in_one_place_at_a_time(lesson, store, fang):
    lei = child_of(fang, "Lei")
    other = session_at(teach(store, "Yun", title="Violin"), TEN)
    take_seat(lesson, fang, child=lei)

    with pytest.raises(errors.AttendeeConflict):
        take_seat(other, fang, child=lei)
    assert seat_claims(other) == 0


def test_nobody_books_a_seat_in_their_own_session(lesson, piano):
    with pytest.raises(Invalid):
        take_seat(lesson, piano.realtor.user)


def test_for_somebody_else_books_only_staff(lesson, store, fang, bo):
    with pytest.raises(Forbidden):
        services.book_seat(seat(lesson, fang), by=Actor.of(bo), at=NOW)
    assert services.book_seat(seat(lesson, fang), by=manager(store), at=NOW).user == fang


def test_nobody_keeps_a_session_empty_with_names_of_children(piano, store, fang):
    big = session_at(piano, TEN + timedelta(days=1), capacity=20)
    for number in range(10):
        take_seat(big, fang, child=child_of(fang, f"Child {number}"))

    with pytest.raises(Invalid, match="10"):
        take_seat(big, fang)

    assert seat_claims(big) == 10
    for_them = seat(big, fang, child=child_of(fang, "One more"))
    assert services.book_seat(for_them, by=manager(store), at=NOW)


def test_who_never_pays_books_no_more_that_day(piano, fang, bo):
    coming = session_at(piano, TEN + timedelta(days=7), capacity=2)
    for number in range(30):
        take_seat(coming, fang, at=NOW + number * 5 * MINUTE)

    with pytest.raises(TooMany):
        take_seat(coming, fang, at=NOW + 3 * HOUR)

    assert paid_seat(coming, bo, at=NOW + 3 * HOUR)
    # The next day is another one.
    assert take_seat(coming, fang, at=NOW + 28 * HOUR)


def test_what_is_not_published_is_not_there(lesson, piano, fang):
    piano.status = ListingStatus.DRAFT
    piano.save()

    with pytest.raises(errors.SessionNotFound):
        take_seat(lesson, fang)


def test_what_begins_too_soon_cannot_be_booked(lesson, fang):
    with pytest.raises(errors.TooSoon):
        take_seat(lesson, fang, at=TEN - timedelta(minutes=29))
    with pytest.raises(errors.SessionUnavailable):
        take_seat(lesson, fang, at=TEN)


def test_half_a_year_ahead_and_no_further(piano, fang):
    late = session_at(piano, TEN + timedelta(days=181))

    with pytest.raises(errors.TooFarAhead):
        take_seat(late, fang)
    assert take_seat(late, fang, at=NOW + timedelta(days=1)).pk


# Locks


def test_a_lock_keeps_a_seat_for_five_minutes(lesson, fang, bo):
    take_seat(lesson, bo)
    held = lock(lesson, fang)

    assert held.expires_at == NOW + timedelta(minutes=5)
    assert taken(lesson) == 2
    with pytest.raises(errors.SeatTaken):
        take_seat(lesson, register("Chun"))
    assert take_seat(lesson, fang, lock_token=held.token).pk
    assert taken(lesson) == 2


def test_who_holds_a_seat_books_it_without_the_token_too(lesson, fang, bo):
    take_seat(lesson, bo)
    lock(lesson, fang)

    assert take_seat(lesson, fang).pk
    assert taken(lesson) == 2


def test_an_expired_lock_blocks_nobody_swept_or_not(lesson, fang, bo):
    lock(lesson, fang)
    lock(lesson, bo)
    later = NOW + timedelta(minutes=5)

    assert taken(lesson, later) == 0
    assert take_seat(lesson, register("Chun"), at=later).pk
    assert take_seat(lesson, register("Dan"), at=later).pk


def test_an_expired_lock_books_nothing(lesson, fang):
    held = lock(lesson, fang)

    with pytest.raises(errors.HoldExpired):
        take_seat(lesson, fang, at=NOW + timedelta(minutes=5), lock_token=held.token)


def test_the_lock_of_somebody_else_books_nothing(lesson, fang, bo):
    held = lock(lesson, fang)

    with pytest.raises(errors.HoldExpired):
        take_seat(lesson, bo, lock_token=held.token)


def test_locking_again_renews_and_takes_no_second_seat(lesson, fang):
    first = lock(lesson, fang)
    second = lock(lesson, fang, at=NOW + MINUTE)

    assert first.token != second.token
    assert taken(lesson) == 1


def test_a_lock_can_be_let_go(lesson, fang):
    held = lock(lesson, fang)

    services.release_hold(held.token, by=Actor.of(fang), at=NOW)

    assert taken(lesson) == 0


def test_locks_of_a_person_are_counted(piano, fang):
    for hour in range(9):
        lock(session_at(piano, clock("09:00") + timedelta(hours=hour)), fang)
    lock(session_at(piano, clock("09:00", TUESDAY)), fang)

    with pytest.raises(TooMany):
        lock(session_at(piano, clock("10:00", TUESDAY)), fang)


def test_a_booking_of_a_time_leaves_the_locked_seats(lesson, store, fang):
    hire(store, "Wei")
    lock(lesson, fang)

    book(store, clock("15:00"), customer=fang)

    assert taken(lesson) == 1


# Unpaid


def test_what_is_not_paid_in_time_is_called_off_and_the_seat_is_free(lesson, fang):
    booked = take_seat(lesson, fang)

    end_unpaid(at=NOW + timedelta(minutes=4))
    booked.refresh_from_db()
    assert booked.status == Status.PENDING

    run_due(at=NOW + timedelta(minutes=5))
    booked.refresh_from_db()
    assert (booked.status, booked.cancel_reason) == (Status.CANCELLED, SystemReason.NOT_PAID)
    assert not Claim.objects.filter(appointment=booked).exists()


def test_who_wants_the_seat_does_not_wait_for_the_sweep(lesson, fang, bo):
    first = [take_seat(lesson, fang), take_seat(lesson, bo)]
    later = NOW + timedelta(minutes=5)
    assert state(lesson, later) == SeatState.AVAILABLE

    assert take_seat(lesson, register("Chun"), at=later).pk

    assert {fresh.status for fresh in Appointment.objects.filter(pk__in=[a.pk for a in first])} == {
        Status.CANCELLED
    }


def test_a_payment_that_comes_after_that_does_not_count(lesson, fang):
    booked = take_seat(lesson, fang)
    end_unpaid(at=NOW + timedelta(minutes=5))

    assert not services.note_paid(booked, at=NOW + timedelta(minutes=6))
    booked.refresh_from_db()
    assert booked.status == Status.CANCELLED
