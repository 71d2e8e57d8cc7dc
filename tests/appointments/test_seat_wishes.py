"""Who waits for a seat of a full session."""

from datetime import timedelta

import pytest

from appointments import services
from appointments.events import SeatFreed
from appointments.models import (
    SeatWish,
)
from appointments.services.seat_wishes import sweep_wishes
from appointments.timed import run_due
from realtors.models import ListingStatus
from tests.appointments.courses import (
    lock,
    take_seat,
)
from tests.appointments.world import (
    NOW,
    clock,
    owner,
    register,
)

pytestmark = pytest.mark.django_db

TEN = clock("10:00")


@pytest.fixture
def heard(monkeypatch):
    """What is published of free seats."""
    found = []
    monkeypatch.setattr(
        "appointments.services.seat_wishes.publish",
        lambda news: found.append(news) if isinstance(news, SeatFreed) else None,
    )
    return found


def test_who_asked_hears_once_when_a_seat_is_free(lesson, fang, bo, heard):
    booked = [take_seat(lesson, fang), take_seat(lesson, bo)]
    chun = register("Chun")
    services.wish_for_seat(lesson, chun, at=NOW)
    sweep_wishes(at=NOW)
    assert not heard

    services.cancel(booked[0], by=owner(booked[0]), at=NOW)
    services.cancel(booked[1], by=owner(booked[1]), at=NOW)
    sweep_wishes(at=NOW)

    assert [(news.session_id, news.user_ids) for news in heard] == [(lesson.pk, (chun.pk,))]


def test_an_expired_lock_is_told_by_the_sweep(lesson, fang, bo, heard):
    lock(lesson, fang)
    lock(lesson, bo)
    services.wish_for_seat(lesson, register("Chun"), at=NOW)

    run_due(at=NOW + timedelta(minutes=5))

    assert len(heard) == 1


def test_of_a_course_that_was_taken_back_nobody_hears(lesson, piano, fang, bo, heard):
    booked = [take_seat(lesson, fang), take_seat(lesson, bo)]
    services.wish_for_seat(lesson, register("Chun"), at=NOW)
    piano.status = ListingStatus.HIDDEN
    piano.save()

    services.cancel(booked[0], by=owner(booked[0]), at=NOW)
    sweep_wishes(at=NOW)

    assert not heard


def test_a_wish_that_was_answered_can_be_made_again(lesson, fang, bo, heard):
    booked = [take_seat(lesson, fang), take_seat(lesson, bo)]
    chun = register("Chun")
    services.wish_for_seat(lesson, chun, at=NOW)
    services.cancel(booked[0], by=owner(booked[0]), at=NOW)
    take_seat(lesson, register("Dan"))

    services.wish_for_seat(lesson, chun, at=NOW)
    services.cancel(booked[1], by=owner(booked[1]), at=NOW)

    assert len(heard) == 2
    services.forget_wish(lesson, chun)
    assert not SeatWish.objects.exists()
