"""Two or a few press at the same moment where an order is finished, called off, paid for or
decided: one history with one end, and money that was paid is kept for work that was done, or goes
back by the rule. The controls look first, wait for each other, and write: what they leave behind
is found."""

import threading
from collections.abc import Callable
from functools import partial

import pytest

from appointments import services
from appointments.models import (
    Action,
    Appointment,
    CancelRequest,
    Order,
    PaymentStatus,
    RequestState,
    Status,
)
from appointments.services.agreeing import end_unanswered_requests
from appointments.services.cancel_requests import pending_request, settle_request
from appointments.transitions import move, write_log
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Refusal
from payments.gateways import Outcome, State
from payments.models import Payment, PaymentShare, Refund
from payments.services import open_payment
from payments.services.settling import apply_state
from tests.appointments.orders import agreed, order, order_wish, service
from tests.appointments.world import HOUR, NOW, acting, clock, open_store, register
from tests.factories import UserFactory

from .checker import faults
from .together import codes, side_by_side, together

pytestmark = pytest.mark.django_db(transaction=True)
TEN = clock("10:00")
ROUNDS = range(3)
# Settled by somebody: each such entry of a log is an end of the request.
SETTLED = (Action.CANCEL_TAKEN_BACK, Action.DECIDED)


@pytest.fixture
def cleaning():
    """200 yuan, half of it kept by whose wish it was on the same day."""
    return service(open_store(fee_steps=[[24 * 60, 50]]))


@pytest.fixture
def fang():
    return Actor.of(register("Fang", phone="+8613800000011"))


@pytest.fixture
def lin(cleaning):
    return acting(cleaning.realtor)


@pytest.fixture
def operator():
    return Actor.of(UserFactory(is_superuser=True, is_staff=True))


@pytest.fixture
def begun(cleaning, fang, lin):
    """Lin is at work, and nobody has paid yet."""
    made = agreed(cleaning, fang.user, TEN)
    return services.start(made, by=lin, at=TEN)


def fresh(row):
    """As another request would have loaded it."""
    return type(row).objects.get(pk=row.pk)


def opened(made: Appointment, by: Actor) -> Payment:
    payment, _is_new = open_payment(made, gateway="sandbox", by=by, at=TEN)
    return payment


def paying(payment: Payment) -> Callable[[], object]:
    """The gateway says that it has been paid."""
    state = State(
        Outcome.PAID, number=payment.number, amount=payment.amount, currency=payment.currency
    )
    return partial(apply_state, fresh(payment), state, at=TEN)


def asking(made, by):
    return partial(services.ask_to_cancel, fresh(made), by=by, at=TEN)


def answering(made, by, *, agree=True):
    return partial(services.answer_cancel_request, fresh(made), agree=agree, by=by, at=TEN)


def completing(made, by):
    return partial(services.complete, fresh(made), by=by, at=TEN + HOUR)


def deciding(made, by, *, call_off=True, percent=75):
    decide = partial(services.decide_request, fresh(made), call_off=call_off, reason="So")
    return partial(decide, refund_percent=percent, by=by, at=TEN)


def all_is_well(at=TEN + HOUR):
    assert faults(at, swept=False) == []


# What the tests and their controls look at


def ends_of_request(made: Appointment) -> list[str]:
    """How often somebody was told that the request is settled, and how."""
    ends = list(made.log.filter(action__in=SETTLED).values_list("action", flat=True))
    if made.log.filter(action=Action.CANCELLED).exists() and Action.DECIDED not in ends:
        ends.append("agreed")
    return ends


def unaccounted(made: Appointment) -> int:
    """Of what came for what was called off, what neither went back nor is the fee that is kept."""
    shares = PaymentShare.objects.filter(appointment=made, payment__status="paid")
    left = sum(share.amount - share.refunded for share in shares)
    made = fresh(made)
    return int(left - made.cancel_fee) if made.status == Status.CANCELLED else 0


def back(made: Appointment) -> int:
    rows = Refund.objects.filter(share__appointment=made).values_list("amount", flat=True)
    return int(sum(rows))


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_wish_beside_the_last_stroke_is_lost_by_neither(begun, fang, lin, _round):
    asked, done = together(asking(begun, fang), completing(begun, lin))

    made = fresh(begun)
    assert (made.status, isinstance(done, Refusal)) == (Status.COMPLETED, False)
    if isinstance(asked, Refusal):
        assert asked.code == "invalid_transition"
        assert not CancelRequest.objects.exists()
    else:
        assert CancelRequest.objects.get().state == RequestState.DISPUTED
        assert made.needs_person
    all_is_well()


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_yes_the_last_stroke_and_the_money_come_to_one_end(begun, fang, lin, _round):
    services.ask_to_cancel(begun, by=fang, at=TEN)
    payment = opened(begun, fang)

    yes, done, _paid = together(answering(begun, lin), completing(begun, lin), paying(payment))

    made, request = fresh(begun), CancelRequest.objects.get()
    assert codes([yes, done]) == ["done", "invalid_transition"]
    if isinstance(done, Refusal):
        assert (made.status, request.state) == (Status.CANCELLED, RequestState.AGREED)
        # Paid before it was called off, the half that is kept; after that, nothing.
        assert back(made) == 200 - made.cancel_fee
        assert made.cancel_fee == (100 if made.paid_at else 0)
    else:
        assert (made.status, request.state) == (Status.COMPLETED, RequestState.DISPUTED)
        assert (made.payment_status, back(made)) == (PaymentStatus.PAID, 0)
    assert unaccounted(made) == 0
    all_is_well()


