"""The checker of the races reports what is wrong with viewings, too."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta

import pytest
from pytest_django import DjangoDbBlocker

from appointments import services
from appointments.models import Claim, Hold
from booking_site.common.actors import Actor
from tests.appointments.places import (
    ACROSS_TOWN,
    HERE,
    NEXT_DOOR,
    house,
)
from tests.appointments.world import (
    QIANG,
    book,
    clock,
    hire,
    open_store,
    phones,
    register,
)
from tests.support.sharing import rolled_back_at_last

from . import checker
from .checker import faults
from .lies import change

pytestmark = pytest.mark.django_db


class City:
    """Jing shows two houses far from each other, Wei and Ming any of the agency's; one is held for
    Fang, and whoever wants a third at the same time waits in a line of its own."""

    def __init__(self) -> None:
        self.store = open_store(buffer_after_minutes=15)
        self.store.latitude, self.store.longitude = HERE
        self.store.save()
        jing = hire(self.store, "Jing")
        near = house(self.store, "Near", realtor=jing, place=NEXT_DOOR)
        far = house(self.store, "Far", realtor=jing, place=ACROSS_TOWN)
        self.first = book(self.store, clock("10:00"), listing=near)
        self.second = book(self.store, clock("11:30"), listing=far, phone=QIANG)
        some = phones(9)
        wei = hire(self.store, "Wei")
        agencys = [
            house(self.store, f"Agency's {number}", realtor=None, place=NEXT_DOOR)
            for number in range(3)
        ]
        self.taken = book(self.store, clock("14:00"), listing=agencys[0], phone=some[0])
        jing_busy = book(self.store, clock("14:00"), realtor=jing, phone=some[1])
        assert (self.taken.realtor, jing_busy.realtor) in {(wei, jing), (jing, jing)}
        self.waiting = [
            book(self.store, clock("14:00"), listing=one, phone=phone)
            for one, phone in zip(agencys[1:], some[2:4], strict=True)
        ]
        fang = Actor.of(register("Fang"))
        self.held = services.hold(
            self.store, starts_at=clock("16:30"), listing=near, by=fang, at=clock("09:30")
        )


@pytest.fixture(scope="module")
def _city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[City]:
    with rolled_back_at_last(django_db_blocker):
        yield City()


@pytest.fixture
def city(_city: City, db: None) -> City:
    """In objects of the test's own."""
    return deepcopy(_city)


SOON = clock("09:31")


def test_nothing_is_wrong_in_a_city_in_order(city):
    assert faults(SOON, swept=False) == []


def the_house_is_free_meanwhile(city):
    Claim.objects.of(city.first).filter(resource__startswith="h:").delete()


def the_held_house_is_free_meanwhile(city):
    Claim.objects.of(city.held).filter(resource__startswith="h:").delete()


def a_waiter_lost_their_house(city):
    Claim.objects.of(city.waiting[0]).filter(resource__startswith="h:").delete()


def a_house_is_shown_to_two(city):
    change(city.waiting[0], listing=city.taken.listing)


def a_held_house_is_shown(city):
    Hold.objects.filter(pk=city.held.pk).update(
        starts_at=city.first.starts_at, ends_at=city.first.ends_at
    )


def no_time_to_get_there(city):
    start = city.first.ends_at + timedelta(minutes=20)
    change(city.second, starts_at=start, ends_at=start + timedelta(minutes=30))


def no_time_to_get_to_what_is_held(city):
    start = city.second.ends_at + timedelta(minutes=15)
    Hold.objects.filter(pk=city.held.pk).update(
        starts_at=start, ends_at=start + timedelta(minutes=30)
    )


CITY_LIES = [
    (the_house_is_free_meanwhile, "lacks a claim on h:"),
    (the_held_house_is_free_meanwhile, "lacks a claim on h:"),
    (a_waiter_lost_their_house, "lacks a claim on h:"),
    (a_house_is_shown_to_two, "promised twice"),
    (a_held_house_is_shown, "promised twice"),
    (no_time_to_get_there, "cannot get from"),
    (no_time_to_get_to_what_is_held, "cannot get from"),
]


@pytest.mark.parametrize(
    ("lie", "sentence"), CITY_LIES, ids=lambda part: getattr(part, "__name__", "")
)
def test_it_notices_of_a_viewing_when(city, lie, sentence):
    lie(city)

    assert any(sentence in fault for fault in faults(SOON)), faults(SOON)


def test_it_notices_places_in_lines_of_two_houses_that_are_one_line(city, monkeypatch):
    mixed = {one.pk: place for place, one in enumerate(city.waiting, start=1)}
    monkeypatch.setattr(
        checker, "queue_positions", lambda rows: {one.pk: mixed.get(one.pk, 0) for one in rows}
    )

    assert len([fault for fault in faults(SOON) if "stands at" in fault]) == 1
