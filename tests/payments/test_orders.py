"""Orders of services: paid after the provider's yes, and what goes back when one is called off."""

from datetime import timedelta
from decimal import Decimal

import pytest

from appointments import services
from appointments.errors import InvalidTransition
from appointments.models import PaymentStatus, Status
from booking_site.common.actors import Actor
from payments.models import Payment, PaymentState, Refund
from payments.presenters.checkout import told
from payments.selectors import Standing, latest_payment, standing_of
from payments.selectors.books import Span
from payments.selectors.report import report_rows, reporting_scope
from payments.timed import run_due
from tests.appointments import orders
from tests.appointments.world import HOUR, NOW, acting, clock
from tests.factories import UserFactory
from tests.payments import money

pytestmark = pytest.mark.django_db
TEN = clock("10:00")


@pytest.fixture
def cleaning(store, wei):
    """200 yuan; half of it is kept by who calls it off within a day. The site gets a tenth."""
    return orders.service(store, provider=wei)


@pytest.fixture
def made(cleaning, fang):
    return orders.agreed(cleaning, fang, TEN)


@pytest.fixture
def lin(cleaning):
    return acting(cleaning.realtor)


@pytest.fixture
def operator(db):
    return Actor.of(UserFactory(is_superuser=True, is_staff=True))


def paid(made, *, at=NOW) -> Payment:
    payment = money.pay(money.opened(made, at=at), at=at)
    made.refresh_from_db()
    return payment


def sums(made) -> list[tuple[str, Decimal]]:
    return [(reason, amount) for reason, _state, amount in money.refunds(made)]


def standing(made, at=NOW) -> Standing:
    made.refresh_from_db()
    return standing_of(made, latest_payment(made), at=at)


def test_nothing_is_paid_before_the_provider_has_confirmed(cleaning, fang):
    made = orders.order(cleaning, fang, TEN)

    with pytest.raises(InvalidTransition):
        money.opened(made)
    assert not Payment.objects.exists()


def test_once_confirmed_it_is_paid_in_its_own_time(made):
    assert standing(made) == Standing.TO_PAY

    payment = paid(made)

    assert (payment.amount, payment.subject) == (200, "Cleaning")
    assert (made.status, made.payment_status) == (Status.CONFIRMED, PaymentStatus.PAID)
    assert standing(made) == Standing.CONFIRMED


def test_a_payment_whose_time_is_over_makes_room_for_another(made):
    first = money.opened(made)
    assert standing(made) == Standing.CHECKING
    later = NOW + timedelta(minutes=31)
    assert standing(made, later) == Standing.TO_PAY

    second = money.opened(made, at=later)

    assert second.pk != first.pk
    first.refresh_from_db()
    assert first.status == PaymentState.CLOSED
    money.pay(second)
    made.refresh_from_db()
    assert made.payment_status == PaymentStatus.PAID


def test_it_is_paid_when_the_work_is_done(made, lin):
    services.start(made, by=lin, at=TEN)
    services.complete(made, by=lin, at=TEN + HOUR)

    paid(made, at=NOW)

    assert (made.status, made.payment_status) == (Status.COMPLETED, PaymentStatus.PAID)


def test_what_is_paid_twice_goes_back_once(made):
    first = money.opened(made)
    late = NOW + timedelta(minutes=31)
    second = money.opened(made, at=late)
    money.pay(second)

    money.pay(first)

    assert sums(made) == [("paid_twice", 200)]
    made.refresh_from_db()
    assert made.payment_status == PaymentStatus.PAID


def test_what_comes_when_it_was_called_off_meanwhile_goes_back(made, operator):
    payment = money.opened(made)
    services.cancel(made, by=operator, at=NOW)

    money.pay(payment)

    assert sums(made) == [("too_late", 200)]
    assert standing(made) == Standing.TOO_LATE


def test_a_deposit_is_due_and_the_rest_is_paid_there(store, wei, fang):
    half = orders.service(store, provider=wei, deposit_percent=50)
    made = orders.agreed(half, fang, TEN, amount=Decimal(150))

    payment = paid(made)

    assert (payment.amount, made.due_on_the_spot) == (75, 75)


def test_agreed_what_the_customer_asked_for_costs_by_the_policy(made, fang, lin):
    paid(made)
    services.ask_to_cancel(made, by=Actor.of(fang), at=NOW)

    services.answer_cancel_request(made, agree=True, by=lin, at=NOW)

    assert sums(made) == [("cancelled", 100)]


def test_agreed_what_the_provider_asked_for_costs_nothing(made, fang, lin):
    paid(made)
    services.ask_to_cancel(made, by=lin, at=NOW)

    services.answer_cancel_request(made, agree=True, by=Actor.of(fang), at=NOW)

    assert sums(made) == [("cancelled", 200)]
    run_due(at=NOW)
    assert standing(made) == Standing.REFUNDED


@pytest.mark.parametrize(("percent", "back"), [(0, []), (25, [50]), (100, [200])])
def test_staff_let_it_stand_and_give_a_part_back(made, fang, operator, percent, back):
    paid(made)
    services.ask_to_cancel(made, by=Actor.of(fang), at=NOW)

    services.decide_request(
        made, call_off=False, refund_percent=percent, reason="So", by=operator, at=NOW
    )

    assert sums(made) == [("dispute", Decimal(one)) for one in back]
    assert made.status == Status.CONFIRMED


def test_never_more_goes_back_than_was_paid(made, fang, lin, operator):
    """Decided twice, for so much in all; then agreed that all of it goes back."""
    paid(made)
    for percent in (75, 75):
        services.ask_to_cancel(made, by=Actor.of(fang), at=NOW)
        services.decide_request(
            made, call_off=False, refund_percent=percent, reason="So", by=operator, at=NOW
        )
    services.ask_to_cancel(made, by=lin, at=NOW)
    services.answer_cancel_request(made, agree=True, by=Actor.of(fang), at=NOW)

    assert sums(made) == [("dispute", 150), ("cancelled", 50)]
    assert money.share_of(made).left == 0


def test_staff_call_it_off_and_keep_a_part(made, fang, operator):
    paid(made)
    services.ask_to_cancel(made, by=Actor.of(fang), at=NOW)

    services.decide_request(
        made, call_off=True, refund_percent=75, reason="So", by=operator, at=NOW
    )

    assert sums(made) == [("cancelled", 150)]


def test_of_what_nobody_has_paid_nothing_goes_back(made, fang, operator):
    services.ask_to_cancel(made, by=Actor.of(fang), at=NOW)

    services.decide_request(
        made, call_off=False, refund_percent=100, reason="So", by=operator, at=NOW
    )

    assert not Refund.objects.exists()
    assert standing(made) == Standing.TO_PAY


def test_the_books_hold_it_with_the_sites_share(made, store, hua):
    paid(made)
    today = NOW.astimezone(store.zone).date()

    (row,) = report_rows(reporting_scope(hua.user), [store], Span(today, today))

    assert (row["count"], row["paid"], row["commission"], row["payout"]) == (1, 200, 20, 180)


def test_all_of_it_went_back_and_yet_the_order_was_not_called_off(made, fang, operator):
    paid(made)
    services.ask_to_cancel(made, by=Actor.of(fang), at=NOW)
    services.decide_request(
        made, call_off=False, refund_percent=100, reason="So", by=operator, at=NOW
    )
    run_due(at=NOW)

    assert standing(made) == Standing.REFUNDED
    assert told(Standing.REFUNDED, made, latest_payment(made), [])["title"] == "Given back"