@pytest.mark.parametrize("_round", ROUNDS)
def test_staff_a_late_yes_the_last_stroke_and_the_money(begun, fang, lin, operator, _round):
    services.ask_to_cancel(begun, by=fang, at=TEN)
    services.answer_cancel_request(begun, agree=False, by=lin, at=TEN)
    payment = opened(begun, fang)

    decided, yes, done, _paid = together(
        deciding(begun, operator), answering(begun, lin), completing(begun, lin), paying(payment)
    )

    made, request = fresh(begun), CancelRequest.objects.get()
    assert codes([decided, yes, done]) == ["done", *["invalid_transition"] * 2]
    if not isinstance(done, Refusal):
        assert (made.status, request.state) == (Status.COMPLETED, RequestState.DISPUTED)
        assert back(made) == 0
    else:
        ends = RequestState.AGREED if isinstance(decided, Refusal) else RequestState.CALLED_OFF
        assert (made.status, request.state) == (Status.CANCELLED, ends)
        fee = 0 if made.paid_at is None else 100 if ends == RequestState.AGREED else 50
        assert (made.cancel_fee, back(made)) == (fee, 200 - fee)
    assert unaccounted(made) == 0
    all_is_well()


def end_of(made: Appointment) -> tuple[str, list[str]]:
    """How the order stands, and what became of each wish to call it off."""
    states = made.cancel_requests.order_by("pk").values_list("state", flat=True)
    return made.status, [str(one) for one in states]


@pytest.mark.parametrize("agree", [True, False])
@pytest.mark.parametrize("_round", ROUNDS)
def test_a_wish_its_answer_and_the_last_stroke_come_to_one_end(begun, fang, lin, agree, _round):
    outcomes = together(
        asking(begun, fang), answering(begun, lin, agree=agree), completing(begun, lin)
    )

    late, disputed = "invalid_transition", [RequestState.DISPUTED]
    ends = [
        # Finished before anybody had asked; or asked, and finished before there was an answer.
        (Status.COMPLETED, [], [late, late, "done"]),
        (Status.COMPLETED, disputed, ["done", late, "done"]),
        (Status.CANCELLED, [RequestState.AGREED], ["done", "done", late])
        if agree
        else (Status.COMPLETED, disputed, ["done"] * 3),
    ]
    made = fresh(begun)
    assert (*end_of(made), [code for one in outcomes for code in codes([one])]) in ends
    assert made.needs_person == CancelRequest.objects.pending().exists()
    assert made.log.filter(action=Action.DISPUTED).count() == made.needs_person
    all_is_well()


@pytest.mark.parametrize("_round", ROUNDS)
def test_staff_may_decide_at_the_same_moment_too(begun, fang, lin, operator, _round):
    together(paying(opened(begun, fang)))

    asked, answered, done, decided = together(
        asking(begun, fang),
        answering(begun, lin),
        completing(begun, lin),
        deciding(begun, operator),
    )

    made, is_late = fresh(begun), isinstance(asked, Refusal)
    # Of a yes, a decision and the last stroke one is the end; the wish is in time or is not.
    ends = [one for one in (answered, done, decided) if not isinstance(one, Refusal)]
    assert len(ends) == 1
    assert codes([answered, done, decided]).count("invalid_transition") == 2
    # Who comes too late may still say what was not right, and has said nothing here.
    assert codes([asked]) == ["invalid" if is_late else "done"]
    status, states = end_of(made)
    if not isinstance(decided, Refusal):
        assert (status, states, back(made)) == (Status.CANCELLED, [RequestState.CALLED_OFF], 150)
    elif not isinstance(answered, Refusal):
        assert (status, states, back(made)) == (Status.CANCELLED, [RequestState.AGREED], 100)
    else:
        left = [] if is_late else [RequestState.DISPUTED]
        assert (status, states, back(made)) == (Status.COMPLETED, left, 0)
        assert made.needs_person == bool(left)
    assert unaccounted(made) == 0
    all_is_well()


@pytest.mark.parametrize("_round", ROUNDS)
def test_what_is_taken_back_is_not_agreed_to(begun, fang, lin, _round):
    services.ask_to_cancel(begun, by=fang, at=TEN)

    outcomes = together(
        partial(services.take_back_request, fresh(begun), by=fang, at=TEN), answering(begun, lin)
    )

    made = fresh(begun)
    assert codes(outcomes) == ["done", "invalid_transition"]
    assert len(ends_of_request(made)) == 1
    all_is_well()


