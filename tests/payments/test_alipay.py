"""Alipay: orders signed by us, notices signed by them (RSA2), and what they answer when asked."""

import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from accounts.models import User
from appointments.models import Appointment, Session, Status
from payments import errors, services, timed
from payments.errors import GatewayDown, GatewayRefused
from payments.gateways import Gateway, Outcome, RefundOutcome, gateway_named
from payments.models import GatewayNotice, Payment, Refund, RefundReason
from tests.payments import money
from tests.payments.bank import Asked, Bank, bank
from tests.payments.keys import alipay_answer, alipay_notice, private_pem, public_pem

GOOD = {"code": "10000", "msg": "Success"}


@pytest.fixture
def far() -> Iterator[Bank]:
    with bank() as there:
        yield there


@pytest.fixture
def alipay(far: Bank, settings: Any) -> Gateway:
    settings.PAYMENT_GATEWAYS = ["alipay"]
    settings.ALIPAY_URL = far.url + "/gateway.do"
    settings.ALIPAY_APP_ID = "app-1"
    settings.ALIPAY_PRIVATE_KEY = private_pem("us")
    settings.ALIPAY_PUBLIC_KEY = public_pem("alipay")
    return gateway_named("alipay")


@pytest.fixture
def payment(alipay: Gateway, seat: Appointment) -> Payment:
    payment = money.opened(seat, gateway="alipay")
    assert payment.opened_at is not None
    return payment


def says(far: Bank, told: dict[str, Any], *, by: str = "alipay") -> None:
    """To whatever is asked from now on."""

    def answer(asked: Asked) -> Any:
        return 200, {}, alipay_answer(asked.query["method"], told, by=by)

    far.answer = answer


def says_paid(far: Bank, payment: Payment, **more: Any) -> None:
    trade = {"out_trade_no": payment.number, "trade_status": "TRADE_SUCCESS"}
    says(far, GOOD | trade | {"total_amount": "300.00"} | more)


def notice(payment: Payment, **told: str) -> bytes:
    by = told.pop("by", "alipay")
    at = money.NOW + timedelta(seconds=int(told.pop("after", "0")))
    mine = {
        "out_trade_no": payment.number,
        "total_amount": "300.00",
        "passback_params": f"a{payment.shares.get().appointment_id}",
    }
    return alipay_notice(mine | told, at=at, by=by)


def refused(body: bytes) -> str:
    with pytest.raises((errors.BadSignature, errors.Mismatch)) as told:
        services.receive("alipay", {}, body, at=money.NOW)
    return told.value.code


@pytest.mark.parametrize(
    ("small", "method"),
    [(False, "alipay.trade.page.pay"), (True, "alipay.trade.wap.pay")],
)
def test_the_customer_goes_to_a_page_that_suits_the_screen(
    alipay: Gateway, seat: Appointment, small: bool, method: str
):
    payment = money.opened(seat, gateway="alipay", visited=False)
    way = money.WAY.__class__(money.WAY.return_url, money.WAY.notify_url, small_screen=small)
    asked = parse_qs(urlsplit(alipay.open(payment, way).url).query)
    order = json.loads(asked["biz_content"][0])
    assert asked["method"] == [method]
    assert (order["out_trade_no"], order["total_amount"]) == (payment.number, "300.00")
    # By Alipay's clock, in Shanghai.
    assert (order["time_expire"], asked["timestamp"]) == (
        "2026-03-02 08:05:00",
        ["2026-03-02 08:00:00"],
    )
    assert asked["notify_url"] == [money.WAY.notify_url]


def test_a_notice_that_is_signed_is_heard_and_answered_with_success(
    far: Bank, alipay: Gateway, payment: Payment, seat: Appointment
):
    says_paid(far, payment)
    reply = services.receive("alipay", {}, notice(payment), at=money.NOW)
    assert reply is not None
    assert (reply.status, reply.body, reply.content_type) == (200, "success", "text/plain")
    seat.refresh_from_db()
    assert seat.status == Status.CONFIRMED
    assert GatewayNotice.objects.get().event_id == "n-1"


def test_what_the_notice_says_counts_for_nothing_without_alipays_word(
    far: Bank, payment: Payment, seat: Appointment
):
    says(far, GOOD | {"out_trade_no": payment.number, "trade_status": "WAIT_BUYER_PAY"})
    services.receive("alipay", {}, notice(payment), at=money.NOW)
    seat.refresh_from_db()
    assert seat.status == Status.PENDING


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"by": "forger"}, "bad_signature"),
        ({"after": "-301"}, "bad_signature"),
        ({"after": "301"}, "bad_signature"),
        ({"app_id": "app-2"}, "wrong_receiver"),
        ({"total_amount": "299.99"}, "wrong_amount"),
        ({"out_trade_no": "somebodyelses"}, "unknown_number"),
        ({"passback_params": "a0"}, "wrong_booking"),
    ],
)
def test_a_notice_that_is_not_right_is_refused(payment: Payment, told: dict[str, str], code: str):
    assert refused(notice(payment, **told)) == code
    entry = GatewayNotice.objects.get()
    assert (entry.accepted, entry.refusal) == (False, code)


