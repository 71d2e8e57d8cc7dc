"""A place in a course: found, kept, booked for a child, paid, seen among one's own, called off."""

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Child
from appointments.models import Appointment, Session, Status
from realtors.models import Listing
from stores.models import Store
from tests.accounts.people import PASSWORD
from tests.appointments.courses import session_at, teach

from .conftest import Walk

Start = Callable[..., Walk]


@pytest.fixture
def piano(store: Store) -> Listing:
    """Mei's course: 100 yuan, and in the last two days half of it is kept."""
    return teach(store, title="Piano for beginners", capacity=2, fee_steps=[[2880, 50]])


@pytest.fixture
def tomorrow(piano: Listing) -> Session:
    """At two in the afternoon; another one follows at four."""
    day = timezone.now().astimezone(piano.store.zone).date() + timedelta(days=1)
    two = datetime.combine(day, time(14), tzinfo=piano.store.zone)
    at = timezone.now()
    session_at(piano, two + timedelta(hours=2), at=at)
    return session_at(piano, two, at=at)


def sign_in(page: Page) -> None:
    page.locator("input[name=login]").fill("fang@example.com")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()


def pay(her: Walk) -> None:
    page = her.page
    expect(page).to_have_url(re.compile(r"/bookings/\d{6}/pay/$"))
    her.fits()
    page.get_by_role("button", name="Pay ¥100").click()
    expect(page.get_by_role("heading", name="Sandbox")).to_be_visible()
    page.get_by_role("button", name="Pay", exact=True).click()
    page.get_by_role("link", name="To the booking").click()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_place_for_a_child_from_the_course_to_the_money_that_goes_back(
    walk: Start, piano: Listing, tomorrow: Session, fang: None, script: bool
):
    her = walk(java_script_enabled=script)
    page = her.page
    her.go(f"/courses/{piano.pk}/")
    expect(page.get_by_text("2 places left").first).to_be_visible()
    page.get_by_role("button", name=re.compile("^Book tomorrow 14:00")).click()
    sign_in(page)

    expect(page.get_by_text("It is free, but not kept for you yet.")).to_be_visible()
    her.fits()
    page.get_by_role("button", name="Keep it for me").click()
    expect(page.get_by_text("This place is kept for you")).to_be_visible()
    page.get_by_role("radio", name="My child").check()
    page.get_by_label("The child's name").fill("Lily")
    page.get_by_label("A note for the teacher").fill("She is left-handed")
    page.get_by_role("button", name="Book and pay ¥100").click()
    pay(her)

    booked = her.arrived()
    expect(page.get_by_role("heading", name="Your appointment is confirmed")).to_be_visible()
    expect(page.get_by_text("Lily")).to_be_visible()
    assert (booked.child, booked.status) == (Child.objects.get(name="Lily"), Status.CONFIRMED)

    her.go("/appointments/")
    expect(page.get_by_text("Piano for beginners")).to_be_visible()
    expect(page.get_by_text("for Lily")).to_be_visible()
    calls_it_off(her)


def calls_it_off(her: Walk) -> None:
    page = her.page
    page.get_by_role("link", name=re.compile("Tomorrow")).click()
    page.get_by_role("link", name="Cancel", exact=True).click()
    expect(page.get_by_text("Cancelling now costs ¥50 (50% of the price).")).to_be_visible()
    expect(page.get_by_text("Of what you paid, ¥50 comes back to you.")).to_be_visible()
    her.fits()
    page.get_by_role("button", name="Cancel the appointment").click()
    expect(page.get_by_text("Cancelled. The place has been given back.")).to_be_visible()
    expect(page.get_by_text(re.compile("^(Goes|Gone) back to you$"))).to_be_visible()
    her.fits()


def test_an_unpaid_place_waits_among_ones_own_and_moves(
    walk: Start, piano: Listing, tomorrow: Session, fang: None
):
    her = walk()
    page = her.page
    her.sign_in("fang@example.com", to=f"/courses/{piano.pk}/")
    page.get_by_role("button", name=re.compile("^Book tomorrow 14:00")).click()
    page.get_by_role("radio", name="Myself").check()
    page.get_by_role("button", name="Book and pay ¥100").click()
    expect(page).to_have_url(re.compile("/pay/$"))

    her.go("/appointments/")
    expect(page.get_by_role("heading", name="To be paid")).to_be_visible()
    page.get_by_role("link", name="Piano for beginners").click()
    page.get_by_role("link", name="Move to another session").click()
    her.fits()
    page.get_by_text("Tomorrow 16:00").click()
    page.get_by_role("button", name="Move to this session").click()

    expect(page.get_by_text("Moved to tomorrow 16:00.")).to_be_visible()
    page.get_by_role("link", name="Pay ¥100").click()
    pay(her)
    assert her.arrived().starts_local.hour == 16


def test_the_keyboard_alone_takes_a_place(
    walk: Start, piano: Listing, tomorrow: Session, fang: None
):
    her = walk()
    page, keys = her.page, her.page.keyboard
    her.sign_in("fang@example.com", to=f"/courses/{piano.pk}/")

    def reach(selector: str) -> None:
        for _press in range(80):
            keys.press("Tab")
            if page.locator(f"{selector}:focus").count():
                return
        raise AssertionError(f"the keyboard does not reach {selector}")

    reach(f"button[value='{tomorrow.pk}']")
    keys.press("Enter")
    expect(page).to_have_url(re.compile("/book/"))
    reach("input[name=whom]")
    keys.press("ArrowDown")
    reach("input[name=child_name]")
    keys.type("Lily")
    reach("form#seat-form button[type=submit]")
    keys.press("Enter")

    expect(page).to_have_url(re.compile("/pay/$"))
    assert Appointment.objects.get().attendee_name == "Lily"
