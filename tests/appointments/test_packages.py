"""Several sessions of a course, booked and paid together or not at all."""

from datetime import timedelta

import pytest

from appointments import errors, services
from appointments.models import (
    Appointment,
    Status,
)
from appointments.services.paying import end_unpaid
from booking_site.common.errors import Invalid
from tests.appointments.courses import (
    seat_claims,
    session_at,
    take_package,
    take_seat,
    teach,
)
from tests.appointments.world import (
    NOW,
    clock,
    owner,
)

pytestmark = pytest.mark.django_db

TEN = clock("10:00")


@pytest.fixture
def series(store):
    course = teach(store, "Yun", title="Swimming", attributes={"package_sessions": 3})
    return [session_at(course, TEN + timedelta(days=n), capacity=1) for n in range(4)]


def test_a_package_is_booked_and_paid_together(series, fang):
    booked = take_package(series[:3], fang)

    assert len({one.package_id for one in booked}) == 1
    assert {one.status for one in booked} == {Status.PENDING}
    assert [one.session for one in booked] == series[:3]


def test_all_of_a_package_or_nothing(series, fang, bo):
    take_package([series[0], series[1], series[3]], bo)

    with pytest.raises(errors.SeatTaken):
        take_package(series[:3], fang)

    assert not Appointment.objects.filter(user=fang).exists()
    assert seat_claims(series[2]) == 0


def test_a_package_has_so_many_different_sessions(series, fang):
    for wrong in (series[:2], series, [series[0], series[0], series[1]]):
        with pytest.raises(Invalid) as refusal:
            take_package(wrong, fang)
        assert "slotIds" in refusal.value.errors
    with pytest.raises(Invalid):
        take_seat(series[0], fang)


def test_unpaid_a_package_goes_as_a_whole(series, fang):
    booked = take_package(series[:3], fang)

    services.cancel(booked[1], by=owner(booked[1]), at=NOW)

    assert {one.status for one in Appointment.objects.all()} == {Status.CANCELLED}
    assert sum(seat_claims(one) for one in series) == 0


def test_a_package_that_is_not_paid_in_time_goes_as_a_whole(series, fang):
    take_package(series[:3], fang)

    end_unpaid(at=NOW + timedelta(minutes=5))

    assert {one.status for one in Appointment.objects.all()} == {Status.CANCELLED}


def test_paid_each_of_a_package_is_called_off_by_itself(series, fang):
    booked = take_package(series[:3], fang)
    for one in booked:
        services.note_paid(one, at=NOW)

    services.cancel(booked[0], by=owner(booked[0]), at=NOW)

    statuses = Appointment.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == [Status.CANCELLED, Status.CONFIRMED, Status.CONFIRMED]
