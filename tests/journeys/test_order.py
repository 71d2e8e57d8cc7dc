"""A service: found near oneself, ordered for another amount, confirmed, paid, done, reviewed."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from appointments import services
from appointments.models import Appointment, PaymentStatus
from booking_site.common.actors import SYSTEM, Actor
from realtors.models import Listing
from reviews.models import Review
from stores.models import Store
from tests.accounts.people import PASSWORD
from tests.appointments import orders, world

from .conftest import Walk

Start = Callable[..., Walk]
PHONE = {"viewport": {"width": 390, "height": 844}}
NEAR = {"latitude": 31.22, "longitude": 121.46}


@pytest.fixture
def cleaning(store: Store) -> Listing:
    """Lin's, on the map: two hours for 200 yuan, confirmed by Lin."""
    return orders.service(store, latitude="31.23", longitude="121.47")


def sign_in(page: Page) -> None:
    page.locator("input[name=login]").fill("fang@example.com")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_service_from_the_search_to_the_review(
    walk: Start, cleaning: Listing, fang: None, script: bool
):
    her = walk(java_script_enabled=script, **PHONE)
    page = her.page
    her.go(f"/services/?lat={NEAR['latitude']}&lng={NEAR['longitude']}")
    page.get_by_role("link", name="Cleaning").first.click()
    her.fits()
    page.get_by_role("link", name="Order", exact=True).click()
    page.locator("a.day").nth(1).click()
    expect(page.locator("a.day").nth(1)).to_have_attribute("aria-current", "date")
    her.fits()
    her.unfold("14:00")
    page.get_by_role("button", name="14:00", exact=True).click()
    sign_in(page)
    ordered = proposes(her)

    services.accept(ordered, by=SYSTEM, at=timezone.now())
    pays(her, ordered)

    services.start(ordered, by=SYSTEM, at=ordered.starts_at)
    services.complete(ordered, by=SYSTEM, at=ordered.ends_at)
    her.go(f"/appointments/{ordered.code}/")
    page.get_by_role("link", name="How was it?").click()
    her.fits()
    page.locator("label[for=rating_5]").click()
    page.get_by_role("button", name="Send your review").click()
    expect(page.get_by_role("heading", name="Your review")).to_be_visible()
    assert Review.objects.get().appointment == ordered


def proposes(her: Walk) -> Appointment:
    page = her.page
    expect(page).to_have_url(re.compile(r"/services/\d+/order/details/\?start="))
    her.fits()
    page.get_by_label("Where to?").fill("Anfu Road 7, room 301")
    page.get_by_label("How much do you offer?").fill("150")
    page.get_by_role("button", name="Order now").click()
    ordered = her.arrived()
    expect(page.get_by_role("heading", name="Your order is in")).to_be_visible()
    expect(page.get_by_text("¥150 (listed at ¥200)").first).to_be_visible()
    assert ordered.has_proposal
    return ordered


def pays(her: Walk, ordered: Appointment) -> None:
    page = her.page
    her.go(f"/appointments/{ordered.code}/")
    expect(page.get_by_role("heading", name="Your order is confirmed")).to_be_visible()
    page.get_by_role("link", name="Pay ¥150").click()
    her.fits()
    page.get_by_role("button", name="Pay ¥150").click()
    page.get_by_role("button", name="Pay", exact=True).click()
    page.get_by_role("link", name="To the booking").click()
    her.arrived()
    ordered.refresh_from_db()
    assert ordered.payment_status == PaymentStatus.PAID


def test_a_page_left_open_shows_at_once_that_they_ask_to_call_it_off(
    walk: Start, cleaning: Listing, fang: None
):
    her = walk(**PHONE)
    page = her.page
    ordered = _confirmed(cleaning)
    her.sign_in("fang@example.com", to=f"/appointments/{ordered.code}/")
    expect(page.locator("summary", has_text="Ask to call it off")).to_be_visible()

    services.ask_to_cancel(ordered, by=_lin(ordered), at=timezone.now(), reason="A broken leg")

    her.look_until(page.get_by_role("button", name="Agree to call it off"))
    expect(page.get_by_text("A broken leg").first).to_be_visible()
    her.fits()
    page.get_by_role("button", name="Agree to call it off").click()
    expect(page.get_by_role("heading", name="This order was called off")).to_be_visible()


def _confirmed(cleaning: Listing) -> Appointment:
    fang, at = User.objects.get(email="fang@example.com"), timezone.now()
    start = at.replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    return orders.agreed(cleaning, fang, start, at=at, address="Anfu Road 7")


def _lin(ordered: Appointment) -> Actor:
    assert ordered.realtor is not None
    return world.acting(ordered.realtor)
