"""The pages of paying, as a customer walks through them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from appointments.models import Appointment, Session, Status
from booking_site.common.actors import Actor
from payments.errors import GatewayDown
from payments.gateways import Door, sandbox
from payments.models import Payment, PaymentState
from realtors.models import Realtor
from tests.payments import money

MOST_QUERIES = 15
Counted = Callable[[int], AbstractContextManager[Any]]


@pytest.fixture
def fangs(client: Client, fang: User) -> Client:
    client.force_login(fang)
    client.get("/", headers={"accept-language": "en"})
    return client


def page(name: str, seat: Appointment) -> str:
    return reverse(f"payments:{name}", args=[seat.code])


def text(client: Client, path: str, **more: Any) -> str:
    with translation.override("en"):
        answer = client.get(path, headers={"accept-language": "en"}, **more)
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


def test_from_the_booking_to_paid_in_four_pages(fangs: Client, seat: Appointment):
    assert "¥300" in text(fangs, page("checkout", seat))
    on = fangs.post(page("checkout", seat), {"gateway": "sandbox"})
    going = fangs.get(on["Location"])
    assert going["Location"].startswith("/payments/sandbox/")
    assert "Salsa" in text(fangs, going["Location"])
    back = fangs.post(going["Location"], {"press": "pay"})
    assert back["Location"] == page("paid", seat)
    said = text(fangs, back["Location"])
    assert "Paid and confirmed" in said
    assert '<dt>Paid</dt><dd class="num">¥300</dd>' in said
    assert "To pay now" not in said
    seat.refresh_from_db()
    assert seat.status == Status.CONFIRMED


def test_what_the_form_says_of_money_counts_for_nothing(fangs: Client, seat: Appointment):
    fangs.post(page("checkout", seat), {"gateway": "sandbox", "amount": "1", "currency": "VND"})
    payment = Payment.objects.get()
    assert (payment.amount, payment.currency) == (money.PRICE, "CNY")


def test_that_it_has_been_paid_the_address_cannot_say(fangs: Client, seat: Appointment):
    money.opened(seat)
    assert "We are asking" in text(fangs, page("paid", seat) + "?status=paid&trade_status=ok")
    seat.refresh_from_db()
    assert seat.status == Status.PENDING


def test_a_page_that_asks_again_is_left_alone_while_nothing_changes(
    fangs: Client, seat: Appointment
):
    payment = money.opened(seat)
    again = page("paid", seat) + "?seen=checking"
    assert fangs.get(again).status_code == 204
    money.pay(payment)
    assert "Paid and confirmed" in text(fangs, again)


def test_what_failed_can_be_tried_again(fangs: Client, seat: Appointment):
    payment = money.opened(seat)
    fangs.post(reverse("payments:sandbox", args=[payment.number]), {"press": "fail"})
    said = text(fangs, page("paid", seat))
    assert "did not go through" in said
    assert '<dt>To pay now</dt><dd class="num">¥300</dd>' in said
    assert page("checkout", seat) in said


def test_when_the_time_is_over_it_says_so_and_leads_to_the_course(fangs: Client, seat: Appointment):
    Appointment.objects.filter(pk=seat.pk).update(pay_before=money.NOW)
    assert fangs.get(page("checkout", seat))["Location"] == page("paid", seat)
    said = text(fangs, page("paid", seat))
    assert "The time to pay is over" in said
    assert "¥300" not in said
    assert f'href="/listings/{seat.listing_id}/"' in said


def test_paid_too_late_it_says_that_the_money_goes_back(fangs: Client, seat: Appointment):
    payment = money.opened(seat)
    money.pay(payment, heard=False)
    money.sweep(money.NOW + money.LATER)
    assert "Paid too late" in text(fangs, page("paid", seat))


def test_a_paid_package_names_all_its_sessions_and_what_all_of_them_cost(
    fangs: Client, wei: Realtor, fang: User
):
    course = money.course(wei, attributes={"package_sessions": 2})
    days = [money.NINE, money.NINE + timedelta(days=7)]
    first, second = money.package([money.session(course, one) for one in days], fang)
    money.pay(money.opened(first))

    said = text(fangs, page("paid", first))

    assert f"{second.starts_local:%H:%M}" in said.split("Booked together with it")[1]
    assert '<dt>Paid</dt><dd class="num">¥600</dd>' in said


def test_where_the_teacher_has_to_agree_it_says_so(fangs: Client, wei: Realtor, fang: User):
    seat = money.paid_seat(money.session(money.course(wei, needs_approval=True)), fang)
    assert "The teacher has yet to agree" in text(fangs, page("paid", seat))


def test_a_deposit_says_what_is_left_for_later(fangs: Client, wei: Realtor, fang: User):
    seat = money.seat(money.session(money.course(wei, deposit_percent=30)), fang)
    said = text(fangs, page("checkout", seat))
    assert "¥90" in said
    assert "¥210" in said


def test_where_there_is_no_gateway_it_says_so(fangs: Client, seat: Appointment, settings: Any):
    settings.PAYMENT_GATEWAYS = []
    assert "not possible here" in text(fangs, page("checkout", seat))


def test_on_the_way_to_another_site_there_is_a_link_and_no_script(
    client: Client, seat: Appointment, monkeypatch: pytest.MonkeyPatch
):
    payment = money.opened(seat)
    go = reverse("payments:go", args=[payment.number])
    monkeypatch.setattr(sandbox.Sandbox, "open", lambda *_given: Door(url="https://bank.example/1"))
    said = text(client, go)
    assert 'content="0; url=https://bank.example/1"' in said
    assert 'href="https://bank.example/1"' in said
    monkeypatch.setattr(sandbox.Sandbox, "open", lambda *_given: Door(qr="weixin://pay/1"))
    assert "<svg" in text(client, go)


def test_a_gateway_that_does_not_answer_is_no_broken_page(
    client: Client, seat: Appointment, monkeypatch: pytest.MonkeyPatch
):
    payment = money.opened(seat)

    def down(*_given: Any) -> Door:
        raise GatewayDown

    monkeypatch.setattr(sandbox.Sandbox, "open", down)
    answer = client.get(reverse("payments:go", args=[payment.number]))
    assert answer.status_code == 503


def test_what_is_over_leads_back(client: Client, seat: Appointment):
    payment = money.pay(money.opened(seat))
    answer = client.get(reverse("payments:go", args=[payment.number]))
    assert answer["Location"].endswith(page("paid", seat))
    assert client.get(reverse("payments:go", args=["nobodys"])).status_code == 404


def test_pressed_twice_it_is_paid_once(client: Client, seat: Appointment):
    payment = money.opened(seat)
    bank = reverse("payments:sandbox", args=[payment.number])
    for press in ("pay", "pay", "fail"):
        client.post(bank, {"press": press})
    payment.refresh_from_db()
    assert (payment.status, money.refunds(seat)) == (PaymentState.PAID, [])


def test_earnings_are_told_by_month_and_listing(client: Client, seat: Appointment, wei: Realtor):
    money.pay(money.opened(seat))
    client.force_login(wei.user)
    said = text(client, reverse("payments:earnings"))
    for part in ("March 2026", "Salsa", "¥300", "¥30", "¥270"):
        assert part in said


def test_pages_ask_the_database_little(
    fangs: Client,
    seat: Appointment,
    salsa: Session,
    bo: User,
    wei: Realtor,
    django_assert_max_num_queries: Counted,
):
    payment = money.opened(seat)
    money.paid_seat(salsa, bo)
    for path in (
        page("checkout", seat),
        page("paid", seat),
        reverse("payments:sandbox", args=[payment.number]),
    ):
        fangs.get(path)
        with django_assert_max_num_queries(MOST_QUERIES):
            fangs.get(path)
    fangs.force_login(wei.user)
    with django_assert_max_num_queries(MOST_QUERIES):
        fangs.get(reverse("payments:earnings"))


def test_a_refund_outside_is_told(fangs: Client, salsa: Session, fang: User, hua: Actor):
    seat = money.paid_seat(salsa, fang)
    Appointment.objects.filter(pk=seat.pk).update(payment_status="refunded", status="cancelled")
    assert "Called off" in text(fangs, page("paid", seat))
