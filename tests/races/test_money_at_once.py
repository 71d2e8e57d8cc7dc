"""Money at the same moment: callbacks that come on several lines at once, staff who press together,
a customer who leaves while they pay. The control gives back without the guard, and finds more going
out than came in."""

import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
import time_machine
from django.db.models import Sum

from appointments import services as appointments
from appointments.models import Action, Appointment, AppointmentEvent, PaymentStatus, Status
from booking_site.common.actors import Actor
from payments import services, timed
from payments.errors import NothingLeft
from payments.gateways import sandbox
from payments.models import (
    ChargeState,
    GatewayNotice,
    PaymentShare,
    PaymentState,
    Refund,
    RefundReason,
    SandboxRefund,
    new_number,
)
from tests.appointments import world
from tests.payments import money

from .together import codes, side_by_side, together

pytestmark = pytest.mark.django_db(transaction=True)
HUNDRED = Decimal(100)


@pytest.fixture(autouse=True)
def _at_eight() -> Iterator[None]:
    """Signatures are as old as the clock of the machine says."""
    with time_machine.travel(money.NOW, tick=True):
        yield


@pytest.fixture
def seat(db: None) -> Appointment:
    """Fang's, for 300 yuan."""
    store = world.open_store()
    wei = world.hire(store, "Wei")
    return money.seat(money.session(money.course(wei)), world.register("Fang"))


def given_back(share: PaymentShare) -> Decimal:
    total = Refund.objects.filter(share=share).aggregate(total=Sum("amount"))["total"]
    return Decimal(total or 0).quantize(Decimal("0.01"))


@pytest.mark.parametrize("_round", range(3))
def test_of_eight_who_give_a_hundred_back_three_do(seat: Appointment, _round: int):
    money.pay(money.opened(seat))
    boss = world.manager(seat.store)
    shares = [money.share_of(seat) for _one in range(8)]

    outcomes = together(
        *(
            partial(
                services.refund_by_staff,
                share,
                amount=HUNDRED,
                reason="Cold",
                by=boss,
                at=money.NOW,
            )
            for share in shares
        )
    )

    assert codes(outcomes) == ["done"] * 3 + ["nothing_left"] * 5
    assert given_back(shares[0]) == money.share_of(seat).refunded == money.PRICE


def test_without_the_guard_more_goes_out_than_came_in(seat: Appointment):
    """The control: look what is left, think, and write."""
    money.pay(money.opened(seat))
    shares = [money.share_of(seat) for _one in range(8)]

    side_by_side(*(partial(give_back_unguarded, share) for share in shares))

    assert given_back(shares[0]) > money.PRICE


def give_back_unguarded(share: PaymentShare) -> None:
    found = PaymentShare.objects.get(pk=share.pk)
    if found.left < HUNDRED:
        raise NothingLeft
    time.sleep(0.5)
    found.refunded += HUNDRED
    found.save(update_fields=["refunded"])
    Refund.objects.create(
        share=found,
        number=new_number(),
        amount=HUNDRED,
        reason=RefundReason.STAFF,
        next_try_at=money.NOW,
        created_at=money.NOW,
    )


@pytest.mark.parametrize("_round", range(2))
def test_one_callback_on_eight_lines_counts_once(seat: Appointment, _round: int):
    payment = money.opened(seat)
    sandbox.press(money.charge(payment), ChargeState.PAID)
    headers, body = money.event(payment, "paid")

    side_by_side(*[partial(services.receive, "sandbox", headers, body, at=money.NOW)] * 8)

    assert AppointmentEvent.objects.filter(appointment=seat, action=Action.PAID).count() == 1
    assert GatewayNotice.objects.filter(accepted=True).count() == 1
    assert GatewayNotice.objects.filter(refusal="repeated").count() == 7
    assert not Refund.objects.exists()


def test_eight_callbacks_about_one_payment_count_once(seat: Appointment):
    payment = money.opened(seat)
    sandbox.press(money.charge(payment), ChargeState.PAID)
    events = [money.event(payment, kind) for kind in ("paid", "failed", "closed", "refunded") * 2]
    calls: list[Callable[[], Any]] = [
        partial(services.receive, "sandbox", headers, body, at=money.NOW)
        for headers, body in events
    ]

    side_by_side(*calls)

    assert AppointmentEvent.objects.filter(appointment=seat, action=Action.PAID).count() == 1
    assert GatewayNotice.objects.filter(accepted=True).count() == 8
    assert not Refund.objects.exists()


@pytest.mark.parametrize("_round", range(3))
def test_who_leaves_while_they_pay_has_their_money_back(seat: Appointment, _round: int):
    payment = money.opened(seat)
    sandbox.press(money.charge(payment), ChargeState.PAID)
    headers, body = money.event(payment, "paid")
    fang = Actor.of(seat.user)

    side_by_side(
        partial(services.receive, "sandbox", headers, body, at=money.NOW),
        partial(together, partial(appointments.cancel, seat, by=fang, at=money.NOW)),
    )

    seat = Appointment.objects.get(pk=seat.pk)
    payment.refresh_from_db()
    assert (seat.status, payment.status) == (Status.CANCELLED, PaymentState.PAID)
    assert given_back(money.share_of(seat)) == money.PRICE


def test_four_workers_send_a_refund_once(seat: Appointment):
    money.pay(money.opened(seat))
    seat.refresh_from_db()
    together(partial(appointments.cancel, seat, by=Actor.of(seat.user), at=money.NOW))

    side_by_side(*[partial(timed.send_due_refunds, at=money.NOW)] * 4)

    assert SandboxRefund.objects.count() == 1
    seat.refresh_from_db()
    assert seat.payment_status == PaymentStatus.REFUNDED
