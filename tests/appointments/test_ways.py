"""Whether hosts can get from one house to the next: beside a look at every promise, and in days
that are made up."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appointments.scoring import travel_minutes
from appointments.selectors.availability import Stop
from appointments.selectors.pictures import availability
from appointments.selectors.slots import days_of_slots
from booking_site.common.errors import Refusal
from booking_site.common.periods import Period
from realtors.models import Listing
from stores.models import Store
from tests.appointments.places import ACROSS_TOWN, HERE, NEXT_DOOR, house
from tests.appointments.world import (
    MINUTE,
    NOW,
    QIANG,
    TUESDAY,
    book,
    clock,
    hire,
    open_store,
    phones,
)
from tests.races.checker import faults

pytestmark = pytest.mark.django_db

SPOTS = [(float(north), float(east)) for north, east in (HERE, NEXT_DOOR, ACROSS_TOWN)]
SPOTS += [(31.25, 121.50), (31.18, 121.44)]
FROM = clock("09:00", TUESDAY)
spots = st.sampled_from([*SPOTS, None])
steps = st.lists(st.tuples(st.integers(0, 6), st.integers(1, 6), spots), max_size=6)


def city() -> Store:
    store = open_store(buffer_after_minutes=5)
    store.latitude, store.longitude = HERE
    store.save()
    return store


@settings(max_examples=200, suppress_health_check=list(HealthCheck), deadline=None)
@given(day=steps, begins=st.integers(0, 60), length=st.integers(1, 8), where=spots)
def test_there_is_time_to_get_there_if_there_is_from_the_last_and_to_the_next(
    made_up, day, begins, length, where
):
    """Gaps and lengths in units of ten minutes; promises of one person do not overlap."""
    picture, wei = made_up
    stops, start = [], FROM
    for gap, lasts, place in day:
        start += gap * 10 * MINUTE
        stops.append(Stop(start, start + lasts * 10 * MINUTE, place))
        start = stops[-1].end
    picture = replace(picture, stops={wei.pk: stops})
    begin = FROM + begins * 5 * MINUTE
    wanted = Period(begin, begin + length * 10 * MINUTE)

    may = picture.can_travel(wei, wanted, where)

    assert may == _can_get_there(stops, wanted, where)


@pytest.fixture
def made_up():
    store = open_store()
    wei = hire(store, "Wei")
    return availability(store, TUESDAY, TUESDAY, at=NOW), wei


def _can_get_there(stops: list[Stop], wanted: Period, where: tuple[float, float] | None) -> bool:
    """By looking at all of them; where one overlaps it, the claims say no."""
    running = [one for one in stops if one.start < wanted.end and wanted.start < one.end]
    before = [one for one in stops if one.end <= wanted.start]
    after = [one for one in stops if one.start >= wanted.end]
    if any(one.start <= wanted.start for one in running):
        before = []
    if any(one.start > wanted.start for one in running):
        after = []
    last, following = before[-1:], after[:1]
    return all(
        wanted.start - one.end >= timedelta(minutes=travel_minutes(one.place, where))
        for one in last
    ) and all(
        one.start - wanted.end >= timedelta(minutes=travel_minutes(where, one.place))
        for one in following
    )


def try_to_book(store: Store, start: datetime, listing: Listing | None, phone: str) -> bool:
    try:
        with transaction.atomic():
            book(store, start, listing=listing, phone=phone, queue=False)
    except Refusal:
        return False
    return True


def starts_offered(store: Store, listing: Listing | None) -> set[datetime]:
    (day,) = days_of_slots(store, first=TUESDAY, days=1, at=NOW, listing=listing)
    return {slot.starts_at for slot in day.slots if slot.available}


@settings(max_examples=5, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_what_is_offered_of_a_house_can_be_booked_and_what_is_not_cannot(data):
    """A day of two hosts, three houses of theirs and one of the agency is filled at random; then
    every start of one of them is tried."""
    outside = transaction.savepoint()
    store = city()
    hosts = [hire(store, name, max_per_day=data.draw(st.sampled_from([None, 3]))) for name in "AB"]
    places = [*hosts, hosts[0], None]
    houses = [
        house(
            store,
            f"House {number}",
            realtor=host,
            place=data.draw(st.sampled_from(SPOTS)),
            buffer_after_minutes=data.draw(st.sampled_from([None, 0, 20])),
        )
        for number, host in enumerate(places)
    ]
    grid = [FROM + number * 15 * MINUTE for number in range(36)]
    for phone in phones(8):
        which = data.draw(st.sampled_from([*houses, None]))
        try_to_book(store, data.draw(st.sampled_from(grid)), which, phone)
    assert faults(NOW, swept=False) == []
    wanted = data.draw(st.sampled_from(houses))

    offered = starts_offered(store, wanted)

    for start in data.draw(st.lists(st.sampled_from(grid), min_size=10, max_size=10, unique=True)):
        before = transaction.savepoint()
        assert try_to_book(store, start, wanted, QIANG) == (start in offered), start
        assert faults(NOW, swept=False) == []
        transaction.savepoint_rollback(before)
    transaction.savepoint_rollback(outside)
