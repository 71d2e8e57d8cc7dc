"""The page of a course: what it is, and which of its sessions have a place."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from appointments import services
from appointments.models import SeatWish, Session
from booking_site.common.actors import SYSTEM
from realtors.models import Listing, ListingStatus
from stores.models import Store
from tests.appointments import world
from tests.appointments.courses import (
    lock,
    paid_seat,
    session_at,
    take_seat,
    teach,
    teacher_of,
    teaching,
)

from .visitor import Visitor

NEXT_MONDAY = date(2026, 3, 9)
TWO = world.clock("14:00")
FOUR = world.clock("16:00", world.TUESDAY)


@pytest.fixture
def piano(store: Store) -> Listing:
    """Mei's course: two places in a session."""
    return teach(store, capacity=2)


@pytest.fixture
def today(piano: Listing) -> Session:
    return session_at(piano, TWO)


@pytest.fixture
def bo(db: None) -> User:
    return world.register("Bo")


def address(course: Listing) -> str:
    return f"/courses/{course.pk}/"


def fill(session: Session) -> None:
    for number in range(session.capacity):
        paid_seat(session, world.register(f"Pupil {number}"))


def test_a_course_says_what_it_is_and_what_it_costs(lan: Visitor, piano: Listing, today: Session):
    piano.description = "Scales first."
    piano.attributes = {"age_from": 6, "age_to": 12, "level": "beginner", "bring": "A pencil"}
    piano.save()

    page = lan.look(address(piano))

    for said in ("Piano", "Mei", "Scales first.", "¥100", "for ages 6 to 12", "for beginners"):
        assert said in page
    assert "A pencil" in page
    assert "You pay when you book." in page
    assert "You can cancel or move it free of charge until it starts." in page


def test_a_session_says_its_day_its_time_and_how_many_places_are_left(
    lan: Visitor, piano: Listing, today: Session, fang: User
):
    paid_seat(today, fang)

    page = lan.look(address(piano))

    assert "Today (Mon, March 2)" in page
    assert "14:00–15:00" in page
    assert "1 place left" in page


def test_a_price_is_said_where_it_is_another_one(lan: Visitor, piano: Listing):
    session_at(piano, TWO, price_modifier=20)

    assert "¥120" in lan.look(address(piano))


def test_a_lock_takes_a_place_while_it_lasts(
    lan: Visitor, piano: Listing, today: Session, fang: User
):
    lock(today, fang)

    assert "1 place left" in lan.look(address(piano))


def test_a_full_session_offers_to_tell(lan: Visitor, piano: Listing, today: Session):
    fill(today)

    page = lan.look(address(piano))

    assert "full" in page
    assert "Tell me when a place is free" in page
    assert f'name="session" value="{today.pk}"' not in page


def test_a_week_without_a_place_says_when_the_next_session_is(
    lan: Visitor, piano: Listing, today: Session
):
    session_at(piano, world.clock("14:00", NEXT_MONDAY))
    assert "No place can be booked in this week" not in lan.look(address(piano))

    fill(today)

    page = lan.look(address(piano))
    assert "No place can be booked in this week. The next session after it is Mon, March 9" in page


def test_a_blocked_session_says_so(lan: Visitor, piano: Listing, today: Session):
    services.block_session(today, by=teaching(piano), at=world.NOW)

    page = lan.look(address(piano))

    assert "blocked" in page
    assert f'name="session" value="{today.pk}"' not in page


def test_what_was_called_off_is_not_shown(lan: Visitor, piano: Listing, today: Session):
    services.call_off_session(today, by=SYSTEM, at=world.NOW, reason="ill")

    assert "14:00" not in lan.look(address(piano))


def test_the_page_opens_with_the_week_of_the_next_session(lan: Visitor, piano: Listing):
    session_at(piano, world.clock("10:00", NEXT_MONDAY))

    page = lan.look(address(piano))

    assert "March 9" in page
    assert "10:00–11:00" in page


def test_weeks_are_turned_by_the_address(lan: Visitor, piano: Listing, today: Session):
    session_at(piano, world.clock("10:00", NEXT_MONDAY))

    first, second = lan.look(address(piano)), lan.look(address(piano), date="2026-03-11")

    assert ("14:00" in first, "10:00" in first) == (True, False)
    assert ("14:00" in second, "10:00" in second) == (False, True)
    assert 'href="?date=2026-03-09#sessions"' in first
    assert 'href="?date=2026-03-02#sessions"' in second


def test_turning_the_week_keeps_what_is_chosen(lan: Visitor, piano: Listing, today: Session):
    facts = {"go": "2026-03-09", "session": [str(today.pk)]}

    answer = lan.client.post(f"{address(piano)}choose/", facts)

    assert answer["Location"] == f"{address(piano)}?session={today.pk}&date=2026-03-09#sessions"


def test_a_date_that_is_none_opens_the_next_week_with_sessions(
    lan: Visitor, piano: Listing, today: Session
):
    assert "14:00" in lan.look(address(piano), date="tomorrow", session="nonsense")


