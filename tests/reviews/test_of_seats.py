"""A seat of a session can be reviewed like any appointment, once the session has taken place."""

import pytest
import time_machine
from django.test import Client

from appointments import services
from booking_site.common.actors import SYSTEM
from booking_site.common.errors import Refusal
from tests.appointments import courses
from tests.appointments.world import HOUR, NOW, TUESDAY, clock, register
from tests.pages.visitor import Visitor

from .visits import say

pytestmark = pytest.mark.django_db
TEN = clock("10:00", TUESDAY)


@pytest.fixture
def piano(store):
    return courses.teach(store)


@pytest.fixture
def lesson(piano):
    return courses.session_at(piano, TEN)


@pytest.fixture
def seat(lesson, fang):
    return courses.paid_seat(lesson, fang)


def take_place(lesson) -> None:
    services.complete_session(lesson, by=SYSTEM, at=lesson.ends_at)


def test_everybody_who_was_there_may_say_how_it_was(lesson, seat, piano):
    bos = courses.paid_seat(lesson, register("Bo"))
    take_place(lesson)
    seat.refresh_from_db()
    bos.refresh_from_db()

    say(seat, 5)
    say(bos, 4)

    piano.refresh_from_db()
    piano.realtor.refresh_from_db()
    assert (piano.rating, piano.review_count) == (4.5, 2)
    assert piano.realtor.review_count == 2


def test_nobody_says_it_before(seat):
    with pytest.raises(Refusal):
        say(seat, 5)


def test_a_seat_that_was_not_paid_for_was_nobody_s(lesson, fang):
    seat = courses.take_seat(lesson, fang)
    take_place(lesson)
    seat.refresh_from_db()

    with pytest.raises(Refusal):
        say(seat, 5)


def test_the_page_says_which_course(lesson, seat, fang):
    take_place(lesson)
    visitor = Visitor(Client(headers={"accept-language": "en"}))
    visitor.client.force_login(fang)

    with time_machine.travel(TEN + 2 * HOUR, tick=False):
        asked = visitor.look(f"/appointments/{seat.code}/review/")
        seat.refresh_from_db()
        say(seat, 5)
        said = visitor.look(f"/appointments/{seat.code}/review/")

    assert "Piano" in asked
    assert "Piano" in said
    assert NOW < TEN
