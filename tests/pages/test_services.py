"""The list of services: how far they are and come, and the place that an account has saved."""

import pytest
from django.test import Client

from accounts.models import User
from realtors.models import Listing, Realtor
from stores.models import Category
from tests.appointments import world
from tests.factories import ListingFactory

from .conftest import ENGLISH
from .shops import open_shop
from .test_listings import titles
from .visitor import Visitor

pytestmark = pytest.mark.usefixtures("categories")
HERE = {"lat": "30.250", "lng": "120.160"}


@pytest.fixture
def wei(db: None) -> Realtor:
    return world.hire(open_shop("Shop"), "Wei")


def put(title: str, wei: Realtor, north: str = "30.25", **facts: object) -> Listing:
    return ListingFactory(title=title, realtor=wei, latitude=north, longitude="120.16", **facts)


def test_a_card_says_what_it_costs_how_it_is_rated_how_far_it_is_and_how_far_they_come(
    lan: Visitor, wei: Realtor
):
    put(
        "Windows",
        wei,
        "30.259",
        category=Category.objects.get(slug="housekeeping"),
        subcategory="High windows",
        attributes={"radius_km": 15},
        price=80,
        rating="4.50",
        review_count=7,
    )

    page = lan.look("/services/", **HERE)

    for told in ("Housekeeping · High windows · comes as far as 15 km", "1.0 km", "80", "4.5"):
        assert told in page


def test_ten_kilometres_around_is_one_of_the_reaches_and_both_orders_are_there(
    lan: Visitor, wei: Realtor
):
    put("Loved", wei, "30.31", rating="4.90", review_count=50)
    put("Near", wei)
    put("Far", wei, "30.42")

    page = lan.look("/services/", **HERE)
    assert titles(page) == ["Near", "Loved", "Far"]
    assert "Within 10 km" in page
    assert titles(lan.look("/services/", **HERE, within="10")) == ["Near", "Loved"]
    assert titles(lan.look("/services/", **HERE, within="10", sort="rating")) == ["Loved", "Near"]


def test_a_place_is_saved_used_and_forgotten(fang: User, fang_at_home: Visitor, wei: Realtor):
    put("Near", wei)
    assert "Near my saved place" not in fang_at_home.look("/services/")
    around = f"/services/?lat={HERE['lat']}&lng={HERE['lng']}"
    assert "Save as my place" in fang_at_home.look(around)

    answer = fang_at_home.client.post("/place/", {**HERE, "next": around})
    assert (answer.status_code, answer["Location"]) == (302, around)
    fang.refresh_from_db()
    assert fang.point is not None

    assert f'href="?lat={HERE["lat"]}&amp;lng={HERE["lng"]}"' in fang_at_home.look("/services/")
    assert "Forget my saved place" in fang_at_home.look(around)
    fang_at_home.client.post("/place/", {"next": around})
    fang.refresh_from_db()
    assert fang.point is None


@pytest.mark.parametrize("after", ["https://elsewhere.example/", "//elsewhere.example/", ""])
def test_saving_a_place_leads_nowhere_else(fang_at_home: Visitor, after: str):
    answer = fang_at_home.client.post("/place/", {**HERE, "next": after})

    assert answer["Location"] == "/services/"


def test_guests_are_asked_to_sign_in_first_and_see_no_place_of_anybody(lan: Visitor, wei: Realtor):
    put("Near", wei)

    assert lan.client.post("/place/", HERE)["Location"].startswith("/accounts/login/")
    assert "my place" not in lan.look("/services/", **HERE)


def test_a_provider_says_what_of_it_how_far_and_in_which_words_and_all_of_it_is_read(
    wei: Realtor, lan: Visitor
):
    at_work = Client(headers=ENGLISH)
    at_work.force_login(wei.user)
    cleaning = Category.objects.get(slug="housekeeping")
    typed = {
        "title": "Windows",
        "category": str(cleaning.pk),
        "subcategory": "High windows",
        "price": "80",
        "price_unit": "hour",
        "words": "own ladder, weekends",
        "deposit_percent": "100",
        "own_radius_km": "15",
        "own_bring": "A bucket",
    }
    made = at_work.post("/console/listings/new/service/", typed)
    listing = Listing.objects.get()
    assert made["Location"] == f"/console/listings/{listing.pk}/"
    form = at_work.get(made["Location"]).content.decode()
    assert 'name="subcategory" value="High windows"' in form
    assert 'name="own_radius_km" value="15"' in form

    at_work.post(f"/console/listings/{listing.pk}/publish/")
    page = lan.look(f"/listings/{listing.pk}/")

    for told in ("Housekeeping", "High windows", "own ladder", "weekends", "15", "A bucket"):
        assert told in page
    at_work.post(made["Location"], typed | {"subcategory": "", "own_radius_km": ""})
    listing.refresh_from_db()
    assert (listing.subcategory, listing.attributes) == ("", {"bring": "A bucket"})
