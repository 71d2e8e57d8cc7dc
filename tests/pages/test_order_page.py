"""The page of an order: its number, amount and place, paying, and calling it off together."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from appointments import services
from appointments.models import Appointment, CancelRequest, RequestState, Status
from appointments.presenters.times import stamp
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.places import Point
from realtors.models import Listing
from stores.models import Store
from tests.appointments import orders, world
from tests.factories import UserFactory

from .conftest import ENGLISH
from .visitor import Visitor

TEN = world.clock("10:00", world.TUESDAY)
AT_FANGS = "Anfu Road 7, room 301"
HOUR = timedelta(hours=1)


@pytest.fixture
def cleaning(store: Store) -> Listing:
    """Lin's: two hours for 200 yuan; half of it is kept from a day before on."""
    return orders.service(store, fee_steps=[[1440, 50]])


def ordered(cleaning: Listing, fang: User, **more: Any) -> Appointment:
    return orders.order(cleaning, fang, TEN, address=AT_FANGS, place=Point(31.21, 121.44), **more)


@pytest.fixture
def confirmed(cleaning: Listing, fang: User) -> Appointment:
    return services.accept(ordered(cleaning, fang), by=SYSTEM, at=world.NOW)


def lin(order: Appointment) -> Actor:
    assert order.realtor is not None
    return world.acting(order.realtor)


def page_of(order: Appointment, part: str = "") -> str:
    return f"/appointments/{order.code}/{part}"


def press(visitor: Visitor, order: Appointment, do: str, **more: str) -> str:
    """A button of the box; the page it leads to."""
    answer = visitor.client.post(page_of(order, "call-off/"), {"do": do, **more})
    assert answer["Location"] == page_of(order) + "#call-off", answer.content.decode()
    return visitor.look(page_of(order))


# What it says


def test_an_order_says_what_when_where_and_for_how_much(
    fang_at_home: Visitor, cleaning: Listing, fang: User
):
    order = ordered(cleaning, fang, amount=150, requirements="Two rooms")

    page = fang_at_home.look(page_of(order))

    for said in (
        f"Order {order.order.number}",
        "Your order is in",
        "Lin has been asked and will confirm the order",
        "Cleaning",
        AT_FANGS,
        "¥150 (listed at ¥200)",
        "It binds once the provider confirms.",
        "Confirmation by the provider",
        "To be paid",
        "Two rooms",
        "Cancelling now costs nothing.",
        "Call it off",
        "31.21",
    ):
        assert said in page
    assert "Ask to call it off" not in page
    assert "/pay/" not in page


def test_the_code_alone_tells_nobody_where_they_live(lan: Visitor, confirmed: Appointment):
    page = lan.look(page_of(confirmed))

    assert "Cleaning" in page
    assert AT_FANGS not in page


def test_once_confirmed_it_is_paid(fang_at_home: Visitor, confirmed: Appointment):
    page = fang_at_home.look(page_of(confirmed))

    assert "Your order is confirmed" in page
    assert f"Lin comes tomorrow 10:00: {AT_FANGS}. Please pay ¥200 here." in page
    assert f'href="/bookings/{confirmed.code}/pay/"' in page
    paying = fang_at_home.look(f"/bookings/{confirmed.code}/pay/")
    for said in ("Pay for your order", "Cleaning", AT_FANGS, "¥200"):
        assert said in paying
    assert "Your place is kept" not in page + paying

    orders.paid(confirmed)

    page = fang_at_home.look(page_of(confirmed))
    assert "/pay/" not in page
    assert "Please pay" not in page


def test_what_is_done_is_still_paid_and_then_reviewed(fang_at_home: Visitor, confirmed):
    services.start(confirmed, by=SYSTEM, at=TEN)
    services.complete(confirmed, by=SYSTEM, at=TEN + HOUR)

    page = fang_at_home.look(page_of(confirmed))

    for said in ("Your order is done", "Please pay ¥200 here.", "How was it?", "Order again"):
        assert said in page


def test_ones_own_list_shows_orders_as_orders(fang_at_home: Visitor, confirmed: Appointment):
    page = fang_at_home.look("/appointments/")
    for said in ("Cleaning", confirmed.order.number, "¥200", "to pay: ¥200", AT_FANGS):
        assert said in page

    services.ask_to_cancel(confirmed, by=lin(confirmed), at=world.NOW)

    assert "they ask to call it off" in fang_at_home.look("/appointments/")


