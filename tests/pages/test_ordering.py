"""Ordering a service: how long and when, which is kept; then where to and for how much, once."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from appointments.models import Appointment, Hold, PaymentStatus, Status
from appointments.presenters.times import stamp
from realtors.models import Listing
from stores.models import Store
from tests.appointments import orders, world

from .visitor import Visitor

TEN, ELEVEN = world.clock("10:00"), world.clock("11:00")
AT_FANGS = "Anfu Road 7, room 301"


@pytest.fixture
def cleaning(store: Store) -> Listing:
    """Lin's: two hours for 200 yuan a visit, paid when Lin has said yes; within 20 km."""
    return orders.service(store, attributes={"radius_km": 20}, fee_steps=[[1440, 50]])


@pytest.fixture
def tutoring(store: Store) -> Listing:
    """Mei's, by the hour."""
    return orders.service(store, "Mei", title="Tutoring", price_unit="hour", price=100)


def times_of(service: Listing, query: str = "") -> str:
    return f"/services/{service.pk}/order/" + (f"?{query}" if query else "")


def press(visitor: Visitor, service: Listing, query: str = "", **start: Any) -> HttpResponse:
    facts = {"starts_at": stamp(TEN), **start}
    return visitor.client.post(times_of(service, query), facts)


def form_of(visitor: Visitor, service: Listing, query: str = "") -> str:
    """Choose ten o'clock; the address of the form."""
    answer = press(visitor, service, query)
    assert answer.status_code == 302, answer.content
    return answer["Location"]


def facts(page: str = "", **changed: str) -> dict[str, str]:
    """As the page that was shown sends them, with what somebody types."""
    shown = {name: hidden(page, name) for name in ("key", "terms", "listed_price")}
    typed = {"address": AT_FANGS, "name": "Fang", "phone": "138 0000 0009", "amount": "200"}
    return {**shown, **typed, **changed}


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return found[1] if found else ""


def send(visitor: Visitor, form: str, **changed: str) -> HttpResponse:
    return visitor.client.post(form, facts(visitor.look(form), **changed))


def booked(answer: HttpResponse) -> Appointment:
    assert answer.status_code == 302, answer.content.decode()
    return Appointment.objects.latest("pk")


# Choosing


def test_the_page_of_the_service_says_everything_and_leads_on(lan: Visitor, cleaning: Listing):
    page = lan.look(f"/listings/{cleaning.pk}/")

    for said in (
        "¥200 a visit",
        "2 hours",
        "They come as far as 20 km.",
        "Paid here, once the provider has confirmed.",
        "Until the provider confirms, either side can call it off alone.",
        f'href="{times_of(cleaning)}"',
    ):
        assert said in page


def test_the_times_are_those_of_the_provider_for_so_long(
    lan: Visitor, cleaning: Listing, wei: Any, bo: User
):
    orders.order(cleaning, bo, TEN)

    page = lan.look(times_of(cleaning))

    assert f'<button class="slot" name="starts_at" value="{stamp(TEN)}"' not in page
    # Wei would be free then; and Lin is busy until twelve.
    assert f'<button class="slot" name="starts_at" value="{stamp(ELEVEN)}"' not in page
    assert f'value="{stamp(world.clock("12:00"))}"' in page
    for said in ("Cleaning", "Lin", "2 hours", "¥200 a visit"):
        assert said in page
    assert "/queue/" not in page
    assert "For how long?" not in page


def test_by_the_hour_one_chooses_how_long(lan: Visitor, tutoring: Listing):
    page = lan.look(times_of(tutoring, "minutes=180"))

    assert "¥300 for 3 hours (¥100 an hour)" in page
    # Three hours before closing is the last start.
    assert f'value="{stamp(world.clock("15:00"))}"' in page
    assert f'value="{stamp(world.clock("15:30"))}"' not in page
    assert times_of(tutoring, "minutes=180") in page


