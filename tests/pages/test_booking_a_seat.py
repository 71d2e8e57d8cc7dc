"""Choose a session, which locks a place; say for whom; book, and go on to pay."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from accounts.models import Child, User
from appointments import services
from appointments.models import Appointment, Hold, PaymentStatus, Session, Status
from booking_site.common.actors import SYSTEM
from realtors.models import Listing
from stores.models import Store
from tests.appointments import world
from tests.appointments.courses import (
    child_of,
    lock,
    paid_seat,
    session_at,
    take_package,
    take_seat,
    teach,
    teacher_of,
)

from .visitor import Visitor

TWO = world.clock("14:00")
FOUR = world.clock("16:00")
TOMORROW = world.clock("14:00", world.TUESDAY)


@pytest.fixture
def piano(store: Store) -> Listing:
    """Mei's course: one place in a session, 100 yuan, to be paid in advance."""
    return teach(store, capacity=1)


@pytest.fixture
def today(piano: Listing) -> Session:
    return session_at(piano, TWO)


@pytest.fixture
def bo(db: None) -> User:
    return world.register("Bo")


def choose(visitor: Visitor, course: Listing, *sessions: Session, **more: str) -> HttpResponse:
    facts = {"session": [str(one.pk) for one in sessions], **more}
    return visitor.client.post(f"/courses/{course.pk}/choose/", facts)


def book_at(course: Listing, *sessions: Session) -> str:
    query = "&".join(f"session={one.pk}" for one in sessions)
    return f"/courses/{course.pk}/book/?{query}"


def details(**changed: str) -> dict[str, str]:
    facts = {"whom": "me", "name": "Fang", "phone": "138 0000 0009", "key": "pressed-once"}
    return facts | changed


def book(visitor: Visitor, course: Listing, *sessions: Session, **changed: str) -> HttpResponse:
    return visitor.client.post(book_at(course, *sessions), details(**changed))


# Choosing


def test_choosing_a_session_locks_a_place(
    fang_at_home: Visitor, fang: User, piano: Listing, today: Session
):
    answer = choose(fang_at_home, piano, today)

    assert answer["Location"] == book_at(piano, today)
    held = Hold.objects.get()
    assert (held.session, held.user) == (today, fang)
    page = fang_at_home.look(book_at(piano, today))
    assert 'data-expires-at="2026-03-02T08:05:00+08:00"' in page
    assert "This place is kept for you" in page


def test_a_guest_signs_in_and_comes_back_to_their_choice(
    lan: Visitor, piano: Listing, today: Session
):
    answer = choose(lan, piano, today)

    parts = urlsplit(answer["Location"])
    assert parts.path == "/accounts/login/"
    assert "Please sign in to book." in lan.look(answer["Location"])
    assert parse_qs(parts.query)["next"] == [book_at(piano, today)]
    assert not Hold.objects.exists()


def test_looking_keeps_nothing_and_says_so(fang_at_home: Visitor, piano: Listing, today: Session):
    page = fang_at_home.look(book_at(piano, today))

    assert not Hold.objects.exists()
    assert "It is free, but not kept for you yet." in page
    assert "Keep it for me" in page


def test_another_choice_lets_the_first_one_go(
    fang_at_home: Visitor, piano: Listing, today: Session
):
    later = session_at(piano, FOUR)
    choose(fang_at_home, piano, today)

    choose(fang_at_home, piano, later)

    assert [held.session for held in Hold.objects.all()] == [later]


def test_choosing_nothing_asks_to_choose(fang_at_home: Visitor, piano: Listing):
    answer = fang_at_home.client.post(f"/courses/{piano.pk}/choose/", follow=True)

    assert "Please choose a session." in answer.content.decode()


def test_who_comes_second_sees_the_other_sessions_and_keeps_what_they_typed(
    fang_at_home: Visitor, bo: User, piano: Listing, today: Session
):
    later = session_at(piano, FOUR)
    lock(today, bo)

    answer = choose(fang_at_home, piano, today, **details(name="Fang Fang"))

    page = fang_at_home.client.get(answer["Location"]).content.decode()
    assert "There is no place any more: today 14:00" in page
    assert f'name="session" value="{later.pk}"' in page
    choose(fang_at_home, piano, later)
    assert 'value="Fang Fang"' in fang_at_home.look(book_at(piano, later))


