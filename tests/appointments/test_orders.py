"""Orders of services: where to, for how much, when they are paid, and who may call them off."""

from datetime import timedelta
from decimal import Decimal

import pytest

from appointments import errors, services
from appointments.models import Claim, Order, PaymentStatus, Status, SystemReason
from appointments.services.leaving import forget_customer
from appointments.services.paying import end_unpaid
from appointments.services.work import close_no_shows
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Forbidden, Invalid
from booking_site.common.places import Point
from tests.appointments.orders import agreed, order, order_wish, paid, service
from tests.appointments.world import (
    GUEST,
    HOUR,
    NOW,
    acting,
    clock,
    hire,
    manager,
    open_store,
    register,
)
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

TEN = clock("10:00")


@pytest.fixture
def store(db):
    return open_store(min_advance_minutes=30, payment_minutes=5)


@pytest.fixture
def cleaning(store):
    return service(store, attributes={"radius_km": 20}, latitude=31, longitude=121)


@pytest.fixture
def fang(db):
    return register("Fang")


def test_an_order_has_a_number_an_address_and_what_was_ordered(cleaning, fang):
    made = order(cleaning, fang, TEN, address="Huaihai Road 1, 2/F", place=Point(31.05, 121.0))

    kept = made.order
    assert (made.status, made.realtor, made.ends_at) == (
        Status.PENDING,
        cleaning.realtor,
        TEN + 2 * HOUR,
    )
    assert kept.number.startswith("20260302")
    assert len(kept.number) == 16
    assert (kept.address, kept.point) == ("Huaihai Road 1, 2/F", Point(31.05, 121.0))
    assert kept.details["title"] == "Cleaning"
    assert kept.details["price"] == "200.00"


def test_it_takes_the_providers_time_and_the_customers(cleaning, fang):
    order(cleaning, fang, TEN)

    with pytest.raises(errors.SlotTaken):
        order(cleaning, register("Bo"), TEN + HOUR)
    with pytest.raises(errors.CustomerConflict):
        order(service(cleaning.store, "Mei"), fang, TEN + HOUR)


def test_nothing_is_due_before_the_provider_has_confirmed_and_then_all_of_it(cleaning, fang):
    made = order(cleaning, fang, TEN)
    assert made.payment_status == PaymentStatus.NOT_REQUIRED
    assert not made.is_payable

    services.accept(made, by=acting(cleaning.realtor), at=NOW)

    assert (made.payment_status, made.due_now) == (PaymentStatus.UNPAID, 200)
    assert made.is_payable
    end_unpaid(at=NOW + timedelta(days=30))
    made.refresh_from_db()
    assert made.status == Status.CONFIRMED


def test_an_order_is_paid_before_during_or_after_the_work(cleaning, fang):
    made = agreed(cleaning, fang, TEN)
    services.start(made, by=SYSTEM, at=TEN)
    services.complete(made, by=SYSTEM, at=TEN + HOUR)

    assert services.note_paid(made, at=TEN + 2 * HOUR)

    made.refresh_from_db()
    assert (made.status, made.payment_status) == (Status.COMPLETED, PaymentStatus.PAID)
    assert not services.note_paid(made, at=TEN + 3 * HOUR)


def test_a_proposal_binds_when_the_provider_confirms(store, fang):
    """Never by itself, though the listing needs nobody's yes."""
    cleaning = service(store, needs_approval=False)
    cleaning.realtor.commission_percent = 10
    cleaning.realtor.save()

    made = order(cleaning, fang, TEN, amount=Decimal(150))

    assert (made.status, made.price, made.final_price) == (Status.PENDING, 200, 150)
    assert made.has_proposal
    services.accept(made, by=acting(cleaning.realtor), at=NOW)
    made.refresh_from_db()
    assert (made.status, made.final_price, made.due_now) == (Status.CONFIRMED, 150, 150)
    assert made.commission == 15


def test_the_listed_amount_of_a_service_nobody_approves_is_paid_first(store, fang):
    cleaning = service(store, needs_approval=False)

    made = order(cleaning, fang, TEN, amount=Decimal(200))

    assert made.awaits_payment
    assert made.pay_before == NOW + timedelta(minutes=5)
    with pytest.raises(errors.PaymentRequired):
        services.accept(made, by=acting(cleaning.realtor), at=NOW)
    paid(made)
    assert made.status == Status.CONFIRMED


