"""A seat of a session: locked, booked, paid, moved, given back."""

from datetime import timedelta
from decimal import Decimal

import pytest

from appointments import errors, services
from appointments.events import SeatFreed
from appointments.models import (
    Appointment,
    Claim,
    PaymentStatus,
    SeatWish,
    SessionStatus,
    Status,
    SystemReason,
)
from appointments.selectors.sessions import SeatState, seats_taken, with_seats
from appointments.services.paying import end_unpaid
from appointments.services.seat_wishes import sweep_wishes
from appointments.timed import run_due
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Forbidden, Invalid, TooMany
from realtors.models import ListingStatus
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
from tests.appointments.world import (
    HOUR,
    MINUTE,
    NOW,
    TUESDAY,
    book,
    clock,
    hire,
    manager,
    open_store,
    owner,
    register,
)

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
    return session_at(piano, TEN, capacity=2)


@pytest.fixture
def fang():
    return register("Fang", phone="+8613800000011")


@pytest.fixture
def bo():
    return register("Bo", phone="+8613800000012")


@pytest.fixture
def heard(monkeypatch):
    """What is published of free seats."""
    found = []
    monkeypatch.setattr(
        "appointments.services.seat_wishes.publish",
        lambda news: found.append(news) if isinstance(news, SeatFreed) else None,
    )
    return found


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


# Calling off


@pytest.mark.parametrize(("hours_before", "fee"), [(48, 0), (24, 20), (3, 20), (2, 50)], ids=str)
def test_the_customer_pays_the_fee_of_the_policy_they_booked_under(store, fang, hours_before, fee):
    course = teach(store, fee_steps=[[1440, 20], [120, 50]])
    lesson = session_at(course, TEN + timedelta(days=3))
    booked = paid_seat(lesson, fang)
    course.fee_steps = [[10080, 100]]
    course.save()

    services.cancel(booked, by=owner(booked), at=lesson.starts_at - timedelta(hours=hours_before))

    assert booked.cancel_fee == fee
    assert seat_claims(lesson) == 0


@pytest.mark.parametrize(("hours_before", "fee"), [(48, 0), (20, 20)], ids=str)
def test_moving_it_far_ahead_does_not_save_the_fee(store, fang, hours_before, fee):
    course = teach(store, fee_steps=[[1440, 20], [120, 50]])
    near, far = (session_at(course, TEN + timedelta(days=days)) for days in (3, 30))
    booked = paid_seat(near, fang)
    late = near.starts_at - timedelta(hours=hours_before)

    services.move_seat(booked, far, by=owner(booked), at=late)
    services.cancel(booked, by=owner(booked), at=late)

    assert booked.cancel_fee == fee


def test_what_the_store_moves_costs_no_more_than_before(store, fang):
    course = teach(store, fee_steps=[[1440, 20]])
    near, far = (session_at(course, TEN + timedelta(days=days)) for days in (3, 30))
    booked = paid_seat(near, fang)
    late = near.starts_at - timedelta(hours=2)

    services.move_seat(booked, far, by=manager(store), at=late)
    services.cancel(booked, by=owner(booked), at=late)

    assert booked.cancel_fee == 0


def test_of_yen_only_whole_ones_are_asked_for(store, fang):
    """A gateway takes no halves: it would say another sum than the one it was asked for."""
    course = teach(store, currency="JPY", price=1001, deposit_percent=50, fee_steps=[[10080, 33]])

    booked = paid_seat(session_at(course, TEN), fang)

    assert booked.due_now == 501
    services.cancel(booked, by=owner(booked), at=NOW)
    assert booked.cancel_fee == 330


def test_no_fee_is_more_than_what_was_paid(store, fang):
    course = teach(store, fee_steps=[[10080, 80]], deposit_percent=30)
    booked = paid_seat(session_at(course, TEN), fang)

    services.cancel(booked, by=owner(booked), at=NOW)

    assert booked.cancel_fee == 30


@pytest.mark.parametrize("whose", ["teacher", "manager"])
def test_of_the_store_s_own_doing_the_customer_pays_nothing(store, fang, whose):
    course = teach(store, fee_steps=[[10080, 80]])
    booked = paid_seat(session_at(course, TEN), fang)
    by = teaching(course) if whose == "teacher" else manager(store)

    services.cancel(booked, by=by, at=NOW)

    assert booked.cancel_fee == 0


def test_unpaid_it_costs_nothing_and_has_no_cutoff(store, fang):
    course = teach(store, fee_steps=[[10080, 80]], cancel_cutoff_minutes=20160)
    booked = take_seat(session_at(course, TEN), fang)

    services.cancel(booked, by=owner(booked), at=NOW)

    assert (booked.status, booked.cancel_fee) == (Status.CANCELLED, 0)


# Who waits for a seat


