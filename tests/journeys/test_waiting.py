"""A guest without JavaScript, in a store where the realtor answers every booking."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from appointments import services
from appointments.models import Appointment, Claim, Offer, OfferStatus, Status
from booking_site.common.transactions import run_in_transaction
from stores.models import Store
from tests.appointments import world
from tests.pages.shops import open_shop

from .conftest import Walk


@pytest.fixture
def store(transactional_db: None) -> Store:
    """Open round the clock, and Wei is asked each time."""
    store = open_shop("Never Closed", opens="00:00", closes="00:00", auto_confirm=False)
    world.hire(store, "Wei")
    return store


def accept(booked: Appointment) -> None:
    """Wei says yes, on a telephone of his own."""
    booked.refresh_from_db()
    wei = world.acting(booked.store.realtors.get())
    run_in_transaction(lambda: services.accept(booked, by=wei, at=timezone.now()))


def test_a_booking_that_waits_for_its_realtor_moves_at_390_pixels_without_script(
    walk: Callable[..., Walk], store: Store
):
    lan = walk(java_script_enabled=False)
    lan.choose_tomorrow(store)
    lan.choose_time("14:00")
    lan.fill_in()
    booked = lan.confirm()
    before = booked.starts_at
    expect(lan.page.get_by_text("Wei has been asked and will confirm it")).to_be_visible()

    lan.page.get_by_role("link", name="Move to another time").click()
    lan.fits()
    expect(lan.page.get_by_text("It stays yours until you choose another one.")).to_be_visible()
    lan.page.locator("a.day").nth(2).click()
    expect(lan.page.locator("a.day").nth(2)).to_have_attribute("aria-current", "date")
    lan.fits()
    lan.page.locator("label.slot", has_text="15:30").click()
    lan.page.get_by_role("button", name="Move to this time").click()

    assert lan.arrived() == booked
    expect(lan.page.get_by_text(re.compile("^Moved to .* 15:30"))).to_be_visible()
    booked.refresh_from_db()
    assert booked.starts_at == before + timedelta(days=1, minutes=90)
    assert booked.status == Status.PENDING
    expect(lan.page.get_by_text("Wei has been asked and will confirm it")).to_be_visible()
    # Wei is asked anew, and nothing of the old time is kept.
    assert Offer.objects.get(status=OfferStatus.OPEN).appointment == booked
    assert Claim.objects.filter(appointment=booked).count() == 24

    accept(booked)
    lan.page.reload()
    expect(lan.page.get_by_text("Your appointment is confirmed")).to_be_visible()
    lan.fits()


def test_an_open_page_shows_by_itself_that_the_realtor_has_confirmed(
    walk: Callable[..., Walk], store: Store
):
    lan = walk()
    lan.choose_tomorrow(store)
    lan.choose_time("14:00")
    lan.fill_in()
    booked = lan.confirm()
    expect(lan.page.get_by_role("heading", level=1)).to_have_text("Your request is in")
    expect(lan.page.locator(".timeline__next")).to_have_count(2)

    accept(booked)
    lan.look_again()

    expect(lan.page.get_by_role("heading", level=1)).to_have_text("Your appointment is confirmed")
    expect(lan.page.locator(".timeline__next")).to_have_count(1)
    expect(lan.page.locator("[data-announce]")).to_have_text("Your appointment is confirmed")