def test_the_calendar_says_where_to_go(fang_at_home: Visitor, confirmed: Appointment):
    file = fang_at_home.client.get(page_of(confirmed, "calendar.ics")).content.decode()
    file = file.replace("\r\n ", "")

    assert "LOCATION:Anfu Road 7\\, room 301" in file
    assert "SUMMARY:Service: Cleaning" in file
    assert "GEO:31.21;121.44" in file


# Before it is confirmed


def test_before_the_yes_the_customer_calls_it_off_alone(
    fang_at_home: Visitor, cleaning: Listing, fang: User
):
    order = ordered(cleaning, fang)
    assert "Call the order off?" in fang_at_home.look(page_of(order, "cancel/"))

    answer = fang_at_home.client.post(page_of(order, "cancel/"), {"reason": ""}, follow=True)

    page = answer.content.decode()
    assert "Called off. The time has been given back." in page
    assert "This order was called off" in page
    assert f'href="/listings/{cleaning.pk}/"' in page


def test_before_the_yes_it_is_moved_like_any_booking(fang_at_home: Visitor, cleaning, fang):
    order = ordered(cleaning, fang)
    later = world.clock("14:00", world.TUESDAY)
    assert f'value="{stamp(later)}"' in fang_at_home.look(page_of(order, "reschedule/"))

    fang_at_home.client.post(page_of(order, "reschedule/"), {"starts_at": stamp(later)})

    order.refresh_from_db()
    assert order.starts_at == later


def test_confirmed_while_somebody_was_about_to_call_it_off(
    fang_at_home: Visitor, confirmed: Appointment
):
    for answer in (
        fang_at_home.client.get(page_of(confirmed, "cancel/")),
        fang_at_home.client.post(page_of(confirmed, "cancel/"), {"reason": "changed my mind"}),
    ):
        assert answer["Location"] == page_of(confirmed) + "#call-off"
    page = fang_at_home.look(page_of(confirmed))
    assert "both sides have to agree to call it off" in page
    confirmed.refresh_from_db()
    assert confirmed.status == Status.CONFIRMED


# Calling it off together


def test_asking_says_what_would_come_back(fang_at_home: Visitor, confirmed: Appointment):
    orders.paid(confirmed)

    page = fang_at_home.look(page_of(confirmed))

    assert "Ask to call it off" in page
    assert "If they agree:" in page
    assert "All that was paid goes back to the customer: ¥200." in page


def test_asking_waits_for_an_answer_and_is_taken_back(
    fang_at_home: Visitor, confirmed: Appointment
):
    page = press(fang_at_home, confirmed, "ask", reason="I am ill")

    assert "They have been asked. Until they agree, the order stands." in page
    assert "You have asked to call it off. The other side answers until tomorrow 08:00." in page
    assert "Reason: I am ill" in page
    assert "Asked to call it off" in page
    assert "Agree to call it off" not in page

    page = press(fang_at_home, confirmed, "take_back")

    assert "Taken back: the order stands." in page
    assert "Ask to call it off" in page
    assert CancelRequest.objects.get().state == RequestState.TAKEN_BACK


def test_the_provider_asks_and_the_customer_agrees(fang_at_home: Visitor, confirmed: Appointment):
    orders.paid(confirmed)
    services.ask_to_cancel(confirmed, by=lin(confirmed), at=world.NOW, reason="Broken leg")

    page = fang_at_home.look(page_of(confirmed))
    for said in (
        "They ask to call it off",
        "Please answer until tomorrow 08:00.",
        "Broken leg",
        "If you agree:",
        "All that was paid goes back to the customer: ¥200.",
    ):
        assert said in page
    page = fang_at_home.look(page_of(confirmed, "call-off/"))
    assert "<h1>They ask to call it off</h1>" in page
    page = press(fang_at_home, confirmed, "agree")

    assert "Called off: both of you agreed." in page
    assert "This order was called off" in page
    assert "Both sides agreed to call it off." in page
    confirmed.refresh_from_db()
    assert confirmed.status == Status.CANCELLED


def test_a_no_leaves_it_to_staff_who_say_why(fang_at_home: Visitor, confirmed: Appointment):
    services.ask_to_cancel(confirmed, by=lin(confirmed), at=world.NOW)

    page = press(fang_at_home, confirmed, "refuse", reason="I took a day off for it")

    assert "The answer was no. The people who look after this site decide." in page
    assert "I took a day off for it" in page
    assert "No, the order stands" not in page
    # Still to be had by agreeing.
    assert "Agree to call it off" in page
    services.decide_request(
        confirmed,
        call_off=False,
        refund_percent=0,
        reason="A leg heals",
        by=Actor.of(UserFactory(is_superuser=True, is_staff=True)),
        at=world.NOW,
    )
    page = fang_at_home.look(page_of(confirmed))
    assert "decided that it stands." in page
    assert "A leg heals" in page
    assert "Ask to call it off" in page


