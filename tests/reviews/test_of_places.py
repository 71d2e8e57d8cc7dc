"""Stays and viewings are reviewed like any appointment, once they are over."""

from datetime import timedelta

import pytest

from appointments import services
from appointments.models import Status
from booking_site.common.actors import SYSTEM
from booking_site.common.errors import Refusal
from tests.appointments import places, world
from tests.appointments.world import TUESDAY, acting, clock

from .visits import say

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
THURSDAY = TUESDAY + 2 * DAY


@pytest.fixture
def home(wei):
    return places.boarding(wei.store, sitter=wei)


@pytest.fixture
def stay(home, fang):
    places.pet_of(fang)
    return places.book_stay(home, fang, TUESDAY, THURSDAY)


def gone_home(stay):
    sitter = acting(stay.realtor)
    services.start(stay, by=sitter, at=clock("14:00", TUESDAY))
    services.complete(stay, by=sitter, at=clock("11:00", THURSDAY))


def figures(row):
    row.refresh_from_db()
    return float(row.rating), row.review_count


def test_a_stay_counts_for_the_place_its_sitter_and_the_store(stay, home, wei):
    gone_home(stay)

    review = say(stay, 4, "Doubao came home happy.")

    assert (review.realtor, figures(home), figures(wei)) == (wei, (4.0, 1), (4.0, 1))
    home.store.refresh_from_db()
    assert home.store.rating > 0


def test_a_viewing_counts_for_the_house_and_whoever_showed_it(wei, fang):
    flat = places.house(wei.store, realtor=wei)
    seen = world.confirmed(wei.store, clock("14:00"), listing=flat, customer=fang)
    services.start(seen, by=SYSTEM, at=clock("14:00"))
    services.complete(seen, by=SYSTEM, at=clock("14:20"))

    say(seen, 5)

    assert (figures(flat), figures(wei)) == ((5.0, 1), (5.0, 1))


def test_nothing_is_said_before_the_pets_have_gone_home_and_it_is_said_once(stay):
    with pytest.raises(Refusal):
        say(stay, 5)
    services.start(stay, by=acting(stay.realtor), at=clock("14:00", TUESDAY))
    with pytest.raises(Refusal):
        say(stay, 5)
    services.complete(stay, by=acting(stay.realtor), at=clock("11:00", THURSDAY))
    assert stay.status == Status.COMPLETED
    say(stay, 5)
    with pytest.raises(Refusal):
        say(stay, 1)
