"""A session is held, closed by itself, or called off, and what becomes of its seats."""

from datetime import timedelta

import pytest

from appointments import services
from appointments.models import (
    Claim,
    SessionStatus,
    Status,
    SystemReason,
)
from appointments.selectors.sessions import SeatState, seats_taken, with_seats
from appointments.timed import run_due
from booking_site.common.actors import SYSTEM
from tests.appointments.courses import (
    paid_seat,
    take_seat,
    teaching,
)
from tests.appointments.world import (
    MINUTE,
    NOW,
    book,
    clock,
)

pytestmark = pytest.mark.django_db

TEN = clock("10:00")


def taken(session, at=NOW):
    return seats_taken([session.pk], at=at)[session.pk]


def state(session, at=NOW):
    session.refresh_from_db()
    return with_seats([session], at=at)[0].state


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
