"""The page of an appointment while it is open: it moves by itself, and leads on."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from appointments import services
from appointments.models import Appointment
from booking_site.common.actors import SYSTEM
from realtors.models import Realtor
from stores.models import Store
from tests.appointments import world

from .visitor import Visitor

TWO = world.clock("14:00")
HTMX = {"HX-Request": "true"}


def page_of(appointment: Appointment) -> str:
    return f"/appointments/{appointment.code}/"


def looks(page: str) -> str:
    """Where the page looks again; empty when it does not."""
    return page.split('hx-get="')[1].split('"')[0].replace("&amp;", "&") if "hx-get" in page else ""


@pytest.fixture
def booked(fang: User, store: Store, wei: Realtor) -> Appointment:
    return world.book(store, TWO, customer=fang)


def test_nothing_is_called_booked_before_it_is_confirmed(
    fang_at_home: Visitor, booked: Appointment
):
    page = fang_at_home.look(page_of(booked))

    assert "Your request is in" in page
    assert "to be confirmed" in page
    assert "is booked" not in page
    services.accept(booked, by=SYSTEM, at=world.NOW)
    assert "Your appointment is confirmed" in fang_at_home.look(page_of(booked))


def test_an_open_page_shows_each_step_until_the_end(fang_at_home: Visitor, booked: Appointment):
    look = fang_at_home.client.get
    address = looks(fang_at_home.look(page_of(booked)))
    steps = [
        (services.accept, world.NOW, "Your appointment is confirmed"),
        (services.start, TWO, "Your appointment is under way"),
        (services.complete, TWO + timedelta(minutes=50), "Thank you for coming"),
    ]

    for step, at, headline in steps:
        assert look(address, headers=HTMX).status_code == 204
        booked = step(booked, by=SYSTEM, at=at)
        part = look(address, headers=HTMX).content.decode()
        assert f'data-said="{headline}"' in part
        address = looks(part)

    assert address == ""


def test_it_looks_more_often_when_more_is_to_be_seen(
    fang_at_home: Visitor, booked: Appointment, monday_morning: time_machine.Traveller
):
    assert "every 20s" in fang_at_home.look(page_of(booked))
    services.accept(booked, by=SYSTEM, at=world.NOW)
    assert "every 60s" in fang_at_home.look(page_of(booked))
    monday_morning.move_to(TWO - timedelta(minutes=10))
    assert "every 20s" in fang_at_home.look(page_of(booked))


def test_when_the_proof_ends_the_whole_page_asks_for_it_again(
    lan: Visitor, store: Store, wei: Realtor, monday_morning: time_machine.Traveller
):
    mine = lan.book(store, world.clock("14:00", world.TUESDAY + timedelta(days=2)))
    address = looks(lan.look(page_of(mine)))
    monday_morning.move_to(world.NOW + timedelta(hours=25))
    services.cancel(mine, by=SYSTEM, at=world.NOW + timedelta(hours=25))

    answer = lan.client.get(address, headers=HTMX)

    assert answer["HX-Refresh"] == "true"
    assert "Is this yours?" in lan.look(page_of(mine))


def test_what_cancelling_costs_now_stands_beside_the_button(
    fang_at_home: Visitor, fang: User, wei: Realtor, store: Store
):
    booked = world.book(store, TWO, customer=fang)
    Appointment.objects.filter(pk=booked.pk).update(
        final_price="80.00", policy={**booked.policy, "fee_steps": [[1440, 50]]}
    )

    page = fang_at_home.look(page_of(booked))

    assert "Cancelling now costs ¥40 (50% of the price)." in page
    assert "free until 1 day before the start; after that it costs 50% of the price." in page


def test_whoever_waits_in_the_live_line_can_show_a_code_too(
    lan: Visitor, store: Store, wei: Realtor
):
    line = lan.fill_in(f"/stores/{store.pk}/live/")
    key = lan.look(line).split('name="key" value="')[1].split('"')[0]
    page = lan.client.post(line, {"key": key}, follow=True).content.decode()

    assert "ticket__qr" in page
    assert "Add to calendar" not in page


# The calendar file


def test_the_calendar_file_is_where_the_button_leads(fang_at_home: Visitor, booked: Appointment):
    address = f"{page_of(booked)}calendar.ics"

    assert f'href="{address}"' in fang_at_home.look(page_of(booked))
    calendar = fang_at_home.client.get(address)
    assert calendar["Content-Type"].startswith("text/calendar")
    assert calendar["Cache-Control"] == "no-store, private"
    assert b"STATUS:TENTATIVE" in calendar.content


def test_the_code_alone_gets_no_calendar_file(lan: Visitor, booked: Appointment):
    answer = lan.client.get(f"{page_of(booked)}calendar.ics")

    assert answer["Location"] == page_of(booked)


def test_a_place_in_the_live_line_has_no_calendar_file(
    fang_at_home: Visitor, fang: User, store: Store, wei: Realtor
):
    mine = world.join(store, customer=fang, at=world.clock("10:00"))

    assert fang_at_home.client.get(f"{page_of(mine)}calendar.ics").status_code == 404


# Whose page it is not


def test_staff_are_led_to_the_desk(booked: Appointment, store: Store):
    client = Client()
    client.force_login(world.manager(store).user)
    desk = reverse("appointments:desk_code", args=[store.pk, booked.code])

    assert client.get(page_of(booked))["Location"] == desk
    # A page that was left open goes there as a whole.
    assert client.get(page_of(booked), headers=HTMX)["HX-Redirect"] == desk


def test_its_realtor_is_led_to_the_console(booked: Appointment, wei: Realtor):
    client = Client()
    client.force_login(wei.user)
    own = reverse("appointments:console:appointment", args=[booked.pk])

    assert client.get(page_of(booked))["Location"] == own


def test_a_realtor_who_is_the_customer_sees_the_customers_page(store: Store, wei: Realtor):
    mine = world.book(store, TWO, customer=wei.user)

    client = Client(headers={"accept-language": "en"})
    client.force_login(wei.user)

    assert client.get(page_of(mine)).status_code == 200


def test_looking_at_an_appointment_costs_few_queries(fang_at_home: Visitor, booked: Appointment):
    services.accept(booked, by=SYSTEM, at=world.NOW)

    with CaptureQueriesContext(connection) as queries:
        fang_at_home.look(page_of(booked))

    assert len(queries) <= 12, [query["sql"][:90] for query in queries]
