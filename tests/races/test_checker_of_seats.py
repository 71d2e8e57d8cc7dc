"""The checker of the races reports what is wrong with sessions and their seats, too."""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from pytest_django import DjangoDbBlocker

from appointments.models import Claim, Hold, Offer, Session
from tests.appointments.courses import (
    child_of,
    lock,
    paid_seat,
    session_at,
    take_seat,
    teach,
)
from tests.appointments.world import (
    MINUTE,
    clock,
    open_store,
    register,
)
from tests.support.sharing import rolled_back_at_last

from .checker import faults
from .lies import change

pytestmark = pytest.mark.django_db
LATER = clock("09:40")


class School:
    """A session of two seats at ten, one paid by Fang and one locked by Bo; another at two, where
    Chun and her child have not paid yet."""

    def __init__(self) -> None:
        self.store = open_store()
        self.piano = teach(self.store, buffer_after_minutes=10)
        self.lesson = session_at(self.piano, clock("10:00"), capacity=2)
        self.later = session_at(self.piano, clock("14:00"), capacity=2)
        self.paid = paid_seat(self.lesson, register("Fang"), at=LATER - 60 * MINUTE)
        chun = register("Chun")
        self.unpaid = take_seat(self.later, chun, at=LATER - MINUTE)
        self.childs = take_seat(self.later, chun, child=child_of(chun, "Lei"), at=LATER - MINUTE)
        self.held = lock(self.lesson, register("Bo"), at=LATER - 60 * MINUTE)
        Hold.objects.filter(pk=self.held.pk).update(expires_at=LATER + MINUTE)


@pytest.fixture(scope="module")
def _school(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[School]:
    with rolled_back_at_last(django_db_blocker):
        yield School()


@pytest.fixture
def school(_school: School, db: None) -> School:
    """In objects of the test's own."""
    return deepcopy(_school)


def alter(session: Session, **columns: object) -> None:
    Session.objects.filter(pk=session.pk).update(**columns)


def test_nothing_is_wrong_in_a_school_in_order(school):
    assert (school.paid.status, school.unpaid.payment_status) == ("confirmed", "unpaid")
    assert faults(LATER) == []


def more_people_than_seats(school):
    alter(school.lesson, capacity=1)


def a_seat_is_not_claimed(school):
    Claim.objects.of(school.paid).filter(resource__startswith="s:").delete()


def a_locked_seat_is_not_claimed(school):
    Claim.objects.of(school.held).delete()


def somebody_has_two_seats(school):
    seat = Claim.objects.of(school.unpaid).get(resource__startswith="s:")
    Claim.objects.create(resource=seat.resource, unit=5, cell=seat.cell, appointment=school.unpaid)


def the_child_is_free_elsewhere(school):
    Claim.objects.of(school.childs).filter(resource__startswith="c:").delete()


def the_teacher_is_free_meanwhile(school):
    Claim.objects.of(school.lesson).delete()


def the_teacher_is_promised_to_two_sessions(school):
    start = school.lesson.starts_at + 30 * MINUTE
    alter(school.later, starts_at=start, ends_at=start + 60 * MINUTE)


def a_session_was_moved_without_its_people(school):
    alter(school.later, starts_at=school.later.starts_at + 5 * MINUTE)


def a_session_was_called_off_without_its_people(school):
    alter(school.later, status="cancelled")


def a_session_was_held_without_its_people(school):
    alter(school.later, status="completed")


def what_was_not_paid_still_waits(school):
    change(school.unpaid, pay_before=LATER - MINUTE)


def the_teacher_is_asked_before_it_is_paid(school):
    Offer.objects.create(
        appointment=school.unpaid,
        realtor=school.piano.realtor,
        open_key=school.unpaid.pk,
        deadline_at=LATER + MINUTE,
        created_at=LATER,
    )


SCHOOL_LIES = [
    (more_people_than_seats, "has 1 seats and is promised to"),
    (more_people_than_seats, "is not there"),
    (a_seat_is_not_claimed, "lacks a claim on s:"),
    (a_locked_seat_is_not_claimed, "lacks a claim on s:"),
    (somebody_has_two_seats, "has 2 seats"),
    (the_child_is_free_elsewhere, "lacks a claim on c:"),
    (the_teacher_is_free_meanwhile, "lacks a claim on r:"),
    (the_teacher_is_promised_to_two_sessions, "promised twice"),
    (a_session_was_moved_without_its_people, "at another time"),
    (a_session_was_called_off_without_its_people, "will not take place"),
    (a_session_was_held_without_its_people, "that was held"),
    (what_was_not_paid_still_waits, "was not paid in time"),
    (the_teacher_is_asked_before_it_is_paid, "has open offers"),
]


@pytest.mark.parametrize(
    ("lie", "sentence"), SCHOOL_LIES, ids=lambda part: getattr(part, "__name__", "")
)
def test_it_notices_in_a_school_when(school, lie, sentence):
    lie(school)

    assert any(sentence in fault for fault in faults(LATER)), faults(LATER)