def test_who_asked_hears_once_when_a_seat_is_free(lesson, fang, bo, heard):
    booked = [take_seat(lesson, fang), take_seat(lesson, bo)]
    chun = register("Chun")
    services.wish_for_seat(lesson, chun, at=NOW)
    sweep_wishes(at=NOW)
    assert not heard

    services.cancel(booked[0], by=owner(booked[0]), at=NOW)
    services.cancel(booked[1], by=owner(booked[1]), at=NOW)
    sweep_wishes(at=NOW)

    assert [(news.session_id, news.user_ids) for news in heard] == [(lesson.pk, (chun.pk,))]


def test_an_expired_lock_is_told_by_the_sweep(lesson, fang, bo, heard):
    lock(lesson, fang)
    lock(lesson, bo)
    services.wish_for_seat(lesson, register("Chun"), at=NOW)

    run_due(at=NOW + timedelta(minutes=5))

    assert len(heard) == 1


def test_of_a_course_that_was_taken_back_nobody_hears(lesson, piano, fang, bo, heard):
    booked = [take_seat(lesson, fang), take_seat(lesson, bo)]
    services.wish_for_seat(lesson, register("Chun"), at=NOW)
    piano.status = ListingStatus.HIDDEN
    piano.save()

    services.cancel(booked[0], by=owner(booked[0]), at=NOW)
    sweep_wishes(at=NOW)

    assert not heard


def test_a_wish_that_was_answered_can_be_made_again(lesson, fang, bo, heard):
    booked = [take_seat(lesson, fang), take_seat(lesson, bo)]
    chun = register("Chun")
    services.wish_for_seat(lesson, chun, at=NOW)
    services.cancel(booked[0], by=owner(booked[0]), at=NOW)
    take_seat(lesson, register("Dan"))

    services.wish_for_seat(lesson, chun, at=NOW)
    services.cancel(booked[1], by=owner(booked[1]), at=NOW)

    assert len(heard) == 2
    services.forget_wish(lesson, chun)
    assert not SeatWish.objects.exists()


# Packages


@pytest.fixture
def series(store):
    course = teach(store, "Yun", title="Swimming", attributes={"package_sessions": 3})
    return [session_at(course, TEN + timedelta(days=n), capacity=1) for n in range(4)]


def test_a_package_is_booked_and_paid_together(series, fang):
    booked = take_package(series[:3], fang)

    assert len({one.package_id for one in booked}) == 1
    assert {one.status for one in booked} == {Status.PENDING}
    assert [one.session for one in booked] == series[:3]


def test_all_of_a_package_or_nothing(series, fang, bo):
    take_package([series[0], series[1], series[3]], bo)

    with pytest.raises(errors.SeatTaken):
        take_package(series[:3], fang)

    assert not Appointment.objects.filter(user=fang).exists()
    assert seat_claims(series[2]) == 0


def test_a_package_has_so_many_different_sessions(series, fang):
    for wrong in (series[:2], series, [series[0], series[0], series[1]]):
        with pytest.raises(Invalid) as refusal:
            take_package(wrong, fang)
        assert "slotIds" in refusal.value.errors
    with pytest.raises(Invalid):
        take_seat(series[0], fang)


def test_unpaid_a_package_goes_as_a_whole(series, fang):
    booked = take_package(series[:3], fang)

    services.cancel(booked[1], by=owner(booked[1]), at=NOW)

    assert {one.status for one in Appointment.objects.all()} == {Status.CANCELLED}
    assert sum(seat_claims(one) for one in series) == 0


def test_a_package_that_is_not_paid_in_time_goes_as_a_whole(series, fang):
    take_package(series[:3], fang)

    end_unpaid(at=NOW + timedelta(minutes=5))

    assert {one.status for one in Appointment.objects.all()} == {Status.CANCELLED}


def test_paid_each_of_a_package_is_called_off_by_itself(series, fang):
    booked = take_package(series[:3], fang)
    for one in booked:
        services.note_paid(one, at=NOW)

    services.cancel(booked[0], by=owner(booked[0]), at=NOW)

    statuses = Appointment.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == [Status.CANCELLED, Status.CONFIRMED, Status.CONFIRMED]


# Moving


def test_a_seat_moves_to_another_session_of_its_course(lesson, piano, fang, bo):
    booked = paid_seat(lesson, fang)
    other = session_at(piano, clock("14:00"), capacity=1)

    services.move_seat(booked, other, by=owner(booked), at=NOW)

    booked.refresh_from_db()
    assert (booked.session, booked.starts_at, booked.status) == (
        other,
        other.starts_at,
        Status.CONFIRMED,
    )
    assert (seat_claims(lesson), seat_claims(other)) == (0, 1)
    assert take_seat(lesson, bo).pk


