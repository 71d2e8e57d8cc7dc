"""Whatever happens with money, in whatever order: no refund without a payment, none larger than it,
and no booking confirmed that was not paid.

Made up by hypothesis: customers book, pay, pay twice, pay too late, fail and leave; callbacks are
lost, repeated and late; teachers and staff call off and give back; time passes. The sandbox' own
books are the bank's word: after every step they and ours must agree.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any

import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from appointments import services as appointments
from appointments.models import Appointment, PaymentStatus, Status
from booking_site.common.actors import Actor
from booking_site.common.errors import Refusal
from payments import services
from payments.gateways import sandbox
from payments.models import (
    ChargeState,
    Payment,
    PaymentShare,
    PaymentState,
    Refund,
    RefundReason,
    RefundState,
    SandboxCharge,
    SandboxRefund,
)
from tests.appointments import world
from tests.payments import money

# A failure is told as it happened: to shrink one would take longer than the patience of a run.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
some = st.integers(0, 9)
NOTHING = Decimal(0)


class Till(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.before = transaction.savepoint()
        self.clock = money.NOW
        self.store = world.open_store(fee_steps=[[1440, 50]])
        self.wei = world.hire(self.store, "Wei", commission_percent=10)
        self.hua = world.manager(self.store)
        self.people = [world.register(name) for name in ("Fang", "Bo", "Qin", "Yan")]
        course = money.course(self.wei)
        shy = money.course(self.wei, deposit_percent=30, needs_approval=True)
        pair = money.course(self.wei, attributes={"package_sessions": 2})
        day = timedelta(days=1)
        self.sessions = [
            money.session(one, money.NINE + 2 * n * money.HOUR)
            for n, one in enumerate((course, shy, course, shy))
        ]
        self.pair = [money.session(pair, money.NINE + n * day) for n in (1, 2)]

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.before)

    @rule(who=some, which=some)
    def book(self, who: int, which: int) -> None:
        self.book_for(who, which)

    @rule(who=some, which=some)
    def book_and_go_to_the_gateway(self, who: int, which: int) -> None:
        seat = self.book_for(who, which)
        if seat is not None:
            self.try_to(lambda: money.opened(seat, at=self.clock))

    @rule(who=some, which=some)
    def book_and_pay(self, who: int, which: int) -> None:
        """As most do."""
        seat = self.book_for(who, which)
        if seat is not None:
            self.try_to(lambda: money.pay(money.opened(seat, at=self.clock), at=self.clock))

    def book_for(self, who: int, which: int) -> Appointment | None:
        person = self.people[who % 4]
        if which % 5 == 4:
            seats = self.try_to(lambda: money.package(self.pair, person, at=self.clock))
            return seats[0] if seats else None
        return self.try_to(lambda: money.seat(self.sessions[which % 5], person, at=self.clock))

    @rule(which=some)
    def open_payment(self, which: int) -> None:
        booking = self.one(Appointment.objects.filter(status=Status.PENDING), which)
        if booking is not None:
            self.try_to(lambda: money.opened(booking, at=self.clock))

    @rule(which=some)
    def open_another_beside_it(self, which: int) -> None:
        """As when two gateways were on their way at once."""
        payment = self.one(Payment.objects.filter(status=PaymentState.OPEN), which)
        if payment is not None:
            Payment.objects.filter(pk=payment.pk).update(open_key=None)

    @rule(which=some, fails=st.booleans(), heard=st.integers(0, 2))
    def press(self, which: int, fails: bool, heard: int) -> None:
        """``heard``: how often the callback comes."""
        charge = self.one(SandboxCharge.objects.all(), which)
        if charge is None:
            return
        to = ChargeState.FAILED if fails else ChargeState.PAID
        self.try_to(lambda: sandbox.press(charge, to))
        for _time in range(heard):
            self.hear(which, "failed" if fails else "paid")

    @rule(which=some, kind=st.sampled_from(["paid", "failed", "closed", "refunded"]))
    def hear(self, which: int, kind: str) -> None:
        """Whatever it says: the gateway is asked."""
        charge = self.one(SandboxCharge.objects.all(), which)
        if charge is not None:
            payment = Payment.objects.get(number=charge.number)
            self.try_to(lambda: money.hear(payment, kind, at=self.clock))

    @rule(which=some, whose=st.sampled_from(["customer", "teacher", "staff"]))
    def cancel(self, which: int, whose: str) -> None:
        booking = self.one(Appointment.objects.exclude(status=Status.CANCELLED), which)
        if booking is not None:
            by = {
                "customer": world.owner(booking),
                "teacher": world.acting(self.wei),
                "staff": self.hua,
            }[whose]
            self.try_to(lambda: appointments.cancel(booking, by=by, at=self.clock))

    @rule(which=some)
    def accept(self, which: int) -> None:
        booking = self.one(Appointment.objects.filter(status=Status.PENDING), which)
        if booking is not None:
            by: Actor = world.acting(self.wei)
            self.try_to(lambda: appointments.accept(booking, by=by, at=self.clock))

    @rule(which=some, amount=st.sampled_from(["1", "33.33", "150", "300", "301"]))
    def staff_give_back(self, which: int, amount: str) -> None:
        share = self.one(PaymentShare.objects.select_related("payment__store"), which)
        if share is not None:
            self.try_to(
                lambda: services.refund_by_staff(
                    share, amount=Decimal(amount), reason="Sorry", by=self.hua, at=self.clock
                )
            )

    @rule(which=some)
    def somebody_gives_back_at_the_gateway(self, which: int) -> None:
        charge = self.one(SandboxCharge.objects.filter(status=ChargeState.PAID), which)
        if charge is not None and sandbox.refunded_of(charge) + 20 <= charge.amount:
            number = f"outside{SandboxRefund.objects.count()}"
            SandboxRefund.objects.create(
                charge=charge, number=number, amount=20, created_at=self.clock
            )

    @rule(minutes=st.sampled_from([1, 1, 2, 4, 7, 300]))
    def wait(self, minutes: int) -> None:
        self.clock += timedelta(minutes=minutes)

    @rule()
    def sweep(self) -> None:
        with time_machine.travel(self.clock, tick=False):
            money.sweep(self.clock)

    @invariant()
    def no_more_goes_back_than_came_in(self) -> None:
        for share in PaymentShare.objects.prefetch_related("refunds").select_related("payment"):
            promised = sum((one.amount for one in share.refunds.all()), NOTHING)
            assert NOTHING <= promised == share.refunded <= share.amount
            if share.payment.status != PaymentState.PAID:
                assert not share.refunded
        for charge in SandboxCharge.objects.prefetch_related("refunds"):
            assert sandbox.refunded_of(charge) <= charge.amount

    @invariant()
    def what_the_books_call_arrived_the_bank_has_sent(self) -> None:
        ours = Refund.objects.filter(status=RefundState.DONE).exclude(reason=RefundReason.OUTSIDE)
        sent = set(SandboxRefund.objects.values_list("number", flat=True))
        assert set(ours.values_list("number", flat=True)) <= sent

    @invariant()
    def a_booking_is_paid_once_and_only_then_confirmed(self) -> None:
        for booking in Appointment.objects.prefetch_related("shares__payment"):
            counting = [one for one in booking.shares.all() if one.counts]
            assert len(counting) <= 1
            assert all(one.payment.status == PaymentState.PAID for one in counting)
            has_paid = booking.payment_status in (PaymentStatus.PAID, PaymentStatus.REFUNDED)
            assert has_paid == bool(counting)
            if booking.status == Status.CONFIRMED:
                assert has_paid

    @invariant()
    def who_was_called_off_is_owed_nothing_but_the_fee(self) -> None:
        counting = PaymentShare.objects.filter(counts=True).prefetch_related("refunds")
        for share in counting.filter(appointment__status=Status.CANCELLED):
            fee = min(share.appointment.cancel_fee, share.amount)
            besides = [one for one in share.refunds.all() if one.reason != RefundReason.CANCELLED]
            assert fee - sum((one.amount for one in besides), NOTHING) <= share.left <= fee

    @invariant()
    def what_came_too_late_or_twice_goes_back_whole(self) -> None:
        useless = PaymentShare.objects.filter(payment__status=PaymentState.PAID, counts=False)
        assert all(one.left == 0 for one in useless)

    def one(self, rows: Any, which: int) -> Any:
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
        return rows.model.objects.filter(pk=ids[which % len(ids)]).first() if ids else None

    def try_to(self, call: Callable[[], Any]) -> Any:
        one = transaction.atomic()
        # As Django's own test case does it: what is done at the edge begins a transaction in it.
        one._from_testcase = True  # type: ignore[attr-defined]
        with time_machine.travel(self.clock, tick=False), suppress(Refusal), one:
            return call()
        return None


def test_after_every_step_the_books_add_up(db: None):
    run_state_machine_as_test(
        Till,
        settings=settings(
            max_examples=15,
            stateful_step_count=30,
            deadline=None,
            phases=PHASES,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
