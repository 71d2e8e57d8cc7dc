"""Houses that are recommended on pages, what somebody saved, and that it works without a script."""

import re

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from realtors.models import Interest, Listing, Realtor
from tests.appointments import world
from tests.factories import ListingFactory, UserFactory

from .shops import open_shop
from .visitor import Visitor

DISTRICT = {"rooms": 2, "area": 60, "district": "Pudong"}


@pytest.fixture
def wei(db: None) -> Realtor:
    return world.hire(open_shop("Shop"), "Wei")


def flat(title: str, wei: Realtor, **facts: object) -> Listing:
    facts = {"house": True, "attributes": DISTRICT} | facts
    return ListingFactory(title=title, realtor=wei, **facts)


def titles(page: str) -> list[str]:
    return re.findall(r'class="cover-link" href="/listings/\d+/">([^<]+)<', page)


def press(visitor: Visitor, listing: Listing, keep: str, **more: str):
    return visitor.client.post(f"/listings/{listing.pk}/save/", {"keep": keep, **more})


def test_guests_see_popular_houses_on_the_first_page_with_the_reason(lan: Visitor, wei: Realtor):
    flat("Old", wei, published_at=world.NOW.replace(year=2020))
    popular = flat("Popular", wei, published_at=world.NOW.replace(year=2020))
    for _ in range(3):
        Interest.objects.create(user=UserFactory(), listing=popular, what="saved", at=world.NOW)

    page = lan.look("/")

    assert "Popular houses" in page
    assert titles(page) == ["Popular", "Old"]
    assert "3 people took an interest in the last 30 days" in page
    assert "heart" not in page.partition('id="houses"')[2].partition("</section>")[0]


def test_without_houses_nothing_is_said_of_them(lan: Visitor, fang_at_home: Visitor, wei: Realtor):
    ListingFactory(course=True, realtor=wei)

    for visitor in (lan, fang_at_home):
        assert 'id="houses"' not in visitor.look("/")


def test_where_no_house_is_the_city_that_was_chosen_has_none(lan: Visitor, wei: Realtor):
    flat("Here", wei)

    assert "Here" in lan.look("/", city=wei.store.city)
    assert "Here" not in lan.look("/", city="Nowhere")


def test_who_is_signed_in_is_led_to_theirs_and_a_script_fetches_them(
    fang: User, fang_at_home: Visitor, wei: Realtor
):
    seen = flat("Seen", wei)
    flat("Like it", wei)
    fang_at_home.look(f"/listings/{seen.pk}/")

    page = fang_at_home.look("/")
    assert 'href="/houses/for-you/"' in page
    assert 'hx-get="/houses/for-you/part"' in page

    for address in ("/houses/for-you/", "/houses/for-you/part"):
        shown = fang_at_home.look(address)
        assert "Houses for you" in shown
        assert titles(shown) == ["Like it", "Seen"]
        assert "Like what you looked at in Pudong" in shown
        assert "You have looked at it before" in shown


def test_a_page_of_houses_for_somebody_goes_on_and_takes_any_number(
    fang_at_home: Visitor, wei: Realtor
):
    for number in range(14):
        flat(f"Flat {number}", wei)

    first, second = (fang_at_home.look("/houses/for-you/", page=one) for one in ("1", "2"))
    assert len(titles(first)) == 12
    assert sorted(titles(first) + titles(second)) == sorted(f"Flat {n}" for n in range(14))
    for odd in ("0", "-1", "x", "9" * 40, "①"):
        fang_at_home.look("/houses/for-you/", page=odd)


def test_nothing_to_recommend_is_said_honestly(lan: Visitor, db: None):
    assert "No house to recommend" in lan.look("/houses/for-you/")


def test_looking_at_a_listing_is_noted_for_who_is_signed_in_and_for_nobody_else(
    fang: User, fang_at_home: Visitor, lan: Visitor, wei: Realtor
):
    house, draft = flat("Flat", wei), flat("Draft", wei, status="draft")
    lan.look(f"/listings/{house.pk}/")
    fang_at_home.client.head(f"/listings/{house.pk}/")
    assert not Interest.objects.exists()

    fang_at_home.look(f"/listings/{house.pk}/")
    own = Client()
    own.force_login(wei.user)
    for one in (house, draft):
        assert own.get(f"/listings/{one.pk}/").status_code == 200

    (row,) = Interest.objects.all()
    assert (row.user, row.listing, row.what) == (fang, house, "viewed")