@pytest.mark.parametrize("query", ["minutes=7", "minutes=x", "minutes=", "date=9999-99-99"])
def test_what_cannot_be_meant_shows_the_usual_length(lan: Visitor, tutoring: Listing, query: str):
    assert "¥200 for 2 hours" in lan.look(times_of(tutoring, query))


def test_what_is_no_service_on_show_has_no_order(lan: Visitor, store: Store, cleaning: Listing):
    Listing.objects.filter(pk=cleaning.pk).update(status="hidden")

    assert lan.client.get(times_of(cleaning)).status_code == 404
    assert press(lan, cleaning).status_code == 404


def test_a_guest_signs_in_and_comes_back_to_the_time(lan: Visitor, cleaning: Listing):
    answer = press(lan, cleaning)

    parts = urlsplit(answer["Location"])
    assert parts.path == "/accounts/login/"
    back = parse_qs(parts.query)["next"][0]
    assert back.startswith(f"/services/{cleaning.pk}/order/details/?start=")
    assert not Hold.objects.exists()
    assert urlsplit(lan.client.get(back)["Location"]).path == "/accounts/login/"


def test_who_is_back_from_signing_in_orders_the_time_they_chose(
    lan: Visitor, fang: User, cleaning: Listing
):
    back = parse_qs(urlsplit(press(lan, cleaning)["Location"]).query)["next"][0]
    lan.client.force_login(fang)

    assert "it is still free" in lan.look(back)
    ordered = booked(send(lan, back))

    assert (ordered.starts_at, ordered.user) == (TEN, fang)


def test_a_chosen_time_is_kept(fang_at_home: Visitor, cleaning: Listing):
    page = fang_at_home.look(form_of(fang_at_home, cleaning))

    held = Hold.objects.get()
    assert (held.listing, held.realtor, held.duration_minutes) == (cleaning, cleaning.realtor, 120)
    assert "This time is kept for you" in page
    assert f'href="{times_of(cleaning, "date=2026-03-02&amp;minutes=120")}"' in page


def test_without_a_time_there_is_no_form(fang_at_home: Visitor, cleaning: Listing):
    for query in ("", "?start=soon"):
        answer = fang_at_home.client.get(f"/services/{cleaning.pk}/order/details/{query}")
        assert answer["Location"] == times_of(cleaning)
    assert press(fang_at_home, cleaning, starts_at="x")["Location"] == times_of(cleaning)


def test_who_comes_second_sees_other_times(fang_at_home: Visitor, cleaning: Listing, bo: User):
    orders.order(cleaning, bo, TEN)

    page = fang_at_home.client.get(press(fang_at_home, cleaning)["Location"]).content.decode()

    assert "has just been taken" in page
    assert f'value="{stamp(world.clock("12:00"))}"' in page


def test_a_time_that_ran_out_and_was_taken_leads_to_others_and_keeps_what_was_typed(
    fang_at_home: Visitor, cleaning: Listing, bo: User, monday_morning: time_machine.Traveller
):
    address = form_of(fang_at_home, cleaning)
    send(fang_at_home, address, amount="x")
    monday_morning.shift(timedelta(minutes=6))
    orders.order(cleaning, bo, TEN, at=world.NOW + timedelta(minutes=6))

    page = fang_at_home.client.get(address, follow=True).content.decode()

    assert "somebody else has booked it" in page
    assert "What you typed is kept." in page
    other = press(fang_at_home, cleaning, starts_at=stamp(world.clock("13:00")))["Location"]
    assert AT_FANGS in fang_at_home.look(other)


def test_nobody_orders_from_themselves(store: Store, cleaning: Listing, lan: Visitor):
    assert cleaning.realtor is not None
    assert cleaning.realtor.user is not None
    lan.client.force_login(cleaning.realtor.user)

    page = lan.client.get(press(lan, cleaning)["Location"]).content.decode()

    assert "You cannot order a service of your own." in page