def test_a_notice_that_was_changed_on_its_way_is_refused(payment: Payment):
    body = notice(payment)
    assert refused(body.replace(b"300.00", b"300.01")) == "bad_signature"
    assert refused(body + b"&extra=1") == "bad_signature"
    # A field twice could be read in two ways.
    assert refused(body + b"&total_amount=300.00") == "bad_signature"
    assert refused(b"") == "bad_signature"
    assert refused(b"\xff=1") == "bad_signature"


def test_a_weaker_signature_is_not_taken(payment: Payment):
    body = notice(payment).replace(b"sign_type=RSA2", b"sign_type=RSA")
    assert refused(body) == "bad_signature"
    fields = urlencode({"out_trade_no": payment.number, "sign_type": "RSA2", "sign": "%%%"})
    assert refused(fields.encode()) == "bad_signature"


def test_the_order_of_the_fields_does_not_matter(far: Bank, payment: Payment):
    """The scheme signs them sorted."""
    says_paid(far, payment)
    turned = b"&".join(reversed(notice(payment).split(b"&")))
    services.receive("alipay", {}, turned, at=money.NOW)
    assert GatewayNotice.objects.get().accepted


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        ({"trade_status": "WAIT_BUYER_PAY"}, Outcome.OPEN),
        ({"trade_status": "TRADE_SUCCESS"}, Outcome.PAID),
        ({"trade_status": "TRADE_FINISHED"}, Outcome.PAID),
        ({"trade_status": "TRADE_CLOSED"}, Outcome.CLOSED),
        ({"trade_status": "TRADE_CLOSED", "send_pay_date": "2026-03-02"}, Outcome.PAID),
    ],
)
def test_asked_it_says_how_it_stands(
    far: Bank, alipay: Gateway, payment: Payment, told: dict[str, str], outcome: Outcome
):
    says(far, GOOD | {"out_trade_no": payment.number, "total_amount": "300.00"} | told)
    state = alipay.look_up(payment)
    assert (state.outcome, state.number, state.amount) == (
        outcome,
        payment.number,
        Decimal("300.00"),
    )
    assert far.asked[-1].query["method"] == "alipay.trade.query"


def test_an_order_that_nobody_came_for_is_open(far: Bank, alipay: Gateway, payment: Payment):
    says(far, {"code": "40004", "sub_code": "ACQ.TRADE_NOT_EXIST"})
    assert alipay.look_up(payment).outcome == Outcome.OPEN


def test_an_answer_that_alipay_did_not_sign_is_none(far: Bank, alipay: Gateway, payment: Payment):
    says(far, GOOD | {"out_trade_no": payment.number, "trade_status": "TRADE_SUCCESS"}, by="forger")
    with pytest.raises(GatewayDown):
        alipay.look_up(payment)
    far.answer = lambda asked: (502, {}, b"<html>")
    with pytest.raises(GatewayDown):
        alipay.look_up(payment)


def test_a_refund_is_asked_for_under_its_number(
    far: Bank, alipay: Gateway, payment: Payment, seat: Appointment
):
    says_paid(far, payment, fund_change="Y", refund_status="REFUND_SUCCESS")
    services.receive("alipay", {}, notice(payment), at=money.NOW)
    share = money.share_of(seat)
    made = services.give_back(share, amount=Decimal(50), reason=RefundReason.STAFF, at=money.NOW)
    timed.send_due_refunds(at=money.NOW)
    asked = json.loads(far.asked[-1].query["biz_content"])
    assert asked == {
        "refund_amount": "50.00",
        "out_request_no": made.number,
        "out_trade_no": payment.number,
    }
    assert money.refunds(seat) == [("staff", "done", Decimal(50))]


def test_what_alipay_makes_of_a_refund(
    far: Bank, alipay: Gateway, payment: Payment, seat: Appointment
):
    refund = Refund(share=money.share_of(seat), number="1" * 32, amount=Decimal(1))
    says(far, GOOD | {"fund_change": "N"})
    assert alipay.refund(refund) == RefundOutcome.PENDING
    says(far, GOOD | {"refund_status": "REFUND_SUCCESS"})
    assert alipay.look_up_refund(refund) == RefundOutcome.DONE
    says(far, {"code": "40004", "sub_code": "ACQ.SYSTEM_ERROR"})
    with pytest.raises(GatewayDown):
        alipay.refund(refund)
    says(far, {"code": "40004", "sub_code": "ACQ.SELLER_BALANCE_NOT_ENOUGH"})
    with pytest.raises(GatewayRefused):
        alipay.refund(refund)


def test_only_yuan_are_paid_with_it(alipay: Gateway, salsa: Session, fang: User):
    assert (alipay.takes("CNY"), alipay.takes("USD")) == (True, False)