def test_the_page_of_a_listing_comes_although_the_look_cannot_be_noted(
    fang_at_home: Visitor, wei: Realtor, monkeypatch
):
    def busy(*_args: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("realtors.services.interest._put", busy)
    house = flat("Flat", wei)

    assert "Flat" in fang_at_home.look(f"/listings/{house.pk}/")
    assert not Interest.objects.exists()


def test_a_heart_saves_and_takes_back_and_leads_to_where_they_were(
    fang: User, fang_at_home: Visitor, wei: Realtor
):
    house = flat("Flat", wei)
    page = fang_at_home.look("/houses/", rooms_min="1")
    assert f'form="saving" formaction="/listings/{house.pk}/save/" name="keep" value="1"' in page
    assert '<input type="hidden" name="next" value="/houses/?rooms_min=1">' in page

    answer = press(fang_at_home, house, "1", next="/houses/?rooms_min=1")
    assert answer["Location"] == f"/houses/?rooms_min=1#listing-{house.pk}"
    assert Interest.objects.get().what == "saved"
    page = fang_at_home.look("/houses/")
    assert "Do not keep Flat any more" in page
    assert f'id="listing-{house.pk}"' in page

    press(fang_at_home, house, "0")
    assert not Interest.objects.exists()


@pytest.mark.parametrize("after", ["https://evil.example/", "//evil.example", "javascript:1", ""])
def test_it_leads_nowhere_else(fang_at_home: Visitor, wei: Realtor, after: str):
    house = flat("Flat", wei)

    answer = press(fang_at_home, house, "1", next=after)

    assert answer["Location"] == f"/listings/{house.pk}/"


def test_a_guest_is_led_to_sign_in_and_back(lan: Visitor, wei: Realtor):
    house = flat("Flat", wei)
    here = f"/listings/{house.pk}/"

    assert f'href="/accounts/login/?next={here}"' in lan.look(here)
    assert 'class="heart' not in lan.look("/houses/")
    assert press(lan, house, "1")["Location"] == f"/accounts/login/?next={here}"
    assert lan.client.get("/saved/")["Location"].startswith("/accounts/login/")
    assert not Interest.objects.exists()


def test_the_page_of_a_listing_has_the_button(fang: User, fang_at_home: Visitor, wei: Realtor):
    house = flat("Flat", wei)
    assert f'<form method="post" action="/listings/{house.pk}/save/">' in fang_at_home.look(
        f"/listings/{house.pk}/"
    )

    press(fang_at_home, house, "1")

    assert "take it back" in fang_at_home.look(f"/listings/{house.pk}/")


def test_what_is_not_there_cannot_be_saved(fang_at_home: Visitor, wei: Realtor):
    draft = flat("Draft", wei, status="draft")

    assert press(fang_at_home, draft, "1").status_code == 404
    assert fang_at_home.client.post("/listings/999999/save/").status_code == 404
    assert fang_at_home.client.get(f"/listings/{draft.pk}/save/").status_code == 405


def test_what_was_saved_is_found_in_the_menu(fang: User, fang_at_home: Visitor, wei: Realtor):
    assert "You have saved nothing yet" in fang_at_home.look("/saved/")
    house, gone = flat("Flat", wei), flat("Gone", wei)
    for one in (house, gone, ListingFactory(course=True, realtor=wei, title="Piano")):
        press(fang_at_home, one, "1")
    Listing.objects.filter(pk=gone.pk).update(status="draft")

    page = fang_at_home.look("/saved/")

    assert sorted(titles(page)) == ["Flat", "Piano"]
    assert "1 of what you saved cannot be had at the moment." in page
    assert 'href="/saved/"' in fang_at_home.look("/")


@pytest.mark.parametrize("address", ["/", "/saved/", "/houses/for-you/", "/houses/"])
def test_few_queries_however_much_there_is(
    fang: User, fang_at_home: Visitor, lan: Visitor, wei: Realtor, address: str
):
    for number in range(30):
        house = flat(f"Flat {number}", wei)
        for what in ("viewed", "saved"):
            Interest.objects.create(user=fang, listing=house, what=what, at=world.NOW)
        Interest.objects.create(user=UserFactory(), listing=house, what="saved", at=world.NOW)

    for visitor in (fang_at_home, lan) if address != "/saved/" else (fang_at_home,):
        with CaptureQueriesContext(connection) as queries:
            page = visitor.look(address)
        assert len(queries) <= 15, [query["sql"][:90] for query in queries]
        assert len(page.encode()) < 150_000


def test_services_and_boarding_places_are_recommended_on_a_page_of_their_own(
    lan: Visitor, fang: User, fang_at_home: Visitor, wei: Realtor
):
    old = world.NOW.replace(year=2020)
    seen = ListingFactory(title="Windows", realtor=wei, published_at=old)
    home = ListingFactory(title="Kennel", boarding=True, realtor=wei, published_at=old)
    flat("Flat", wei)
    Interest.objects.create(user=fang, listing=seen, what="saved", at=world.NOW)
    for _ in range(3):
        Interest.objects.create(user=UserFactory(), listing=home, what="saved", at=world.NOW)

    hers = fang_at_home.look("/services/for-you/")
    assert "Services for you" in hers
    assert set(titles(hers)) == {"Windows", "Kennel"}
    assert "You have saved it" in hers

    for_guests = lan.look("/services/for-you/")
    assert "Popular services" in for_guests
    assert titles(for_guests) == ["Kennel", "Windows"]
    assert "3 people took an interest in the last 30 days" in for_guests
    assert '<a href="/services/">All services</a>' in for_guests
    assert 'href="/services/for-you/"' in lan.look("/services/")
    Listing.objects.update(status="draft")
    assert "Nothing to recommend" in lan.look("/services/for-you/")
