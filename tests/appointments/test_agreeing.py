"""A confirmed order is called off by both sides, or by staff."""

from datetime import timedelta

import pytest

from appointments import errors, services
from appointments.models import CancelRequest, Claim, PaymentStatus, RequestState, Side, Status
from appointments.selectors.costs import cost_of_cancelling
from appointments.services.agreeing import end_unanswered_requests
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Forbidden, Invalid
from booking_site.common.models import SystemConfig
from tests.appointments.orders import agreed, order, paid, service
from tests.appointments.world import HOUR, NOW, acting, clock, hire, manager, open_store, register
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

TEN = clock("10:00")
SOON = NOW + timedelta(minutes=10)
DAY = timedelta(days=1)


@pytest.fixture
def cleaning(db):
    return service(open_store(fee_steps=[[24 * 60, 50]]))


@pytest.fixture
def fang(db):
    return Actor.of(register("Fang"))


@pytest.fixture
def lin(cleaning):
    return acting(cleaning.realtor)


@pytest.fixture
def operator(db):
    return Actor.of(UserFactory(display_name="Ops", is_superuser=True, is_staff=True))


@pytest.fixture
def made(cleaning, fang):
    return paid(agreed(cleaning, fang.user, TEN))


def ask(made, by, at=NOW, reason="Plans changed"):
    return services.ask_to_cancel(made, by=by, at=at, reason=reason)


def test_what_the_customer_asked_for_costs_by_the_policy_of_when_they_asked(made, fang, lin):
    request = ask(made, fang)
    assert (request.side, request.state) == (Side.CUSTOMER, RequestState.OPEN)
    assert request.answer_before == NOW + DAY
    assert made.status == Status.CONFIRMED

    services.answer_cancel_request(made, agree=True, by=lin, at=SOON)

    made.refresh_from_db()
    assert (made.status, made.cancel_fee) == (Status.CANCELLED, 100)
    assert made.cancel_reason == "Plans changed"
    assert not Claim.objects.filter(appointment=made).exists()
    assert CancelRequest.objects.get().state == RequestState.AGREED


def test_what_the_provider_asked_for_costs_nothing(made, fang, lin):
    ask(made, lin)

    services.answer_cancel_request(made, agree=True, by=fang, at=SOON)

    made.refresh_from_db()
    assert (made.status, made.cancel_fee) == (Status.CANCELLED, 0)


def test_work_that_has_begun_can_be_called_off_too(made, fang, lin):
    services.start(made, by=lin, at=TEN)
    ask(made, lin, at=TEN)

    services.answer_cancel_request(made, agree=True, by=fang, at=TEN)

    made.refresh_from_db()
    assert made.status == Status.CANCELLED


def test_both_asking_is_agreement(made, fang, lin):
    ask(made, fang)
    ask(made, lin, at=SOON)

    made.refresh_from_db()
    assert made.status == Status.CANCELLED
    assert CancelRequest.objects.count() == 1


def test_asking_twice_changes_nothing(made, fang):
    first = ask(made, fang)

    assert ask(made, fang, at=SOON).pk == first.pk
    assert CancelRequest.objects.count() == 1


def test_who_asked_does_not_answer_and_strangers_do_nothing(made, fang):
    with pytest.raises(Forbidden):
        ask(made, Actor.of(register("Bo")))
    ask(made, fang)

    with pytest.raises(Forbidden):
        services.answer_cancel_request(made, agree=True, by=fang, at=SOON)
    with pytest.raises(Forbidden):
        services.answer_cancel_request(made, agree=True, by=Actor.of(register("Qiang")), at=SOON)


def test_who_runs_the_store_speaks_for_the_provider(made, fang):
    hua = manager(made.store)
    ask(made, hua)
    with pytest.raises(Forbidden):
        services.answer_cancel_request(made, agree=True, by=hua, at=SOON)

    services.answer_cancel_request(made, agree=True, by=fang, at=SOON)

    made.refresh_from_db()
    assert made.status == Status.CANCELLED


def test_it_can_be_taken_back(made, fang, lin):
    ask(made, fang)
    with pytest.raises(Forbidden):
        services.take_back_request(made, by=lin, at=SOON)

    services.take_back_request(made, by=fang, at=SOON)

    with pytest.raises(errors.InvalidTransition):
        services.answer_cancel_request(made, agree=True, by=lin, at=SOON)
    assert ask(made, fang, at=SOON).state == RequestState.OPEN


def test_nobody_asks_before_it_is_confirmed_or_when_it_is_over(cleaning, fang, lin, made):
    pending = order(cleaning, register("Bo"), clock("15:00"))
    with pytest.raises(errors.InvalidTransition):
        ask(pending, lin)
    services.start(made, by=lin, at=TEN)
    services.complete(made, by=lin, at=TEN + HOUR)
    with pytest.raises(errors.InvalidTransition):
        ask(made, lin, at=TEN + HOUR)


