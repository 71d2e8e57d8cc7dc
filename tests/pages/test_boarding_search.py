"""The list of boarding places for some nights: only those with room on every one of them."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from realtors.models import Listing
from stores.models import Store
from tests.appointments import places, world

from .visitor import Visitor

FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2026, 3, day) for day in (6, 7, 8, 9))
DATES = {"check_in": "2026-03-06", "check_out": "2026-03-09"}


@pytest.fixture
def bo(db: None) -> User:
    return world.register("Bo")


@pytest.fixture
def free(store: Store) -> Listing:
    return named(store, "Garden", units=2)


@pytest.fixture
def full(store: Store, bo: User) -> Listing:
    """Nobody else can stay on the Saturday."""
    place = named(store, "Attic", units=1)
    places.book_stay(place, bo, SATURDAY, SUNDAY, pets=[places.pet_of(bo)])
    return place


def named(store: Store, title: str, **fields: Any) -> Listing:
    place = places.boarding(store, f"Sitter of {title}", **fields)
    Listing.objects.filter(pk=place.pk).update(title=title)
    place.refresh_from_db()
    return place


def test_without_dates_all_are_shown(lan: Visitor, free: Listing, full: Listing):
    page = lan.look("/boarding/")

    assert free.title in page
    assert full.title in page
    assert 'name="check_in"' in page


def test_only_places_with_room_every_night_are_shown(lan: Visitor, free: Listing, full: Listing):
    page = lan.look("/boarding/", **DATES)

    assert free.title in page
    assert full.title not in page
    assert "1 listing" in page


def takes_cats(place: Listing) -> None:
    place.attributes = {"species": ["cat"]}
    place.save()


def test_cards_say_the_sum_and_their_links_keep_the_dates(lan: Visitor, free: Listing):
    page = lan.look("/boarding/", **DATES, pets="2")

    assert "¥80 a night" in page
    assert "¥480 for 3 nights, 2 pets" in page
    kept = "check_in=2026-03-06&amp;check_out=2026-03-09&amp;pets=2"
    assert f"/listings/{free.pk}/?{kept}" in page
    listing = lan.look(f"/listings/{free.pk}/", **DATES, pets="2")
    assert f"/boarding/{free.pk}/?{kept}#nights" in listing


def test_more_pets_need_more_room(lan: Visitor, free: Listing, bo: User):
    assert free.title in lan.look("/boarding/", **DATES, pets="2")

    places.book_stay(free, bo, SATURDAY, SUNDAY, pets=[places.pet_of(bo)])

    assert free.title not in lan.look("/boarding/", **DATES, pets="2")
    assert free.title in lan.look("/boarding/", **DATES, pets="1")


def test_a_sitter_who_is_away_one_night_has_no_room(lan: Visitor, free: Listing):
    assert free.realtor is not None
    world.away(free.realtor, world.clock("21:00", SATURDAY), world.clock("09:00", SUNDAY))

    assert free.title not in lan.look("/boarding/", **DATES)


def test_other_filters_and_orders_keep_the_dates(lan: Visitor, store: Store, free: Listing):
    for name in ("Kennel", "Farm"):
        named(store, name, attributes={"species": ["dog"]})
    takes_cats(free)

    page = lan.look("/boarding/", **DATES, species="dog")

    assert "Kennel" in page
    assert free.title not in page
    orders = re.findall(r'href="([^"]*sort=price[^"]*)"', page)
    assert orders
    assert all("check_in=2026-03-06" in order for order in orders)
    assert '<input type="hidden" name="check_in" value="2026-03-06">' in page
    assert '<input type="hidden" name="species" value="dog">' in page


def test_where_none_has_room_the_nearest_dates_are_offered(lan: Visitor, full: Listing):
    page = lan.look("/boarding/", **DATES)

    assert "No place has room on all of these nights" in page
    assert "Sun, March 8 to Wed, March 11: 1 place" in page
    assert "check_in=2026-03-08&amp;check_out=2026-03-11" in page
    assert full.title in lan.look("/boarding/", check_in="2026-03-08", check_out="2026-03-11")


def test_where_nothing_is_near_filters_can_be_dropped(lan: Visitor, free: Listing):
    takes_cats(free)

    page = lan.look("/boarding/", **DATES, species="bird", pets="2")

    assert "No place has room on all of these nights" in page
    assert "At any time" in page
    assert "check_in=2026-03-06&amp;check_out=2026-03-09&amp;pets=2" in page


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ({"check_in": "2026-03-09", "check_out": "2026-03-06"}, "It must be after the check-in."),
        ({"check_in": "2026-03-09"}, "Please say until which day."),
        ({"check_out": "2026-03-09"}, "Please say from which day on."),
        ({"check_in": "2026-02-09", "check_out": "2026-03-06"}, "That day is over."),
        ({"check_in": "x" * 500, "check_out": "2026-03-06"}, "Please choose a day"),
    ],
)
def test_dates_that_cannot_be_meant_are_said_and_do_not_filter(
    lan: Visitor, full: Listing, dates: dict[str, str], said: str
):
    page = lan.look("/boarding/", **dates)

    assert said in page
    assert full.title in page


def test_what_cannot_be_booked_any_more_or_yet_is_not_offered(lan: Visitor, free: Listing):
    far = {"check_in": "2027-03-06", "check_out": "2027-03-09"}

    assert free.title not in lan.look("/boarding/", **far)


def test_the_list_needs_few_queries_however_many_places_there_are(
    lan: Visitor, store: Store, free: Listing, full: Listing
):
    lan.look("/boarding/", **DATES)

    def cost(**query: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            lan.look("/boarding/", **query)
        return len(queries)

    few = cost(**DATES)
    for number in range(5):
        named(store, f"Place {number}")
    assert cost(**DATES) == few <= 15
    assert cost(**DATES, pets="9") <= 15


def test_dates_at_the_end_of_the_calendar_are_refused_in_words(lan: Visitor, free: Listing):
    page = lan.look("/boarding/", check_in="9999-12-01", check_out="9999-12-31")

    assert "That day cannot be booked yet" in page