def test_what_was_not_paid_in_time_blocks_nobody_swept_or_not(store, fang):
    cleaning = service(store, needs_approval=False)
    first = order(cleaning, fang, TEN)

    second = order(cleaning, register("Bo"), TEN, at=NOW + timedelta(minutes=6))

    first.refresh_from_db()
    assert (first.status, first.cancel_reason) == (Status.CANCELLED, SystemReason.NOT_PAID)
    assert second.awaits_payment


def test_what_costs_nothing_in_advance_is_confirmed_at_once(store, fang):
    made = order(service(store, needs_approval=False, deposit_percent=0), fang, TEN)

    assert (made.status, made.payment_status) == (Status.CONFIRMED, PaymentStatus.NOT_REQUIRED)


def test_hours_cost_by_the_hour(store, fang):
    tutoring = service(store, price_unit="hour", price=90, duration_minutes=60)

    made = order(tutoring, fang, TEN, duration_minutes=100)

    assert (made.price, made.final_price) == (150, 150)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"amount": Decimal("-1")}, "amount"),
        ({"amount": Decimal("1.001")}, "amount"),
        ({"amount": Decimal(10) ** 9}, "amount"),
        ({"address": "x" * 201}, "address"),
        ({"place": Point(31.5, 121.0)}, "address"),
        ({"duration_minutes": 60}, "duration_minutes"),
    ],
)
def test_terms_that_cannot_be_are_refused_at_their_field(cleaning, fang, more, field):
    with pytest.raises(Invalid) as refusal:
        order(cleaning, fang, TEN, **more)

    assert list(refusal.value.errors) == [field]
    assert not Order.objects.exists()


def test_a_price_that_has_changed_since_it_was_shown_is_not_charged(cleaning, fang):
    with pytest.raises(Invalid):
        order(cleaning, fang, TEN, listed_price=Decimal(180))


def test_who_has_no_account_orders_nothing(cleaning):
    with pytest.raises(Forbidden):
        services.book(order_wish(cleaning, None, TEN), by=GUEST, at=NOW)


def test_nobody_orders_from_themselves(cleaning):
    with pytest.raises(Invalid):
        order(cleaning, cleaning.realtor.user, TEN)


def test_nobody_waits_in_line_with_an_order(store, fang):
    """Of a service that whoever is free does, too."""
    hire(store, "Mei")
    anybody = service(store, provider=hire(store, "Lin"))
    anybody.realtor = None
    anybody.save()
    order(anybody, fang, TEN)
    order(anybody, register("Bo"), TEN)

    with pytest.raises(errors.SlotTaken):
        order(anybody, register("Qiang"), TEN)


def test_a_held_time_becomes_an_order(cleaning, fang):
    by = Actor.of(fang)
    held = services.hold(cleaning.store, listing=cleaning, starts_at=TEN, by=by, at=NOW)
    with pytest.raises(errors.SlotTaken):
        order(cleaning, register("Bo"), TEN)

    made = order(cleaning, fang, TEN, hold_token=held.token, amount=Decimal(180))

    assert (made.realtor, made.final_price) == (cleaning.realtor, 180)
    assert made.order.number


def test_somebody_needs_time_to_get_from_one_customer_to_the_next(cleaning, fang):
    order(cleaning, fang, TEN, place=Point(31.0, 121.0))
    noon, half_past = TEN + 2 * HOUR, TEN + 2.5 * HOUR
    far = Point(31.1, 121.1)

    with pytest.raises(errors.SlotTaken):
        order(cleaning, register("Bo"), noon, place=far)
    with pytest.raises(errors.SlotTaken):
        order(cleaning, register("Qiang"), half_past, place=far)
    assert order(cleaning, register("Hong"), noon, place=Point(31.0, 121.0))


def test_before_it_is_confirmed_either_side_calls_it_off(cleaning, fang):
    made = order(cleaning, fang, TEN)

    services.cancel(made, by=Actor.of(fang), at=NOW)

    assert made.status == Status.CANCELLED
    assert not Claim.objects.filter(appointment=made).exists()


