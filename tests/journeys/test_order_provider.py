"""Lin cleans homes and carries a telephone of 390 pixels: a service is published, an order comes
with another amount than hers, is done, paid for and praised. And one about which both sides do not
agree, on which an operator decides."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from appointments import services
from appointments.models import Appointment, PaymentStatus, Status
from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from realtors.models import Listing, Realtor
from tests.accounts.people import make_user
from tests.appointments.orders import agreed, order, paid, service
from tests.factories import RealtorFactory, UserFactory
from tests.pages.shops import open_shop
from tests.reviews.visits import say

from .conftest import Walk

Start = Callable[..., Walk]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


@pytest.fixture
def lin(transactional_db: None) -> Realtor:
    store = open_shop("Never Closed", opens="00:00", closes="00:00")
    return RealtorFactory(store=store, name="Lin", user=make_user("lin@example.com"))


@pytest.fixture
def customer(transactional_db: None) -> User:
    return make_user("fang@example.com", display_name="Fang", phone="+8613800000009")


def tomorrow_at_ten(lin: Realtor) -> datetime:
    tomorrow = timezone.now().astimezone(lin.store.zone) + timedelta(days=1)
    return tomorrow.replace(hour=10, minute=0, second=0, microsecond=0)


def test_a_service_is_published_ordered_for_less_done_and_praised(
    walk: Start, lin: Realtor, customer: User
):
    her = walk(viewport=PHONE)
    page = her.page
    her.sign_in("lin@example.com", "/console/orders/")
    her.fits()
    publishes_a_service(her)

    listing, start = Listing.objects.get(), tomorrow_at_ten(lin)
    terms = {"amount": Decimal(150), "address": "Huaihai Road 1"}
    made = run_in_transaction(lambda: order(listing, customer, start, at=timezone.now(), **terms))
    her.go("/console/orders/")
    page.get_by_role("link", name="Home cleaning").click()
    expect(page.get_by_text("¥150 (listed at ¥200)").first).to_be_visible()
    expect(page.get_by_text("Huaihai Road 1").first).to_be_visible()
    her.fits()
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("unpaid ¥150").first).to_be_visible()

    # Paid, and the day has come.
    made.refresh_from_db()
    run_in_transaction(lambda: paid(made, at=timezone.now()))
    Appointment.objects.filter(pk=made.pk).update(starts_at=timezone.now())
    her.go(f"/console/appointments/{made.pk}/")
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="Complete").click()
    expect(page.get_by_role("button", name="Complete")).to_have_count(0)
    made.refresh_from_db()
    assert (made.status, made.payment_status) == (Status.COMPLETED, PaymentStatus.PAID)

    say(made, rating=5, comment="The windows sparkle")
    her.go("/console/reviews/")
    expect(page.get_by_text("The windows sparkle")).to_be_visible()


def publishes_a_service(her: Walk) -> None:
    page = her.page
    page.get_by_role("link", name="Offer a service").click()
    page.get_by_label("Title").fill("Home cleaning")
    page.get_by_label("Price", exact=True).fill("200")
    page.get_by_label("Minutes it takes").fill("120")
    page.get_by_label("Comes as far as, in km").fill("20")
    page.get_by_role("button", name="Keep as a draft").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Everybody sees it from now on.")).to_be_visible()
    her.fits()


def test_where_both_sides_do_not_agree_an_operator_decides(
    walk: Start, lin: Realtor, customer: User
):
    now, cleaning = timezone.now(), service(lin.store, provider=lin)
    made = run_in_transaction(
        lambda: paid(agreed(cleaning, customer, tomorrow_at_ten(lin), at=now), at=now)
    )
    run_in_transaction(
        lambda: services.ask_to_cancel(
            made, by=Actor.of(customer), at=timezone.now(), reason="The child is ill"
        )
    )
    her = walk(viewport=PHONE)
    her.sign_in("lin@example.com", f"/console/appointments/{made.pk}/")
    expect(her.page.get_by_text("The child is ill").first).to_be_visible()
    her.page.get_by_label("Your reason").fill("I bought the material")
    her.page.get_by_role("button", name="No, the order stands").click()
    expect(her.page.get_by_text(re.compile("The answer was no")).first).to_be_visible()

    olga = UserFactory(operator=True, display_name="Olga", email="olga@example.com")
    office = walk(viewport=DESK)
    office.sign_in(olga.email, to="/admin/")
    office.go("/admin/appointments/cancelrequest/?state__exact=disputed")
    office.page.get_by_role("link", name=made.order.number).click()
    expect(office.page.get_by_text("I bought the material").first).to_be_visible()
    office.page.get_by_role("link", name="Decide", exact=True).click()
    office.page.get_by_label("Decision").select_option(label="The order is called off")
    office.page.get_by_label(re.compile("Goes back to the customer")).fill("75")
    office.page.get_by_label("Reason").fill("A day ahead, but the material is bought")
    office.page.get_by_role("button", name="Decide").click()
    expect(office.page.get_by_text("Decide: 1 done.")).to_be_visible()

    made.refresh_from_db()
    assert (made.status, made.cancel_fee) == (Status.CANCELLED, 50)
    her.go(f"/console/appointments/{made.pk}/")
    expect(her.page.get_by_text("A day ahead, but the material is bought").first).to_be_visible()
