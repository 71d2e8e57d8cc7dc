"""A customer with an account: from choosing a time to saying how it was."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from accounts.models import User
from appointments import services
from appointments.models import Appointment, Claim
from booking_site.common.actors import SYSTEM
from booking_site.common.transactions import run_in_transaction
from reviews.models import Review
from stores.models import Store
from tests.reviews.photographs import picture

from .conftest import Walk

PHOTO = {"name": "after.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(1600, 1200))}


def test_a_customer_books_moves_comes_and_says_how_it_was(
    walk: Callable[..., Walk], store: Store, fang: None
):
    her = walk()
    page = her.page
    her.sign_in("fang@example.com", to="/appointments/")
    expect(page.get_by_text("You have no appointment")).to_be_visible()

    her.choose_tomorrow(store)
    her.choose_time("14:00")
    expect(page.get_by_label("Your name")).to_have_value("Fang")
    page.get_by_role("button", name="Continue").click()
    booked = her.confirm()
    assert booked.user == User.objects.get(email="fang@example.com")

    her.go("/appointments/")
    page.get_by_role("link", name=re.compile("Tomorrow")).click()
    page.get_by_role("link", name="Move to another time").click()
    her.fits()
    page.locator("label.slot", has_text="15:30").click()
    page.get_by_role("button", name="Move to this time").click()

    expect(page.get_by_text("Moved to tomorrow 15:30.")).to_be_visible()
    booked.refresh_from_db()
    assert booked.starts_local.strftime("%H:%M") == "15:30"
    # The realtor and the customer, twelve cells each: nothing of the old time is left.
    assert Claim.objects.filter(appointment=booked).count() == 24

    serve(booked, her)
    says_how_it_was(her, booked)
    it_stands_on_the_page_of_the_store(page, store)


def serve(booked: Appointment, her: Walk) -> None:
    """The realtor does their part, and the open page tells of it."""
    run_in_transaction(lambda: services.start(booked, by=SYSTEM, at=booked.starts_at))
    her.look_until(her.page.locator(".pill", has_text="in progress"))
    run_in_transaction(lambda: services.complete(booked, by=SYSTEM, at=booked.ends_at))
    her.look_until(her.page.locator(".pill", has_text="completed"))
    her.fits()


def says_how_it_was(her: Walk, booked: Appointment) -> None:
    page = her.page
    her.go("/appointments/?show=review")
    page.get_by_role("link", name="How was it?").click()
    her.fits()
    # Without stars the browser itself does not let it go.
    page.get_by_role("button", name="Send your review").click()
    expect(page).to_have_url(re.compile("/review/$"))
    page.locator("label[for=rating_5]").click()
    page.get_by_label("Photos").set_input_files([PHOTO])
    expect(page.get_by_role("img", name=PHOTO["name"])).to_be_visible()
    page.locator("textarea").fill("She knew every corner.")
    page.get_by_role("button", name="Send your review").click()

    expect(page.get_by_role("heading", name="Your review")).to_be_visible()
    her.fits()
    review = Review.objects.get(appointment=booked)
    assert (review.rating, review.photos.count()) == (5, 1)
    her.go("/appointments/?show=review")
    expect(page.get_by_text("You have said everything")).to_be_visible()


def it_stands_on_the_page_of_the_store(page: Page, store: Store) -> None:
    page.get_by_role("link", name="Find a store").click()
    page.get_by_role("link", name=store.name).first.click()
    expect(page.get_by_text("She knew every corner.")).to_be_visible()
    page.get_by_role("link", name="Read in full, with photos").click()
    photo = page.get_by_role("img", name=re.compile("^Photo 1 of 1"))
    photo.scroll_into_view_if_needed()
    # It has arrived, from an address of our own.
    expect(photo).to_have_js_property("complete", True)
    assert photo.evaluate("one => one.naturalWidth") > 0