def test_after_that_no_side_does_alone_through_no_door(cleaning, fang):
    made = agreed(cleaning, fang, TEN)

    for by in (Actor.of(fang), acting(cleaning.realtor), manager(cleaning.store)):
        with pytest.raises(errors.NeedsAgreement):
            services.cancel(made, by=by, at=NOW)

    operator = Actor.of(UserFactory(is_superuser=True, is_staff=True))
    services.cancel(made, by=operator, at=NOW)
    assert made.status == Status.CANCELLED


def test_who_erases_their_account_needs_nobodys_word(cleaning, fang):
    made = agreed(cleaning, fang, TEN, address="Huaihai Road 1", place=Point(31.0, 121.0))

    forget_customer(fang, at=NOW)

    made.refresh_from_db()
    kept = made.order
    assert made.status == Status.CANCELLED
    assert (kept.address, kept.point) == ("", None)


def test_an_order_that_nobody_began_is_not_its_customers_no_show(cleaning, fang):
    made = agreed(cleaning, fang, TEN)

    for hours in (3, 4):
        close_no_shows(at=TEN + hours * HOUR)

    made.refresh_from_db()
    assert (made.status, made.needs_person) == (Status.CONFIRMED, True)
    assert made.log.filter(action="needs_person").count() == 1


def test_work_that_nobody_says_to_be_done_is_for_staff_to_ask_about_a_day_later(cleaning, fang):
    made = agreed(cleaning, fang, TEN)
    services.start(made, by=SYSTEM, at=TEN)

    close_no_shows(at=made.ends_at + 24 * HOUR - timedelta(minutes=1))
    made.refresh_from_db()
    assert not made.needs_person

    close_no_shows(at=made.ends_at + 24 * HOUR)
    close_no_shows(at=made.ends_at + 25 * HOUR)
    made.refresh_from_db()
    assert (made.status, made.needs_person) == (Status.IN_PROGRESS, True)
    assert made.log.get(action="needs_person").reason == SystemReason.NOT_FINISHED
    services.complete(made, by=SYSTEM, at=made.ends_at + 26 * HOUR)
    made.refresh_from_db()
    assert not made.needs_person


def test_it_is_moved_with_its_price_and_address(cleaning, fang):
    made = agreed(cleaning, fang, TEN, address="Huaihai Road 1", amount=Decimal(150))

    services.reschedule(made, starts_at=clock("14:00"), by=Actor.of(fang), at=NOW)

    made.refresh_from_db()
    assert (made.status, made.starts_at) == (Status.CONFIRMED, clock("14:00"))
    assert (made.final_price, made.order.address) == (150, "Huaihai Road 1")


def test_somebodys_own_service_is_given_to_others_by_people_only(store, cleaning, fang):
    """And whoever comes instead is not replaced by a rule: should they decline, it is over."""
    mei = hire(store, "Mei")
    made = order(cleaning, fang, TEN)
    hua = manager(store)
    with pytest.raises(errors.InvalidTransition):
        services.reassign_to_best(made, by=hua, at=NOW, reason="Lin is ill")

    services.reassign(made, mei, by=hua, at=NOW, reason="Lin is ill")
    services.decline(made, by=acting(mei), at=NOW)

    made.refresh_from_db()
    assert made.status == Status.CANCELLED


def test_before_the_yes_it_is_never_too_late_to_call_it_off(fang):
    cleaning = service(open_store("early", cancel_cutoff_minutes=600))
    made = order(cleaning, fang, TEN)

    services.cancel(made, by=Actor.of(fang), at=NOW)

    assert made.status == Status.CANCELLED


def test_what_is_to_be_paid_first_is_declined_by_nobody(store, fang):
    made = order(service(store, needs_approval=False), fang, TEN)

    with pytest.raises(errors.PaymentRequired):
        services.decline(made, by=acting(made.realtor), at=NOW)


def test_a_held_time_is_as_long_as_the_service(cleaning, fang):
    with pytest.raises(Invalid):
        services.hold(
            cleaning.store,
            listing=cleaning,
            starts_at=TEN,
            duration_minutes=300,
            by=Actor.of(fang),
            at=NOW,
        )