def test_a_press_that_comes_too_late_says_so(fang_at_home: Visitor, confirmed: Appointment):
    for do in ("agree", "refuse", "take_back"):
        assert "Nobody has asked to call it off." in press(fang_at_home, confirmed, do)
    page = press(fang_at_home, confirmed, "explode")
    assert "Ask to call it off" in page
    assert not CancelRequest.objects.exists()


def test_too_long_a_reason_is_said_at_its_field(fang_at_home: Visitor, confirmed: Appointment):
    sent = {"do": "ask", "reason": "x" * 201}

    page = fang_at_home.client.post(page_of(confirmed, "call-off/"), sent).content.decode()

    assert "200" in page
    assert "x" * 201 in page
    assert "Back to the order" in page
    assert not CancelRequest.objects.exists()


def test_what_is_no_order_has_no_box(fang_at_home: Visitor, store: Store, fang: User, wei: Any):
    plain = fang_at_home.book(store, TEN)

    answer = fang_at_home.client.get(page_of(plain, "call-off/"))

    assert answer["Location"] == page_of(plain)
    assert "Calling it off" not in fang_at_home.look(page_of(plain))


def test_strangers_get_nowhere(lan: Visitor, confirmed: Appointment):
    for do in ("ask", "agree"):
        answer = lan.client.post(page_of(confirmed, "call-off/"), {"do": do})
        assert answer["Location"] == page_of(confirmed)
    assert not CancelRequest.objects.exists()


def test_its_provider_is_led_to_where_they_work(confirmed: Appointment):
    visitor = Visitor(Client(headers=ENGLISH))
    assert confirmed.realtor is not None
    assert confirmed.realtor.user is not None
    visitor.client.force_login(confirmed.realtor.user)

    answer = visitor.client.post(page_of(confirmed, "call-off/"), {"do": "ask", "reason": "Ill"})

    assert answer["Location"] == f"/console/appointments/{confirmed.pk}/"
    assert CancelRequest.objects.get().side == "provider"


# Left open


def test_a_page_left_open_sees_that_the_other_side_has_asked(
    fang_at_home: Visitor, confirmed: Appointment
):
    page = fang_at_home.look(page_of(confirmed))
    look = page.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    looking = {"HX-Request": "true"}
    assert fang_at_home.client.get(look, headers=looking).status_code == 204

    services.ask_to_cancel(confirmed, by=lin(confirmed), at=world.NOW)

    answer = fang_at_home.client.get(look, headers=looking)
    assert answer.status_code == 200
    assert "They ask to call it off" in answer.content.decode()


def test_an_order_that_is_done_looks_again_until_staff_have_decided(
    fang_at_home: Visitor, confirmed: Appointment, monday_morning: time_machine.Traveller
):
    orders.paid(confirmed)
    services.ask_to_cancel(confirmed, by=Actor.of(confirmed.user), at=world.NOW)
    services.start(confirmed, by=SYSTEM, at=TEN)
    services.complete(confirmed, by=SYSTEM, at=TEN + HOUR)

    page = fang_at_home.look(page_of(confirmed))

    assert "data-look" in page
    assert "The people who look after this site decide." in page


# Cost


def test_the_pages_need_few_queries(fang_at_home: Visitor, confirmed: Appointment):
    services.ask_to_cancel(confirmed, by=lin(confirmed), at=world.NOW)
    fang_at_home.client.get("/")

    for page in (page_of(confirmed), page_of(confirmed, "call-off/"), "/appointments/"):
        with CaptureQueriesContext(connection) as queries:
            fang_at_home.look(page)
        assert len(queries) <= 15, (page, [one["sql"][:90] for one in queries])


def test_what_was_not_right_is_put_before_staff_from_the_page(
    fang_at_home: Visitor, confirmed: Appointment, monday_morning: time_machine.Traveller
):
    orders.paid(confirmed)
    services.start(confirmed, by=SYSTEM, at=TEN)
    services.complete(confirmed, by=SYSTEM, at=TEN + HOUR)
    monday_morning.move_to(TEN + 2 * HOUR)
    assert "Was something not right?" in fang_at_home.look(page_of(confirmed))

    fang_at_home.client.post(
        f"/appointments/{confirmed.code}/call-off/", {"do": "ask", "reason": "Half is dirty"}
    )

    page = fang_at_home.look(page_of(confirmed))
    assert "The customer says that the work was not right." in page
    assert "Was something not right?" not in page
