"""What a customer is handed, and what is forgotten, of their stays and viewings."""

from datetime import timedelta

import pytest

from appointments import services
from appointments.models import StayPet, ViewingFeedback
from appointments.selectors.export import export_of
from appointments.services.leaving import forget_customer
from booking_site.common.actors import SYSTEM, Actor
from tests.appointments.places import boarding, book_stay, house, pet_of
from tests.appointments.world import (
    HOUR,
    NOW,
    TUESDAY,
    clock,
    confirmed,
    hire,
    open_store,
    register,
)

pytestmark = pytest.mark.django_db
THURSDAY = TUESDAY + timedelta(days=2)


@pytest.fixture
def store(db):
    return open_store()


@pytest.fixture
def fang(store):
    """Her cat stays two nights; and she has seen a house and said what she thinks."""
    fang = register("Fang")
    pet_of(fang)
    book_stay(boarding(store), fang, TUESDAY, THURSDAY)
    flat = house(store, realtor=hire(store, "Jing"))
    seen = confirmed(store, clock("10:00"), listing=flat, customer=fang)
    services.start(seen, by=SYSTEM, at=clock("10:00"))
    services.complete(seen, by=SYSTEM, at=clock("10:20"))
    told = {"verdict": "undecided", "note": "A bit dark", "by": Actor.of(fang)}
    services.give_feedback(seen, **told, at=clock("11:00"))
    return fang


def test_nights_pets_and_what_one_thought_are_handed_out(fang):
    bo = register("Bo")
    pet_of(bo, "Heidou")

    told = export_of(fang)

    (stay,) = [one for one in told["appointments"] if one["check_in"]]
    assert (stay["check_in"], stay["check_out"], stay["nightly_price"]) == (TUESDAY, THURSDAY, 80)
    (pet,) = told["pets_of_stays"]
    assert (pet["appointment_id"], pet["name"], pet["species"]) == (stay["id"], "Doubao", "cat")
    (said,) = told["feedback_on_viewings"]
    assert (said["verdict"], said["note"]) == ("undecided", "A bit dark")
    assert export_of(bo)["pets_of_stays"] == []


def test_who_leaves_takes_names_and_words_along(fang):
    forget_customer(fang, at=NOW + 4 * HOUR)

    assert {one.name for one in StayPet.objects.all()} == {""}
    assert ViewingFeedback.objects.get().note == ""
