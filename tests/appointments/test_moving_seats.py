"""A seat moves to another session of its course."""

from decimal import Decimal

import pytest

from appointments import errors, services
from appointments.models import (
    Status,
)
from booking_site.common.errors import Invalid
from tests.appointments.courses import (
    paid_seat,
    seat_claims,
    session_at,
    take_seat,
    teach,
    teaching,
)
from tests.appointments.world import (
    NOW,
    clock,
    hire,
    manager,
    owner,
)

pytestmark = pytest.mark.django_db

TEN = clock("10:00")


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
