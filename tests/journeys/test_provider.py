"""Somebody signs up to offer their time, says what and where, and is found and booked."""

from collections.abc import Callable

from playwright.sync_api import expect

from appointments.models import Appointment
from stores.models import Category
from tests.accounts.people import PASSWORD

from .conftest import Walk

Start = Callable[..., Walk]
PHONE = {"width": 390, "height": 844}
HERE = {"latitude": 30.24891, "longitude": 120.15551}


def test_from_signing_up_to_the_first_booking(walk: Start, transactional_db: None):
    Category.objects.create(slug="cats", name="猫", name_en="Cats", position=1)
    su = walk(viewport=PHONE, geolocation=HERE, permissions=["geolocation"])

    su.go("/accounts/signup/")
    su.page.get_by_label("Your name").fill("Su")
    su.page.get_by_label("E-mail").fill("su@example.com")
    su.page.get_by_label("Password", exact=False).first.fill(PASSWORD)
    su.page.get_by_label("offer appointments").check()
    su.page.get_by_role("button", name="Sign up").click()
    su.page.get_by_role("link", name="Write your page").click()
    su.fits()

    su.page.get_by_label("About your work").fill("Home visits for cats.")
    su.page.get_by_label("Cats", exact=True).check()
    su.page.get_by_label("City").fill("Hangzhou")
    su.page.get_by_text("Where it is on the map").click()
    su.page.get_by_role("button", name="I am there now").click()
    expect(su.page.get_by_label("Latitude")).to_have_value("30.2489")
    su.fits()
    su.page.get_by_role("button", name="Save").click()
    expect(su.page.get_by_text("This is what customers see now.")).to_be_visible()

    lan = walk(viewport=PHONE)
    lan.go("/stores/?city=Hangzhou&category=cats&lat=30.2500&lng=120.1555&within=5")
    lan.page.get_by_role("link", name="Su", exact=True).click()
    lan.page.locator("a.day").nth(1).click()
    lan.choose_time("10:00")
    lan.fill_in()
    lan.page.locator("main form button[type=submit]").first.click()
    expect(lan.page.get_by_text("Su").first).to_be_visible()

    assert Appointment.objects.get().store.realtors.get().user.email == "su@example.com"
