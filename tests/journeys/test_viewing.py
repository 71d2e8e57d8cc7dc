"""A house: found, a time to see it chosen among its own, booked as a guest, moved, called off; and
said afterwards how it was."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from appointments import services
from appointments.models import Appointment, Status, ViewingFeedback
from booking_site.common.actors import SYSTEM, Actor
from realtors.models import Listing
from stores.models import Store
from tests.appointments import places, world

from .conftest import Walk

Start = Callable[..., Walk]
PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def flat(store: Store) -> Listing:
    """Jing's; she confirms every viewing."""
    jing = world.hire(store, "Jing")
    return places.house(store, realtor=jing, address="Wukang Road 12", needs_approval=True)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_guest_books_a_viewing_moves_it_and_calls_it_off(
    walk: Start, flat: Listing, script: bool
):
    her = walk(java_script_enabled=script, **PHONE)
    page = her.page
    her.go("/houses/")
    page.get_by_role("link", name=flat.title).first.click()
    her.fits()
    page.get_by_role("link", name="Book a viewing").click()
    expect(page.get_by_text("Viewing costs nothing.").first).to_be_visible()
    her.fits()
    page.locator("a.day").nth(1).click()
    expect(page.locator("a.day").nth(1)).to_have_attribute("aria-current", "date")
    her.choose_time("14:00")
    expect(page.get_by_text("Wukang Road 12")).to_be_visible()
    her.fill_in()
    expect(page.get_by_text(flat.title).first).to_be_visible()
    booked = her.confirm()

    assert (booked.listing, booked.status) == (flat, Status.PENDING)
    expect(page.get_by_text("Confirmation by the host")).to_be_visible()
    services.accept(booked, by=SYSTEM, at=timezone.now())
    her.go(f"/appointments/{booked.code}/")
    expect(page.get_by_role("heading", name="Your viewing is confirmed")).to_be_visible()

    page.get_by_role("link", name="Move to another time").click()
    page.locator("a.day").nth(2).click()
    expect(page.locator("a.day").nth(2)).to_have_attribute("aria-current", "date")
    page.locator(".slot", has_text="15:00").first.click()
    page.get_by_role("button", name="Move to this time").click()
    expect(page.get_by_text(re.compile("The code stays the same"))).to_be_visible()
    assert her.arrived().starts_local.hour == 15

    page.get_by_role("link", name="Cancel", exact=True).click()
    her.fits()
    page.get_by_role("button", name="Cancel the viewing").click()
    expect(page.get_by_role("heading", name="This viewing was cancelled")).to_be_visible()


def test_after_a_viewing_one_tells_the_host(walk: Start, flat: Listing, fang: None):
    seen = _seen(flat)
    her = walk(**PHONE)
    page = her.page
    her.sign_in("fang@example.com", to=f"/appointments/{seen.code}/")
    her.fits()
    page.get_by_text("I have to think about it").click()
    page.get_by_label("A note to your host").fill("The kitchen is small")
    page.get_by_role("button", name="Tell my host").click()

    expect(page.get_by_text("Your host has been told.")).to_be_visible()
    expect(page.get_by_role("button", name="Change what I said")).to_be_visible()
    assert ViewingFeedback.objects.get().note == "The kitchen is small"


def _seen(house: Listing) -> Appointment:
    fang = User.objects.get(email="fang@example.com")
    start = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(days=1)
    wish = services.BookingRequest(
        store=house.store,
        listing=house,
        starts_at=start,
        customer=fang,
        customer_name="Fang",
        customer_phone=str(fang.phone),
    )
    seen = services.book(wish, by=Actor.of(fang), at=start - timedelta(hours=2))
    services.accept(seen, by=SYSTEM, at=start - timedelta(hours=2))
    services.start(seen, by=SYSTEM, at=start)
    return services.complete(seen, by=SYSTEM, at=start + timedelta(minutes=30))
