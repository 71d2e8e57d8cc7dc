"""Many want to see one house at the same time, which any of several hosts could show: one does, and
house, host and customer are taken together."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from appointments import services
from appointments.models import Appointment, Claim, Hold
from booking_site.common.actors import Actor
from realtors.models import Interest
from tests.appointments.places import ACROSS_TOWN, HERE, NEXT_DOOR, host_of, house, house_claims
from tests.appointments.world import (
    NOW,
    acting,
    book,
    clock,
    confirmed,
    hire,
    open_store,
    owner,
    phones,
    register,
)
from tests.support.server import Server, StartServer

from .checker import faults
from .crowd import Answer, Press, at_once
from .test_last_slot import tomorrow
from .together import ISOLATIONS, codes, together

pytestmark = pytest.mark.django_db(transaction=True)
TEN = clock("10:00")
ROUNDS = range(3)
PEOPLE = 40


def city(slug="nanjing-road", **policy):
    store = open_store(slug, **policy)
    store.latitude, store.longitude = HERE
    store.save()
    return store


@pytest.fixture
def agencys():
    """A house of the agency, and two who show it."""
    store = city(opens="00:00", closes="00:00")
    hire(store, "Wei")
    hire(store, "Ming")
    return house(store, "Shared", realtor=None, place=NEXT_DOOR)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def all_is_well(at=NOW):
    assert faults(at, swept=False) == []


def kinds(one):
    return {claim.resource[:2] for claim in Claim.objects.filter(appointment=one)}


# Over HTTP


def want_to_see(server: Server, listing, number: int, *, people: int = PEOPLE) -> list[Answer]:
    answers = at_once(
        Press(
            f"{server.url}/api/v1/appointment/appointments",
            {
                "store_id": listing.store_id,
                "listing_id": str(listing.pk),
                "customer_name": f"Guest {guest}",
                "customer_phone": phone,
                "starts_at": tomorrow(number).isoformat(),
                "queue": False,
            },
        )
        for guest, phone in enumerate(phones(people))
    )
    print(dict(Counter(answer.status for answer in answers)))
    return answers


@pytest.mark.parametrize("isolation", ISOLATIONS)
def test_one_of_all_who_press_sees_the_house(
    live_uvicorn: StartServer, agencys, isolation: str
) -> None:
    server = live_uvicorn(DATABASE_ISOLATION=isolation)

    answers = want_to_see(server, agencys, 0)

    assert Counter(answer.status for answer in answers) == {201: 1, 409: PEOPLE - 1}
    refused = {answer.json["code"] for answer in answers if answer.status == 409}
    assert refused == {"slot_taken"}
    seen = Appointment.objects.get()
    assert kinds(seen) == {"h:", "r:", "p:"}
    assert faults(timezone.now(), swept=False) == []
    assert "Traceback" not in server.written()


def test_without_the_guard_several_see_it_at_once(
    no_unique_key: None, live_uvicorn: StartServer, agencys
) -> None:
    server = live_uvicorn(DJANGO_SETTINGS_MODULE="tests.races.unguarded")

    for number in range(3):
        answers = want_to_see(server, agencys, number)
        booked = [answer for answer in answers if answer.status == 201]
        if len(booked) > 1:
            break

    assert len(booked) > 1
    twice = [one for one in faults(timezone.now(), swept=False) if "promised twice" in one]
    assert any(one.startswith(f"h:{agencys.pk} ") for one in twice)


# A few who press at once


def seeing(listing, *, phone=None, customer=None, start=TEN):
    who = {"customer": customer} if customer else {"phone": phone}
    return partial(book, listing.store, start, listing=listing, queue=False, **who)


@pytest.mark.parametrize("_round", ROUNDS)
def test_who_holds_and_who_books_want_the_same_house(agencys, _round):
    people = [register(f"C{n}", phone=f"+861380000010{n}") for n in range(8)]

    outcomes = together(
        *(
            seeing(agencys, customer=one)
            if n % 2
            else partial(
                services.hold,
                agencys.store,
                starts_at=TEN,
                listing=agencys,
                by=Actor.of(one),
                at=NOW,
            )
            for n, one in enumerate(people)
        )
    )

    assert codes(outcomes) == ["done", *["slot_taken"] * 7]
    assert Appointment.objects.count() + Hold.objects.count() == 1
    assert house_claims(agencys) == 6
    all_is_well()


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_host_of_two_houses_shows_one_of_them(_round):
    store = city()
    jing = hire(store, "Jing")
    homes = [house(store, name, realtor=jing) for name in ("First", "Second")]

    outcomes = together(
        *(seeing(home, phone=phone) for home, phone in zip(homes, phones(2), strict=True))
    )

    assert codes(outcomes) == ["done", "slot_taken"]
    assert sum(map(house_claims, homes)) == 6
    all_is_well()


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_houses_too_far_apart_one_after_the_other_are_shown_to_one(_round):
    """No claim says so: whoever comes second sees the first by the lock of the pool."""
    store = city()
    jing = hire(store, "Jing")
    near = house(store, "Near", realtor=jing, place=NEXT_DOOR)
    far = house(store, "Far", realtor=jing, place=ACROSS_TOWN)
    one, other = phones(2)

    outcomes = together(
        seeing(near, phone=one), seeing(far, phone=other, start=TEN + timedelta(minutes=30))
    )

    assert codes(outcomes) == ["done", "slot_taken"]
    all_is_well()


@pytest.mark.parametrize("_round", ROUNDS)
def test_one_person_sees_one_of_two_houses_of_two_stores(_round):
    fang = register("Fang", phone="+8613800000011")
    homes = []
    for slug in ("bund", "hongqiao"):
        store = city(slug=slug)
        homes.append(house(store, slug, realtor=hire(store, slug)))

    outcomes = together(*(seeing(home, customer=fang) for home in homes))

    assert codes(outcomes) == ["customer_conflict", "done"]
    assert sum(map(house_claims, homes)) == 6
    all_is_well()


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_house_that_is_given_back_goes_to_one_of_those_who_want_it(agencys, _round):
    seen = confirmed(agencys.store, TEN, listing=agencys)
    some = phones(4)

    outcomes = together(
        partial(services.cancel, fresh(seen), by=owner(seen), at=NOW),
        *(seeing(agencys, phone=phone) for phone in some),
    )

    assert codes(outcomes[:1]) == ["done"]
    assert codes(outcomes[1:]) in (["done", *["slot_taken"] * 3], ["slot_taken"] * 4)
    assert house_claims(agencys) == 6 * codes(outcomes[1:]).count("done")
    all_is_well()


@pytest.mark.parametrize("_round", ROUNDS)
def test_what_they_thought_of_it_is_written_down_once(_round):
    store = city()
    home = house(store, realtor=hire(store, "Jing"))
    fang = register("Fang", phone="+8613800000011")
    seen = confirmed(store, TEN, listing=home, customer=fang)
    services.start(seen, by=acting(host_of(home)), at=TEN)
    services.complete(seen, by=acting(host_of(home)), at=TEN + timedelta(minutes=20))
    later = TEN + timedelta(hours=1)

    outcomes = together(
        *(
            partial(
                services.give_feedback,
                fresh(seen),
                verdict=verdict,
                note=verdict,
                by=Actor.of(fang),
                at=later,
            )
            for verdict in ("not_for_me", "interested", "not_for_me")
        )
    )

    assert codes(outcomes) == ["done"] * 3
    said = fresh(seen).viewing_feedback
    assert said.verdict == said.note
    passed = Interest.objects.filter(user=fang, listing=home, what="passed_over")
    assert passed.count() == 1
    all_is_well(later)
