"""Places in courses among one's own: to be paid, to come, called off, moved, and waited for."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from appointments import services
from appointments.models import Appointment, Session, Status
from booking_site.common.actors import SYSTEM
from realtors.models import Listing, Realtor
from stores.models import Store
from tests.appointments import world
from tests.appointments.courses import (
    child_of,
    paid_seat,
    session_at,
    take_package,
    take_seat,
    teach,
    teaching,
)

from .visitor import Visitor

TWO = world.clock("14:00")
FOUR = world.clock("16:00")
TOMORROW = world.clock("14:00", world.TUESDAY)
NEXT_MONDAY = world.clock("14:00", date(2026, 3, 9))
MINE = "/appointments/"


@pytest.fixture
def piano(store: Store) -> Listing:
    """Mei's course for 100 yuan; calling off costs half of it in the last day."""
    return teach(store, capacity=1, fee_steps=[[1440, 50]])


@pytest.fixture
def today(piano: Listing) -> Session:
    return session_at(piano, TWO)


@pytest.fixture
def bo(db: None) -> User:
    return world.register("Bo")


def page_of(appointment: Appointment) -> str:
    return f"/appointments/{appointment.code}/"


# The list


def test_a_place_stands_there_with_its_course_and_for_whom(
    fang_at_home: Visitor, fang: User, today: Session
):
    paid_seat(today, fang, child=child_of(fang, "Lily"))

    page = fang_at_home.look(MINE)

    for said in ("Piano", "for Lily", "Mei", "14:00–15:00"):
        assert said in page


def test_what_is_to_be_paid_comes_first_and_says_until_when(
    fang_at_home: Visitor, fang: User, store: Store, today: Session
):
    paid_seat(session_at(teach(store, "Lin", title="Flute"), world.clock("11:00")), fang)
    unpaid = take_seat(today, fang)

    page = fang_at_home.look(MINE)

    assert page.index("To be paid") < page.index("Piano") < page.index("Flute")
    assert 'data-expires-at="2026-03-02T08:05:00+08:00"' in page
    assert "Pay ¥100" in page
    assert page.count(f'href="/appointments/{unpaid.code}/"') == 1


def test_what_ran_out_unpaid_cannot_be_paid_any_more(
    fang_at_home: Visitor, fang: User, today: Session
):
    take_seat(today, fang, at=world.NOW - timedelta(minutes=10))

    page = fang_at_home.look(MINE)

    assert "The time to pay has run out." in page
    assert "Pay ¥100" not in page


def test_a_package_is_one_payment(fang_at_home: Visitor, fang: User, store: Store):
    clay = teach(store, title="Clay", attributes={"package_sessions": 2})
    take_package([session_at(clay, TWO), session_at(clay, TOMORROW)], fang)

    page = fang_at_home.look(MINE)

    assert page.count("Pay ¥200") == 1
    assert "Today 14:00" in page
    assert "Tomorrow 14:00" in page


def test_a_paid_package_is_one_card_with_all_that_is_to_come(
    fang_at_home: Visitor, fang: User, store: Store
):
    clay = teach(store, title="Clay", attributes={"package_sessions": 2})
    both = take_package([session_at(clay, TWO), session_at(clay, TOMORROW)], fang)
    for one in both:
        services.note_paid(one, at=world.NOW)

    page = fang_at_home.look(MINE)

    assert page.count('class="visits__day"') == 1
    assert "2 sessions to come" in page
    assert page_of(both[1]) in page


def test_sessions_one_waits_for_stand_below_and_can_be_left(
    fang_at_home: Visitor, fang: User, bo: User, piano: Listing, today: Session
):
    paid_seat(today, bo)
    services.wish_for_seat(today, fang, at=world.NOW)

    page = fang_at_home.look(MINE)
    assert "You wait for a place" in page

    facts = {"forget": str(today.pk), "back": "mine"}
    answer = fang_at_home.client.post(f"/courses/{piano.pk}/wish/", facts)
    assert answer["Location"] == MINE
    assert "You wait for a place" not in fang_at_home.look(MINE)


def test_nothing_of_others_is_listed(fang_at_home: Visitor, bo: User, today: Session):
    take_seat(today, bo)
    services.wish_for_seat(today, bo, at=world.NOW)

    assert "Piano" not in fang_at_home.look(MINE)


def test_what_was_told_of_a_free_place_says_so(
    fang_at_home: Visitor, fang: User, bo: User, today: Session
):
    taken = paid_seat(today, bo)
    services.wish_for_seat(today, fang, at=world.NOW)
    services.cancel(taken, by=SYSTEM, at=world.NOW)

    assert "a place was free" in fang_at_home.look(MINE)


