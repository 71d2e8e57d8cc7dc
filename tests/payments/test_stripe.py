"""Stripe Checkout: events signed over their bytes, and what Stripe answers when asked."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from appointments.models import Appointment, Status
from payments import errors, services
from payments.errors import GatewayDown, GatewayRefused
from payments.gateways import Gateway, Outcome, RefundOutcome, gateway_named
from payments.gateways.stripe_events import HEADER, signature_of
from payments.models import GatewayNotice, Payment, Refund
from tests.payments import money
from tests.payments.bank import Asked, Bank, bank

MOMENT = int(money.NOW.timestamp())
SECRET = "whsec_made_for_the_tests"


@pytest.fixture
def far() -> Iterator[Bank]:
    with bank() as there:
        yield there


@pytest.fixture
def stripe(far: Bank, settings: Any) -> Gateway:
    settings.PAYMENT_GATEWAYS = ["stripe"]
    settings.STRIPE_URL = far.url
    settings.STRIPE_SECRET_KEY = "sk_test_nobodys"
    settings.STRIPE_WEBHOOK_SECRET = SECRET
    says(far, {"object": "checkout.session", "id": "cs_1", "url": "https://checkout.example/1"})
    return gateway_named("stripe")


@pytest.fixture
def payment(stripe: Gateway, seat: Appointment) -> Payment:
    return money.opened(seat, gateway="stripe")


def says(far: Bank, told: dict[str, Any], *, status: int = 200) -> None:
    def answer(asked: Asked) -> Any:
        return status, {}, json.dumps(told).encode()

    far.answer = answer


def session(payment: Payment, **more: Any) -> dict[str, Any]:
    told = {"number": payment.number, "booking": f"a{payment.shares.get().appointment_id}"}
    return {
        "object": "checkout.session",
        "id": "cs_1",
        "status": "complete",
        "payment_status": "paid",
        "amount_total": 30_000,
        "currency": "cny",
        "metadata": told,
        "payment_intent": {
            "id": "pi_1",
            "object": "payment_intent",
            "status": "succeeded",
            "latest_charge": {"id": "ch_1", "object": "charge", "amount_refunded": 0},
        },
    } | more


def event(payment: Payment, *, livemode: bool = False, **more: Any) -> bytes:
    thing = session(payment, **more)
    told = {"id": "evt_1", "object": "event", "type": "checkout.session.completed"}
    return json.dumps(told | {"livemode": livemode, "data": {"object": thing}}).encode()


def headers(body: bytes, *, secret: str = SECRET, moment: int = MOMENT) -> dict[str, str]:
    return {HEADER: signature_of(body, secret, moment)}


def refused(given: dict[str, str], body: bytes) -> str:
    with pytest.raises((errors.BadSignature, errors.Mismatch)) as told:
        services.receive("stripe", given, body, at=money.NOW)
    return told.value.code


def test_the_customer_goes_to_a_page_of_stripes(far: Bank, stripe: Gateway, seat: Appointment):
    payment = money.opened(seat, gateway="stripe", visited=False)
    door = services.visit(payment, money.WAY, at=money.NOW)
    asked = far.asked[-1]
    assert (door.url, asked.path) == ("https://checkout.example/1", "/v1/checkout/sessions")
    # Asked for twice it is the same one.
    assert asked.headers["idempotency-key"] == payment.number
    assert asked.form["line_items[0][price_data][unit_amount]"] == "30000"
    assert asked.form["line_items[0][price_data][currency]"] == "cny"
    assert asked.form["metadata[number]"] == payment.number
    assert asked.form["payment_intent_data[metadata][number]"] == payment.number
    payment.refresh_from_db()
    assert payment.gateway_id == "cs_1"


def test_an_event_that_is_signed_is_heard(far: Bank, payment: Payment, seat: Appointment):
    says(far, session(payment))
    body = event(payment)
    assert services.receive("stripe", headers(body), body, at=money.NOW) is None
    seat.refresh_from_db()
    assert seat.status == Status.CONFIRMED
    assert far.asked[-1].path == "/v1/checkout/sessions/cs_1"


def test_forged_or_changed_or_old_it_is_refused(payment: Payment):
    body = event(payment)
    again = json.dumps(json.loads(body), indent=1).encode()
    assert refused(headers(body), again) == "bad_signature"
    assert refused(headers(body, secret="whsec_guessed"), body) == "bad_signature"
    assert refused(headers(body, moment=MOMENT - 301), body) == "bad_signature"
    assert refused(headers(body, moment=MOMENT + 301), body) == "bad_signature"
    assert refused({}, body) == "bad_signature"
    assert GatewayNotice.objects.filter(accepted=True).count() == 0


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"livemode": True}, "wrong_receiver"),
        ({"amount_total": 1}, "wrong_amount"),
        ({"currency": "usd"}, "wrong_currency"),
        ({"metadata": {"number": "somebodyelses"}}, "unknown_number"),
    ],
)
def test_an_event_about_something_else_is_refused(
    payment: Payment, told: dict[str, Any], code: str
):
    body = event(payment, **told)
    assert refused(headers(body), body) == code


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        ({}, Outcome.PAID),
        ({"status": "open", "payment_status": "unpaid"}, Outcome.OPEN),
        ({"status": "expired", "payment_status": "unpaid"}, Outcome.CLOSED),
        ({"status": "complete", "payment_status": "unpaid"}, Outcome.OPEN),
        (
            {
                "status": "complete",
                "payment_status": "unpaid",
                "payment_intent": {"id": "pi_1", "status": "requires_payment_method"},
            },
            Outcome.FAILED,
        ),
    ],
)
def test_asked_it_says_how_it_stands(
    far: Bank, stripe: Gateway, payment: Payment, told: dict[str, Any], outcome: Outcome
):
    says(far, session(payment, **told))
    state = stripe.look_up(payment)
    assert (state.outcome, state.amount, state.currency) == (outcome, money.PRICE, "CNY")


def test_it_says_what_was_refunded_there(far: Bank, stripe: Gateway, payment: Payment):
    intent = {"id": "pi_1", "latest_charge": {"id": "ch_1", "amount_refunded": 1234}}
    says(far, session(payment, payment_intent=intent))
    assert stripe.look_up(payment).refunded == Decimal("12.34")


def test_a_gateway_that_fails_is_down_and_one_that_says_no_is_not(
    far: Bank, stripe: Gateway, payment: Payment, seat: Appointment
):
    says(far, {"error": {"type": "api_error"}}, status=500)
    with pytest.raises(GatewayDown):
        stripe.look_up(payment)
    refund = Refund(share=money.share_of(seat), number="1" * 32, amount=Decimal(1))
    no = {"error": {"type": "invalid_request_error", "code": "charge_already_refunded"}}
    says(far, no, status=400)
    with pytest.raises(GatewayRefused, match="charge_already_refunded"):
        stripe.refund(refund)
    # What is paid or over already stays so.
    stripe.close(payment)


def test_a_refund_is_asked_for_under_its_number(
    far: Bank, stripe: Gateway, payment: Payment, seat: Appointment
):
    refund = Refund(share=money.share_of(seat), number="1" * 32, amount=Decimal("12.30"))
    whole = json.dumps(session(payment)).encode()

    def answer(asked: Asked) -> Any:
        if (asked.method, asked.path) == ("GET", "/v1/refunds"):
            return 200, {}, b'{"object":"list","data":[],"has_more":false}'
        if asked.path == "/v1/refunds":
            return 200, {}, b'{"object":"refund","id":"re_1","status":"pending"}'
        if asked.path == "/v1/refunds/re_1":
            return 200, {}, b'{"object":"refund","id":"re_1","status":"succeeded"}'
        return 200, {}, whole

    far.answer = answer
    assert stripe.look_up_refund(refund) == RefundOutcome.UNKNOWN
    assert stripe.refund(refund) == RefundOutcome.PENDING
    asked = far.asked[-1]
    assert asked.headers["idempotency-key"] == refund.number
    assert (asked.form["payment_intent"], asked.form["amount"]) == ("pi_1", "1230")
    assert stripe.look_up_refund(refund) == RefundOutcome.DONE


def test_a_refund_that_was_made_days_ago_is_not_made_again(
    far: Bank, stripe: Gateway, payment: Payment, seat: Appointment
):
    """Its answer was lost, and by now the idempotency key is forgotten there."""
    refund = Refund(share=money.share_of(seat), number="1" * 32, amount=Decimal("12.30"))
    one = {"object": "refund", "id": "re_1", "status": "succeeded"}
    other = one | {"id": "re_0", "metadata": {}}
    whole = json.dumps(session(payment)).encode()
    known = [other, one | {"metadata": {"refund": refund.number}}]

    def answer(asked: Asked) -> Any:
        if asked.path == "/v1/refunds":
            told = {"object": "list", "data": known, "has_more": False}
            return 200, {}, json.dumps(told).encode()
        return 200, {}, whole

    far.answer = answer
    far.asked.clear()
    assert stripe.refund(refund) == RefundOutcome.DONE
    assert refund.gateway_id == "re_1"
    assert far.asked[-1].query["payment_intent"] == "pi_1"
    assert {asked.method for asked in far.asked} == {"GET"}
