"""Whoever found a session full and asked for it is told once when a seat is free."""

from datetime import timedelta

import pytest
from django.core import mail

from appointments import services
from appointments.services.paying import end_unpaid
from booking_site.common.actors import Actor
from notifications.models import DropReason, Notification, Push, SeatHint
from notifications.services import forget, register_device
from notifications.timed import deliver_due
from tests.appointments import courses
from tests.appointments.world import HOUR, NOW, register

from .edge import at_the_edge
from .seats import LATE, TEN, booked, last_told, told

pytestmark = pytest.mark.django_db
BOS = "bo@example.com"


@pytest.fixture
def bo(db):
    """Waits for a seat."""
    return register("Bo", email=BOS, locale="en")


@pytest.fixture
def lesson(store):
    """One seat, which costs nothing."""
    return courses.session_at(courses.teach(store, price=0, capacity=1), TEN)


@pytest.fixture
def fangs(lesson, fang):
    return booked(lesson, fang)


@pytest.fixture
def waiting(fangs, lesson, bo):
    return at_the_edge(services.wish_for_seat, lesson, bo, at=NOW)


def give_back(seat, at=NOW) -> None:
    at_the_edge(services.cancel, seat, by=Actor.of(seat.user), at=at)


def letters(at=NOW) -> list:
    mail.outbox.clear()
    deliver_due(at=at)
    return [one for one in mail.outbox if one.to == [BOS]]


def test_they_are_told_on_the_site_and_by_letter_where_to_book(waiting, fangs, lesson, bo):
    give_back(fangs)

    (letter,) = letters()
    page = f"/courses/{lesson.listing_id}/"
    assert told(bo) == ["seat_free"]
    assert last_told(bo).title == "A place is free: Piano, Tue, March 3 10:00"
    assert last_told(bo).link == page
    assert letter.subject == last_told(bo).title
    assert f"http://127.0.0.1:8000{page}" in letter.body
    assert "/notifications/preferences/" in letter.body


def test_and_on_their_devices_until_the_session_begins(waiting, fangs, lesson, bo):
    register_device(bo, platform="android", token="bo-phone", by=Actor.of(bo), at=NOW)

    give_back(fangs)

    (push,) = Push.objects.all()
    assert (push.title, push.useful_until) == (last_told(bo).title, lesson.starts_at)


def test_they_are_told_once(waiting, fangs, lesson, bo, fang):
    give_back(fangs)
    again = booked(lesson, fang)
    give_back(again)

    assert told(bo) == ["seat_free"]
    assert SeatHint.objects.count() == 1


def test_who_asks_again_is_told_again(waiting, fangs, lesson, bo, fang):
    give_back(fangs)
    again = booked(lesson, fang)
    at_the_edge(services.wish_for_seat, lesson, bo, at=NOW + HOUR)
    give_back(again, at=NOW + HOUR)

    assert told(bo) == ["seat_free", "seat_free"]


def test_a_seat_that_was_not_paid_is_free_again(store, fang, bo):
    paid_one = courses.session_at(courses.teach(store, "Jun", capacity=1), TEN)
    booked(paid_one, fang)
    at_the_edge(services.wish_for_seat, paid_one, bo, at=NOW)

    end_unpaid(at=LATE)

    assert told(bo) == ["seat_free"]


def test_the_letter_is_not_sent_when_somebody_was_faster(waiting, fangs, lesson, fang):
    give_back(fangs)
    booked(lesson, fang)

    assert letters() == []
    assert SeatHint.objects.get().last_error == DropReason.UNTRUE


def test_it_comes_by_the_ways_they_wish(waiting, fangs, bo):
    bo.notification_preferences.create(kind="seat_free", channel="email", enabled=False)
    register_device(bo, platform="ios", token="bo-phone", by=Actor.of(bo), at=NOW)
    bo.notification_preferences.create(kind="seat_free", channel="push", enabled=False)

    give_back(fangs)

    assert told(bo) == ["seat_free"]
    assert not SeatHint.objects.exists()
    assert not Push.objects.exists()


def test_who_has_left_is_told_nothing(waiting, fangs, bo):
    give_back(fangs)

    at_the_edge(forget, bo, at=NOW)

    assert letters(at=NOW + timedelta(minutes=1)) == []
    assert not Notification.objects.filter(user=bo).exists()
    assert not SeatHint.objects.exists()