def test_from_a_conversation_one_orders_in_it(lan: Visitor, cleaning: Listing):
    answer = lan.client.get(times_of(cleaning, "conversation=7"))

    assert answer["Location"] == f"/chat/7/order/{cleaning.pk}/"


# The form


def test_the_form_says_what_it_costs_and_who_may_call_it_off(
    fang_at_home: Visitor, cleaning: Listing
):
    page = fang_at_home.look(form_of(fang_at_home, cleaning))

    for said in (
        "¥200 a visit",
        "They ask for ¥200. Another amount is a proposal: it binds when they confirm.",
        "Paid here, once the provider has confirmed.",
        "Until the provider confirms, either side can call it off alone.",
        "after that it costs 50% of the price.",
        'value="200"',
        "Order now",
    ):
        assert said in page
    assert "place on the map" not in page


def test_ordering_waits_for_the_provider(fang_at_home: Visitor, cleaning: Listing):
    answer = send(fang_at_home, form_of(fang_at_home, cleaning), requirements="Two rooms")

    ordered = booked(answer)
    assert answer["Location"] == f"/appointments/{ordered.code}/"
    assert (ordered.status, ordered.payment_status) == (Status.PENDING, PaymentStatus.NOT_REQUIRED)
    assert (ordered.final_price, ordered.has_proposal) == (200, False)
    assert (ordered.order.address, ordered.requirements) == (AT_FANGS, "Two rooms")
    assert not Hold.objects.exists()


def test_another_amount_is_a_proposal(fang_at_home: Visitor, cleaning: Listing):
    ordered = booked(send(fang_at_home, form_of(fang_at_home, cleaning), amount="150"))

    assert (ordered.final_price, ordered.price, ordered.has_proposal) == (150, 200, True)


def test_no_amount_is_the_one_asked_for(fang_at_home: Visitor, cleaning: Listing):
    ordered = booked(send(fang_at_home, form_of(fang_at_home, cleaning), amount=""))

    assert not ordered.has_proposal


def test_by_the_hour_the_sum_follows_the_time(fang_at_home: Visitor, tutoring: Listing):
    address = form_of(fang_at_home, tutoring, "minutes=90")
    assert 'value="150"' in fang_at_home.look(address)

    ordered = booked(send(fang_at_home, address, amount="150"))

    assert (ordered.duration_minutes, ordered.price, ordered.has_proposal) == (90, 150, False)


def test_the_next_order_begins_with_the_address_of_the_last_one(
    fang_at_home: Visitor, cleaning: Listing
):
    booked(send(fang_at_home, form_of(fang_at_home, cleaning)))

    answer = press(fang_at_home, cleaning, starts_at=stamp(world.clock("14:00")))

    assert f'value="{AT_FANGS}"' in fang_at_home.look(answer["Location"])


def test_the_place_of_the_account_goes_along_if_they_want_it_to(
    fang_at_home: Visitor, fang: User, store: Store, cleaning: Listing
):
    User.objects.filter(pk=fang.pk).update(latitude="31.21", longitude="121.44")
    Listing.objects.filter(pk=cleaning.pk).update(latitude="31.23", longitude="121.47")
    address = form_of(fang_at_home, cleaning)
    assert "place on the map" in fang_at_home.look(address)

    ordered = booked(send(fang_at_home, address, with_place="on"))

    assert ordered.order.latitude == Decimal("31.21")