def test_what_was_taken_while_signing_in_is_told_where_the_others_are(
    fang_at_home: Visitor, bo: User, piano: Listing, today: Session
):
    lock(today, bo)

    answer = fang_at_home.client.get(book_at(piano, today))

    assert answer["Location"].startswith(f"/courses/{piano.pk}/?session={today.pk}")


def test_ones_own_session_cannot_be_booked(lan: Visitor, piano: Listing, today: Session):
    lan.client.force_login(teacher_of(piano).user)

    answer = lan.client.post(book_at(piano, today), details(), follow=True)

    assert "You cannot book a session of your own." in answer.content.decode()
    assert not Appointment.objects.exists()


# The page of the details


def test_the_details_say_what_it_costs_and_how_it_is_paid(
    fang_at_home: Visitor, store: Store, fang: User
):
    lessons = teach(store, deposit_percent=30, fee_steps=[[1440, 50]])
    one = session_at(lessons, TOMORROW)

    page = fang_at_home.look(book_at(lessons, one))

    for said in ("¥100", "To pay now", "¥30", "To pay on the spot", "¥70", "Book and pay ¥30"):
        assert said in page
    assert "Cancelling is free until 1 day before the start" in page


def test_what_the_account_knows_is_filled_in(fang_at_home: Visitor, piano: Listing, today: Session):
    page = fang_at_home.look(book_at(piano, today))

    assert 'value="Fang"' in page
    assert 'value="138 0000 0009"' in page


def test_a_course_for_children_suggests_the_child(
    fang_at_home: Visitor, fang: User, piano: Listing, today: Session
):
    Listing.objects.filter(pk=piano.pk).update(attributes={"age_to": 12})
    lily = child_of(fang, "Lily")

    page = fang_at_home.look(book_at(piano, today))

    assert "Lily" in page
    chosen = page.split(f'name="whom" value="{lily.pk}"')[1].split(">")[0]
    assert "checked" in chosen


def test_somebody_elses_child_is_not_offered_and_not_taken(
    fang_at_home: Visitor, bo: User, piano: Listing, today: Session
):
    theirs = child_of(bo, "Theirs")

    answer = book(fang_at_home, piano, today, whom=str(theirs.pk))

    assert answer.status_code == 200
    assert "Theirs" not in answer.content.decode()
    assert not Appointment.objects.exists()


def test_a_lock_that_ran_out_is_told_kindly_and_can_be_had_again(
    fang_at_home: Visitor, piano: Listing, today: Session, monday_morning: time_machine.Traveller
):
    choose(fang_at_home, piano, today)
    monday_morning.shift(timedelta(minutes=6))

    page = fang_at_home.look(book_at(piano, today))

    assert "The minutes we kept it for have run out, but it is still free." in page
    choose(fang_at_home, piano, today, **details())
    assert "This place is kept for you" in fang_at_home.look(book_at(piano, today))


def test_the_page_needs_few_queries(
    fang_at_home: Visitor, fang: User, piano: Listing, today: Session
):
    child_of(fang, "Lily")
    choose(fang_at_home, piano, today)

    with CaptureQueriesContext(connection) as queries:
        fang_at_home.look(book_at(piano, today))

    assert len(queries) <= 15, [one["sql"] for one in queries.captured_queries]


# Booking


def test_a_place_is_booked_and_leads_to_the_payment(
    fang_at_home: Visitor, fang: User, piano: Listing, today: Session
):
    choose(fang_at_home, piano, today)

    answer = book(fang_at_home, piano, today, requirements="She is left-handed")

    booked = Appointment.objects.get()
    assert answer["Location"] == f"/bookings/{booked.code}/pay/"
    assert (booked.session, booked.user, booked.child) == (today, fang, None)
    assert (booked.payment_status, booked.customer_phone) == ("unpaid", "+8613800000009")
    assert booked.customer_note == "She is left-handed"
    assert booked.locale == "en"
    assert not Hold.objects.exists()


