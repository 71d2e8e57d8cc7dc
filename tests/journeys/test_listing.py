"""Somebody offers a flat with a picture, and a customer finds it by what they look for."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from realtors.models import Listing
from stores.models import Store
from tests.accounts.people import make_user
from tests.reviews.photographs import picture

from .conftest import Walk

Start = Callable[..., Walk]
PHONE = {"width": 390, "height": 844}


def test_from_the_first_word_to_whoever_finds_it(walk: Start, store: Store, tmp_path: Path):
    photo = tmp_path / "kitchen.jpg"
    photo.write_bytes(picture(size=(1200, 900)))
    wei = walk(viewport=PHONE)
    realtor = store.realtors.get(name="Wei")
    realtor.user = make_user("wei@example.com", display_name="Wei")
    realtor.save()
    wei.sign_in("wei@example.com", to="/console/listings/")
    wei.page.get_by_role("link", name="A house to view").click()
    wei.fits()
    wei.page.get_by_label("Title").fill("Two rooms by the river")
    wei.page.get_by_label("rooms", exact=False).first.fill("2")
    wei.page.get_by_label("district", exact=False).first.fill("Pudong")
    wei.page.get_by_label("Rent a month", exact=True).fill("6500")
    wei.page.get_by_role("button", name="Keep as a draft").click()
    expect(wei.page.get_by_text("Kept as a draft")).to_be_visible()
    wei.page.get_by_label("A picture").set_input_files(photo)
    wei.page.get_by_label("What it shows").fill("The kitchen")
    wei.page.get_by_role("button", name="Add the picture").click()
    expect(wei.page.get_by_alt_text("The kitchen")).to_be_visible()
    wei.fits()
    wei.page.get_by_role("button", name="Publish").click()
    expect(wei.page.get_by_text("Everybody sees it from now on.")).to_be_visible()

    lan = walk(viewport=PHONE)
    lan.go("/")
    lan.page.get_by_role("link", name="Houses", exact=True).click()
    lan.page.get_by_text("Price and particulars").click()
    lan.page.get_by_label("Rooms, at least").fill("2")
    lan.page.get_by_label("Price to").fill("7000")
    lan.page.get_by_role("button", name="Show", exact=True).click()
    lan.fits()
    lan.page.get_by_role("link", name="Two rooms by the river").click()
    expect(lan.page.get_by_alt_text("The kitchen")).to_be_visible()
    expect(lan.page.get_by_text("¥6,500 a month").first).to_be_visible()
    lan.fits()
    lan.page.get_by_role("link", name="Book a viewing").click()
    expect(lan.page.get_by_role("heading", name="Book a viewing")).to_be_visible()

    assert Listing.objects.get().attributes == {"rooms": 2, "district": "Pudong"}