def test_a_course_without_sessions_says_so(lan: Visitor, piano: Listing):
    assert "No session is planned" in lan.look(address(piano))


def test_a_package_lets_one_tick_and_counts(lan: Visitor, piano: Listing, today: Session):
    piano.attributes = {"package_sessions": 2}
    piano.save()
    session_at(piano, FOUR)

    page = lan.look(address(piano), session=str(today.pk))

    assert "Choose 2 sessions" in page
    assert "1 of 2 sessions are chosen: 1 more to go." in page
    assert page.count('type="checkbox" name="session"') == 2


def test_what_is_chosen_in_another_week_is_named_and_travels_along(
    lan: Visitor, piano: Listing, today: Session
):
    piano.attributes = {"package_sessions": 2}
    piano.save()
    session_at(piano, world.clock("10:00", NEXT_MONDAY))

    page = lan.look(address(piano), date="2026-03-09", session=str(today.pk))

    assert f'type="hidden" name="session" value="{today.pk}"' in page
    assert "In other weeks: today 14:00" in page


@pytest.mark.parametrize("status", [ListingStatus.DRAFT, ListingStatus.HIDDEN])
def test_what_is_not_published_is_not_there(lan: Visitor, piano: Listing, status: ListingStatus):
    Listing.objects.filter(pk=piano.pk).update(status=status)

    assert lan.client.get(address(piano)).status_code == 404


def test_its_teacher_sees_a_draft_and_that_only_they_do(
    lan: Visitor, piano: Listing, today: Session
):
    Listing.objects.filter(pk=piano.pk).update(status=ListingStatus.DRAFT)
    lan.client.force_login(teacher_of(piano).user)

    page = lan.look(address(piano))

    assert "Only you see this page" in page
    assert f'name="session" value="{today.pk}"' not in page


def test_a_house_is_no_course(lan: Visitor, piano: Listing):
    Listing.objects.filter(pk=piano.pk).update(kind="house")

    assert lan.client.get(address(piano)).status_code == 404


def test_who_finds_it_full_may_wait_for_a_place(
    fang_at_home: Visitor, fang: User, piano: Listing, today: Session
):
    fill(today)

    answer = fang_at_home.client.post(f"{address(piano)}wish/", {"wish": str(today.pk)})

    assert answer["Location"] == address(piano)
    assert SeatWish.objects.get().user == fang
    page = fang_at_home.look(address(piano))
    assert "We tell you when a place is free." in page
    assert "Take it back" in page


def test_and_may_take_that_back(fang_at_home: Visitor, fang: User, piano: Listing, today: Session):
    fill(today)
    services.wish_for_seat(today, fang, at=world.NOW)

    fang_at_home.client.post(f"{address(piano)}wish/", {"forget": str(today.pk)})

    assert not SeatWish.objects.exists()


def test_somebody_elses_wish_stays(fang_at_home: Visitor, bo: User, piano: Listing, today: Session):
    fill(today)
    services.wish_for_seat(today, bo, at=world.NOW)

    fang_at_home.client.post(f"{address(piano)}wish/", {"forget": str(today.pk)})

    assert SeatWish.objects.get().user == bo


def test_a_guest_is_asked_to_sign_in_and_comes_back(lan: Visitor, piano: Listing, today: Session):
    fill(today)
    facts = {"wish": str(today.pk), "date": "2026-03-02"}

    answer = lan.client.post(f"{address(piano)}wish/", facts)

    assert answer["Location"].startswith("/accounts/login/?next=/courses/")
    assert "2026-03-02" in answer["Location"]
    assert not SeatWish.objects.exists()


def test_a_session_of_another_course_cannot_be_wished_for_here(
    fang_at_home: Visitor, store: Store, piano: Listing, today: Session
):
    flute = session_at(teach(store, "Lin", title="Flute"), TWO)

    answer = fang_at_home.client.post(f"{address(piano)}wish/", {"wish": str(flute.pk)})

    assert answer.status_code == 404


def test_what_is_kept_for_the_visitor_is_not_full_for_them(
    fang_at_home: Visitor, fang: User, store: Store
):
    alone = teach(store, capacity=1)
    lock(session_at(alone, TWO), fang)

    page = fang_at_home.look(address(alone))

    assert "kept for you" in page
    assert "Go on" in page


def test_who_has_a_place_already_is_told_so(
    fang_at_home: Visitor, fang: User, piano: Listing, today: Session
):
    take_seat(today, fang)

    assert "you have a place" in fang_at_home.look(address(piano))


def test_the_page_needs_few_queries(fang_at_home: Visitor, fang: User, piano: Listing):
    for day in (2, 3, 4, 5, 6):
        one = session_at(piano, world.clock("17:00", date(2026, 3, day)))
        services.wish_for_seat(one, fang, at=world.NOW)
    session_at(piano, world.clock("10:00", NEXT_MONDAY))
    lock(one, fang)

    with CaptureQueriesContext(connection) as queries:
        fang_at_home.look(address(piano))

    assert len(queries) <= 15, [one["sql"] for one in queries.captured_queries]