def test_where_nothing_is_due_the_booking_is_done(fang_at_home: Visitor, store: Store, fang: User):
    singing = teach(store, title="Singing", price=0)
    one = session_at(singing, TWO)

    answer = book(fang_at_home, singing, one)

    booked = Appointment.objects.get()
    assert answer["Location"] == f"/appointments/{booked.code}/"
    assert booked.status == Status.CONFIRMED
    assert "Your place is booked." in fang_at_home.look(answer["Location"])


def test_a_place_for_a_child_one_has(
    fang_at_home: Visitor, fang: User, piano: Listing, today: Session
):
    lily = child_of(fang, "Lily")

    book(fang_at_home, piano, today, whom=str(lily.pk))

    assert Appointment.objects.get().child == lily


def test_a_child_may_be_named_right_here(
    fang_at_home: Visitor, fang: User, piano: Listing, today: Session
):
    book(fang_at_home, piano, today, whom="new", child_name="Ben")

    ben = Child.objects.get()
    assert (ben.parent, ben.name) == (fang, "Ben")
    assert Appointment.objects.get().child == ben


def test_the_same_child_is_not_kept_twice(
    fang_at_home: Visitor, fang: User, piano: Listing, today: Session
):
    ben = child_of(fang, "Ben")

    book(fang_at_home, piano, today, whom="new", child_name="Ben")

    assert Appointment.objects.get().child == ben


def test_a_child_without_a_name_is_asked_for(fang_at_home: Visitor, piano: Listing, today: Session):
    page = book(fang_at_home, piano, today, whom="new").content.decode()

    assert "Please say what the child is called." in page
    assert not Child.objects.exists()


def test_for_whom_must_be_said(fang_at_home: Visitor, piano: Listing, today: Session):
    page = book(fang_at_home, piano, today, whom="", requirements="Kept").content.decode()

    assert "Please say for whom it is." in page
    assert "Kept" in page


def test_pressed_twice_it_is_booked_once(fang_at_home: Visitor, piano: Listing, today: Session):
    first, second = book(fang_at_home, piano, today), book(fang_at_home, piano, today)

    booked = Appointment.objects.get()
    assert first["Location"] == f"/bookings/{booked.code}/pay/"
    assert second["Location"] == f"/appointments/{booked.code}/"


def test_two_forms_without_a_key_are_two_bookings(
    fang_at_home: Visitor, store: Store, piano: Listing, today: Session
):
    later = session_at(piano, FOUR)

    book(fang_at_home, piano, today, key="")
    book(fang_at_home, piano, later, key="")

    assert Appointment.objects.count() == 2


@pytest.mark.parametrize("change", [{"price": 300}, {"fee_steps": [[10080, 100]]}], ids=str)
def test_what_it_costs_is_shown_before_it_is_booked(
    fang_at_home: Visitor, piano: Listing, today: Session, change: dict[str, Any]
):
    """The teacher has changed it while the form was filled in."""
    page = fang_at_home.look(book_at(piano, today))
    found = re.search(r'name="terms" value="(\w+)"', page)
    assert found is not None
    Listing.objects.filter(pk=piano.pk).update(**change)

    answer = book(fang_at_home, piano, today, terms=found[1])

    assert "have changed meanwhile" in answer.content.decode()
    assert not Appointment.objects.exists()
    seen = re.search(r'name="terms" value="(\w+)"', answer.content.decode())
    assert seen is not None
    assert book(fang_at_home, piano, today, terms=seen[1]).status_code == 302


def test_a_lost_race_shows_the_other_sessions(
    fang_at_home: Visitor, bo: User, piano: Listing, today: Session
):
    paid_seat(today, bo)

    answer = book(fang_at_home, piano, today)

    assert answer["Location"].startswith(f"/courses/{piano.pk}/?session={today.pk}&date=2026-03-02")
    page = fang_at_home.client.get(answer["Location"]).content.decode()
    assert "There is no place any more: today 14:00" in page