def test_the_ordinary_way_of_moving_finds_the_session_by_its_start(lesson, piano, fang):
    booked = paid_seat(lesson, fang)
    other = session_at(piano, clock("14:00"))

    services.reschedule(booked, starts_at=clock("14:00"), by=owner(booked), at=NOW)
    assert booked.session == other

    with pytest.raises(errors.SessionNotFound):
        services.reschedule(booked, starts_at=clock("15:00"), by=owner(booked), at=NOW)


def test_a_move_that_is_refused_leaves_everything_as_it_was(lesson, piano, fang, bo):
    booked = paid_seat(lesson, fang)
    full = session_at(piano, clock("14:00"), capacity=1)
    paid_seat(full, bo)

    with pytest.raises(errors.SeatTaken):
        services.move_seat(booked, full, by=owner(booked), at=NOW)

    booked.refresh_from_db()
    assert booked.session == lesson
    assert (seat_claims(lesson), seat_claims(full)) == (1, 1)


def test_a_seat_does_not_move_to_another_currency(lesson, piano, fang):
    booked = paid_seat(lesson, fang)
    piano.currency = "USD"
    piano.save()

    with pytest.raises(Invalid):
        services.move_seat(booked, session_at(piano, clock("14:00")), by=owner(booked), at=NOW)


def test_a_seat_does_not_move_to_another_price_or_another_course(lesson, piano, store, fang):
    booked = paid_seat(lesson, fang)
    dear = session_at(piano, clock("14:00"), price_modifier=Decimal(20))
    violin = session_at(teach(store, "Yun", title="Violin"), clock("15:00"))

    with pytest.raises(Invalid):
        services.move_seat(booked, dear, by=owner(booked), at=NOW)
    with pytest.raises(errors.SessionNotFound):
        services.move_seat(booked, violin, by=owner(booked), at=NOW)


def test_a_teacher_who_has_not_said_yes_is_asked_for_the_new_time(store, fang):
    course = teach(store, needs_approval=True)
    booked = paid_seat(session_at(course, TEN), fang)

    services.move_seat(booked, session_at(course, clock("14:00")), by=owner(booked), at=NOW)

    assert booked.offers.filter(status="open").count() == 1
    assert services.accept(booked, by=teaching(course), at=NOW).status == Status.CONFIRMED


def test_a_seat_is_not_given_to_another_realtor(lesson, store, fang):
    wei = hire(store, "Wei")
    booked = paid_seat(lesson, fang)

    with pytest.raises(errors.InvalidTransition):
        services.reassign(booked, wei, by=manager(store), at=NOW, reason="ill")


# The session itself


def test_who_was_there_when_a_session_is_held(lesson, piano, fang, bo):
    present, absent = paid_seat(lesson, fang), paid_seat(lesson, bo)
    services.mark_no_show(absent, by=teaching(piano), at=TEN + MINUTE)

    services.complete_session(lesson, by=teaching(piano), at=TEN + timedelta(minutes=50))

    present.refresh_from_db()
    absent.refresh_from_db()
    assert (present.status, absent.status) == (Status.COMPLETED, Status.NO_SHOW)
    assert lesson.status == SessionStatus.COMPLETED
    assert state(lesson) == SeatState.COMPLETED


def test_a_session_that_nobody_closes_is_closed_by_itself_and_nobody_was_absent(lesson, fang):
    booked = paid_seat(lesson, fang)

    run_due(at=lesson.ends_at + timedelta(minutes=14))
    booked.refresh_from_db()
    assert booked.status == Status.CONFIRMED

    run_due(at=lesson.ends_at + timedelta(minutes=15))
    booked.refresh_from_db()
    lesson.refresh_from_db()
    assert (booked.status, lesson.status) == (Status.COMPLETED, SessionStatus.COMPLETED)


def test_a_session_that_is_called_off_takes_its_seats_with_it(lesson, piano, store, fang, bo):
    paid, unpaid = paid_seat(lesson, fang), take_seat(lesson, bo)

    services.call_off_session(lesson, by=teaching(piano), at=NOW)

    for one in (paid, unpaid):
        one.refresh_from_db()
        assert (one.status, one.cancel_fee) == (Status.CANCELLED, 0)
        assert one.cancel_reason == SystemReason.SESSION_CANCELLED
    assert not Claim.objects.exists()
    assert book(store, TEN).realtor == piano.realtor


def test_a_teacher_who_leaves_holds_no_sessions(lesson, piano, fang):
    from realtors.services import save_realtor

    booked = paid_seat(lesson, fang)
    piano.realtor.is_active = False
    save_realtor(piano.realtor, skills=None, by=SYSTEM, at=NOW)

    booked.refresh_from_db()
    lesson.refresh_from_db()
    assert (booked.status, lesson.status) == (Status.CANCELLED, SessionStatus.CANCELLED)
    assert not Claim.objects.exists()
