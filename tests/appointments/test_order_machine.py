"""Two providers, two customers and their orders, in whatever order: beside them runs a naive model
of what an order may become and where its money is, and after every step both say the same.

The model does not say whose time is free (other tests do, and tests/races/checker.py looks at the
rows): what it knows of an order is how it stands, whether it is paid, what was asked, and what has
to go back.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from accounts.services import erase_account
from appointments import services
from appointments.models import Appointment, AppointmentEvent, CancelRequest, Order
from appointments.timed import run_due
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Refusal
from booking_site.common.transactions import run_in_transaction
from payments.gateways import Outcome, State
from payments.models import Payment, Refund
from payments.services import open_payment
from payments.services.settling import apply_state
from tests.factories import UserFactory
from tests.races.checker import faults

from .orders import order_wish, service
from .world import acting, clock, manager, open_store, register

# Of forty steps each: 3 in `make test`, 66 with RACE_OPERATIONS=20000.
DAYS, STEPS = max(2, int(os.environ.get("RACE_OPERATIONS", "1000")) // 300), 40
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOTHING = Decimal(0)
CUSTOMER, PROVIDER = "customer", "provider"
BINDING = ("confirmed", "in_progress")
PENDING = ("open", "disputed")
WHAT = [
    *["order"] * 8,
    *["accept", "ask"] * 5,
    *["pay", "answer", "wait"] * 4,
    *["start", "complete", "settle", "decide"] * 3,
    *["cancel", "open_payment", "take_back", "move"] * 2,
    *["decline", "no_show", "erase"],
]
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
some = st.integers(0, 23)


@dataclass
class Wish:
    """To call an order off, on paper."""

    side: str
    asked_at: datetime
    state: str = "open"


@dataclass
class Paper:
    """An order, on paper. ``came`` is all money that has ever come for it, ``counts`` what it was
    paid with, ``back`` what went back of either."""

    who: int
    due: Decimal
    price: Decimal
    status: str
    payment: str
    came: Decimal = NOTHING
    counts: Decimal = NOTHING
    back: Decimal = NOTHING
    back_of_counts: Decimal = NOTHING
    # Percent that are kept at least, because its customer has moved it.
    floor: int = 0
    ceiling: int = 100
    wishes: list[Wish] = field(default_factory=list)

    @property
    def wish(self) -> Wish | None:
        """That is not settled."""
        return next((one for one in self.wishes if one.state in PENDING), None)

    @property
    def is_payable(self) -> bool:
        return self.payment == "unpaid" and self.status not in ("cancelled", "no_show")

    def give_back(self, amount: Decimal) -> None:
        amount = max(min(amount, self.counts - self.back_of_counts), NOTHING)
        self.back += amount
        self.back_of_counts += amount

    def end(self, fee: Decimal) -> None:
        """Called off; all but the fee goes back."""
        self.status = "cancelled"
        self.give_back(self.counts - self.back_of_counts - fee)
        if self.wish is not None:
            self.wish.state = "overtaken"


class Working(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.before = transaction.savepoint()
        self.clock = clock("08:00")
        self.store = open_store(min_advance_minutes=0, payment_minutes=60, fee_steps=[[1440, 50]])
        asked = service(self.store, "Lin")
        paid_first = service(self.store, "Mei", needs_approval=False, deposit_percent=50)
        self.listings = [asked, paid_first]
        self.people = [register(f"C{n}") for n in range(2)]
        self.hua = manager(self.store)
        self.operator = Actor.of(UserFactory(is_superuser=True, is_staff=True))
        self.papers: dict[int, Paper] = {}
        self.payments: list[tuple[int, Payment]] = []
        self.settled: set[int] = set()
        self.log: list[tuple[int, int, str, str]] = []

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.before)

    # What may be done

    @rule(what=st.sampled_from(WHAT), one=some, other=some)
    def do_something(self, what: str, one: int, other: int) -> None:
        """One rule for all, because hypothesis leaves some of many out for a whole run."""
        getattr(self, what)(one, other)

    def order(self, who: int, when: int) -> None:
        customer, listing = self.people[who % 2], self.listings[when % 2]
        amount = Decimal(150) if who % 3 == 2 else None
        wish = order_wish(listing, customer, self.start_in(when), amount=amount, address="Here 1")
        made = self.done(partial(services.book, wish, by=Actor.of(customer)))
        if made is None:
            return
        first = when % 2 == 1 and amount is None
        price = amount or Decimal(200)
        due = price / 2 if when % 2 else price
        payment = "unpaid" if first else "not_required"
        self.papers[made.pk] = Paper(who % 2, due, price, "pending", payment)

    def accept(self, which: int, _other: int) -> None:
        pk, paper = self.one_of(which, "pending")
        if paper is None:
            return
        may = paper.payment != "unpaid"
        assert self.happens(may, partial(services.accept, self.row(pk), by=self.provider(pk)))
        if may:
            self.confirm(paper)

    def confirm(self, paper: Paper) -> None:
        paper.status = "confirmed"
        if paper.payment == "not_required":
            paper.payment = "unpaid"

    def decline(self, which: int, _other: int) -> None:
        pk, paper = self.one_of(which, "pending")
        if paper is None:
            return
        # Nobody has been asked for what is to be paid first.
        may = paper.payment != "unpaid"
        assert self.happens(may, partial(services.decline, self.row(pk), by=self.provider(pk)))
        if may:
            paper.end(NOTHING)

    def pay(self, which: int, _other: int) -> None:
        payment = self.opened(which)
        if payment is not None:
            self.settle_one(*payment)

    def open_payment(self, which: int, _other: int) -> None:
        """And go away with it: it may be paid at any time, or never."""
        self.opened(which)

    def settle(self, which: int, _other: int) -> None:
        """The gateway says that it has been paid, also more than once."""
        if self.payments:
            self.settle_one(*self.payments[which % len(self.payments)])

    def start(self, which: int, _other: int) -> None:
        pk, paper = self.one_of(which, "pending", "confirmed")
        if paper is None:
            return
        row = self.row(pk)
        may = paper.status == "confirmed" and self.clock >= row.starts_at - 15 * MINUTE
        assert self.happens(may, partial(services.start, row, by=self.provider(pk)))
        if may:
            paper.status = "in_progress"

    def complete(self, which: int, _other: int) -> None:
        pk, paper = self.one_of(which, "confirmed", "in_progress")
        if paper is None:
            return
        may = paper.status == "in_progress"
        assert self.happens(may, partial(services.complete, self.row(pk), by=self.provider(pk)))
        if may:
            self.is_over(paper, "completed")

    def no_show(self, which: int, _other: int) -> None:
        pk, paper = self.one_of(which, "confirmed", "in_progress")
        if paper is None:
            return
        row = self.row(pk)
        may = paper.status == "confirmed" and self.clock >= row.starts_at
        assert self.happens(may, partial(services.mark_no_show, row, by=self.provider(pk)))
        if not may:
            return
        self.is_over(paper, "no_show")
        if paper.payment == "paid" and paper.wish is None:
            # Its provider alone keeps no money by saying so.
            paper.wishes.append(Wish(CUSTOMER, self.clock, "disputed"))

    def is_over(self, paper: Paper, status: str) -> None:
        """A wish of the customer is not lost by that; one of the provider is."""
        paper.status = status
        if paper.wish is not None:
            paper.wish.state = "overtaken" if paper.wish.side == PROVIDER else "disputed"

    def move(self, which: int, when: int) -> None:
        """To another time, with all that was agreed."""
        pk, paper = self.one_of(which, "pending", "confirmed")
        if paper is not None:
            by = self.customer(paper)
            start, floor = self.start_in(when), self.percent(pk, paper, self.clock)
            is_late = self.clock > self.row(pk).starts_at - DAY
            ceiling = min(max(50 if is_late else 0, paper.floor), paper.ceiling)
            work = partial(services.reschedule, self.row(pk), starts_at=start, by=by)
            moved = self.done(work)
            assert moved is None or paper.wish is None
            if moved is not None and by is not SYSTEM and paper.payment != "unpaid":
                paper.floor = floor
            if moved is not None and by is SYSTEM:
                paper.ceiling = ceiling

    # Calling it off

    def cancel(self, which: int, who: int) -> None:
        pk, paper = self.one_of(which, "pending", *BINDING)
        if paper is None:
            return
        actors = [self.customer(paper), self.provider(pk), self.hua, self.operator, SYSTEM]
        by = actors[who % 5]
        row = self.row(pk)
        alone = who % 5 > 2
        may = alone or paper.status == "pending"
        assert self.happens(may, partial(services.cancel, row, by=by))
        if may:
            paper.end(NOTHING)

    def ask(self, which: int, who: int) -> None:
        pk, paper = self.one_of(which, "pending", "confirmed", "in_progress", "completed")
        if paper is None:
            return
        side, by = self.side(pk, paper, who)
        before, complains = paper.wish, self.complains(pk, paper, side)
        may = paper.status in BINDING or complains
        work = partial(services.ask_to_cancel, self.row(pk), by=by, reason="So")
        assert self.happens(may, work)
        if not may:
            return
        if complains:
            paper.wishes.append(Wish(side, self.clock, "disputed"))
            return
        if before is None:
            paper.wishes.append(Wish(side, self.clock))
        elif before.side != side:
            self.agree(pk, paper, before)

    def answer(self, which: int, who: int) -> None:
        pk, paper = self.one_with_wish(which)
        if paper is None or paper.wish is None:
            return
        side, by = self.side(pk, paper, who)
        agree, wish = who % 3 > 0, paper.wish
        may = side != wish.side and (paper.status in BINDING if agree else wish.state == "open")
        work = partial(services.answer_cancel_request, self.row(pk), agree=agree, by=by)
        assert self.happens(may, work)
        if may and agree:
            self.agree(pk, paper, wish)
        elif may:
            wish.state = "disputed"

    def agree(self, pk: int, paper: Paper, wish: Wish) -> None:
        fee = self.fee(pk, paper, wish.asked_at) if wish.side == CUSTOMER else NOTHING
        wish.state = "agreed"
        paper.end(fee)

    def take_back(self, which: int, who: int) -> None:
        pk, paper = self.one_with_wish(which)
        if paper is None or paper.wish is None:
            return
        side, by = self.side(pk, paper, who)
        may, wish = side == paper.wish.side, paper.wish
        assert self.happens(may, partial(services.take_back_request, self.row(pk), by=by))
        if may:
            wish.state = "taken_back"

    def decide(self, which: int, how: int) -> None:
        pk, paper = self.one_with_wish(which)
        if paper is None or paper.wish is None:
            return
        call_off, percent = how % 2 == 0, [0, 25, 75, 100][how // 2 % 4]
        by = self.hua if how == 23 else self.operator
        may = by is self.operator and (paper.status in BINDING or not call_off)
        work = partial(services.decide_request, self.row(pk), call_off=call_off, reason="So")
        assert self.happens(may, partial(work, refund_percent=percent, by=by))
        if not may:
            return
        back = paper.counts * percent / 100
        paper.wish.state = "called_off" if call_off else "stands"
        if call_off:
            paper.end(paper.counts - back)
        else:
            paper.give_back(back)

    def erase(self, who: int, _other: int) -> None:
        """What is to come is called off; whoever is being worked for, or in dispute, stays."""
        user = self.people[who % 2]
        theirs = [paper for paper in self.papers.values() if paper.who == who % 2]
        may = not any(paper.status == "in_progress" or paper.wish for paper in theirs)
        fees = {
            pk: self.fee_of_leaving(pk, paper)
            for pk, paper in self.papers.items()
            if paper.who == who % 2
            and paper.status in ("pending", "confirmed")
            and self.row(pk).ends_at > self.clock
        }
        assert self.happens(may, partial(erase_account, user, by=Actor.of(user)))
        if not may:
            return
        for pk, fee in fees.items():
            self.papers[pk].end(fee)
        for paper in self.papers.values():
            paper.who = -1 if paper.who == who % 2 else paper.who
        self.people[who % 2] = register(f"C{len(self.papers)}")

    def wait(self, number: int, _other: int) -> None:
        """Nothing that was confirmed ends by time alone; what was not answered comes before
        staff."""
        self.clock += [10 * MINUTE, HOUR, 2 * HOUR, 9 * HOUR, DAY][number % 5]
        run_due(at=self.clock)
        for pk, paper in self.papers.items():
            if paper.status == "pending" and self.row(pk).status == "cancelled":
                paper.end(NOTHING)
            wish = paper.wish
            if wish is not None and self.clock >= wish.asked_at + DAY:
                wish.state = "disputed"

    # What must be true

    @invariant()
    def both_say_how_it_stands(self) -> None:
        for row in Appointment.objects.filter(pk__in=self.papers):
            paper = self.papers[row.pk]
            stands = (row.status, str(row.payment_status), row.final_price, row.due_now)
            assert stands == (paper.status, paper.payment, paper.price, paper.due), paper
        assert set(Order.objects.values_list("appointment_id", flat=True)) == set(self.papers)

    @invariant()
    def both_say_what_was_asked(self) -> None:
        rows: dict[int, list[CancelRequest]] = {pk: [] for pk in self.papers}
        for one in CancelRequest.objects.order_by("pk"):
            rows[one.appointment_id].append(one)
        before_staff = set(
            Appointment.objects.filter(needs_person=True).values_list("pk", flat=True)
        )
        for pk, paper in self.papers.items():
            theirs = [(one.side, one.state) for one in rows[pk]]
            assert theirs == [(one.side, one.state) for one in paper.wishes]
            disputed = paper.wish is not None and paper.wish.state == "disputed"
            assert pk in before_staff or not disputed

    @invariant()
    def no_more_goes_back_than_came(self) -> None:
        rows = Refund.objects.order_by().values_list("share__appointment")
        back = dict(rows.annotate(sum=Sum("amount")))
        for pk, paper in self.papers.items():
            assert back.get(pk, NOTHING) == paper.back <= paper.came, paper

    @invariant()
    def the_log_only_grows(self) -> None:
        rows = AppointmentEvent.objects.order_by("pk")
        log = list(rows.values_list("pk", "appointment_id", "action", "to_status"))
        assert log[: len(self.log)] == self.log
        self.log = log

    @invariant()
    def everything_adds_up(self) -> None:
        """Whose time is claimed, too: of what was called off nobody's."""
        assert faults(self.clock, swept=False) == []

    # How it is done

    def done(self, work: Callable[..., Any]) -> Any:
        """None for a refusal, which has changed nothing."""
        try:
            return run_in_transaction(partial(work, at=self.clock))
        except Refusal:
            return None

    def happens(self, may: bool, work: Callable[..., Any]) -> bool:
        """Whether it was done, or refused, as it should be."""
        try:
            run_in_transaction(partial(work, at=self.clock))
        except Refusal:
            return not may
        return may

    def opened(self, which: int) -> tuple[int, Payment] | None:
        found = [one for one in self.papers.items() if one[1].who >= 0]
        if not found:
            return None
        pk, paper = found[which % len(found)]
        work = partial(open_payment, self.row(pk), gateway="sandbox", by=self.customer(paper))
        opened = self.done(work)
        assert (opened is not None) == paper.is_payable
        if opened is None:
            return None
        payment, is_new = opened
        assert payment.amount == paper.due
        if is_new:
            self.payments.append((pk, payment))
        return pk, payment

    def settle_one(self, pk: int, payment: Payment) -> None:
        state = State(
            Outcome.PAID,
            number=payment.number,
            amount=payment.amount,
            currency=payment.currency,
        )
        assert self.happens(True, partial(apply_state, payment, state))
        if payment.pk in self.settled:
            return
        self.settled.add(payment.pk)
        paper = self.papers[pk]
        paper.came += payment.amount
        if not paper.is_payable:
            paper.back += payment.amount
            return
        paper.payment, paper.counts = "paid", payment.amount
        if paper.status == "pending":
            paper.status = "confirmed"

    def fee(self, pk: int, paper: Paper, at: datetime) -> Decimal:
        """Half of the price within a day, and no more than was paid."""
        if paper.payment != "paid":
            return NOTHING
        return min(paper.price * self.percent(pk, paper, at) / 100, paper.due)

    def complains(self, pk: int, paper: Paper, side: str) -> bool:
        """Of paid work that is done, for a week, and once."""
        done_at = self.row(pk).completed_at
        if paper.status != "completed" or paper.payment != "paid" or side != CUSTOMER:
            return False
        late = any(one.asked_at >= done_at for one in paper.wishes)
        return paper.wish is None and not late and self.clock < done_at + 7 * DAY

    def percent(self, pk: int, paper: Paper, at: datetime) -> int:
        """Who moves it pays no less than who calls it off then; before the yes nothing costs."""
        is_late = at > self.row(pk).starts_at - DAY
        return min(
            max(50 if is_late and paper.status != "pending" else 0, paper.floor), paper.ceiling
        )

    def fee_of_leaving(self, pk: int, paper: Paper) -> Decimal:
        """An order is never too late to be called off, for what that costs."""
        return self.fee(pk, paper, self.clock)

    def side(self, pk: int, paper: Paper, who: int) -> tuple[str, Actor]:
        """The store's manager speaks for the provider; for a customer who has left nobody does."""
        if who % 2 == 0 and paper.who >= 0:
            return CUSTOMER, self.customer(paper)
        return PROVIDER, self.hua if who % 5 == 0 else self.provider(pk)

    def customer(self, paper: Paper) -> Actor:
        return Actor.of(self.people[paper.who]) if paper.who >= 0 else SYSTEM

    def provider(self, pk: int) -> Actor:
        realtor = self.row(pk).realtor
        assert realtor is not None
        return acting(realtor)

    def one_of(self, which: int, *statuses: str) -> tuple[int, Paper | None]:
        found = [(pk, one) for pk, one in self.papers.items() if one.status in statuses]
        return found[which % len(found)] if found else (0, None)

    def one_with_wish(self, which: int) -> tuple[int, Paper | None]:
        found = [(pk, one) for pk, one in self.papers.items() if one.wish is not None]
        return found[which % len(found)] if found else (0, None)

    def start_in(self, when: int) -> datetime:
        """On one of the next days, at an hour of the store's. What begins this very moment is too
        late to be answered."""
        day = self.clock.astimezone(self.store.zone).date() + when // 8 * DAY
        start = clock(f"{9 + when % 8:02d}:00", day)
        return start if start > self.clock else start + 3 * DAY

    def row(self, pk: int) -> Appointment:
        return Appointment.objects.select_related("store", "realtor__user", "user").get(pk=pk)


def test_after_every_step_paper_and_rows_say_the_same(db):
    run_state_machine_as_test(
        Working,
        settings=settings(
            max_examples=DAYS,
            stateful_step_count=STEPS,
            deadline=None,
            phases=PHASES,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
