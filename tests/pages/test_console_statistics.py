"""A realtor's own figures: true ones, and none where there are none."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appointments import services
from appointments.models import Appointment
from booking_site.common.actors import SYSTEM
from realtors.models import Realtor
from stores.models import Store
from tests.appointments import world

from .conftest import ENGLISH
from .visitor import Visitor

PAGE = "/console/statistics/"
TWO = world.clock("14:00")


@pytest.fixture
def at_work(wei: Realtor) -> Visitor:
    visitor = Visitor(Client(headers=ENGLISH))
    visitor.client.force_login(wei.user)
    return visitor


def figures(page: str) -> dict[str, str]:
    """By label."""
    found = {}
    for part in page.split('class="stat__label">')[1:]:
        label, rest = part.split("</span>", 1)
        found[label] = rest.split('stat__value">')[1].split("<")[0]
    return found


def test_nothing_yet_is_said_and_no_zero_is_made_up(at_work: Visitor):
    page = at_work.look(PAGE)

    assert "Nothing in this time" in page
    assert "0%" not in page
    assert "<svg class=" + '"chart"' not in page


def test_the_figures_are_those_of_their_own_work(
    at_work: Visitor, store: Store, wei: Realtor, ming: Realtor, monday_morning
):
    done = world.running(store, TWO, realtor=wei)
    services.complete(done, by=SYSTEM, at=TWO + world.HOUR)
    missed = world.confirmed(store, world.clock("16:00"), realtor=wei, phone=world.QIANG)
    services.mark_no_show(missed, by=SYSTEM, at=world.clock("16:20"))
    refused = world.book(store, world.clock("17:00"), realtor=wei, phone=world.phones(1)[0])
    services.decline(refused, by=world.acting(wei), at=world.NOW)
    world.running(store, TWO, realtor=ming, phone=world.phones(2)[1])
    monday_morning.move_to(world.clock("18:00"))

    page = at_work.look(PAGE, period="week")

    found = figures(page)
    assert found["Appointments"] == "3"
    assert found["Completed"] == "33%"
    assert found["Did not come"] == "33%"
    assert found["Offers accepted"] == "67%"
    assert found["Live customers waited"] == "–"
    assert "1 of 3" in page


@pytest.mark.parametrize(
    ("period", "bars"), [("week", 7), ("month", 30), ("90-days", 13), ("", 30), ("'--", 30)]
)
def test_each_period_is_told_as_a_table_too(
    at_work: Visitor, store: Store, wei: Realtor, period: str, bars: int
):
    booked = world.confirmed(store, TWO)

    page = at_work.look(PAGE, period=period)

    assert page.count('<th scope="row">') in (bars, bars + 1)
    assert '<svg class="chart"' in page
    assert booked.customer_name not in page


def test_it_needs_few_queries_however_much_there_was(at_work: Visitor, store: Store, wei: Realtor):
    for number, phone in enumerate(world.phones(6)):
        one = world.confirmed(store, world.clock(f"{10 + number}:00"), phone=phone)
        start = one.starts_at - timedelta(days=number * 7)
        Appointment.objects.filter(pk=one.pk).update(starts_at=start, ends_at=start + world.HOUR)

    at_work.look(PAGE)
    with CaptureQueriesContext(connection) as queries:
        page = at_work.look(PAGE, period="90-days")

    assert len(queries) <= 15
    assert len(page.encode()) < 150_000
