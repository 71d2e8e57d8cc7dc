"""Orders in the back office: found by number, called off as both sides agree or staff decide."""

from decimal import Decimal

import pytest
from django.utils import timezone

from appointments import services
from appointments.models import Appointment, CancelRequest, Order, RequestState, Status
from booking_site.common.actors import Actor
from tests.appointments.orders import agreed, paid, service
from tests.factories import UserFactory

from .places import list_of, page_of, start_at
from .pressing import press, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(ours):
    cleaning = service(ours.store, provider=ours.realtor)
    start, now = start_at(ours.store, days=3, hour=10), timezone.now()
    fang = UserFactory(display_name="Fang")
    terms = {"address": "Huaihai Road 1", "amount": Decimal(150)}
    return paid(agreed(cleaning, fang, start, at=now, **terms), at=now)


@pytest.fixture
def asked(made):
    fang = Actor.of(made.user)
    return services.ask_to_cancel(made, by=fang, at=timezone.now(), reason="The child is ill")


def press_on(client, row, step, **given):
    return client.post(page_of(row).replace("change/", f"{step}/"), given, follow=True)


def test_an_order_is_found_by_number_and_says_amount_and_address(ann, made):
    number = made.order.number
    html = ann.get(f"{list_of(Order)}?q={number}").content.decode()
    assert number in html
    assert "¥150 (listed at ¥200)" in html

    html = ann.get(page_of(made)).content.decode()
    for told in (number, "Huaihai Road 1", "¥150 (listed at ¥200)"):
        assert told in html, told


def test_the_list_of_appointments_finds_orders(ann, made):
    for kind, is_there in (("order", True), ("viewing", False), ("stay", False)):
        html = ann.get(f"{list_of(Appointment)}?kind={kind}").content.decode()
        assert (made.code in html) is is_there, kind
    assert made.code in ann.get(f"{list_of(Appointment)}?q={made.order.number}").content.decode()


def test_who_runs_the_store_asks_and_does_not_call_off_alone(ann, made):
    page = ann.get(page_of(made)).content.decode()
    assert "ask-to-cancel/" in page
    assert f"{made.pk}/cancel/" not in page

    press(ann, made, "ask-to-cancel", reason="The van broke down")

    request = CancelRequest.objects.get(appointment=made)
    assert (request.side, request.reason) == ("provider", "The van broke down")
    made.refresh_from_db()
    assert made.status == Status.CONFIRMED


def test_who_runs_the_store_answers_for_its_provider(ann, made, asked):
    page = ann.get(page_of(asked)).content.decode()
    assert "agree/" in page
    assert "decide/" not in page
    assert "All that was paid goes back to the customer: ¥150." in page

    press_on(ann, asked, "refuse", reason="Lin is on her way")

    asked.refresh_from_db()
    assert (asked.state, asked.answer) == (RequestState.DISPUTED, "Lin is on her way")
    press_on(ann, asked, "agree")
    made.refresh_from_db()
    assert made.status == Status.CANCELLED


def test_operators_decide_once_and_say_both(operator, made, asked):
    page = operator.get(page_of(asked)).content.decode()
    assert "decide/" in page
    assert "agree/" not in page

    half = {"outcome": "call_off", "reason": "Half each"}
    press_on(operator, asked, "decide", **half)
    asked.refresh_from_db()
    assert asked.is_pending

    press_on(operator, asked, "decide", **half, refund_percent=50)
    asked.refresh_from_db()
    made.refresh_from_db()
    assert (asked.state, made.status, made.cancel_fee) == (
        RequestState.CALLED_OFF,
        Status.CANCELLED,
        75,
    )
    answer = press_on(operator, asked, "decide", **half, refund_percent=50)
    assert any("Nobody has asked to call it off." in text for text in said(answer))


def test_what_staff_decide_stands_among_what_needs_a_person(operator, made, asked):
    services.answer_cancel_request(
        made,
        agree=False,
        by=Actor.of(made.realtor.user or UserFactory(is_staff=True)),
        at=timezone.now(),
    )

    assert made.code in operator.get(f"{list_of(Appointment)}?line=needs-person").content.decode()