def test_the_list_needs_few_queries_however_much_is_on_it(
    fang_at_home: Visitor, fang: User, store: Store, wei: Realtor
):
    world.join(store, customer=fang, phone="+8613800000009")
    lily = child_of(fang, "Lily")
    clay = teach(store, title="Clay", attributes={"package_sessions": 3})
    chosen = [session_at(clay, world.clock(f"{hour}:00")) for hour in (10, 11, 12)]
    for one in take_package(chosen, fang, child=lily):
        services.note_paid(one, at=world.NOW)
    flute = teach(store, "Lin", title="Flute", capacity=1)
    for hour in (13, 14, 15, 16):
        one = session_at(flute, world.clock(f"{hour}:00"))
        paid_seat(one, fang)
        services.wish_for_seat(one, fang, at=world.NOW)
    take_seat(session_at(flute, TOMORROW), fang)

    with CaptureQueriesContext(connection) as queries:
        fang_at_home.look(MINE)

    assert len(queries) <= 15, [one["sql"] for one in queries.captured_queries]


# One of them


def test_its_page_says_the_course_for_whom_where_and_what_was_paid(
    fang_at_home: Visitor, fang: User, store: Store
):
    lessons = teach(store, deposit_percent=30, address="2 Garden Lane")
    seat = paid_seat(session_at(lessons, TWO), fang, child=child_of(fang, "Lily"), note="Shy")

    page = fang_at_home.look(page_of(seat))

    for said in ("Your appointment is confirmed", "Lily", "2 Garden Lane", "Mei", "Shy"):
        assert said in page
    for said in ("¥100", "¥30", "To pay on the spot", "¥70", "Add to calendar"):
        assert said in page
    assert f'href="/courses/{lessons.pk}/"' in page


def test_the_code_alone_says_nothing_of_a_child_or_of_money(
    lan: Visitor, fang: User, today: Session
):
    seat = paid_seat(today, fang, child=child_of(fang, "Lily"))

    page = lan.look(page_of(seat))

    assert "Lily" not in page
    assert "¥" not in page


def test_it_names_what_was_booked_together_with_it(fang_at_home: Visitor, fang: User, store: Store):
    clay = teach(store, title="Clay", attributes={"package_sessions": 2})
    first, second = take_package([session_at(clay, TWO), session_at(clay, TOMORROW)], fang)

    page = fang_at_home.look(page_of(first))

    assert "Booked together with it" in page
    assert page_of(second) in page
    assert "Pay ¥200" in page


def test_what_the_teacher_called_off_goes_back_whole_and_leads_to_the_course(
    fang_at_home: Visitor, fang: User, piano: Listing, today: Session
):
    seat = paid_seat(today, fang)
    services.call_off_session(today, by=teaching(piano), at=world.NOW, reason="ill")
    seat.refresh_from_db()

    page = fang_at_home.look(page_of(seat))

    assert "Goes back to you" in page
    assert "Cancellation fee" not in page
    assert f'href="/courses/{piano.pk}/"' in page
    assert "The next free times" not in page


def test_nothing_leads_to_a_course_that_was_taken_down(
    fang_at_home: Visitor, fang: User, piano: Listing, today: Session
):
    place = paid_seat(today, fang)
    Listing.objects.filter(pk=piano.pk).update(status="hidden")

    for page in ("", "cancel/"):
        said = fang_at_home.look(f"{page_of(place)}{page}")
        assert piano.title in said
        assert f"/courses/{piano.pk}/" not in said


def test_the_page_of_one_needs_few_queries(fang_at_home: Visitor, fang: User, store: Store):
    clay = teach(store, title="Clay", attributes={"package_sessions": 2})
    first, _second = take_package(
        [session_at(clay, TWO), session_at(clay, TOMORROW)], fang, child=child_of(fang, "Lily")
    )

    with CaptureQueriesContext(connection) as queries:
        fang_at_home.look(page_of(first))

    assert len(queries) <= 15, [one["sql"] for one in queries.captured_queries]


# Calling off


def test_before_it_is_called_off_the_cost_and_what_comes_back_are_said(
    fang_at_home: Visitor, fang: User, today: Session
):
    seat = paid_seat(today, fang)

    page = fang_at_home.look(f"{page_of(seat)}cancel/")

    assert "Cancelling now costs ¥50 (50% of the price)." in page
    assert "Of what you paid, ¥50 comes back to you." in page