def test_too_far_away_is_said_at_the_address(
    fang_at_home: Visitor, fang: User, store: Store, cleaning: Listing
):
    User.objects.filter(pk=fang.pk).update(latitude="30.25", longitude="120.16")
    Listing.objects.filter(pk=cleaning.pk).update(latitude="31.23", longitude="121.47")

    page = send(fang_at_home, form_of(fang_at_home, cleaning), with_place="on").content.decode()

    assert "They come as far as 20 km. Please choose somebody nearer." in page
    assert AT_FANGS in page
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount": "-1"}, "greater than or equal to 0"),
        ({"amount": "a lot"}, "Enter a number."),
        ({"amount": "NaN"}, "Enter a number."),
        ({"amount": "1e30"}, "12 digits"),
        ({"amount": "200.001"}, "2 decimal places"),
        ({"amount": "999999999"}, "less than or equal to 100000000"),
        ({"name": ""}, "Please say who orders."),
        ({"phone": "12"}, "phone"),
        ({"address": "x" * 201}, "200"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    fang_at_home: Visitor, cleaning: Listing, wrong: dict[str, str], said: str
):
    address = form_of(fang_at_home, cleaning)

    answer = send(fang_at_home, address, requirements="Two rooms", **wrong)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert said in page
    assert "Two rooms" in page
    assert not Appointment.objects.exists()
    assert "Two rooms" in fang_at_home.look(address)


def test_a_price_that_has_changed_meanwhile_is_shown_first(
    fang_at_home: Visitor, cleaning: Listing
):
    address = form_of(fang_at_home, cleaning)
    before = fang_at_home.look(address)
    Listing.objects.filter(pk=cleaning.pk).update(price=240)

    page = fang_at_home.client.post(address, facts(before)).content.decode()

    assert "The price or the rules have changed meanwhile." in page
    # The old sum was no wish of theirs.
    assert 'value="240"' in page
    ordered = booked(fang_at_home.client.post(address, facts(page, amount="240")))
    assert (ordered.final_price, ordered.has_proposal) == (240, False)


def test_rules_that_have_changed_meanwhile_are_shown_first(
    fang_at_home: Visitor, cleaning: Listing
):
    address = form_of(fang_at_home, cleaning)
    before = fang_at_home.look(address)
    Listing.objects.filter(pk=cleaning.pk).update(fee_steps=[[2880, 100]], deposit_percent=30)

    page = fang_at_home.client.post(address, facts(before)).content.decode()

    assert "The price or the rules have changed meanwhile." in page
    assert not Appointment.objects.exists()
    ordered = booked(fang_at_home.client.post(address, facts(page)))
    assert ordered.due_now == 60


@pytest.mark.parametrize("sent", ["", "x", "-", "1e5", "٣"])
def test_a_shown_price_that_is_none_counts_as_not_shown(
    fang_at_home: Visitor, cleaning: Listing, sent: str
):
    booked(send(fang_at_home, form_of(fang_at_home, cleaning), listed_price=sent))


def test_pressed_twice_it_orders_once(fang_at_home: Visitor, cleaning: Listing):
    address = form_of(fang_at_home, cleaning)
    sent = facts(fang_at_home.look(address))

    first = fang_at_home.client.post(address, sent)
    second = fang_at_home.client.post(address, sent)

    assert first["Location"] == second["Location"]
    assert Appointment.objects.count() == 1


def test_what_needs_no_yes_is_paid_first(fang_at_home: Visitor, store: Store):
    service = orders.service(store, needs_approval=False)

    answer = send(fang_at_home, form_of(fang_at_home, service))

    ordered = booked(answer)
    assert answer["Location"] == f"/bookings/{ordered.code}/pay/"
    assert "¥200" in fang_at_home.look(answer["Location"])


def test_the_pages_need_few_queries(fang_at_home: Visitor, cleaning: Listing):
    address = form_of(fang_at_home, cleaning)
    # That somebody looks is written down once.
    fang_at_home.look(f"/listings/{cleaning.pk}/")

    for page in (f"/listings/{cleaning.pk}/", times_of(cleaning), address):
        with CaptureQueriesContext(connection) as queries:
            fang_at_home.look(page)
        assert len(queries) <= 15, (page, [one["sql"][:90] for one in queries])


@pytest.fixture
def bo(db: None) -> User:
    return world.register("Bo", phone="+8613800000008")
