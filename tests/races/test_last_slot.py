"""Two hundred people press "book" at the same moment, on a start with one free realtor.

Over HTTP, against a real server process on the test database.
"""

import os
from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from appointments.models import Appointment, Claim
from realtors.models import Realtor
from stores.models import Store
from tests.appointments.world import MINUTE, hire, open_store, phones
from tests.support.server import Server, StartServer

from .checker import faults
from .crowd import Answer, Press, at_once
from .together import ISOLATIONS

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 200
# One round in `make test`, ten in `make races`.
ROUNDS = max(1, int(os.environ.get("RACE_OPERATIONS", "2000")) // 2000)
# In `make test` the other way of isolation, which is not the product's own, is shown with fewer.
FEWER = PEOPLE if ROUNDS > 1 else 60


def people_for(isolation: str) -> int:
    return FEWER if isolation == "repeatable read" else PEOPLE


def tomorrow(number: int) -> datetime:
    """A start of its own for every round."""
    at = timezone.now() + timedelta(days=1)
    return at.replace(hour=1, minute=0, second=0, microsecond=0) + number * 60 * MINUTE


def crowd(
    server: Server, store: Store, start: datetime, *, queue: bool, people: int = PEOPLE
) -> list[Answer]:
    """So many different guests want this start."""
    answers = at_once(
        Press(
            f"{server.url}/api/v1/appointment/appointments",
            {
                "store_id": store.pk,
                "customer_name": f"Guest {number}",
                "customer_phone": phone,
                "starts_at": start.isoformat(),
                "queue": queue,
            },
        )
        for number, phone in enumerate(phones(people))
    )
    longest = max(answer.seconds for answer in answers)
    print(f"{dict(Counter(answer.status for answer in answers))}, the longest took {longest:.1f} s")
    return answers


@pytest.fixture
def place() -> tuple[Store, Realtor]:
    """A store open round the clock with one realtor."""
    store = open_store(opens="00:00", closes="00:00")
    return store, hire(store, "Wei")


@pytest.mark.parametrize("isolation", ISOLATIONS)
def test_without_the_queue_one_is_booked_and_all_others_hear_that_it_is_taken(
    live_uvicorn: StartServer, place: tuple[Store, Realtor], isolation: str
) -> None:
    store, wei = place
    server, people = live_uvicorn(DATABASE_ISOLATION=isolation), people_for(isolation)

    for number in range(ROUNDS):
        start = tomorrow(number)
        answers = crowd(server, store, start, queue=False, people=people)

        assert Counter(answer.status for answer in answers) == {201: 1, 409: people - 1}
        refused = [answer.json for answer in answers if answer.status == 409]
        assert {body["code"] for body in refused} == {"slot_taken"}
        assert all(body["errors"]["next_free_starts"] for body in refused)
        assert list(Appointment.objects.filter(starts_at=start).values_list("realtor")) == [
            (wei.pk,)
        ]
    assert Appointment.objects.count() == ROUNDS
    assert faults(timezone.now()) == []
    assert "Traceback" not in server.written()


@pytest.mark.parametrize("isolation", ISOLATIONS)
def test_with_the_queue_all_are_taken_in_and_stand_in_line_one_behind_the_other(
    live_uvicorn: StartServer, place: tuple[Store, Realtor], isolation: str
) -> None:
    store, wei = place
    server, people = live_uvicorn(DATABASE_ISOLATION=isolation), people_for(isolation)

    for number in range(ROUNDS):
        answers = crowd(server, store, tomorrow(number), queue=True, people=people)

        assert Counter(answer.status for answer in answers) == {201: people}
        first = [answer.data for answer in answers if answer.data["realtor_id"] is not None]
        assert [(data["realtor_id"], data["queue_position"]) for data in first] == [
            (str(wei.pk), 0)
        ]
        # What each was told when they joined; nobody is told a place that somebody else has.
        places = sorted(answer.data["queue_position"] for answer in answers)
        assert places == list(range(people))
        assert len({answer.data["appointment_code"] for answer in answers}) == people
    assert Appointment.objects.filter(realtor=wei).count() == ROUNDS
    assert faults(timezone.now()) == []
    assert "Traceback" not in server.written()


# Does the race find anything? The same crowd, with the guard switched off.


def test_the_key_is_there_again_when_the_guard_is_back() -> None:
    with connection.cursor() as cursor:
        keys = connection.introspection.get_constraints(cursor, Claim._meta.db_table)

    assert keys["claimed_once"]["unique"]
    # In the order in which it is asked for what is free; the unit comes last.
    assert keys["claimed_once"]["columns"] == ["resource", "cell", "unit"]


def test_without_the_guard_the_same_crowd_books_one_realtor_many_times(
    no_unique_key: None, live_uvicorn: StartServer, place: tuple[Store, Realtor]
) -> None:
    store, wei = place
    server = live_uvicorn(DJANGO_SETTINGS_MODULE="tests.races.unguarded")

    for number in range(3):
        answers = crowd(server, store, tomorrow(number), queue=False)
        booked = [answer for answer in answers if answer.status == 201]
        if len(booked) > 1:
            break

    # It fails where the others pass, although each request looked first: between the look and the
    # write of one lie the looks of the others, and nothing but the unique key, the lock or the
    # transaction stands between them. All three are gone here.
    assert len(booked) > 1
    assert {answer.data["realtor_id"] for answer in booked} == {str(wei.pk)}
    assert any("promised twice" in fault for fault in faults(timezone.now()))
