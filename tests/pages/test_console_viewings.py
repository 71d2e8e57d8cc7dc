"""Whoever shows houses: where to go, how long it takes, and what people say who have seen them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from accounts.models import User
from appointments import services
from appointments.models import Appointment, Verdict
from appointments.presenters.travel import legs
from appointments.selectors.agenda import booked_between
from appointments.services.feeds import open_feed
from booking_site.common.actors import SYSTEM, Actor
from realtors.models import Listing, Realtor
from stores.models import Store
from tests.appointments import world
from tests.appointments.places import ACROSS_TOWN, HERE, NEXT_DOOR, house
from tests.factories import manager_of

from .conftest import ENGLISH
from .visitor import Visitor

HOME = "/console/"
TEN, TWELVE = world.clock("10:00"), world.clock("12:00")


@pytest.fixture
def jing(store: Store) -> Realtor:
    store.latitude, store.longitude = HERE
    store.save()
    return world.hire(store, "Jing")


@pytest.fixture
def flat(store: Store, jing: Realtor) -> Listing:
    return house(store, realtor=jing, place=NEXT_DOOR, address="12 Lane Street")


@pytest.fixture
def villa(store: Store, jing: Realtor) -> Listing:
    return house(store, "Villa", realtor=jing, place=ACROSS_TOWN)


@pytest.fixture
def at_work(jing: Realtor) -> Visitor:
    visitor = Visitor(Client(headers=ENGLISH))
    visitor.client.force_login(jing.user)
    return visitor


def seen(store: Store, listing: Listing, start, **more) -> Appointment:
    booked = world.confirmed(store, start, listing=listing, **more)
    services.start(booked, by=SYSTEM, at=start)
    services.complete(booked, by=SYSTEM, at=start + timedelta(minutes=30))
    return booked


def test_the_day_says_which_house_where_it_is_and_how_one_gets_there(at_work, store, flat, villa):
    world.confirmed(store, TEN, listing=flat)
    world.confirmed(store, TWELVE, listing=villa, phone=world.QIANG)

    page = at_work.look(HOME)

    assert "Two rooms with a view" in page
    assert "12 Lane Street" in page
    assert 'href="geo:31.231000,121.470000?q=31.231000,121.470000(Two%20rooms' in page
    (way,) = page.split("agenda__travel ")[1:]
    assert "min to Villa" in way.split("</li>")[0]


def test_next_door_and_far_away_are_told_apart(store, jing, flat, villa):
    world.confirmed(store, TEN, listing=flat)
    world.confirmed(store, TWELVE, listing=villa, phone=world.QIANG)

    (leg,) = legs(booked_between(jing, world.MONDAY, world.MONDAY))

    assert leg.minutes > 20
    assert (leg.free, leg.is_tight) == (90, False)


def test_what_follows_in_the_same_house_is_no_way(store, jing, flat):
    world.confirmed(store, TEN, listing=flat)
    world.confirmed(store, world.clock("10:30"), listing=flat, phone=world.QIANG)

    assert legs(booked_between(jing, world.MONDAY, world.MONDAY)) == []


def test_a_way_for_which_there_is_no_time_is_said(at_work, store, flat, villa):
    """A house that was put elsewhere on the map after it had been booked."""
    world.confirmed(store, TEN, listing=flat)
    later = world.confirmed(store, world.clock("10:45"), listing=flat, phone=world.QIANG)
    Appointment.objects.filter(pk=later.pk).update(listing=villa)

    assert "Only 15 minutes are free for it." in at_work.look(HOME)


def test_the_week_names_the_house(at_work, store, flat):
    world.confirmed(store, TEN, listing=flat)

    page = at_work.look("/console/calendar/")

    assert '<span class="booked__what">Two rooms with a view</span>' in page


def test_the_page_of_a_viewing_has_the_house_and_the_way(at_work, store, flat, villa):
    world.confirmed(store, TEN, listing=flat)
    later = world.confirmed(store, TWELVE, listing=villa, phone=world.QIANG)

    page = at_work.look(f"/console/appointments/{later.pk}/")

    assert f'href="/console/listings/{villa.pk}/">Villa' in page
    assert "min to Villa" in page


def test_what_the_customer_says_is_told_to_who_has_shown_it(at_work, store, flat, fang: User):
    booked = seen(store, flat, TEN, customer=fang)
    at = world.clock("11:00")
    services.give_feedback(
        booked, verdict=Verdict.INTERESTED, note="The light!", by=Actor.of(fang), at=at
    )

    page = at_work.look(f"/console/appointments/{booked.pk}/")
    assert "What they say of the house" in page
    assert "interested" in page
    assert "The light!" in page

    page = at_work.look(f"/console/listings/{flat.pk}/").split('id="viewings"')[1]
    assert '<b class="num">1</b> interested' in page
    assert "1 of 1 came" in page
    assert "The light!" in page


def test_a_house_has_its_viewings_coming_and_past(at_work, store, flat, fang: User, monday_morning):
    seen(store, flat, TEN, customer=fang)
    monday_morning.move_to(TWELVE)
    coming = world.confirmed(
        store, world.clock("15:00"), listing=flat, phone=world.QIANG, at=TWELVE
    )
    gone = world.book(store, world.clock("16:00"), listing=flat, at=TWELVE)
    services.cancel(gone, by=SYSTEM, at=TWELVE)

    page = at_work.look(f"/console/listings/{flat.pk}/").split('id="viewings"')[1]

    first, second = page.split("Over", 1)
    assert f"/console/appointments/{coming.pk}/" in first
    assert "Qiang" in first
    assert "Fang" in second
    assert "Lan" not in page


@pytest.mark.parametrize("which", ["home", "house"])
def test_queries_are_few_however_many_viewings_there_are(at_work, store, flat, which):
    address = HOME if which == "home" else f"/console/listings/{flat.pk}/"
    # The first look notes in the session that there is a console.
    at_work.look(address)
    counted = []
    for start in ("10:00", "13:00"):
        for number, phone in enumerate(world.phones(4)):
            begins = world.clock(start) + number * timedelta(minutes=30)
            world.confirmed(store, begins, listing=flat, phone=phone)
        with CaptureQueriesContext(connection) as queries:
            at_work.look(address)
        counted.append(len(queries))

    assert counted[0] == counted[1] <= 15


def test_the_calendar_feed_leads_to_the_house(store, jing, flat):
    booked = world.confirmed(store, TEN, listing=flat)
    token = open_feed(jing, locale="en", by=world.acting(jing), at=world.NOW)

    answer = Client().get(f"/calendar/{token}.ics")

    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(event["location"]) == "Two rooms with a view, 12 Lane Street"
    assert str(event["summary"]) == f"Viewing: L… {booked.code}"
    assert "geo" in event


def test_nobody_is_called_to_the_desk_for_a_viewing(store, flat, monday_morning):
    booked = world.confirmed(store, TEN, listing=flat)
    monday_morning.move_to(world.clock("09:30"))
    hua = Visitor(Client(headers=ENGLISH))
    hua.client.force_login(manager_of(store, display_name="Hua"))

    assert "Lan" not in hua.look(f"/stores/{store.pk}/desk/")
    assert booked.code[:3] not in hua.look(f"/stores/{store.pk}/board")
    page = hua.look(f"/stores/{store.pk}/desk/{booked.code}/")
    assert "the viewing is at “Two rooms with a view”, 12 Lane Street." in page
    assert "Is here" not in page

    # Who shows it is out meanwhile, and not at the counter.
    services.start(booked, by=SYSTEM, at=TEN)
    monday_morning.move_to(TEN)
    desk = hua.look(f"/stores/{store.pk}/desk/")
    assert "out, at a viewing" in desk
    assert "Lan" not in desk


def test_a_house_is_written_without_what_says_nothing_of_it(at_work):
    page = at_work.look("/console/listings/new/house/")

    assert "Rent a month" in page
    assert "Where it is" in page
    assert 'name="deposit_percent"' not in page
    assert 'name="price_unit"' not in page
