"""Nights for a pet: found by dates, chosen in the calendar, booked, paid, moved, called off."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Pet, User
from appointments.models import Appointment, Status
from realtors.models import Listing
from stores.models import Store
from tests.accounts.people import PASSWORD
from tests.appointments import places

from .conftest import Walk

Start = Callable[..., Walk]
PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def home(store: Store) -> Listing:
    """Tao's: 80 yuan a night and pet, half of it in advance, confirmed when it is paid."""
    return places.boarding(store, deposit_percent=50, address="Anfu Road 7")


def in_days(place: Listing, number: int) -> date:
    today = timezone.now().astimezone(place.store.zone).date()
    return today + timedelta(days=number)


def sign_in(page: Page) -> None:
    page.locator("input[name=login]").fill("fang@example.com")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()


def press(page: Page, day: date) -> None:
    page.locator(f"#night-{day.isoformat()}").click()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_nights_from_the_list_to_the_money(walk: Start, home: Listing, fang: None, script: bool):
    her = walk(java_script_enabled=script, **PHONE)
    page = her.page
    first, last = in_days(home, 3), in_days(home, 6)
    her.go("/boarding/")
    page.get_by_label("Check-in").fill(first.isoformat())
    page.get_by_label("Check-out").fill(last.isoformat())
    page.get_by_role("button", name="Show places with room").click()
    expect(page.get_by_text("¥240 for 3 nights, 1 pet")).to_be_visible()
    her.fits()
    page.locator(f"a[href^='/listings/{home.pk}/?']").first.click()
    page.get_by_role("link", name="Choose the nights").click()
    expect(page.get_by_text("¥240")).to_be_visible()
    her.fits()

    # Another choice, by the calendar alone.
    press(page, in_days(home, 4))
    expect(page.get_by_text("Now choose the day of the check-out.")).to_be_visible()
    press(page, in_days(home, 6))
    expect(page.get_by_text("¥160")).to_be_visible()
    page.get_by_role("link", name="Book these nights").click()
    sign_in(page)
    add_a_pet(her)
    expect(page.get_by_text("¥80").first).to_be_visible()
    her.fits()
    page.get_by_role("checkbox", name="Doubao").check()
    page.get_by_label("A note for the sitter").fill("Afraid of vacuum cleaners")
    page.get_by_role("button", name="Book and pay ¥80").click()

    expect(page).to_have_url(re.compile(r"/bookings/\d{6}/pay/$"))
    her.fits()
    page.get_by_role("button", name="Pay ¥80").click()
    page.get_by_role("button", name="Pay", exact=True).click()
    page.get_by_role("link", name="To the booking").click()
    booked = her.arrived()
    expect(page.get_by_role("heading", name="Your stay is confirmed")).to_be_visible()
    expect(page.get_by_text("Doubao").first).to_be_visible()
    assert (booked.nights, booked.status) == (2, Status.CONFIRMED)
    moves_and_calls_off(her, home, booked)


def add_a_pet(her: Walk) -> None:
    page = her.page
    page.get_by_role("link", name="Add a pet").click()
    her.fits()
    page.get_by_label("Name", exact=True).fill("Doubao")
    page.get_by_label("Species").fill("cat")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile(r"/boarding/\d+/book/\?"))
    expect(page.get_by_role("checkbox", name="Doubao")).to_be_checked()


def moves_and_calls_off(her: Walk, home: Listing, booked: Appointment) -> None:
    page = her.page
    page.get_by_role("link", name="Move to other dates").click()
    her.fits()
    press(page, in_days(home, 5))
    page.get_by_role("button", name="Move to these dates").click()
    expect(page.get_by_text(re.compile("The code stays the same"))).to_be_visible()
    booked.refresh_from_db()
    assert booked.check_in == in_days(home, 5)
    page.get_by_role("link", name="Cancel", exact=True).click()
    expect(page.get_by_text("All you paid comes back to you: ¥80.")).to_be_visible()
    her.fits()
    page.get_by_role("button", name="Cancel the stay").click()
    expect(page.get_by_role("heading", name="This stay was cancelled")).to_be_visible()
    assert places.night_claims(home) == 0


def test_the_sum_follows_the_pets_as_they_are_ticked(walk: Start, home: Listing, fang: None):
    her = walk(**PHONE)
    page = her.page
    dates = f"check_in={in_days(home, 3)}&check_out={in_days(home, 5)}"
    _with_pets("Doubao", "Mimi")
    her.go("/accounts/login/")
    sign_in(page)
    her.go(f"/boarding/{home.pk}/book/?{dates}")
    expect(page.get_by_role("button", name="Book and pay ¥80")).to_be_visible()
    page.get_by_role("checkbox", name="Mimi").check()
    expect(page.get_by_text("2 pets × 2 nights × ¥80")).to_be_visible()
    page.get_by_role("button", name="Book and pay ¥160").click()

    expect(page).to_have_url(re.compile(r"/bookings/\d{6}/pay/$"))
    assert Appointment.objects.get().stay_pets.count() == 2


def test_the_keyboard_alone_chooses_nights(walk: Start, home: Listing):
    her = walk()
    page, keys = her.page, her.page.keyboard
    her.go(f"/boarding/{home.pk}/")

    def reach(day: date) -> None:
        for _press in range(120):
            keys.press("Tab")
            if page.locator(f"#night-{day.isoformat()}:focus").count():
                return
        raise AssertionError(f"the keyboard does not reach {day}")

    reach(in_days(home, 3))
    keys.press("Enter")
    expect(page.get_by_text("Now choose the day of the check-out.")).to_be_visible()
    # What was pressed keeps the focus, so that the next day is one step away.
    expect(page.locator(f"#night-{in_days(home, 3).isoformat()}")).to_be_focused()
    keys.press("Tab")
    keys.press("Enter")

    expect(page.get_by_text("¥80").first).to_be_visible()
    expect(page.get_by_role("link", name="Book these nights")).to_be_visible()


def _with_pets(*names: str) -> None:
    fang = User.objects.get(email="fang@example.com")
    for name in names:
        Pet.objects.create(owner=fang, name=name, species="cat")
