"""Paying: what is due, at one gateway, once."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from appointments import services as appointments
from appointments.errors import HoldExpired, InvalidTransition
from appointments.models import Appointment, PaymentStatus, Session, Status
from booking_site.common.actors import Actor
from booking_site.common.errors import Invalid
from payments import services, timed
from payments.events import PaymentFailed, PaymentSucceeded
from payments.gateways import Outcome, State, sandbox
from payments.models import ChargeState, Payment, PaymentState
from realtors.models import Realtor
from tests.payments import money


def test_what_is_due_is_what_the_booking_says(seat: Appointment):
    payment = money.opened(seat)
    assert (payment.amount, payment.currency) == (money.PRICE, "CNY")
    assert payment.expires_at == seat.pay_before
    assert len(payment.number) == 32


def test_of_a_deposit_only_that_is_due(wei: Realtor, fang: User):
    payment = money.opened(money.seat(money.session(money.course(wei, deposit_percent=30)), fang))
    assert payment.amount == Decimal("90.00")


def test_once_paid_the_booking_is_confirmed(seat: Appointment):
    payment = money.pay(money.opened(seat))
    seat.refresh_from_db()
    assert payment.status == PaymentState.PAID
    assert (seat.status, seat.payment_status) == (Status.CONFIRMED, PaymentStatus.PAID)
    assert money.share_of(seat).counts


def test_where_the_teacher_has_to_agree_it_waits_for_them(wei: Realtor, fang: User):
    booked = money.seat(money.session(money.course(wei, needs_approval=True)), fang)
    money.pay(money.opened(booked))
    booked.refresh_from_db()
    assert (booked.status, booked.payment_status) == (Status.PENDING, PaymentStatus.PAID)


def test_asked_for_again_it_is_the_open_one(seat: Appointment):
    first = money.opened(seat)
    again, is_new = services.open_payment(
        seat, gateway="sandbox", by=Actor.of(seat.user), at=money.NOW
    )
    assert (again, is_new) == (first, False)


def test_another_gateway_closes_the_one_before(seat: Appointment, settings: Any):
    first = money.opened(seat)
    # Known only after a name of its own: the sandbox in another guise.
    settings.PAYMENT_GATEWAYS = ["sandbox", "second"]
    from payments import gateways

    gateways.GATEWAYS["second"] = "tests.payments.guises.Second"
    try:
        second = money.opened(seat, gateway="second")
    finally:
        del gateways.GATEWAYS["second"]
    first.refresh_from_db()
    assert (first.status, second.status) == (PaymentState.CLOSED, PaymentState.OPEN)


def test_a_gateway_that_is_not_in_use_is_refused(seat: Appointment):
    with pytest.raises(Invalid) as refused:
        services.open_payment(seat, gateway="stripe", by=Actor.of(seat.user), at=money.NOW)
    assert "gateway" in refused.value.errors


def test_where_nothing_is_due_nothing_is_paid(seat: Appointment):
    money.pay(money.opened(seat))
    with pytest.raises(InvalidTransition):
        services.open_payment(seat, gateway="sandbox", by=Actor.of(seat.user), at=money.NOW)


def test_when_its_time_is_over_it_cannot_be_paid_any_more(seat: Appointment):
    with pytest.raises(HoldExpired):
        services.open_payment(
            seat, gateway="sandbox", by=Actor.of(seat.user), at=money.NOW + money.LATER
        )


def test_a_package_is_paid_in_one_go(wei: Realtor, fang: User):
    course = money.course(wei, attributes={"package_sessions": 3})
    sessions = [money.session(course, money.NINE + timedelta(days=n)) for n in range(3)]
    seats = money.package(sessions, fang)
    payment = money.opened(seats[1])
    assert payment.amount == 3 * money.PRICE
    money.pay(payment)
    states = Appointment.objects.filter(package=seats[0].package).values_list("status", flat=True)
    assert set(states) == {Status.CONFIRMED}


def test_what_failed_may_be_tried_again(seat: Appointment, heard: Callable[[type], list[Any]]):
    failed = heard(PaymentFailed)
    first = money.opened(seat)
    sandbox.press(money.charge(first), ChargeState.FAILED)
    money.hear(first, "failed")
    second = money.opened(seat)
    assert second.pk != first.pk
    money.pay(second)
    seat.refresh_from_db()
    assert (seat.status, len(failed)) == (Status.CONFIRMED, 1)


def test_failure_undoes_no_success(seat: Appointment, heard: Callable[[type], list[Any]]):
    succeeded, failed = heard(PaymentSucceeded), heard(PaymentFailed)
    payment = money.pay(money.opened(seat))
    for outcome in (Outcome.FAILED, Outcome.CLOSED, Outcome.OPEN):
        services.apply_state(payment, State(outcome), at=money.NOW)
    payment.refresh_from_db()
    assert payment.status == PaymentState.PAID
    assert (len(succeeded), failed) == (1, [])


def test_a_callback_that_is_lost_is_asked_for(seat: Appointment):
    payment = money.pay(money.opened(seat), heard=False)
    assert payment.status == PaymentState.OPEN
    timed.reconcile(at=money.NOW + money.MINUTE)
    seat.refresh_from_db()
    assert seat.status == Status.CONFIRMED


def test_what_nobody_paid_is_closed_there_too(seat: Appointment):
    payment = money.opened(seat)
    money.sweep(money.NOW + money.LATER)
    payment.refresh_from_db()
    seat.refresh_from_db()
    assert (payment.status, payment.open_key) == (PaymentState.CLOSED, None)
    assert money.charge(payment).status == ChargeState.CLOSED
    assert payment.next_look_at is None
    assert seat.status == Status.CANCELLED


def test_what_was_never_taken_to_the_gateway_is_not_asked_about(seat: Appointment):
    payment = money.opened(seat, visited=False)
    money.sweep(money.NOW + money.LATER)
    payment.refresh_from_db()
    assert (payment.status, payment.next_look_at) == (PaymentState.CLOSED, None)


def test_paid_too_late_it_goes_back(seat: Appointment, salsa: Session):
    payment = money.opened(seat)
    sandbox.press(money.charge(payment), ChargeState.PAID)
    appointments.cancel(seat, by=Actor.of(seat.user), at=money.NOW)
    money.hear(payment, "paid")
    timed.send_due_refunds(at=money.NOW)
    payment.refresh_from_db()
    assert payment.status == PaymentState.PAID
    assert money.refunds(seat) == [("too_late", "done", money.PRICE)]
    assert not money.share_of(seat).counts


def test_swept_or_not_money_that_comes_after_the_sweep_goes_back(seat: Appointment):
    payment = money.opened(seat)
    money.pay(payment, heard=False)
    later = money.NOW + money.LATER
    # The booking is ended; closing the payment finds that it has been paid.
    money.sweep(later)
    timed.run_due(at=later)
    assert money.refunds(seat) == [("too_late", "done", money.PRICE)]


def test_paid_at_two_gateways_one_of_them_gives_it_back(seat: Appointment):
    first = money.opened(seat)
    money.charge(first)
    Payment.objects.filter(pk=first.pk).update(open_key=None)
    second = money.opened(seat)
    money.pay(first)
    money.pay(second)
    timed.send_due_refunds(at=money.NOW)
    assert money.refunds(seat) == [("paid_twice", "done", money.PRICE)]
    seat.refresh_from_db()
    assert (seat.status, seat.payment_status) == (Status.CONFIRMED, PaymentStatus.PAID)
