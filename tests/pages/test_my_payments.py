"""The list of one's own payments."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from appointments import services
from appointments.models import Appointment
from booking_site.common.actors import SYSTEM, Actor
from payments.models import Payment, PaymentState, Refund, RefundState
from payments.views.mine import PER_PAGE
from realtors.models import Realtor
from stores.models import Store
from tests.appointments import world
from tests.payments import money

from .visitor import Visitor

MINE = "/accounts/payments/"


@pytest.fixture
def bo(db: None) -> User:
    return world.register("Bo")


@pytest.fixture
def salsa(wei: Realtor):
    """Tomorrow at nine, 300 yuan in advance."""
    return money.session(money.course(wei))


def paid_many(seat: Appointment, customer: User, count: int) -> None:
    """So many more payments for it, each of another amount."""
    made = [
        Payment(
            number=f"{customer.pk}x{number}",
            user=customer,
            store=seat.store,
            gateway="sandbox",
            amount=Decimal(1000 + number),
            currency="CNY",
            subject="Salsa",
            status=PaymentState.CLOSED,
            expires_at=money.NOW,
            created_at=money.NOW,
        )
        for number in range(count)
    ]
    for one in made:
        one.save()
        one.shares.create(appointment=seat, amount=one.amount)


def test_who_is_not_signed_in_is_asked_to(lan: Visitor):
    answer = lan.client.get(MINE)

    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={MINE}")


def test_nothing_paid_yet_says_what_comes_here(fang_at_home: Visitor):
    page = fang_at_home.look(MINE)

    assert "No payments yet" in page
    assert 'href="/stores/"' in page


def test_a_payment_says_what_for_when_and_how_much(fang_at_home: Visitor, fang: User, salsa):
    seat = money.paid_seat(salsa, fang)

    page = fang_at_home.look(MINE)

    for said in ("Salsa", "¥300", "status--paid", "Paid: today 08:00", "tomorrow 09:00"):
        assert said in page
    assert f'href="/appointments/{seat.code}/"' in page
    assert "Pay now" not in page
    assert "Refunded" not in page


def test_all_that_one_payment_is_for_is_named(fang_at_home: Visitor, fang: User, wei: Realtor):
    course = money.course(wei, attributes={"package_sessions": 2})
    days = [money.NINE, money.NINE + timedelta(days=1)]
    both = money.package([money.session(course, one) for one in days], fang)
    money.pay(money.opened(both[0]))

    page = fang_at_home.look(MINE)

    assert "¥600" in page
    for one in both:
        assert f'href="/appointments/{one.code}/"' in page


def test_without_a_code_nothing_leads_to_the_appointment(fang_at_home: Visitor, fang: User, salsa):
    seat = money.paid_seat(salsa, fang)
    Appointment.objects.filter(pk=seat.pk).update(code=None)

    page = fang_at_home.look(MINE)

    assert "Appointment: tomorrow 09:00" in page
    assert f"/appointments/{seat.code}/" not in page


def test_what_is_open_can_be_paid_until_its_time_is_over(fang_at_home: Visitor, fang: User, salsa):
    seat = money.seat(salsa, fang)
    payment = money.opened(seat)
    pay = f'href="/bookings/{seat.code}/pay/"'

    page = fang_at_home.look(MINE)
    assert "To be paid" in page
    assert pay in page

    Payment.objects.filter(pk=payment.pk).update(expires_at=money.NOW)
    page = fang_at_home.look(MINE)
    assert "Being checked" in page
    assert pay not in page


def test_what_did_not_go_through_says_so(fang_at_home: Visitor, fang: User, salsa):
    payment = money.opened(money.seat(salsa, fang))
    for status, said in (("failed", "Did not go through"), ("closed", "Not paid")):
        Payment.objects.filter(pk=payment.pk).update(status=status, open_key=None)
        assert said in fang_at_home.look(MINE)


def test_the_part_that_goes_back_is_named_and_whether_it_has_arrived(
    fang_at_home: Visitor, fang: User, wei: Realtor
):
    course = money.course(wei, fee_steps=[[2880, 50]])
    seat = money.paid_seat(money.session(course), fang)
    services.cancel(seat, by=Actor.of(fang), at=money.NOW)

    page = fang_at_home.look(MINE)
    assert "Going back to you: ¥150" in page
    assert "status--paid" in page

    Refund.objects.update(status=RefundState.DONE, done_at=money.NOW)
    assert "Refunded: ¥150" in fang_at_home.look(MINE)


def test_what_went_back_whole_is_given_back(fang_at_home: Visitor, fang: User, salsa):
    seat = money.paid_seat(salsa, fang)
    services.cancel(seat, by=SYSTEM, at=money.NOW)
    page = fang_at_home.look(MINE)
    assert "Going back to you: ¥300" in page
    assert "Given back" not in page

    Refund.objects.update(status=RefundState.DONE, done_at=money.NOW)
    page = fang_at_home.look(MINE)
    assert "Given back" in page
    assert "status--refunded" in page


def test_only_ones_own_are_listed(fang_at_home: Visitor, bo: User, salsa):
    seat = money.paid_seat(salsa, bo)

    page = fang_at_home.look(MINE)

    assert "No payments yet" in page
    assert str(seat.code) not in page


def test_who_runs_the_store_sees_their_own_only(fang_at_home: Visitor, fang: User, bo: User, salsa):
    User.objects.filter(pk=fang.pk).update(is_staff=True, is_superuser=True)
    money.paid_seat(salsa, bo)

    assert "No payments yet" in fang_at_home.look(MINE)


def test_the_latest_comes_first_and_the_oldest_on_another_page(
    fang_at_home: Visitor, fang: User, salsa
):
    paid_many(money.paid_seat(salsa, fang), fang, PER_PAGE)

    first, second = fang_at_home.look(MINE), fang_at_home.look(MINE, page="2")

    assert first.index(f"¥{1000 + PER_PAGE - 1:,}") < first.index("¥1,000")
    assert "¥300" not in first
    assert "¥300" in second
    assert "¥1,000" not in second
    assert 'rel="next"' in first
    assert 'rel="prev"' in second


def test_a_page_that_is_none_is_no_error(fang_at_home: Visitor, fang: User, salsa):
    money.paid_seat(salsa, fang)

    for number in ("0", "99", "x"):
        assert "¥300" in fang_at_home.look(MINE, page=number)


def test_the_list_needs_as_many_queries_however_much_is_on_it(
    fang_at_home: Visitor, fang: User, salsa
):
    seat = money.paid_seat(salsa, fang)
    fang_at_home.look(MINE)
    with CaptureQueriesContext(connection) as of_one:
        fang_at_home.look(MINE)
    paid_many(seat, fang, PER_PAGE + 2)

    with CaptureQueriesContext(connection) as of_many:
        fang_at_home.look(MINE)

    assert len(of_many) == len(of_one) <= 15, [one["sql"] for one in of_many.captured_queries]


def test_the_account_and_ones_appointments_lead_here(fang_at_home: Visitor):
    for page in ("/accounts/profile/", "/appointments/"):
        assert f'href="{MINE}"' in fang_at_home.look(page)
    assert f'href="{MINE}" aria-current="page"' in fang_at_home.look(MINE)


def test_in_chinese_it_is_chinese(fang: User, fang_at_home: Visitor, salsa, store: Store):
    money.opened(money.seat(salsa, fang))

    answer = fang_at_home.client.get(MINE, headers={"accept-language": "zh-hans"})

    page = answer.content.decode()
    assert "待付款" in page
    assert "To be paid" not in page


def test_it_is_kept_by_no_cache(fang_at_home: Visitor):
    answer = fang_at_home.client.get(MINE)

    assert "no-store" in answer["Cache-Control"]
    assert fang_at_home.client.post(MINE).status_code == 405
