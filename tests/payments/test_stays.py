"""Nights in a boarding place: what is paid in advance, what is kept, and what goes back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from appointments import services
from appointments.models import PaymentStatus, Status
from booking_site.common.actors import Actor
from payments.models import PaymentShare, Refund
from tests.appointments import places
from tests.appointments.world import NOW, TUESDAY, acting
from tests.payments import money

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FRIDAY = TUESDAY + 3 * DAY


@pytest.fixture
def home(store):
    """100 yuan a night and pet, half of it in advance; half of the price is kept by who cancels
    less than a day before."""
    return places.boarding(store, "Tao", price=100, deposit_percent=50)


@pytest.fixture
def stay(home, fang):
    """Three nights of two cats: 600 yuan."""
    for name in ("Doubao", "Mimi"):
        places.pet_of(fang, name)
    return places.book_stay(home, fang, TUESDAY, FRIDAY)


def paid(stay):
    payment = money.pay(money.opened(stay))
    stay.refresh_from_db()
    return payment


def given_back(stay) -> Decimal:
    refunds = Refund.objects.filter(share__appointment=stay).values_list("amount", flat=True)
    return sum(refunds, Decimal(0))


def test_what_is_paid_is_the_deposit_and_says_how_many_nights_where(stay):
    payment = money.opened(stay)

    assert (payment.amount, payment.subject) == (300, "3 nights at Home")
    assert PaymentShare.objects.get(payment=payment).appointment == stay


def test_of_a_single_night_it_says_one_and_a_long_name_is_cut(home, fang):
    places.pet_of(fang)
    home.title = "H" * 100
    home.save()

    with translation.override("en"):
        payment = money.opened(places.book_stay(home, fang, TUESDAY, TUESDAY + DAY))

    assert payment.subject.startswith("1 night at HHH")
    assert len(payment.subject) == 100


def test_the_deposit_confirms_it(stay):
    paid(stay)

    assert (stay.status, stay.payment_status) == (Status.CONFIRMED, PaymentStatus.PAID)
    assert stay.due_on_the_spot == 300


def test_cancelled_in_time_all_of_it_goes_back(stay, fang):
    paid(stay)

    services.cancel(stay, by=Actor.of(fang), at=NOW)

    assert given_back(stay) == 300


def test_cancelled_late_the_fee_is_kept_and_the_rest_goes_back(store, home, fang):
    home.deposit_percent = 100
    home.fee_steps = [[10 * 1440, 40]]
    home.save()
    places.pet_of(fang)
    stay = places.book_stay(home, fang, TUESDAY, FRIDAY)
    paid(stay)

    services.cancel(stay, by=Actor.of(fang), at=NOW)

    stay.refresh_from_db()
    assert stay.cancel_fee == 120
    assert given_back(stay) == 180


def test_a_fee_is_no_more_than_what_was_paid(home, fang):
    home.deposit_percent, home.fee_steps = 30, [[10 * 1440, 80]]
    home.save()
    places.pet_of(fang)
    stay = places.book_stay(home, fang, TUESDAY, FRIDAY)
    paid(stay)

    services.cancel(stay, by=Actor.of(fang), at=NOW)

    assert given_back(stay) == 0


def test_a_sitter_who_says_no_sends_all_of_it_back(home, fang):
    home.needs_approval = True
    home.fee_steps = [[10 * 1440, 80]]
    home.save()
    places.pet_of(fang)
    stay = places.book_stay(home, fang, TUESDAY, FRIDAY)
    paid(stay)
    assert stay.status == Status.PENDING

    services.decline(stay, by=acting(home.realtor), at=NOW, reason="")

    assert given_back(stay) == 150


def test_what_comes_too_late_goes_back_and_the_nights_are_another_s(home, stay, fang, bo):
    payment = money.opened(stay)
    late = stay.pay_before
    home.capacity = 2
    home.save()
    for name in ("Heidou", "Xuebao"):
        places.pet_of(bo, name)
    places.book_stay(home, bo, TUESDAY, FRIDAY, at=late)

    money.pay(payment, at=late)

    stay.refresh_from_db()
    assert stay.status == Status.CANCELLED
    assert given_back(stay) == 300
