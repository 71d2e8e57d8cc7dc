"""The list of an account."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from appointments import services
from booking_site.common.actors import SYSTEM
from realtors.models import Realtor
from stores.models import Store
from tests.appointments import world

from .visitor import Visitor

TWO = world.clock("14:00")


def test_who_is_not_signed_in_is_asked_to(lan: Visitor, db: None):
    answer = lan.client.get("/appointments/")

    assert answer["Location"] == "/accounts/login/?next=/appointments/"


def test_nothing_yet_says_what_to_do(fang_at_home: Visitor):
    page = fang_at_home.look("/appointments/")

    assert "You have no appointment" in page
    assert "Find a store" in page


def test_only_ones_own_are_listed(fang_at_home: Visitor, fang: User, store: Store, wei: Realtor):
    mine = world.book(store, TWO, customer=fang)
    other = world.book(store, world.clock("16:00"), phone=world.QIANG)

    page = fang_at_home.look("/appointments/")

    assert mine.code in page
    assert other.code not in page


def test_what_is_over_stands_under_past(
    fang_at_home: Visitor, fang: User, store: Store, wei: Realtor
):
    coming = world.book(store, TWO, customer=fang)
    gone = world.book(store, world.clock("16:00"), customer=fang)
    services.cancel(gone, by=SYSTEM, at=world.NOW)

    upcoming, past = (
        fang_at_home.look("/appointments/"),
        fang_at_home.look("/appointments/", show="past"),
    )

    assert coming.code in upcoming
    assert gone.code not in upcoming
    assert gone.code in past
    assert coming.code not in past


def test_the_next_one_comes_first(fang_at_home: Visitor, fang: User, store: Store, wei: Realtor):
    later = world.book(store, world.clock("16:00"), customer=fang)
    sooner = world.book(store, TWO, customer=fang)

    page = fang_at_home.look("/appointments/")

    assert page.index(sooner.code) < page.index(later.code)


def test_a_code_given_back_does_not_break_the_list(
    fang_at_home: Visitor, fang: User, store: Store, wei: Realtor
):
    booked = world.book(store, TWO, customer=fang)
    services.cancel(booked, by=SYSTEM, at=world.NOW)
    type(booked).objects.update(code=None)

    assert "cancelled" in fang_at_home.look("/appointments/", show="past")


@pytest.mark.parametrize("page", ["0", "abc", "-3", "99"])
def test_a_page_that_is_none_shows_one_that_is(fang_at_home: Visitor, page: str):
    assert fang_at_home.client.get("/appointments/", {"page": page}).status_code == 200


def test_many_appointments_need_few_queries(
    fang_at_home: Visitor, fang: User, store: Store, wei: Realtor
):
    for day in range(1, 7):
        for hour in ("10:00", "14:00"):
            world.book(store, world.clock(hour, world.MONDAY + timedelta(days=day)), customer=fang)

    with CaptureQueriesContext(connection) as queries:
        page = fang_at_home.look("/appointments/")

    assert len(queries) <= 15
    assert "1 of 2" in page
