"""What calling off a seat costs whoever booked it."""

from datetime import timedelta

import pytest

from appointments import services
from appointments.models import (
    Status,
)
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
    manager,
    owner,
)

pytestmark = pytest.mark.django_db

TEN = clock("10:00")


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


STEPS = {"fee_steps": [[1440, 20], [120, 50]]}
CUTOFFS = {"cancel_cutoff_minutes": 1440, "reschedule_cutoff_minutes": 60}


@pytest.mark.parametrize(
    ("rules", "hours_before", "fee"),
    [(STEPS, 48, 0), (STEPS, 20, 20), (CUTOFFS, 25, 0), (CUTOFFS, 24, 100)],
    ids=str,
)
def test_moving_it_far_ahead_saves_no_fee_and_opens_nothing(store, fang, rules, hours_before, fee):
    """Whoever could not cancel any more gets nothing back, wherever they have moved it."""
    course = teach(store, **rules)
    near, far = (session_at(course, TEN + timedelta(days=days)) for days in (3, 30))
    booked = paid_seat(near, fang)
    late = near.starts_at - timedelta(hours=hours_before)

    services.move_seat(booked, far, by=owner(booked), at=late)
    services.cancel(booked, by=owner(booked), at=late)

    assert booked.cancel_fee == fee


def test_moving_it_late_costs_nothing_as_long_as_nothing_is_paid(store, fang):
    course = teach(store, cancel_cutoff_minutes=20160)
    near, far = (session_at(course, TEN + timedelta(days=days)) for days in (3, 30))
    booked = take_seat(near, fang)

    services.move_seat(booked, far, by=owner(booked), at=NOW)

    assert "fee_floor" not in booked.policy


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
