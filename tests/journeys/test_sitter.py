"""A pet sitter at work, on a telephone of 390 pixels: a place is published, a pet is taken in."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from appointments.models import Appointment, Status
from realtors.models import Listing, Realtor
from tests.accounts.people import make_user
from tests.appointments.places import book_stay, pet_of
from tests.appointments.world import register
from tests.factories import RealtorFactory
from tests.pages.shops import open_shop

from .conftest import Walk

Start = Callable[..., Walk]
PHONE = {"width": 390, "height": 844}
DAY = timedelta(days=1)


@pytest.fixture
def tao(transactional_db: None) -> Realtor:
    store = open_shop("Never Closed", opens="00:00", closes="00:00")
    return RealtorFactory(store=store, name="Tao", user=make_user("tao@example.com"))


def test_a_place_is_published_a_pet_comes_and_goes(walk: Start, tao: Realtor):
    now = timezone.now()
    tomorrow = now.astimezone(tao.store.zone).date() + DAY
    sitter = walk(viewport=PHONE)
    sitter.sign_in("tao@example.com", "/console/boarding/")
    sitter.fits()

    # The place is written, and everybody sees it.
    sitter.page.get_by_role("link", name="Offer a boarding place").click()
    sitter.page.get_by_label("Title").fill("Home by the park")
    sitter.page.get_by_label("Price a night and pet").fill("80")
    sitter.page.get_by_label("Pets at a time").fill("2")
    sitter.page.get_by_label("Paid in advance, in %").fill("0")
    sitter.page.get_by_role("button", name="Keep as a draft").click()
    expect(sitter.page.get_by_text("One night costs ¥80 a pet")).to_be_visible()
    sitter.fits()
    sitter.page.get_by_role("button", name="Publish").click()
    expect(sitter.page.get_by_text("Everybody sees it from now on.")).to_be_visible()

    # Fang asks for three nights of a cat; Tao reads what must be known, and says yes.
    fang = register("Fang")
    pet_of(fang, breed="Ragdoll", weight_kg="4.50", notes="Afraid of vacuum cleaners")
    place = Listing.objects.get()
    booked = book_stay(place, fang, tomorrow, tomorrow + 3 * DAY, at=now)
    sitter.go("/console/")
    offer = sitter.page.locator(f"#offer-{booked.pk}")
    expect(offer.get_by_text("Afraid of vacuum cleaners")).to_be_visible()
    offer.get_by_role("button", name="Accept").click()
    expect(sitter.page.get_by_text("Accepted.")).to_be_visible()

    # The month has it, night by night, by keyboard too.
    sitter.go(f"/console/boarding/?month={tomorrow:%Y-%m}")
    night = sitter.page.locator(f"#night-{tomorrow.isoformat()}")
    expect(night.get_by_text("1 of 2")).to_be_visible()
    night.locator("summary").focus()
    sitter.page.keyboard.press("Enter")
    expect(night.get_by_role("link", name="Doubao")).to_be_visible()
    sitter.fits()

    # The day has come: the cat is brought, and fetched.
    today = tomorrow - DAY
    Appointment.objects.filter(pk=booked.pk).update(check_in=today)
    sitter.go("/console/")
    sitter.page.get_by_role("button", name="Check in").click()
    expect(sitter.page.get_by_role("heading", name=re.compile("Pets here now"))).to_be_visible()
    sitter.fits()
    sitter.page.get_by_role("button", name="Check out").click()
    expect(sitter.page.get_by_role("button", name="Check out")).to_have_count(0)
    booked.refresh_from_db()
    assert booked.status == Status.COMPLETED
