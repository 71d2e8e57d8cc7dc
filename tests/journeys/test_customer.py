"""A customer with an account."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from accounts.models import User
from appointments.models import Claim
from stores.models import Store
from tests.accounts.people import PASSWORD

from .conftest import Walk


def test_a_customer_signs_in_books_and_moves_to_another_time(
    walk: Callable[..., Walk], store: Store, fang: None
):
    her = walk()
    her.go("/accounts/login/?next=/appointments/")
    her.page.locator("input[name=login]").fill("fang@example.com")
    her.page.locator("input[name=password]").fill(PASSWORD)
    her.page.locator("main form button[type=submit]").first.click()
    expect(her.page.get_by_text("You have no appointment")).to_be_visible()

    her.choose_tomorrow(store)
    her.choose_time("14:00")
    expect(her.page.get_by_label("Your name")).to_have_value("Fang")
    her.page.get_by_role("button", name="Continue").click()
    booked = her.confirm()
    assert booked.user == User.objects.get(email="fang@example.com")

    her.go("/appointments/")
    her.page.get_by_role("link", name=re.compile("Tomorrow")).click()
    her.page.get_by_role("link", name="Move to another time").click()
    her.fits()
    her.page.locator("label.slot", has_text="15:30").click()
    her.page.get_by_role("button", name="Move to this time").click()

    expect(her.page.get_by_text("Moved to tomorrow 15:30.")).to_be_visible()
    booked.refresh_from_db()
    assert booked.starts_local.strftime("%H:%M") == "15:30"
    # The realtor and the customer, twelve cells each: nothing of the old time is left.
    assert Claim.objects.filter(appointment=booked).count() == 24
