"""What speaks against a session that is there already: the store closes, the teacher goes away."""

from datetime import timedelta

import pytest

from appointments.models import Session
from appointments.selectors.sessions import Conflict, conflicts_of
from stores.models import SpecialDay, SpecialInterval
from tests.appointments.courses import session_at, teach, teacher_of
from tests.appointments.world import MONDAY, TUESDAY, away, clock, open_store

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
    return session_at(piano, TEN)


def seen(*sessions):
    rows = Session.objects.filter(pk__in=[one.pk for one in sessions])
    return conflicts_of(list(rows.select_related("store")))


def closed_on(store, day, *hours):
    special = SpecialDay.objects.create(store=store, date=day)
    for opens, closes in hours:
        SpecialInterval.objects.create(special_day=special, opens=opens, closes=closes)


def test_in_the_hours_nothing_does(lesson):
    assert seen(lesson) == {}
    assert conflicts_of([]) == {}


def test_time_off_that_was_taken_afterwards(lesson, piano):
    away(teacher_of(piano), clock("10:55"), clock("12:00"))

    assert seen(lesson) == {lesson.pk: Conflict.AWAY}


def test_time_off_that_only_touches_it_does_not(lesson, piano):
    away(teacher_of(piano), clock("09:00"), TEN)
    away(teacher_of(piano), clock("11:00"), clock("12:00"))

    assert seen(lesson) == {}


def test_time_off_of_somebody_else_does_not(lesson, store):
    away(teacher_of(teach(store, "Yun", title="Violin")), clock("09:00"), clock("12:00"))

    assert seen(lesson) == {}


def test_a_day_on_which_the_store_is_closed(lesson, store):
    closed_on(store, MONDAY)

    assert seen(lesson) == {lesson.pk: Conflict.CLOSED}


def test_hours_that_have_become_shorter(lesson, store):
    closed_on(store, MONDAY, ("10:30", "18:00"))

    assert seen(lesson) == {lesson.pk: Conflict.OUTSIDE_HOURS}


def test_each_is_judged_by_its_own_day_and_its_own_teacher(lesson, piano, store):
    tomorrow = session_at(piano, TEN + timedelta(days=1))
    violin = session_at(teach(store, "Yun", title="Violin"), TEN)
    closed_on(store, TUESDAY)
    away(teacher_of(piano), TEN, clock("11:00"))

    assert seen(lesson, tomorrow, violin) == {
        lesson.pk: Conflict.AWAY,
        tomorrow.pk: Conflict.CLOSED,
    }


def test_past_midnight_is_the_evening_of_the_day_before():
    bar = open_store("bund", opens="20:00", closes="03:00")
    late = session_at(teach(bar), clock("23:30"), duration_minutes=120)

    assert seen(late) == {}
    assert late.ends_local.date() == TUESDAY
