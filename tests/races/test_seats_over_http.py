"""Everybody wants one of seven seats at the same moment.

Over HTTP, against a real server process on the test database. ``RACE_OPERATIONS`` says how often:
one round of sixty people in `make test`, ten rounds of two hundred in `make races`.
"""

import os
from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.services import issue_tokens
from appointments import services
from appointments.models import Appointment, Hold, Session
from booking_site.common.actors import SYSTEM, Actor
from realtors.models import Listing
from tests.appointments.courses import teach
from tests.appointments.world import MINUTE, open_store, register
from tests.support.server import Server, StartServer

from .checker import faults
from .crowd import Answer, Press, at_once
from .together import ISOLATIONS

pytestmark = pytest.mark.django_db(transaction=True)

OPERATIONS = int(os.environ.get("RACE_OPERATIONS", "2000"))
PEOPLE = 200 if OPERATIONS >= 20_000 else 60
ROUNDS = max(1, OPERATIONS // 2000)
SEATS = 7


@pytest.fixture
def course() -> Listing:
    store = open_store(opens="00:00", closes="00:00")
    return teach(store, capacity=SEATS)


def tomorrow(number: int = 0) -> datetime:
    """A start of its own for every round."""
    at = timezone.now() + timedelta(days=1)
    return at.replace(hour=1, minute=0, second=0, microsecond=0) + number * 60 * MINUTE


def session_of(course: Listing, number: int = 0) -> Session:
    return services.open_session(course, starts_at=tomorrow(number), by=SYSTEM, at=timezone.now())


def headers_of(user: User) -> tuple[tuple[str, str], ...]:
    pair = issue_tokens(user, by=Actor.of(user), at=timezone.now())
    return (("Authorization", f"Bearer {pair.access}"),)


def crowd(people: int, first: int = 0) -> list[tuple[tuple[str, str], ...]]:
    """What each sends with every request."""
    numbers = range(first, first + people)
    return [headers_of(register(f"C{n}", phone=f"+861391{n:07}")) for n in numbers]


def want_a_seat(
    server: Server, session: Session, people: list[tuple[tuple[str, str], ...]]
) -> list[Answer]:
    url, body = f"{server.url}/api/v1/bookings", {"slotId": str(session.pk)}
    answers = at_once(Press(url, body, headers) for headers in people)
    longest = max(answer.seconds for answer in answers)
    print(f"{dict(Counter(answer.status for answer in answers))}, the longest took {longest:.1f} s")
    return answers


@pytest.mark.parametrize("isolation", ISOLATIONS)
def test_of_all_who_press_seven_get_a_seat_and_the_others_hear_that_it_is_full(
    live_uvicorn: StartServer, course: Listing, isolation: str
) -> None:
    server = live_uvicorn(DATABASE_ISOLATION=isolation)

    for number in range(ROUNDS):
        if number % 10 == 0:
            # Others: who is lucky again and again has more to pay than one may (seat_shares).
            people = crowd(PEOPLE, number * PEOPLE)
        session = session_of(course, number)
        answers = want_a_seat(server, session, people)

        assert Counter(answer.status for answer in answers) == {201: SEATS, 400: PEOPLE - SEATS}
        refused = {answer.json["code"] for answer in answers if answer.status == 400}
        assert refused == {"slot_taken"}
        assert session.appointments.count() == SEATS
        assert max(answer.seconds for answer in answers) < 60
    assert faults(timezone.now(), swept=False) == []
    assert "Traceback" not in server.written()


def test_seats_that_are_locked_and_seats_that_are_booked_are_the_same_seats(
    site: Server, course: Listing
) -> None:
    session = session_of(course)
    people = crowd(PEOPLE)
    book = f"{site.url}/api/v1/bookings"
    lock = f"{site.url}/api/v1/slots/{session.pk}/lock"

    answers = at_once(
        Press(lock, {}, headers)
        if number % 2
        else Press(book, {"slotId": str(session.pk)}, headers)
        for number, headers in enumerate(people)
    )

    good = [answer for answer in answers if answer.status in (200, 201)]
    assert len(good) == SEATS
    assert {answer.json["code"] for answer in answers if answer not in good} == {"slot_taken"}
    assert Appointment.objects.count() + Hold.objects.count() == SEATS
    assert faults(timezone.now(), swept=False) == []


def test_thirty_repetitions_at_once_book_one_seat_and_hear_the_same(
    site: Server, course: Listing
) -> None:
    session = session_of(course)
    (headers,) = crowd(1)

    answers = want_a_seat(site, session, [(*headers, ("Idempotency-Key", "fang-1"))] * 30)

    assert Counter(answer.status for answer in answers) == {201: 30}
    assert len({answer.body for answer in answers}) == 1
    assert session.appointments.count() == 1
    assert faults(timezone.now(), swept=False) == []


def test_without_the_guard_the_same_crowd_gets_more_seats_than_there_are(
    no_unique_key: None, live_uvicorn: StartServer, course: Listing
) -> None:
    """As in test_last_slot: no key, no locks and no transactions, and everybody looks first."""
    server = live_uvicorn(DJANGO_SETTINGS_MODULE="tests.races.unguarded")
    people = crowd(60)

    for number in range(3):
        session = session_of(course, number)
        answers = want_a_seat(server, session, people)
        booked = [answer for answer in answers if answer.status == 201]
        if len(booked) > SEATS:
            break

    assert len(booked) > SEATS
    assert any("7 seats and is promised to" in one for one in faults(timezone.now(), swept=False))