def test_who_has_something_else_then_is_told_beside_the_question(
    fang_at_home: Visitor, fang: User, store: Store, piano: Listing, today: Session
):
    take_seat(session_at(teach(store, "Lin", title="Flute"), TWO), fang)

    page = book(fang_at_home, piano, today).content.decode()

    assert "Whoever is to come has something else at that time already." in page
    assert not today.appointments.exists()


def test_their_child_may_come_all_the_same(
    fang_at_home: Visitor, fang: User, store: Store, piano: Listing, today: Session
):
    take_seat(session_at(teach(store, "Lin", title="Flute"), TWO), fang)

    book(fang_at_home, piano, today, whom="new", child_name="Ben")

    assert today.appointments.get().child is not None


def test_what_was_called_off_meanwhile_is_no_dead_end(
    fang_at_home: Visitor, piano: Listing, today: Session
):
    services.call_off_session(today, by=SYSTEM, at=world.NOW, reason="ill")

    answer = book(fang_at_home, piano, today)

    assert answer["Location"].startswith(f"/courses/{piano.pk}/")
    assert fang_at_home.client.get(answer["Location"]).status_code == 200


# Packages


@pytest.fixture
def course_of_two(store: Store) -> Listing:
    return teach(store, title="Clay", attributes={"package_sessions": 2})


@pytest.fixture
def both(course_of_two: Listing) -> list[Session]:
    return [session_at(course_of_two, TWO), session_at(course_of_two, TOMORROW)]


def test_a_package_is_locked_and_booked_as_a_whole(
    fang_at_home: Visitor, fang: User, course_of_two: Listing, both: list[Session]
):
    assert choose(fang_at_home, course_of_two, *both)["Location"] == book_at(course_of_two, *both)
    assert Hold.objects.count() == 2
    page = fang_at_home.look(book_at(course_of_two, *both))
    assert "Book and pay ¥200" in page

    answer = book(fang_at_home, course_of_two, *both)

    booked = list(Appointment.objects.order_by("starts_at"))
    assert [one.session for one in booked] == both
    assert len({one.package_id for one in booked}) == 1
    assert answer["Location"] == f"/bookings/{booked[0].code}/pay/"


def test_too_few_sessions_go_back_to_the_picker(
    fang_at_home: Visitor, course_of_two: Listing, both: list[Session]
):
    answer = choose(fang_at_home, course_of_two, both[0])

    assert answer["Location"].startswith(f"/courses/{course_of_two.pk}/?session={both[0].pk}")
    page = fang_at_home.client.get(answer["Location"]).content.decode()
    assert "1 of 2 sessions are chosen: 1 more to go." in page
    assert "Please choose 2 sessions." in page
    assert not Hold.objects.exists()


def test_of_a_package_with_one_session_taken_nothing_is_booked(
    fang_at_home: Visitor, bo: User, store: Store
):
    clay = teach(store, title="Clay", capacity=1, attributes={"package_sessions": 2})
    both = [session_at(clay, TWO), session_at(clay, TOMORROW)]
    third = session_at(clay, FOUR)
    take_package([both[0], third], bo)

    answer = choose(fang_at_home, clay, *both)

    assert not Hold.objects.exists()
    page = fang_at_home.client.get(answer["Location"]).content.decode()
    assert "There is no place any more: today 14:00" in page
    assert "1 of 2 sessions are chosen" in page


# What is unpaid


def test_an_unpaid_place_says_until_when_it_is_kept(
    fang_at_home: Visitor, fang: User, today: Session
):
    booked = take_seat(today, fang)

    page = fang_at_home.look(f"/appointments/{booked.code}/")

    assert booked.payment_status == PaymentStatus.UNPAID
    assert "Your place is kept until you pay" in page
    assert "Please pay by today 08:05." in page
    assert f'href="/bookings/{booked.code}/pay/"' in page
