"""WeChat Pay, API v3, Native, with its public key: events signed over their bytes and encrypted."""

import json
import time
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest

from appointments.models import Appointment, Status
from payments import errors, services
from payments.errors import GatewayDown, GatewayRefused
from payments.gateways import Gateway, Outcome, RefundOutcome, gateway_named
from payments.models import GatewayNotice, Payment, Refund
from tests.payments import money
from tests.payments.bank import Asked, Bank, bank
from tests.payments.keys import (
    API_V3_KEY,
    KEY_ID,
    private_pem,
    public_pem,
    wechat_headers,
    wechat_notice,
)

MOMENT = int(money.NOW.timestamp())


@pytest.fixture
def far() -> Iterator[Bank]:
    with bank() as there:
        yield there


@pytest.fixture
def wechat(far: Bank, settings: Any) -> Gateway:
    settings.PAYMENT_GATEWAYS = ["wechatpay"]
    settings.WECHATPAY_URL = far.url
    settings.WECHATPAY_APP_ID = "wx1"
    settings.WECHATPAY_MERCHANT_ID = "1900000001"
    settings.WECHATPAY_CERTIFICATE_SERIAL = "AB12"
    settings.WECHATPAY_PRIVATE_KEY = private_pem("us")
    settings.WECHATPAY_API_V3_KEY = API_V3_KEY
    settings.WECHATPAY_PUBLIC_KEY = public_pem("wechat")
    settings.WECHATPAY_PUBLIC_KEY_ID = KEY_ID
    says(far, {"code_url": "weixin://wxpay/bizpayurl?pr=abc"})
    return gateway_named("wechatpay")


@pytest.fixture
def payment(wechat: Gateway, seat: Appointment) -> Payment:
    return money.opened(seat, gateway="wechatpay")


def says(far: Bank, told: dict[str, Any], *, status: int = 200, by: str = "wechat") -> None:
    def answer(asked: Asked) -> Any:
        body = json.dumps(told).encode()
        return status, wechat_headers(body, moment=int(time.time()), by=by), body

    far.answer = answer


def order(payment: Payment, **more: Any) -> dict[str, Any]:
    return {
        "appid": "wx1",
        "mchid": "1900000001",
        "out_trade_no": payment.number,
        "trade_state": "SUCCESS",
        "attach": f"a{payment.shares.get().appointment_id}",
        "amount": {"total": 30_000, "payer_total": 30_000, "currency": "CNY"},
    } | more


def refused(headers: Mapping[str, str], body: bytes) -> str:
    with pytest.raises((errors.BadSignature, errors.Mismatch)) as told:
        services.receive("wechatpay", headers, body, at=money.NOW)
    return told.value.code


def test_the_customer_gets_a_code_to_scan(far: Bank, wechat: Gateway, seat: Appointment):
    payment = money.opened(seat, gateway="wechatpay", visited=False)
    door = services.visit(payment, money.WAY, at=money.NOW)
    assert door.qr == "weixin://wxpay/bizpayurl?pr=abc"
    asked = far.asked[-1]
    told = json.loads(asked.body)
    assert asked.path == "/v3/pay/transactions/native"
    assert told["amount"] == {"total": 30_000, "currency": "CNY"}
    assert told["time_expire"] == "2026-03-02T08:05:00+08:00"
    assert (told["out_trade_no"], told["notify_url"]) == (payment.number, money.WAY.notify_url)
    assert asked.headers["authorization"].startswith("WECHATPAY2-SHA256-RSA2048 ")


def test_an_event_that_is_signed_is_heard(far: Bank, payment: Payment, seat: Appointment):
    says(far, order(payment))
    body = wechat_notice(order(payment))
    reply = services.receive("wechatpay", wechat_headers(body, moment=MOMENT), body, at=money.NOW)
    assert reply is not None
    assert (reply.status, json.loads(reply.body)) == (200, {"code": "SUCCESS"})
    seat.refresh_from_db()
    assert seat.status == Status.CONFIRMED


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"mchid": "1900000002"}, "wrong_receiver"),
        ({"appid": "wx2"}, "wrong_receiver"),
        ({"amount": {"total": 1, "currency": "CNY"}}, "wrong_amount"),
        ({"amount": {"total": 30_000, "currency": "USD"}}, "wrong_currency"),
        ({"out_trade_no": "somebodyelses"}, "unknown_number"),
        ({"attach": "a0"}, "wrong_booking"),
    ],
)
def test_an_event_about_something_else_is_refused(
    payment: Payment, told: dict[str, Any], code: str
):
    body = wechat_notice(order(payment, **told))
    assert refused(wechat_headers(body, moment=MOMENT), body) == code
    assert GatewayNotice.objects.get().refusal == code