def test_early_enough_all_comes_back(fang_at_home: Visitor, fang: User, piano: Listing):
    seat = paid_seat(session_at(piano, NEXT_MONDAY), fang)

    page = fang_at_home.look(f"{page_of(seat)}cancel/")

    assert "All you paid comes back to you: ¥100." in page


def test_called_off_the_page_says_what_is_kept(fang_at_home: Visitor, fang: User, today: Session):
    seat = paid_seat(today, fang)

    answer = fang_at_home.client.post(f"{page_of(seat)}cancel/", follow=True)

    page = answer.content.decode()
    seat.refresh_from_db()
    assert seat.status == Status.CANCELLED
    assert "Cancelled. The place has been given back." in page
    assert "Cancellation fee" in page


def test_an_unpaid_package_says_that_all_of_it_goes(
    fang_at_home: Visitor, fang: User, store: Store
):
    clay = teach(store, title="Clay", attributes={"package_sessions": 2})
    first, second = take_package([session_at(clay, TWO), session_at(clay, TOMORROW)], fang)

    page = fang_at_home.look(f"{page_of(first)}cancel/")
    fang_at_home.client.post(f"{page_of(first)}cancel/")

    assert "the 1 session booked with it is called off, too" in page
    second.refresh_from_db()
    assert second.status == Status.CANCELLED


def test_what_is_not_paid_may_be_called_off_at_any_time(
    fang_at_home: Visitor, fang: User, store: Store
):
    strict = teach(store, cancel_cutoff_minutes=10080)
    seat = take_seat(session_at(strict, TWO), fang)

    fang_at_home.client.post(f"{page_of(seat)}cancel/")

    seat.refresh_from_db()
    assert seat.status == Status.CANCELLED


# Moving


def test_instead_of_times_the_other_sessions_are_offered(
    fang_at_home: Visitor, fang: User, bo: User, piano: Listing, today: Session
):
    seat = paid_seat(today, fang)
    free, full = session_at(piano, FOUR), session_at(piano, TOMORROW)
    dearer = session_at(piano, world.clock("17:00"), price_modifier=10)
    paid_seat(full, bo)

    page = fang_at_home.look(f"{page_of(seat)}reschedule/")

    offered = [one for one in (today, free, full, dearer) if f'value="{one.pk}"' in page]
    assert offered == [free]
    assert "Today 16:00" in page


def test_a_place_moves_to_another_session(
    fang_at_home: Visitor, fang: User, piano: Listing, today: Session
):
    seat, later = paid_seat(today, fang), session_at(piano, FOUR)

    facts = {"session": str(later.pk)}
    answer = fang_at_home.client.post(f"{page_of(seat)}reschedule/", facts, follow=True)

    seat.refresh_from_db()
    assert (seat.session, seat.status) == (later, Status.CONFIRMED)
    assert "Moved to today 16:00. The code stays the same." in answer.content.decode()


def test_a_session_that_filled_up_meanwhile_leaves_everything_as_it_was(
    fang_at_home: Visitor, fang: User, bo: User, piano: Listing, today: Session
):
    seat, later = paid_seat(today, fang), session_at(piano, FOUR)
    paid_seat(later, bo)

    facts = {"session": str(later.pk)}
    answer = fang_at_home.client.post(f"{page_of(seat)}reschedule/", facts, follow=True)

    page = answer.content.decode()
    assert "Today 16:00 has just been taken" in page
    assert "No other session has a place" in page
    seat.refresh_from_db()
    assert seat.session == today


def test_a_session_of_another_course_is_none_to_move_to(
    fang_at_home: Visitor, fang: User, store: Store, today: Session
):
    seat = paid_seat(today, fang)
    flute = session_at(teach(store, "Lin", title="Flute"), FOUR)

    fang_at_home.client.post(f"{page_of(seat)}reschedule/", {"session": str(flute.pk)})

    seat.refresh_from_db()
    assert seat.session == today


def test_another_customer_neither_sees_nor_moves_nor_cancels_it(
    fang_at_home: Visitor, bo: User, piano: Listing, today: Session
):
    seat, later = paid_seat(today, bo), session_at(piano, FOUR)

    fang_at_home.client.post(f"{page_of(seat)}reschedule/", {"session": str(later.pk)})
    fang_at_home.client.post(f"{page_of(seat)}cancel/")

    seat.refresh_from_db()
    assert (seat.session, seat.status) == (today, Status.CONFIRMED)