def test_without_the_line_of_the_pool_both_would_be_told_yes(begun, fang, lin):
    """The control: both look, and neither sees what the other is about to write."""
    services.ask_to_cancel(begun, by=fang, at=TEN)
    both_have_looked = threading.Barrier(2)

    def take_back() -> None:
        made = fresh(begun)
        request = pending_request(made)
        both_have_looked.wait(60)
        settle_request(made, request, RequestState.TAKEN_BACK)
        write_log(made, Action.CANCEL_TAKEN_BACK, by=fang, at=TEN)

    def agree() -> None:
        made = fresh(begun)
        request = pending_request(made)
        both_have_looked.wait(60)
        settle_request(made, request, RequestState.AGREED)
        move(made, to=Status.CANCELLED, by=lin, at=TEN)

    side_by_side(take_back, agree)

    assert ends_of_request(fresh(begun)) == [Action.CANCEL_TAKEN_BACK, "agreed"]
    assert faults(TEN + HOUR, swept=False)


def test_without_it_a_wish_would_wait_for_an_answer_for_ever(begun, fang, lin):
    """The control: who asks sees work going on, and who finishes it sees no wish."""
    both_have_looked = threading.Barrier(2)

    def ask() -> None:
        assert fresh(begun).status == Status.IN_PROGRESS
        both_have_looked.wait(60)
        CancelRequest.objects.create(
            appointment=begun,
            open_key=begun.pk,
            side="customer",
            asked_at=TEN,
            answer_before=TEN + HOUR,
        )

    def finish() -> None:
        made = fresh(begun)
        assert pending_request(made) is None
        both_have_looked.wait(60)
        move(made, to=Status.COMPLETED, by=lin, at=TEN + HOUR)

    side_by_side(ask, finish)

    assert end_of(fresh(begun)) == (Status.COMPLETED, [RequestState.OPEN])
    assert any("waits for an answer" in fault for fault in faults(TEN + HOUR, swept=False))


def test_without_it_money_would_be_lost(begun, fang):
    """The control: who calls it off sees nothing paid, and who is paid sees nothing called off."""
    payment = opened(begun, fang)
    Payment.objects.filter(pk=payment.pk).update(status="paid", open_key=None, paid_at=TEN)
    both_have_looked = threading.Barrier(2)

    def count() -> None:
        assert fresh(begun).is_payable
        both_have_looked.wait(60)
        Appointment.objects.filter(pk=begun.pk).update(payment_status="paid", paid_at=TEN)
        PaymentShare.objects.filter(payment=payment).update(counts=True)

    def call_off() -> None:
        made = fresh(begun)
        assert not PaymentShare.objects.filter(appointment=made, counts=True).exists()
        both_have_looked.wait(60)
        move(made, to=Status.CANCELLED, by=SYSTEM, at=TEN)

    side_by_side(count, call_off)

    assert unaccounted(begun) == 200


@pytest.mark.parametrize("_round", ROUNDS)
def test_both_asking_at_once_is_agreement_once(begun, fang, lin, _round):
    together(*(asking(begun, by) for by in (fang, lin, fang, lin)))

    made = fresh(begun)
    assert made.status == Status.CANCELLED
    assert CancelRequest.objects.get().state == RequestState.AGREED
    assert made.log.filter(action=Action.CANCELLED).count() == 1
    all_is_well()


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_no_beside_the_deadline_comes_before_staff_once(begun, fang, lin, _round):
    request = services.ask_to_cancel(begun, by=fang, at=TEN)
    late = request.answer_before

    side_by_side(
        lambda: together(
            partial(services.answer_cancel_request, fresh(begun), agree=False, by=lin, at=late)
        )[0],
        partial(end_unanswered_requests, at=late),
        partial(end_unanswered_requests, at=late),
    )

    assert fresh(request).state == RequestState.DISPUTED
    assert fresh(begun).log.filter(action=Action.DISPUTED).count() == 1
    all_is_well(late)


@pytest.mark.parametrize("_round", ROUNDS)
def test_the_yes_beside_a_cancellation_binds_or_comes_too_late(cleaning, fang, lin, _round):
    made = order(cleaning, fang.user, TEN)

    accepted, cancelled = together(
        partial(services.accept, fresh(made), by=lin, at=NOW),
        partial(services.cancel, fresh(made), by=fang, at=NOW),
    )

    made = fresh(made)
    if isinstance(accepted, Refusal):
        assert made.status == Status.CANCELLED
    else:
        assert (made.status, cancelled.code) == (Status.CONFIRMED, "needs_agreement")
    all_is_well(NOW)


@pytest.mark.parametrize("_round", ROUNDS)
def test_of_six_who_order_the_same_hour_one_gets_it_with_a_number_of_its_own(cleaning, _round):
    people = [register(f"C{n}", phone=f"+861380000010{n}") for n in range(6)]
    wishes = [(order_wish(fresh(cleaning), one, TEN), Actor.of(one)) for one in people]

    outcomes = together(*(partial(services.book, wish, by=by, at=NOW) for wish, by in wishes))

    assert codes(outcomes) == ["done", *["slot_taken"] * 5]
    assert Order.objects.count() == 1
    all_is_well(NOW)