def test_forged_or_changed_or_old_it_is_refused(payment: Payment):
    body = wechat_notice(order(payment))
    good = wechat_headers(body, moment=MOMENT)
    again = json.dumps(json.loads(body), indent=1).encode()
    assert refused(good, again) == "bad_signature"
    assert refused(good, body.replace(b"EV-1", b"EV-2")) == "bad_signature"
    for wrong in (
        {},
        wechat_headers(body, moment=MOMENT, by="forger"),
        wechat_headers(body, moment=MOMENT - 301),
        wechat_headers(body, moment=MOMENT + 301),
        good | {"wechatpay-timestamp": "soon"},
        good | {"wechatpay-signature-type": "PLAIN"},
        good | {"wechatpay-signature": "%%%"},
    ):
        assert refused(wrong, body) == "bad_signature"


def test_a_key_that_we_do_not_have_is_not_looked_for(far: Bank, payment: Payment):
    """The library would fetch certificates over the network, for whoever calls."""
    asked = len(far.asked)
    body = wechat_notice(order(payment))
    stranger = wechat_headers(body, moment=MOMENT) | {"wechatpay-serial": "5F3A"}
    assert refused(stranger, body) == "bad_signature"
    assert len(far.asked) == asked


def test_encrypted_with_another_key_it_is_refused(payment: Payment, settings: Any):
    body = wechat_notice(order(payment))
    settings.WECHATPAY_API_V3_KEY = "x" * 32
    assert refused(wechat_headers(body, moment=MOMENT), body) == "bad_signature"


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        ("SUCCESS", Outcome.PAID),
        ("REFUND", Outcome.PAID),
        ("NOTPAY", Outcome.OPEN),
        ("USERPAYING", Outcome.OPEN),
        ("PAYERROR", Outcome.FAILED),
        ("CLOSED", Outcome.CLOSED),
    ],
)
def test_asked_it_says_how_it_stands(
    far: Bank, wechat: Gateway, payment: Payment, state: str, outcome: Outcome
):
    says(far, order(payment, trade_state=state))
    told = wechat.look_up(payment)
    assert (told.outcome, told.amount, told.currency) == (outcome, money.PRICE, "CNY")


def test_an_answer_that_wechat_did_not_sign_is_none(far: Bank, wechat: Gateway, payment: Payment):
    says(far, order(payment), by="forger")
    with pytest.raises(GatewayDown):
        wechat.look_up(payment)
    says(far, {"code": "SYSTEM_ERROR"}, status=500)
    with pytest.raises(GatewayDown):
        wechat.look_up(payment)


def test_an_order_that_is_not_there_is_open(far: Bank, wechat: Gateway, payment: Payment):
    says(far, {"code": "ORDER_NOT_EXIST"}, status=404)
    assert wechat.look_up(payment).outcome == Outcome.OPEN


def test_what_is_paid_already_is_not_closed_and_that_is_no_failure(
    far: Bank, wechat: Gateway, payment: Payment
):
    says(far, {"code": "ORDER_PAID"}, status=400)
    wechat.close(payment)
    assert far.asked[-1].path.endswith(f"/{payment.number}/close")


def test_a_refund_is_asked_for_under_its_number(
    far: Bank, wechat: Gateway, payment: Payment, seat: Appointment
):
    refund = Refund(share=money.share_of(seat), number="1" * 32, amount=Decimal("12.30"))
    says(far, {"status": "PROCESSING"})
    assert wechat.refund(refund) == RefundOutcome.PENDING
    asked = json.loads(far.asked[-1].body)
    assert asked["amount"] == {"refund": 1230, "total": 30_000, "currency": "CNY"}
    assert (asked["out_refund_no"], asked["out_trade_no"]) == (refund.number, payment.number)
    says(far, {"status": "SUCCESS"})
    assert wechat.look_up_refund(refund) == RefundOutcome.DONE
    says(far, {"status": "ABNORMAL"})
    assert wechat.look_up_refund(refund) == RefundOutcome.FAILED
    says(far, {"code": "RESOURCE_NOT_EXISTS"}, status=404)
    assert wechat.look_up_refund(refund) == RefundOutcome.UNKNOWN
    says(far, {"code": "NOT_ENOUGH"}, status=403)
    with pytest.raises(GatewayRefused):
        wechat.refund(refund)