def test_a_no_is_put_before_staff_and_may_still_become_a_yes(made, fang, lin):
    ask(made, fang)
    services.answer_cancel_request(made, agree=False, by=lin, at=SOON, reason="I am on my way")

    made.refresh_from_db()
    request = CancelRequest.objects.get()
    assert (request.state, request.answer) == (RequestState.DISPUTED, "I am on my way")
    assert made.needs_person
    with pytest.raises(errors.InvalidTransition):
        services.answer_cancel_request(made, agree=False, by=lin, at=SOON)
    services.answer_cancel_request(made, agree=True, by=lin, at=SOON)
    made.refresh_from_db()
    assert (made.status, made.needs_person) == (Status.CANCELLED, False)


def test_silence_is_put_before_staff_after_the_time_staff_have_set(made, fang):
    SystemConfig.objects.create(key="order-policy", value={"answer_hours": 2})
    request = ask(made, fang)

    end_unanswered_requests(at=NOW + 2 * HOUR - timedelta(seconds=1))
    request.refresh_from_db()
    assert request.state == RequestState.OPEN

    end_unanswered_requests(at=NOW + 2 * HOUR)
    end_unanswered_requests(at=NOW + 3 * HOUR)
    request.refresh_from_db()
    assert request.state == RequestState.DISPUTED
    assert made.log.filter(action="disputed").count() == 1


@pytest.mark.parametrize("value", [{"answer_hours": 0}, {"answer_hours": "2"}, [], {"x": 1}])
def test_a_policy_that_says_nothing_useful_is_a_day(made, fang, value):
    SystemConfig.objects.create(key="order-policy", value=value)

    assert ask(made, fang).answer_before == NOW + DAY


def test_finishing_the_work_loses_no_wish_of_the_customer(made, fang, lin):
    ask(made, fang)
    services.start(made, by=lin, at=TEN)
    services.complete(made, by=lin, at=TEN + HOUR)

    request = CancelRequest.objects.get()
    made.refresh_from_db()
    assert (request.state, made.status, made.needs_person) == (
        RequestState.DISPUTED,
        Status.COMPLETED,
        True,
    )
    with pytest.raises(errors.InvalidTransition):
        services.answer_cancel_request(made, agree=True, by=lin, at=TEN + HOUR)


def test_who_finishes_what_they_wanted_to_call_off_has_changed_their_mind(made, lin):
    ask(made, lin)
    services.start(made, by=lin, at=TEN)
    services.complete(made, by=lin, at=TEN + HOUR)

    assert CancelRequest.objects.get().state == RequestState.OVERTAKEN


def test_staff_call_it_off_and_say_what_goes_back(made, fang, lin, operator):
    ask(made, fang)
    services.answer_cancel_request(made, agree=False, by=lin, at=SOON)

    services.decide_request(
        made, call_off=True, refund_percent=75, reason="Half a day's notice", by=operator, at=SOON
    )

    made.refresh_from_db()
    request = CancelRequest.objects.get()
    assert (made.status, made.cancel_fee, made.needs_person) == (Status.CANCELLED, 50, False)
    assert (request.state, request.decision) == (RequestState.CALLED_OFF, "Half a day's notice")
    assert request.decided_by == operator.user


def test_staff_let_it_stand(made, fang, lin, operator):
    ask(made, fang)

    services.decide_request(
        made, call_off=False, refund_percent=0, reason="Too late", by=operator, at=SOON
    )

    made.refresh_from_db()
    assert (made.status, made.payment_status) == (Status.CONFIRMED, PaymentStatus.PAID)
    assert CancelRequest.objects.get().state == RequestState.STANDS


def test_only_those_who_look_after_the_site_decide_and_they_say_why(made, fang, operator):
    ask(made, fang)
    answer = {"call_off": True, "refund_percent": 50, "at": SOON}
    for by in (fang, manager(made.store), SYSTEM):
        with pytest.raises(Forbidden):
            services.decide_request(made, reason="So", by=by, **answer)
    with pytest.raises(Invalid):
        services.decide_request(made, reason=" ", by=operator, **answer)
    too_much = answer | {"refund_percent": 101}
    with pytest.raises(Invalid):
        services.decide_request(made, reason="So", by=operator, **too_much)


def test_what_is_over_is_not_called_off_by_staff_either(made, fang, lin, operator):
    ask(made, fang)
    services.start(made, by=lin, at=TEN)
    services.complete(made, by=lin, at=TEN + HOUR)

    with pytest.raises(errors.InvalidTransition):
        services.decide_request(
            made, call_off=True, refund_percent=100, reason="So", by=operator, at=TEN + HOUR
        )


def test_the_sweep_and_the_operator_leave_no_request_open(made, fang, operator):
    ask(made, fang)

    services.cancel(made, by=operator, at=SOON)

    assert CancelRequest.objects.get().state == RequestState.OVERTAKEN


def test_who_moves_it_far_ahead_to_call_it_off_for_less_pays_as_much(made, fang, lin):
    services.reschedule(made, starts_at=TEN + 7 * DAY, by=fang, at=NOW)
    ask(made, fang)

    services.answer_cancel_request(made, agree=True, by=lin, at=SOON)

    made.refresh_from_db()
    assert made.cancel_fee == 100


