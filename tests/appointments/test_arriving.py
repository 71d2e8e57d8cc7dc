"""Somebody is at the door: noted once, on their day, by those who may see them."""

from datetime import timedelta

import pytest

from appointments import services
from appointments.errors import InvalidTransition
from appointments.models import Action, Status
from booking_site.common.errors import Forbidden, Invalid
from realtors.models import Realtor
from stores.models import Store

from . import world

TWO = world.clock("14:00")
SOON = TWO - timedelta(minutes=10)


@pytest.fixture
def store(db: None) -> Store:
    return world.open_store()


@pytest.fixture
def wei(store: Store) -> Realtor:
    return world.hire(store, "Wei")


def test_it_is_noted_with_who_saw_them_and_the_status_stays(store: Store, wei: Realtor):
    booked = world.confirmed(store, TWO)
    by = world.manager(store)

    services.check_in(booked, by=by, at=SOON)

    booked.refresh_from_db()
    assert (booked.arrived_at, booked.status) == (SOON, Status.CONFIRMED)
    entry = booked.log.last()
    assert entry is not None
    assert (entry.action, entry.actor_user, entry.at) == (Action.ARRIVED, by.user, SOON)


def test_a_second_time_changes_nothing(store: Store, wei: Realtor):
    booked = world.confirmed(store, TWO)
    services.check_in(booked, by=world.acting(wei), at=SOON)

    services.check_in(booked, by=world.manager(store), at=TWO)

    assert booked.arrived_at == SOON
    assert booked.log.filter(action=Action.ARRIVED).count() == 1


def test_who_is_still_in_line_may_be_here_already(store: Store, wei: Realtor):
    world.book(store, TWO)
    waiting = world.book(store, TWO, phone=world.QIANG)
    assert waiting.is_waiting

    services.check_in(waiting, by=world.manager(store), at=SOON)

    assert waiting.arrived_at == SOON


def test_customers_guests_and_other_realtors_do_not_say_so(store: Store, wei: Realtor):
    booked = world.confirmed(store, TWO, realtor=wei)
    ming = world.hire(store, "Ming")
    elsewhere = world.manager(world.open_store("elsewhere"), "Yan")

    for by in (world.owner(booked), world.GUEST, world.acting(ming), elsewhere):
        with pytest.raises(Forbidden):
            services.check_in(booked, by=by, at=SOON)
    booked.refresh_from_db()
    assert booked.arrived_at is None


def test_once_the_work_has_begun_it_is_too_late(store: Store, wei: Realtor):
    booked = world.running(store, TWO)

    with pytest.raises(InvalidTransition):
        services.check_in(booked, by=world.acting(wei), at=TWO)


def test_the_day_is_the_stores(db: None):
    store = world.open_store("broadway", zone="America/New_York", opens="00:00", closes="00:00")
    world.hire(store, "Wei")
    start = world.clock("00:30", world.TUESDAY, store.zone)
    booked = world.confirmed(store, start)
    by = world.manager(store)

    with pytest.raises(Invalid) as refused:
        services.check_in(booked, by=by, at=start - world.HOUR)
    assert refused.value.errors == {"arrived": ["other_day"]}
    services.check_in(booked, by=by, at=start - timedelta(minutes=20))

    assert booked.arrived_at is not None


def test_a_note_is_the_realtors_and_the_stores_to_write(store: Store, wei: Realtor):
    booked = world.confirmed(store, TWO)
    services.write_note(booked, text="Bring the key", by=world.manager(store), at=SOON)
    assert booked.provider_note == "Bring the key"

    for by in (world.owner(booked), world.GUEST):
        with pytest.raises(Forbidden):
            services.write_note(booked, text="", by=by, at=SOON)
