"""An operator's day in the back office of the whole site."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from appointments import services
from appointments.models import Appointment
from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from reviews.models import ReportReason, Review
from reviews.services import report
from stores.models import Store
from tests.appointments import world
from tests.factories import UserFactory
from tests.pages.shops import open_shop
from tests.reviews.visits import say, served

from .conftest import Walk

DESK = {"width": 1440, "height": 900}
FORMULA = '=HYPERLINK("http://evil.example/","Lan")'


@pytest.fixture
def store(transactional_db: None) -> Store:
    """Open round the clock; realtors answer every offer."""
    store = open_shop("Never Closed", opens="00:00", closes="00:00", auto_confirm=False)
    for name in ("Wei", "Ming"):
        world.hire(store, name)
    return store


@pytest.fixture
def olga(store: Store) -> User:
    return UserFactory(operator=True, display_name="Olga", email="olga@example.com")


@pytest.fixture
def reported(store: Store) -> Review:
    """Of a visit that is long over; the realtor finds that it is an advertisement."""
    wei = store.realtors.get(name="Wei")
    review = say(served(wei), rating=1, comment="Cheaper at mine!")
    report(review, reason=ReportReason.SPAM, words="", by=world.acting(wei), at=timezone.now())
    return review


@pytest.fixture
def refused(store: Store) -> Appointment:
    """All who could come have said no, and the customer's name is a formula."""
    tomorrow = timezone.now().astimezone(store.zone) + timedelta(days=1)
    start = tomorrow.replace(hour=14, minute=0, second=0, microsecond=0)
    wish = services.BookingRequest(
        store=store, starts_at=start, customer_name=FORMULA, customer_phone=world.LAN
    )
    lan = run_in_transaction(lambda: services.book(wish, by=Actor.guest(), at=timezone.now()))
    for _each in range(2):
        by = world.acting(lan.realtor)
        run_in_transaction(
            lambda by=by: services.decline(lan, by=by, at=timezone.now(), reason="busy")
        )
        lan.refresh_from_db()
    assert lan.needs_person
    return lan


@pytest.fixture
def desk(walk: Callable[..., Walk], olga: User, reported: Review, refused: Appointment) -> Walk:
    hers = walk(viewport=DESK)
    hers.sign_in(olga.email, to="/admin/")
    return hers


def test_a_day_of_an_operator(
    desk: Walk, store: Store, olga: User, reported: Review, refused: Appointment, tmp_path: Path
):
    gives_to_somebody_what_all_have_declined(desk, refused)
    hides_what_was_reported(desk, store, reported)
    changes_the_store_and_finds_who_did(desk, store, olga)
    takes_the_list_along_without_its_formulas(desk, tmp_path)


def gives_to_somebody_what_all_have_declined(desk: Walk, refused: Appointment) -> None:
    page = desk.page
    page.get_by_role("link", name=re.compile("Declined by everybody")).click()
    page.get_by_role("link", name=str(refused.code)).click()
    # It stands there as a text.
    expect(page.get_by_text(FORMULA).first).to_be_visible()
    page.get_by_role("link", name="Give to another realtor").click()
    page.get_by_label("Realtor").select_option(label="Ming – declined or did not answer before")
    page.get_by_label("Reason").fill("He comes after all")
    page.get_by_label("Override the rules").check()
    page.get_by_role("button", name="Give to another realtor").click()
    expect(page.get_by_text("Give to another realtor: 1 done.")).to_be_visible()
    refused.refresh_from_db()
    assert (str(refused.realtor), refused.needs_person) == ("Ming", False)


def hides_what_was_reported(desk: Walk, store: Store, reported: Review) -> None:
    page = desk.page
    desk.go("/admin/")
    page.get_by_role("link", name=re.compile("1 Reported reviews")).click()
    page.get_by_role("rowheader").get_by_role("link").click()
    page.get_by_role("link", name=re.compile(r"Lan · 1 ★$")).click()
    expect(page.get_by_text("Cheaper at mine!").first).to_be_visible()
    page.get_by_role("link", name="Hide").click()
    page.get_by_label("Reason").fill("An advertisement")
    page.get_by_role("button", name="Hide").click()
    expect(page.get_by_text("Hide: 1 done.")).to_be_visible()
    desk.go(f"/stores/{store.pk}/")
    expect(page.get_by_text("Cheaper at mine!")).to_have_count(0)
    store.refresh_from_db()
    assert store.review_count == 0


def changes_the_store_and_finds_who_did(desk: Walk, store: Store, olga: User) -> None:
    page = desk.page
    desk.go(f"/admin/stores/store/{store.pk}/change/")
    page.get_by_label(re.compile("^Address")).fill("Nanjing Road 101")
    page.get_by_role("button", name="Save", exact=True).click()
    desk.go(f"/admin/stores/store/{store.pk}/history/")
    newest = page.locator(".records-moment").first
    expect(newest).to_contain_text("Olga")
    expect(newest).to_contain_text("Nanjing Road 101")


def takes_the_list_along_without_its_formulas(desk: Walk, folder: Path) -> None:
    page = desk.page
    desk.go("/admin/appointments/appointment/")
    page.get_by_role("link", name="Export").click()
    page.get_by_label("Include it too:").check()
    with page.expect_download() as arriving:
        page.get_by_role("button", name="Download").click()
    text = Path(arriving.value.path()).read_text(encoding="utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert f"'{FORMULA}" in cells
    assert not [cell for cell in cells if cell.startswith("=")]
