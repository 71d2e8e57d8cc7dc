"""Callbacks: a hint that is believed only when it is signed, fresh and about what we asked for; and
then the gateway is asked. In whatever order, and however often."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
import time_machine

from appointments.events import AppointmentConfirmed, AppointmentPaid
from appointments.models import Appointment, PaymentStatus, Session, Status
from booking_site.common.errors import NotFound
from payments import errors, services
from payments.events import PaymentFailed, PaymentSucceeded
from payments.gateways import Outcome, State, gateway_named, sandbox
from payments.gateways.stripe_events import HEADER, signature_of
from payments.models import (
    ChargeState,
    GatewayNotice,
    Payment,
    PaymentState,
    SandboxCharge,
    SandboxRefund,
)
from tests.payments import money

FOUR = ("failed", "paid", "refunded", "closed")
Heard = Callable[[type], list[Any]]


def refusals() -> list[str]:
    return list(GatewayNotice.objects.order_by("pk").values_list("refusal", flat=True))


def resigned(body: bytes) -> Mapping[str, str]:
    """Headers that sign these bytes now."""
    moment = int(money.NOW.timestamp())
    return {HEADER: signature_of(body, sandbox.signing_secret(), moment)}


def refused(headers: Mapping[str, str], body: bytes, *, at: Any = money.NOW) -> str:
    with pytest.raises((errors.BadSignature, errors.Mismatch)) as told:
        services.receive("sandbox", headers, body, at=at)
    return told.value.code


def changed(body: bytes, **told: Any) -> bytes:
    """The same event, in which its object says something else."""
    event = json.loads(body)
    metadata = told.pop("metadata", {})
    event["data"]["object"] |= told
    event["data"]["object"]["metadata"] |= metadata
    return json.dumps(event).encode()


@pytest.fixture
def payment(seat: Appointment) -> Payment:
    return money.opened(seat)


@pytest.mark.parametrize("order", list(permutations(FOUR)), ids="-".join)
def test_four_callbacks_in_every_order_ten_times_each_have_one_effect(
    payment: Payment, seat: Appointment, heard: Heard, order: tuple[str, ...]
):
    """It failed once, was paid then, and somebody gave it back at the gateway."""
    told = {kind: heard(kind) for kind in (PaymentSucceeded, AppointmentPaid, AppointmentConfirmed)}
    sandbox.press(money.charge(payment), ChargeState.FAILED)
    sandbox.press(money.charge(payment), ChargeState.PAID)
    SandboxRefund.objects.create(
        charge=money.charge(payment), number="0" * 32, amount=money.PRICE, created_at=money.NOW
    )
    for kind in order:
        headers, body = money.event(payment, kind)
        for _time in range(10):
            services.receive("sandbox", headers, body, at=money.NOW)
    payment.refresh_from_db()
    seat.refresh_from_db()
    share = money.share_of(seat)
    assert [len(those) for those in told.values()] == [1, 1, 1]
    assert (payment.status, seat.payment_status) == (PaymentState.PAID, PaymentStatus.REFUNDED)
    assert (share.counts, share.refunded) == (True, money.PRICE)
    assert money.refunds(seat) == [("outside", "done", money.PRICE)]
    assert GatewayNotice.objects.filter(accepted=True).count() == 4
    assert GatewayNotice.objects.filter(refusal="repeated").count() == 36


@pytest.mark.parametrize("order", list(permutations(FOUR)), ids="-".join)
def test_what_the_gateway_says_in_every_order_ten_times_has_one_effect(
    payment: Payment, seat: Appointment, heard: Heard, order: tuple[str, ...]
):
    """The answers themselves come out of order, as those of many workers may."""
    succeeded, failed = heard(PaymentSucceeded), heard(PaymentFailed)
    paid = State(
        Outcome.PAID, payment.number, payment.amount, "CNY", f"a{seat.pk}", refunded=Decimal(0)
    )
    answers = {
        "failed": State(Outcome.FAILED),
        "closed": State(Outcome.CLOSED),
        "paid": paid,
        "refunded": replace(paid, refunded=money.PRICE),
    }
    for kind in order:
        for _time in range(10):
            services.apply_state(payment, answers[kind], at=money.NOW)
    payment.refresh_from_db()
    seat.refresh_from_db()
    assert (payment.status, seat.status) == (PaymentState.PAID, Status.CONFIRMED)
    assert (len(succeeded), len(failed) <= 1) == (1, True)
    assert money.refunds(seat) == [("outside", "done", money.PRICE)]


def test_a_callback_that_says_paid_is_not_believed_when_the_gateway_does_not(
    payment: Payment, seat: Appointment
):
    money.hear(payment, "paid")
    payment.refresh_from_db()
    seat.refresh_from_db()
    assert (payment.status, seat.status) == (PaymentState.OPEN, Status.PENDING)


def test_one_that_says_failed_confirms_what_the_gateway_says_is_paid(
    payment: Payment, seat: Appointment
):
    sandbox.press(money.charge(payment), ChargeState.PAID)
    money.hear(payment, "failed")
    seat.refresh_from_db()
    assert seat.status == Status.CONFIRMED


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"amount_total": 29_999}, "wrong_amount"),
        ({"amount_total": 1}, "wrong_amount"),
        ({"currency": "vnd"}, "wrong_amount"),
        ({"currency": "usd"}, "wrong_currency"),
        ({"metadata": {"booking": "a0"}}, "wrong_booking"),
        ({"metadata": {"number": "somebodyelses"}}, "unknown_number"),
    ],
)
def test_signed_but_not_what_we_asked_for(
    payment: Payment, seat: Appointment, told: dict[str, Any], code: str
):
    sandbox.press(money.charge(payment), ChargeState.PAID)
    _headers, body = money.event(payment, "paid")
    body = changed(body, **told)
    assert refused(resigned(body), body) == code
    assert refusals() == [code]
    seat.refresh_from_db()
    assert seat.status == Status.PENDING


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"amount": Decimal("299.99")}, "wrong_amount"),
        ({"currency": "USD"}, "wrong_currency"),
        ({"booking": "a999"}, "wrong_booking"),
    ],
)
def test_paid_but_not_what_we_asked_for_waits_for_a_person(
    payment: Payment, seat: Appointment, told: dict[str, Any], code: str
):
    """The gateway itself says so when it is asked."""
    headers, body = money.event(payment, "paid")
    sandbox.press(money.charge(payment), ChargeState.PAID)
    SandboxCharge.objects.update(**told)
    assert refused(headers, body) == code
    payment.refresh_from_db()
    seat.refresh_from_db()
    assert (payment.status, payment.problem) == (PaymentState.OPEN, code)
    assert seat.status == Status.PENDING


def test_without_a_signature_or_with_a_forged_one(payment: Payment):
    headers, body = money.event(payment, "paid")
    moment = int(money.NOW.timestamp())
    forged = {HEADER: signature_of(body, "a-guess", moment)}
    for wrong in ({}, {HEADER: ""}, {HEADER: "t=1,v1=2"}, {HEADER: "t=1,v1=é"}, forged):
        assert refused(wrong, body) == "bad_signature"
    assert refused(headers, body + b" ") == "bad_signature"
    assert refusals() == ["bad_signature"] * 6


def test_the_signature_is_over_the_very_bytes(payment: Payment):
    headers, body = money.event(payment, "paid")
    again = json.dumps(json.loads(body), separators=(",", ":")).encode()
    assert json.loads(again) == json.loads(body)
    assert refused(headers, again) == "bad_signature"


def test_after_301_seconds_it_is_no_longer_believed(payment: Payment):
    headers, body = money.event(payment, "paid")
    with time_machine.travel(money.NOW + timedelta(seconds=301), tick=False):
        assert refused(headers, body) == "bad_signature"
    with time_machine.travel(money.NOW + timedelta(seconds=299), tick=False):
        services.receive("sandbox", headers, body, at=money.NOW)
    assert [*GatewayNotice.objects.order_by("pk").values_list("accepted", flat=True)] == [0, 1]


def test_from_the_future_it_is_not_believed_either(payment: Payment):
    headers, body = money.event(payment, "paid", at=money.NOW + timedelta(seconds=301))
    assert refused(headers, body) == "bad_signature"


def test_an_event_about_something_else_is_heard_and_counts_for_nothing(payment: Payment):
    body = json.dumps({"id": "evt_1", "type": "customer.created", "data": {"object": {}}}).encode()
    services.receive("sandbox", resigned(body), body, at=money.NOW)
    assert refusals() == ["not_ours"]


@pytest.mark.parametrize("thing", [None, [], "x", 7, {"metadata": 3}, {"metadata": []}])
def test_signed_and_yet_no_event_matches_nothing(payment: Payment, thing: Any):
    body = json.dumps({"id": "evt_1", "data": {"object": thing}}).encode()
    with suppress(errors.Mismatch):
        services.receive("sandbox", resigned(body), body, at=money.NOW)
    assert not GatewayNotice.objects.filter(accepted=True).exists()


def test_a_gateway_that_is_not_in_use_has_no_door(payment: Payment, settings: Any):
    headers, body = money.event(payment, "paid")
    settings.PAYMENT_GATEWAYS = []
    with pytest.raises(NotFound):
        services.receive("sandbox", headers, body, at=money.NOW)


def test_when_the_gateway_does_not_answer_it_is_to_come_again(
    payment: Payment, seat: Appointment, monkeypatch: pytest.MonkeyPatch
):
    sandbox.press(money.charge(payment), ChargeState.PAID)
    headers, body = money.event(payment, "paid")

    def broken(*_given: Any) -> State:
        raise KeyError("status")

    with monkeypatch.context() as while_down:
        while_down.setattr(sandbox.Sandbox, "look_up", broken)
        with pytest.raises(errors.GatewayDown):
            services.receive("sandbox", headers, body, at=money.NOW)
    assert not GatewayNotice.objects.exists()
    services.receive("sandbox", headers, body, at=money.NOW)
    seat.refresh_from_db()
    assert seat.status == Status.CONFIRMED


def test_of_the_body_only_its_digest_is_kept(payment: Payment):
    money.hear(payment, "paid")
    entry = GatewayNotice.objects.get()
    assert (len(entry.digest), entry.payment) == (64, payment)
    assert not any("body" in field.name for field in GatewayNotice._meta.get_fields())
    with pytest.raises(TypeError):
        entry.save()


def test_forgeries_do_not_fill_the_log(payment: Payment, monkeypatch: pytest.MonkeyPatch):
    from payments.services import receiving

    few = replace(receiving.FORGERIES_KEPT, most=3)
    monkeypatch.setattr(receiving, "FORGERIES_KEPT", few)
    for _time in range(10):
        assert refused({}, b"{}") == "bad_signature"
    nothing_of_ours = json.dumps({"id": "evt_1", "data": "?"}).encode()
    for _time in range(10):
        assert refused(resigned(nothing_of_ours), nothing_of_ours) == "mismatch"
    assert refusals() == ["bad_signature"] * 3 + ["mismatch"] * 3


def test_of_a_package_it_says_all_bookings(salsa: Session, fang: Any, wei: Any):
    dance = money.course(wei, attributes={"package_sessions": 2})
    days = [money.session(dance, money.NINE + timedelta(days=n)) for n in (1, 2)]
    seats = money.package(days, fang)
    payment = money.opened(seats[0])
    told = gateway_named("sandbox").look_up(payment).booking
    assert told == "-".join(f"a{one.pk}" for one in seats)
