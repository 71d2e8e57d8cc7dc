"""Everybody wants some of the same nights of a place with five units, for one to three pets.

Over HTTP, against a real server process on the test database. ``RACE_OPERATIONS`` says how often:
one round of sixty people in `make test`, ten rounds of two hundred in `make races`.
"""

import os
from collections import Counter
from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.services import issue_tokens
from appointments.models import Appointment, Claim, StayPet
from booking_site.common.actors import Actor
from realtors.models import Listing
from tests.appointments.places import boarding, pet_of
from tests.appointments.world import open_store, register
from tests.support.server import Server, StartServer

from .checker import faults
from .crowd import Answer, Press, at_once
from .nights import nights_of
from .together import ISOLATIONS

pytestmark = pytest.mark.django_db(transaction=True)

OPERATIONS = int(os.environ.get("RACE_OPERATIONS", "2000"))
PEOPLE = 200 if OPERATIONS >= 20_000 else 60
ROUNDS = max(1, OPERATIONS // 2000)
UNITS = 5
DAY = timedelta(days=1)


@pytest.fixture
def place() -> Listing:
    return boarding(open_store(opens="00:00", closes="00:00"), units=UNITS)


def crowd(people: int) -> list[User]:
    """With one, two or three pets, in turn."""
    users = [register(f"C{n}", phone=f"+861391{n:07}") for n in range(people)]
    for number, user in enumerate(users):
        for pet in range(1 + number % 3):
            pet_of(user, f"Pet {pet} of C{number}")
    return users


def nights(number: int) -> date:
    """A week of its own for every round."""
    return timezone.now().date() + (3 + 7 * number) * DAY


def want_nights(
    server: Server, place: Listing, people: list[User], first: date
) -> list[tuple[set[date], int, Answer]]:
    """Each wants one to three of four nights; which, how many pets, and the answer."""
    wishes, presses = [], []
    for number, user in enumerate(people):
        check_in = first + number % 3 * DAY
        length = 1 + number // 3 % 2 + (number % 3 == 0)
        pets = list(user.pets.values_list("pk", flat=True))
        body = {
            "service_id": str(place.pk),
            "pet_ids": [str(pk) for pk in pets],
            "check_in": check_in.isoformat(),
            "check_out": (check_in + length * DAY).isoformat(),
        }
        token = issue_tokens(user, by=Actor.of(user), at=timezone.now()).access
        headers = (("Authorization", f"Bearer {token}"),)
        presses.append(Press(f"{server.url}/api/v1/boarding/bookings", body, headers))
        wishes.append(({check_in + n * DAY for n in range(length)}, len(pets)))
    answers = at_once(presses)
    longest = max(answer.seconds for answer in answers)
    print(f"{dict(Counter(answer.status for answer in answers))}, the longest took {longest:.1f} s")
    return [(*wish, answer) for wish, answer in zip(wishes, answers, strict=True)]


def pets_by_night(place: Listing) -> Counter[date]:
    """By what was booked, not by the claims."""
    found: Counter[date] = Counter()
    for stay in Appointment.objects.stays().filter(listing=place).select_related("store"):
        for night in nights_of(stay):
            found[night] += StayPet.objects.filter(appointment=stay).count()
    return found


@pytest.mark.parametrize("isolation", ISOLATIONS)
def test_no_night_has_more_pets_than_units_and_who_was_refused_would_not_have_fitted(
    live_uvicorn: StartServer, place: Listing, isolation: str
) -> None:
    server, people = live_uvicorn(DATABASE_ISOLATION=isolation), crowd(PEOPLE)

    for number in range(ROUNDS):
        answers = want_nights(server, place, people, nights(number))

        assert {answer.status for _, _, answer in answers} == {201, 409}
        refused = [one for one in answers if one[2].status == 409]
        assert {answer.json["code"] for _, _, answer in refused} == {"slot_taken"}
        taken = pets_by_night(place)
        assert max(taken.values()) <= UNITS
        for wanted, pets, _answer in refused:
            # Nothing was given back in between, so it did not fit by then and does not now.
            assert any(taken[night] + pets > UNITS for night in wanted)
        assert max(answer.seconds for _, _, answer in answers) < 60
    # All or nothing: a unit for each pet and night of whoever was told that they have it.
    booked = Appointment.objects.stays()
    assert booked.count() == StayPet.objects.values("appointment").distinct().count()
    there = Claim.objects.filter(resource=f"n:{place.pk}").count()
    assert there == sum(pets_by_night(place).values())
    assert faults(timezone.now(), swept=False) == []
    assert "Traceback" not in server.written()


def test_thirty_repetitions_at_once_are_one_stay(site: Server, place: Listing) -> None:
    (user,) = crowd(1)
    token = issue_tokens(user, by=Actor.of(user), at=timezone.now()).access
    headers = (("Authorization", f"Bearer {token}"), ("Idempotency-Key", "fang-1"))
    first = nights(0)
    body = {
        "service_id": str(place.pk),
        "pet_ids": [str(user.pets.get().pk)],
        "check_in": first.isoformat(),
        "check_out": (first + 2 * DAY).isoformat(),
    }

    answers = at_once(
        Press(f"{site.url}/api/v1/boarding/bookings", body, headers) for _ in range(30)
    )

    assert Counter(answer.status for answer in answers) == {201: 30}
    assert len({answer.body for answer in answers}) == 1
    assert Appointment.objects.count() == 1
    assert faults(timezone.now(), swept=False) == []


def test_without_the_guard_the_same_crowd_gets_more_units_than_there_are(
    no_unique_key: None, live_uvicorn: StartServer, place: Listing
) -> None:
    """As in test_last_slot: no key, no locks and no transactions, and everybody looks first."""
    server, people = live_uvicorn(DJANGO_SETTINGS_MODULE="tests.races.unguarded"), crowd(60)

    shared: list[str] = []
    for number in range(4):
        want_nights(server, place, people, nights(number))
        shared = [one for one in faults(timezone.now(), swept=False) if "owners in a night" in one]
        if shared and max(pets_by_night(place).values()) > UNITS:
            break

    assert shared
    assert max(pets_by_night(place).values()) > UNITS
    assert any(f"has {UNITS} units and" in one for one in faults(timezone.now(), swept=False))