def test_before_the_providers_yes_calling_it_off_costs_nothing(cleaning, fang):
    pending = order(cleaning, fang.user, TEN)

    services.cancel(pending, by=fang, at=NOW)

    assert pending.cancel_fee == 0


def test_nobody_moves_what_one_side_wants_to_call_off(made, fang, lin):
    """What it costs was said by the start it had when it was asked for."""
    ask(made, fang)

    for by in (fang, manager(made.store)):
        with pytest.raises(errors.InvalidTransition):
            services.reschedule(made, starts_at=clock("14:00"), by=by, at=SOON)

    services.take_back_request(made, by=fang, at=SOON)
    services.reschedule(made, starts_at=clock("14:00"), by=fang, at=SOON)


def test_a_provider_keeps_no_money_by_saying_that_nobody_was_there(made, lin, operator):
    services.mark_no_show(made, by=lin, at=TEN)

    request = CancelRequest.objects.get()
    made.refresh_from_db()
    assert (made.status, made.needs_person) == (Status.NO_SHOW, True)
    assert (request.side, request.state) == (Side.CUSTOMER, RequestState.DISPUTED)
    services.decide_request(
        made, call_off=False, refund_percent=50, reason="Half each", by=operator, at=TEN
    )
    made.refresh_from_db()
    assert not made.needs_person


def test_of_an_order_that_is_not_paid_nothing_is_to_be_decided(cleaning, lin):
    unpaid = agreed(cleaning, register("Bo"), TEN)

    services.mark_no_show(unpaid, by=lin, at=TEN)

    assert not CancelRequest.objects.exists()


def test_what_those_who_decide_found_out_themselves_is_not_put_before_them(made, operator):
    services.mark_no_show(made, by=operator, at=TEN)

    assert not CancelRequest.objects.exists()


def test_the_other_side_raises_nothing_by_moving_it(cleaning, fang, lin):
    ahead = paid(agreed(cleaning, fang.user, TEN + 3 * DAY))
    services.reschedule(ahead, starts_at=TEN, by=manager(ahead.store), at=NOW)
    ahead.refresh_from_db()
    assert cost_of_cancelling(ahead, NOW).amount == 0

    ask(ahead, fang)
    services.answer_cancel_request(ahead, agree=True, by=lin, at=SOON)

    ahead.refresh_from_db()
    assert (ahead.status, ahead.cancel_fee) == (Status.CANCELLED, 0)


def test_who_is_sent_somebody_else_may_want_out_for_nothing(made, fang):
    mei = hire(made.store, "Mei")
    mei.commission_percent = 10
    mei.save()

    services.reassign(made, mei, by=manager(made.store), at=NOW, reason="Lin is ill")

    made.refresh_from_db()
    assert (made.realtor, made.commission) == (mei, 20)
    assert cost_of_cancelling(made, NOW).amount == 0


def test_who_ordered_it_does_not_decide_about_it(cleaning, lin):
    boss = Actor.of(UserFactory(display_name="Boss", is_superuser=True, is_staff=True))
    own = paid(agreed(cleaning, boss.user, clock("15:00")))
    with pytest.raises(errors.NeedsAgreement):
        services.cancel(own, by=boss, at=NOW)
    ask(own, boss)
    with pytest.raises(Forbidden):
        services.decide_request(
            own, call_off=True, refund_percent=100, reason="So", by=boss, at=SOON
        )


def test_of_work_that_is_done_its_customer_may_say_for_a_week_that_it_was_not_right(
    made, fang, lin, operator
):
    done_at = TEN + HOUR
    services.start(made, by=lin, at=TEN)
    services.complete(made, by=lin, at=done_at)
    with pytest.raises(Invalid):
        ask(made, fang, at=done_at, reason=" ")
    with pytest.raises(errors.InvalidTransition):
        ask(made, fang, at=done_at + 7 * DAY)

    request = ask(made, fang, at=done_at + 7 * DAY - HOUR, reason="Half of it is dirty")

    made.refresh_from_db()
    assert (request.state, made.needs_person) == (RequestState.DISPUTED, True)
    with pytest.raises(errors.InvalidTransition):
        services.answer_cancel_request(made, agree=True, by=lin, at=done_at + 7 * DAY)
    services.decide_request(
        made, call_off=False, refund_percent=30, reason="So", by=operator, at=done_at + 7 * DAY
    )
    with pytest.raises(errors.InvalidTransition):
        ask(made, fang, at=done_at + HOUR)


def test_of_what_was_not_paid_here_nothing_could_go_back(cleaning, lin):
    unpaid = agreed(cleaning, register("Bo"), TEN)
    services.start(unpaid, by=lin, at=TEN)
    services.complete(unpaid, by=lin, at=TEN + HOUR)

    with pytest.raises(errors.InvalidTransition):
        ask(unpaid, Actor.of(unpaid.user), at=TEN + HOUR)
