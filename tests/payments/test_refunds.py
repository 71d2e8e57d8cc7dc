"""Money goes back: by the policy when the customer leaves, all of it when others do, and never more
than was paid."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from appointments import services as appointments
from appointments.models import Appointment, PaymentStatus, Session, Status
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Conflict, Invalid
from payments import services, timed
from payments.errors import GatewayDown, GatewayRefused, NothingLeft
from payments.gateways import RefundOutcome, sandbox
from payments.models import PaymentShare, Refund, RefundReason, RefundState
from payments.rules import ASK_AFTER_REFUND, MOST_TRIES, PAUSES
from realtors.models import Realtor
from tests.appointments import world
from tests.payments import money

HALF = money.PRICE / 2


@pytest.fixture
def paid(salsa: Session, fang: User) -> Appointment:
    return money.paid_seat(salsa, fang)


def sent(appointment: Appointment) -> list[tuple[str, str, Decimal]]:
    timed.send_due_refunds(at=money.NOW)
    appointment.refresh_from_db()
    return money.refunds(appointment)


def test_called_off_by_the_customer_in_time_all_of_it_goes_back(paid: Appointment):
    """Tomorrow at nine is more than a day away."""
    appointments.cancel(paid, by=Actor.of(paid.user), at=money.NOW)
    assert money.refunds(paid) == [("cancelled", "due", money.PRICE)]
    assert sent(paid) == [("cancelled", "done", money.PRICE)]
    assert paid.payment_status == PaymentStatus.REFUNDED


def test_late_the_fee_is_kept(paid: Appointment):
    late = money.NINE - timedelta(hours=3)
    appointments.cancel(paid, by=Actor.of(paid.user), at=late)
    timed.send_due_refunds(at=late)
    paid.refresh_from_db()
    assert (paid.cancel_fee, money.refunds(paid)) == (HALF, [("cancelled", "done", HALF)])
    assert money.share_of(paid).left == HALF


def test_called_off_by_the_teacher_late_all_of_it_goes_back(paid: Appointment, wei: Realtor):
    appointments.cancel(paid, by=world.acting(wei), at=money.NINE - timedelta(hours=3))
    assert money.refunds(paid) == [("cancelled", "due", money.PRICE)]


def test_when_the_teacher_declines_all_of_it_goes_back(wei: Realtor, fang: User):
    booked = money.paid_seat(money.session(money.course(wei, needs_approval=True)), fang)
    appointments.decline(booked, by=world.acting(wei), at=money.NOW, reason="Ill")
    assert sent(booked) == [("cancelled", "done", money.PRICE)]
    assert booked.status == Status.CANCELLED


def test_when_the_session_is_called_off_everybody_has_theirs_back(
    salsa: Session, paid: Appointment, bo: User
):
    other = money.paid_seat(salsa, bo)
    appointments.call_off_session(salsa, by=SYSTEM, at=money.NOW, reason="Flood")
    assert sent(paid) == sent(other) == [("cancelled", "done", money.PRICE)]


def test_of_a_package_each_is_given_back_by_itself(wei: Realtor, fang: User):
    course = money.course(wei, attributes={"package_sessions": 2})
    days = [money.session(course, money.NINE + timedelta(days=n)) for n in (1, 2)]
    first, second = money.package(days, fang)
    money.pay(money.opened(first))
    first.refresh_from_db()
    appointments.cancel(first, by=Actor.of(fang), at=money.NOW)
    assert sent(first) == [("cancelled", "done", money.PRICE)]
    assert sent(second) == []
    assert second.status == Status.CONFIRMED


def test_of_a_deposit_no_more_than_it_is_kept(wei: Realtor, fang: User):
    booked = money.paid_seat(money.session(money.course(wei, deposit_percent=20)), fang)
    appointments.cancel(booked, by=Actor.of(fang), at=money.NINE - timedelta(hours=3))
    booked.refresh_from_db()
    assert (booked.cancel_fee, money.refunds(booked)) == (Decimal("60.00"), [])


def test_moved_the_money_stays_with_the_booking(salsa: Session, paid: Appointment):
    later = money.session(salsa.listing, money.NINE + timedelta(days=1))
    appointments.move_seat(paid, later, by=Actor.of(paid.user), at=money.NOW)
    assert money.share_of(paid).counts
    appointments.cancel(paid, by=Actor.of(paid.user), at=money.NOW)
    assert money.refunds(paid) == [("cancelled", "due", money.PRICE)]


def test_staff_give_back_a_sum_and_say_why(paid: Appointment, hua: Actor):
    made = services.refund_by_staff(
        money.share_of(paid),
        amount=Decimal("20.50"),
        reason=" The room  was cold ",
        by=hua,
        at=money.NOW,
    )
    assert (made.words, made.by, made.reason) == ("The room was cold", hua.user, "staff")
    assert sent(paid) == [("staff", "done", Decimal("20.50"))]
    # It is still a paid booking.
    assert (paid.status, paid.payment_status) == (Status.CONFIRMED, PaymentStatus.PAID)


def test_called_off_after_that_the_rest_goes_back(paid: Appointment, hua: Actor):
    services.refund_by_staff(
        money.share_of(paid), amount=Decimal(100), reason="Cold", by=hua, at=money.NOW
    )
    appointments.cancel(paid, by=hua, at=money.NOW)
    assert sent(paid) == [
        ("staff", "done", Decimal(100)),
        ("cancelled", "done", money.PRICE - 100),
    ]


@pytest.mark.parametrize("amount", ["300.01", "1000"])
def test_staff_give_back_no_more_than_was_paid(paid: Appointment, hua: Actor, amount: str):
    share = money.share_of(paid)
    with pytest.raises(NothingLeft):
        services.refund_by_staff(
            share, amount=Decimal(amount), reason="Sorry", by=hua, at=money.NOW
        )
    assert money.refunds(paid) == []


@pytest.mark.parametrize(
    ("amount", "reason", "field"),
    [
        ("0", "Sorry", "amount"),
        ("-1", "Sorry", "amount"),
        ("0.001", "Sorry", "amount"),
        ("1", " ", "reason"),
        ("1", "x" * 201, "reason"),
    ],
)
def test_staff_say_how_much_and_why(
    paid: Appointment, hua: Actor, amount: str, reason: str, field: str
):
    with pytest.raises(Invalid) as refused:
        services.refund_by_staff(
            money.share_of(paid), amount=Decimal(amount), reason=reason, by=hua, at=money.NOW
        )
    assert field in refused.value.errors


def test_before_it_is_paid_nothing_goes_back(seat: Appointment, hua: Actor):
    money.opened(seat)
    with pytest.raises(NothingLeft):
        services.refund_by_staff(
            money.share_of(seat), amount=Decimal(1), reason="Sorry", by=hua, at=money.NOW
        )


def test_the_database_itself_refuses_more_than_was_paid(paid: Appointment):
    for wrong in (money.PRICE + Decimal("0.01"), Decimal("-0.01")):
        with pytest.raises(IntegrityError), transaction.atomic():
            PaymentShare.objects.update(refunded=wrong)


def test_who_read_the_share_before_somebody_else_promised_it_gives_nothing(paid: Appointment):
    mine, theirs = money.share_of(paid), money.share_of(paid)
    services.give_back(theirs, amount=HALF, reason=RefundReason.STAFF, at=money.NOW)
    with pytest.raises(NothingLeft):
        services.give_back(mine, amount=HALF, reason=RefundReason.STAFF, at=money.NOW)
    assert money.share_of(paid).refunded == HALF


def test_sent_twice_it_arrives_once(paid: Appointment):
    appointments.cancel(paid, by=Actor.of(paid.user), at=money.NOW)
    refund = Refund.objects.select_related("share__payment").get()
    gateway = sandbox.Sandbox()
    assert gateway.refund(refund) == gateway.refund(refund) == RefundOutcome.DONE
    assert sandbox.refunded_of(money.charge(refund.share.payment)) == money.PRICE


def test_a_worker_that_died_leaves_it_to_the_next(paid: Appointment):
    appointments.cancel(paid, by=Actor.of(paid.user), at=money.NOW)
    assert services.claim_next(owner="dead", at=money.NOW) is not None
    timed.send_due_refunds(at=money.NOW)
    assert money.refunds(paid)[0][1] == RefundState.DUE
    timed.send_due_refunds(at=money.NOW + timedelta(seconds=61))
    assert money.refunds(paid)[0][1] == RefundState.DONE


def test_who_was_too_slow_changes_nothing(paid: Appointment):
    appointments.cancel(paid, by=Actor.of(paid.user), at=money.NOW)
    slow = services.claim_next(owner="slow", at=money.NOW)
    assert slow is not None
    timed.send_due_refunds(at=money.NOW + timedelta(seconds=61))
    services.put_off(slow, error="no answer", at=money.NOW)
    services.give_up(slow, error="no answer", at=money.NOW)
    assert money.refunds(paid)[0][1] == RefundState.DONE


def test_a_gateway_that_is_down_is_asked_again_and_at_last_a_person(
    paid: Appointment, hua: Actor, monkeypatch: pytest.MonkeyPatch
):
    appointments.cancel(paid, by=Actor.of(paid.user), at=money.NOW)
    at, tries = money.NOW, 0

    def down(*_given: Any) -> RefundOutcome:
        nonlocal tries
        tries += 1
        raise GatewayDown

    with monkeypatch.context() as while_down:
        while_down.setattr(sandbox.Sandbox, "refund", down)
        for pause in (*PAUSES, timedelta(days=1)):
            timed.send_due_refunds(at=at)
            timed.send_due_refunds(at=at)
            at += pause
        timed.send_due_refunds(at=at)
    refund = Refund.objects.get()
    assert (tries, refund.status) == (MOST_TRIES, RefundState.FAILED)
    assert refund.last_error == "GatewayDown"
    services.send_again(refund, by=hua, at=at)
    timed.send_due_refunds(at=at)
    assert money.refunds(paid)[0][1] == RefundState.DONE
    with pytest.raises(Conflict):
        services.send_again(refund, by=hua, at=at)


def test_what_the_gateway_refuses_waits_for_a_person_at_once(
    paid: Appointment, monkeypatch: pytest.MonkeyPatch
):
    appointments.cancel(paid, by=Actor.of(paid.user), at=money.NOW)

    def no(*_given: Any) -> RefundOutcome:
        raise GatewayRefused("account closed")

    monkeypatch.setattr(sandbox.Sandbox, "refund", no)
    timed.send_due_refunds(at=money.NOW)
    refund = Refund.objects.get()
    assert (refund.status, refund.last_error) == (RefundState.FAILED, "refused: account closed")


def test_one_on_its_way_is_asked_after(paid: Appointment, monkeypatch: pytest.MonkeyPatch):
    appointments.cancel(paid, by=Actor.of(paid.user), at=money.NOW)
    with monkeypatch.context() as slow:
        slow.setattr(sandbox.Sandbox, "refund", lambda *_given: RefundOutcome.PENDING)
        timed.send_due_refunds(at=money.NOW)
    assert money.refunds(paid)[0][1] == RefundState.SENT
    # It never arrived there: it is sent once more.
    timed.send_due_refunds(at=money.NOW + ASK_AFTER_REFUND + money.MINUTE)
    assert money.refunds(paid)[0][1] == RefundState.DONE


def test_an_erased_account_leaves_the_books_straight(paid: Appointment, fang: User):
    services.forget(fang)
    share = money.share_of(paid)
    assert (share.payment.user, share.amount, share.counts) == (None, money.PRICE, True)
