"""What nights cost the database, however many there are and however full they are."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments import services
from appointments.models import Claim
from appointments.rules import night_cells, place_key
from appointments.selectors.boarding_search import to_be_had
from appointments.selectors.stay_dates import Nights
from appointments.services.queueing import dispatch
from booking_site.common.actors import Actor
from realtors.models import Listing, Realtor
from tests.appointments.places import boarding, book_stay, house, pet_of
from tests.appointments.world import NOW, TUESDAY, book, clock, hire, open_store, phones, register

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def place():
    return boarding(open_store(), units=400)


def guest(name, pets=1):
    someone = register(name)
    for number in range(pets):
        pet_of(someone, f"Pet {number} of {name}")
    return someone


def fill(place, units, nights=31):
    """So many more units are taken, by one stay for want of so many pets."""
    taken = book_stay(place, guest(f"Filler {units}"), TUESDAY + 60 * DAY, TUESDAY + 61 * DAY)
    cells = night_cells(TUESDAY, TUESDAY + nights * DAY)
    Claim.objects.bulk_create(
        Claim(resource=place_key(place.pk), cell=cell, unit=unit, appointment=taken)
        for cell in cells
        for unit in range(100, 100 + units)
    )


def spent_on(work):
    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries)


def test_a_stay_costs_the_same_in_an_empty_place_and_beside_two_hundred(place):
    spent = []
    for number, units in enumerate((0, 0, 200)):
        who = guest(f"C{number}")
        if units:
            fill(place, units)
        spent.append(spent_on(lambda who=who: book_stay(place, who, TUESDAY, TUESDAY + 3 * DAY)))

    # The first one warms what is remembered.
    assert spent[1] == spent[2]


def test_a_month_with_five_pets_costs_as_many_statements_as_a_night_with_one(place):
    book_stay(place, guest("Warm"), TUESDAY, TUESDAY + DAY)
    one, many = guest("One"), guest("Many", pets=5)

    night = spent_on(lambda: book_stay(place, one, TUESDAY, TUESDAY + DAY))
    month = spent_on(lambda: book_stay(place, many, TUESDAY, TUESDAY + 31 * DAY))

    # SQLite takes so many columns at a time only, so claims may be written in several goes.
    parts = -(-5 * 31 * 6 // (connection.features.max_query_params or 10**6))
    assert night <= month <= night + 2 * (parts - 1)


def test_moving_a_month_costs_as_many_statements_as_moving_a_night(place):
    one, many = guest("One"), guest("Many", pets=2)
    night = book_stay(place, one, TUESDAY, TUESDAY + DAY)
    month = book_stay(place, many, TUESDAY, TUESDAY + 31 * DAY)
    fill(place, 200)

    def move(stay, user, to):
        return spent_on(lambda: services.move_stay(stay, to, by=Actor.of(user), at=NOW))

    move(night, one, TUESDAY + DAY)
    to = TUESDAY + 2 * DAY
    assert abs(move(month, many, to) - move(night, one, to)) <= 2


def test_a_thousand_places_are_searched_for_a_month_by_as_many_queries_as_one(
    place, django_assert_num_queries
):
    sitters = [Realtor(store=place.store, name=f"Sitter {n}", is_active=True) for n in range(1000)]
    Realtor.objects.bulk_create(sitters)
    written = list(Realtor.objects.filter(store=place.store, name__startswith="Sitter "))
    copies = []
    for sitter in written:
        copy = Listing.objects.get(pk=place.pk) if not copies else copies[0]
        fields = {
            one.attname: getattr(copy, one.attname)
            for one in Listing._meta.concrete_fields
            if not one.primary_key
        }
        copies.append(Listing(**{**fields, "realtor_id": sitter.pk, "capacity": 2}))
    Listing.objects.bulk_create(copies)
    full = Listing.objects.exclude(pk=place.pk).order_by("pk")[:400]
    taken = book_stay(place, guest("Filler"), TUESDAY + 60 * DAY, TUESDAY + 61 * DAY)
    Claim.objects.bulk_create(
        Claim(resource=place_key(one.pk), cell=cell, unit=unit, appointment=taken)
        for one in full
        for cell in night_cells(TUESDAY + 14 * DAY, TUESDAY + 15 * DAY)
        for unit in range(2)
    )
    rows = Listing.objects.filter(kind="boarding")

    began = time.thread_time()
    with django_assert_num_queries(5):
        nights = Nights(TUESDAY, TUESDAY + 31 * DAY)
        found = list(to_be_had(rows, nights, at=NOW).values_list("pk"))
    print(f"a month in 1001 places took {time.thread_time() - began:.2f} s of this thread")

    assert len(found) == 601


def test_the_lines_of_houses_cost_the_same_for_three_and_for_thirty():
    spent = []
    some = iter(phones(90))
    for slug, houses in (("first", 3), ("second", 3), ("third", 30)):
        store = open_store(slug)
        hire(store, f"Host of {slug}")
        book(store, clock("10:00"), phone=next(some))
        for number in range(houses):
            shared = house(store, f"House {number} of {slug}", realtor=None)
            book(store, clock("10:00"), listing=shared, phone=next(some))
        spent.append(spent_on(lambda store=store: dispatch(store, at=NOW)))

    assert spent[1] == spent[2]
