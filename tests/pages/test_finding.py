"""Home, the list and the suggestions: what is near, what matches, and in which order."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from realtors.models import Realtor
from stores.models import Category, SpecialDay, Store
from tests.appointments import world

from .shops import open_shop
from .visitor import Visitor

pytestmark = pytest.mark.usefixtures("categories")

HTMX = {"HX-Request": "true"}
SCRIPT = "<script>alert(1)</script>"


def shop_at(name: str, latitude: float | None, longitude: float | None, **facts: object) -> Store:
    store = open_shop(name)
    Store.objects.filter(pk=store.pk).update(latitude=latitude, longitude=longitude, **facts)
    return store


def good_at(realtor: Realtor, slug: str) -> Realtor:
    realtor.skills.add(Category.objects.get(slug=slug))
    return realtor


def names(page: str) -> list[str]:
    """The stores of a page in their order."""
    return re.findall(r'class="cover-link" href="/stores/\d+/">([^<]+)<', page)


# Near


def test_the_nearest_comes_first_and_says_how_far_it_is(lan: Visitor, db: None):
    shop_at("Far", 30.30, 120.30)
    shop_at("Near", 30.2565, 120.1635)
    shop_at("Nowhere", None, None)

    for address in ("/", "/stores/"):
        page = lan.look(address, lat="30.2465", lng="120.1635")
        assert names(page) == ["Near", "Far", "Nowhere"]
        assert "1.1 km" in page
        assert "14 km" in page


def test_near_is_near_over_the_date_line(lan: Visitor, db: None):
    shop_at("West", -17.7, 179.95)
    shop_at("East", -17.7, -179.95)
    shop_at("Away", -17.7, 178.0)

    page = lan.look("/stores/", lat="-17.7", lng="-179.99", within="50")

    assert names(page) == ["East", "West"]


def test_near_is_a_circle_and_not_a_box(lan: Visitor, db: None):
    shop_at("In the corner", 30.25 + 0.04, 120.17 + 0.047)  # 4.4 km up and 4.5 km along
    shop_at("Straight up", 30.25 + 0.04, 120.17)

    assert names(lan.look("/stores/", lat="30.25", lng="120.17", within="5")) == ["Straight up"]


def test_the_place_stays_in_the_links_and_can_be_forgotten(lan: Visitor, store: Store):
    page = lan.look("/", lat="30.24654321", lng="120.1635")

    assert "lat=30.247&amp;lng=120.163" in page or "lat=30.247&amp;lng=120.164" in page
    assert "30.24654321" not in page.split("<main")[1]
    assert "Forget where I am" in page
    assert not lan.client.cookies.get("place")


# Filters, in the address


def test_a_service_leaves_the_stores_in_which_somebody_offers_it(lan: Visitor, db: None):
    beauty, repair = open_shop("Beauty"), open_shop("Repair")
    good_at(world.hire(beauty, "Su"), "beauty")
    good_at(world.hire(repair, "Lei"), "repair")
    gone = good_at(world.hire(repair, "Gone"), "beauty")
    Realtor.objects.filter(pk=gone.pk).update(is_active=False)

    assert names(lan.look("/stores/", category="beauty")) == ["Beauty"]
    assert 'href="/stores/?category=repair"' in lan.look("/")


def test_services_count_who_is_there_and_hide_where_nobody_is(lan: Visitor, store: Store):
    good_at(world.hire(store, "Su"), "beauty")
    good_at(world.hire(store, "Gu"), "beauty")

    page = lan.look("/")

    assert "2 people" in page
    assert "category=repair" not in page


def test_cities_are_chosen_where_there_are_several(lan: Visitor, db: None):
    shop_at("Hangzhou One", None, None, city="杭州")
    shop_at("Ningbo One", None, None, city="宁波")

    assert names(lan.look("/stores/", city="宁波")) == ["Ningbo One"]
    assert names(lan.look("/", city="宁波")) == ["Ningbo One"]
    page = lan.look("/stores/", q="One", city="宁波", open="1")
    assert 'name="city" value="宁波"' in page
    assert 'name="open" value="1"' in page


def test_filters_are_kept_by_every_link_of_the_list(lan: Visitor, db: None):
    for number in range(14):
        good_at(world.hire(shop_at(f"Shop {number}", 30.25, 120.17), f"Su{number}"), "beauty")

    page = lan.look(
        "/stores/", q="Shop", category="beauty", lat="30.25", lng="120.17", sort="rating"
    )

    kept = "q=Shop&amp;category=beauty&amp;lat=30.250&amp;lng=120.170&amp;sort=rating"
    assert f"?{kept}&amp;page=2" in page
    assert f"?{kept.replace('&amp;lat', '&amp;open=1&amp;lat')}" in page


def test_an_empty_list_says_which_filter_to_take_back(lan: Visitor, store: Store):
    page = lan.look("/stores/", q="Nanjing", city="Atlantis")

    assert "No store matches" in page
    assert 'href="?q=Nanjing"' in page
    assert "In any city, not only Atlantis" in page
    assert 'href="?city=Atlantis"' in page
    assert "Closed ones too" not in page


def test_without_any_store_the_pages_say_so_kindly(lan: Visitor, db: None):
    for address in ("/", "/stores/"):
        page = lan.look(address)
        assert "No store is open for bookings yet" in page
        assert "Track a booking" in page


# Order


def test_few_voices_do_not_stand_before_many(lan: Visitor, db: None):
    shop_at("One voice", None, None, rating="5.00", review_count=1)
    shop_at("Many voices", None, None, rating="4.80", review_count=200)
    shop_at("No voice", None, None)
    shop_at("Poor voices", None, None, rating="3.00", review_count=400)

    assert names(lan.look("/stores/"))[0] == "Many voices"
    assert names(lan.look("/stores/", sort="rating", lat="30", lng="120"))[0] == "Many voices"


def test_the_soonest_free_comes_first(lan: Visitor, db: None):
    busy, free, empty = open_shop("Busy"), open_shop("Free"), open_shop("Nobody")
    wei, _ming = world.hire(busy, "Wei"), world.hire(free, "Ming")
    world.away(wei, world.NOW, world.clock("12:00"))
    assert empty

    assert names(lan.look("/stores/", sort="soonest")) == ["Free", "Busy", "Nobody"]


# People and suggestions


def test_a_name_finds_the_person_and_their_store(lan: Visitor, store: Store, wei: Realtor):
    open_shop("Elsewhere")

    page = lan.look("/stores/", q="Wei")

    assert names(page) == ["Nanjing Road"]
    assert f'href="/realtors/{wei.pk}/"' in page


def test_a_service_is_found_where_it_is_told_of_after_where_it_is_named(lan: Visitor, db: None):
    told = shop_at("Told", None, None, description="Massage and tea", review_count=90, rating=5)
    by_somebody = shop_at("By somebody", None, None, review_count=50, rating=5)
    mei = world.hire(by_somebody, "Mei", bio="Foot massage for runners")
    named = open_shop("Massage House")
    skilled = open_shop("Skilled")
    lei = good_at(world.hire(skilled, "Lei"), "beauty")
    Category.objects.filter(slug="beauty").update(name_en="Massage")
    massimo = world.hire(named, "Massage Massimo")
    open_shop("Elsewhere")

    page = lan.look("/stores/", q="massage")

    assert names(page) == ["Massage House", "Skilled", "Told", "By somebody"]
    links = [f'href="/realtors/{one.pk}/"' for one in (massimo, lei, mei)]
    assert [page.index(link) for link in links] == sorted(page.index(link) for link in links)
    assert names(lan.look("/stores/", q="runners foot")) == ["By somebody"]
    suggested = lan.look("/search/suggestions", q="massage")
    stores = [suggested.index(f'href="/stores/{one.pk}/"') for one in (named, told)]
    people = [suggested.index(link) for link in links]
    assert (stores, people) == (sorted(stores), sorted(people))


@pytest.mark.parametrize("sign", ["%", "_", "\\"])
def test_signs_that_mean_anything_to_a_database_are_signs(lan: Visitor, store: Store, sign: str):
    world.hire(store, "Wei", bio="Quick and good")
    Store.objects.update(description="By the river")

    assert names(lan.look("/stores/", q=sign)) == []
    assert "role=" not in lan.look("/search/suggestions", q=sign)


def test_who_cannot_be_booked_makes_no_store_be_found(lan: Visitor, store: Store):
    gone = world.hire(store, "Gone", bio="Massage")
    Realtor.objects.filter(pk=gone.pk).update(is_active=False)

    assert names(lan.look("/stores/", q="massage")) == []


def test_suggestions_name_stores_people_and_services(lan: Visitor, store: Store):
    su = good_at(world.hire(store, "Beatrice"), "beauty")

    page = lan.look("/search/suggestions", q="bea")

    assert f'href="/realtors/{su.pk}/"' in page
    assert 'href="/stores/?category=beauty"' in page
    assert f'href="/stores/{store.pk}/"' in lan.look("/search/suggestions", q="nanj")
    assert "<html" not in page


def test_suggestions_never_name_who_cannot_be_booked(lan: Visitor, store: Store, wei: Realtor):
    Store.objects.update(is_active=False)

    assert "Wei" not in lan.look("/search/suggestions", q="wei")
    assert "Nanjing" not in lan.look("/search/suggestions", q="nanjing")


@pytest.mark.parametrize("text", ["", " ", "\x00", "\u202e"])
def test_nothing_typed_suggests_nothing_and_asks_nothing(
    lan: Visitor, store: Store, text: str, django_assert_num_queries
):
    with django_assert_num_queries(0):
        page = lan.look("/search/suggestions", q=text)

    assert "role=" not in page


def test_suggestions_need_four_queries_whatever_there_is(
    lan: Visitor, db: None, django_assert_num_queries
):
    for number in range(12):
        good_at(world.hire(open_shop(f"Shop {number}"), f"Shopper {number}"), "beauty")

    with django_assert_num_queries(4):
        page = lan.look("/search/suggestions", q="shop")

    assert page.count('role="option"') == 7


# Hostile


@pytest.mark.parametrize("address", ["/", "/stores/", "/search/suggestions"])
@pytest.mark.parametrize(
    "query",
    [
        {"lat": "nan", "lng": "inf"},
        {"lat": "90", "lng": "180", "within": "50"},
        {"lat": "-90", "lng": "-180", "within": "50", "sort": "distance"},
        {"lat": "9" * 400, "lng": "1e999"},
        {"lat": "30\x00", "lng": "120"},
        {"within": "50"},
        {"within": "-1", "lat": "1", "lng": "1"},
        {"sort": "'; DROP TABLE stores_store; --"},
        {"category": "\x00"},
        {"category": "x" * 5000},
        {"city": "\x00'\"<>%_"},
        {"q": "\x00"},
        {"q": "%" * 80},
        {"q": "word " * 300},
        {"q": "\ud83d\ude00 🙂"},
        {"page": "\x00"},
        {"page": "9" * 300, "sort": "soonest"},
        {"open": "maybe"},
    ],
    ids=str,
)
def test_an_odd_address_is_an_ordinary_page(
    lan: Visitor, store: Store, wei: Realtor, address: str, query: dict[str, str]
):
    shop_at("Pole", 90, 180)
    query = {name: value.encode("utf-8", "replace").decode() for name, value in query.items()}

    lan.look(address, **query)


def test_a_script_in_a_name_is_text_everywhere(lan: Visitor, store: Store):
    wei = world.hire(store, SCRIPT, bio=SCRIPT)
    good_at(wei, "beauty")
    Category.objects.filter(slug="beauty").update(name=SCRIPT, name_en=SCRIPT)
    facts = {"name": SCRIPT, "city": SCRIPT, "address": SCRIPT, "description": SCRIPT}
    Store.objects.filter(pk=store.pk).update(**facts)

    for address in (
        "/",
        "/stores/",
        "/search/suggestions",
        f"/stores/{store.pk}/",
        f"/realtors/{wei.pk}/",
    ):
        page = lan.look(address, q="script", city=SCRIPT)
        assert "<script>alert" not in page, address
        assert "&lt;script&gt;alert" in page, address


# Night, and the line


def test_at_night_home_says_which_door_opens_first(
    lan: Visitor, store: Store, wei: Realtor, monday_morning: time_machine.Traveller
):
    monday_morning.move_to(world.clock("03:00"))
    open_shop("Early Bird", opens="07:00", closes="12:00")

    page = lan.look("/")

    assert "Nobody serves without an appointment at this hour" in page
    assert "Early Bird</a> opens first, today 07:00." in page
    assert "Served right now</h2>" not in page


def test_home_leads_into_the_line_of_a_store_that_serves(
    lan: Visitor, store: Store, wei: Realtor, monday_morning: time_machine.Traveller
):
    at = world.clock("10:00")
    monday_morning.move_to(at)
    world.online(wei, at=at)
    for number in range(8):
        shop_at(f"Better {number}", None, None, rating="5.00", review_count=90)

    page = lan.look("/")

    assert "Nanjing Road" not in names(page)
    assert f'href="/stores/{store.pk}/live/"' in page
    assert "about 5 min" in page


# Budgets


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/?lat=30.25&lng=120.17",
        "/stores/",
        "/stores/?q=shop&open=1&category=beauty&lat=30.25&lng=120.17&within=50",
        "/stores/?sort=soonest&open=1",
        "/stores/?page=3",
    ],
)
def test_200_stores_need_as_many_queries_as_one(fang_at_home: Visitor, db: None, address: str):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            fang_at_home.look(address)
        return len(found)

    def open_one(number: int) -> None:
        store = shop_at(f"Shop {number}", 30.2 + number / 2000, 120.17, city=f"City {number % 9}")
        good_at(world.hire(store, f"Wei{number}", max_per_day=8), "beauty")
        Realtor.objects.filter(store=store).update(presence="online", last_seen_at=world.NOW)

    open_one(0)
    SpecialDay.objects.create(
        store=Store.objects.get(), date=world.MONDAY + timedelta(days=1)
    ).intervals.create(opens="10:00", closes="12:00")
    with_one = queries()
    for number in range(1, 40 if "page" not in address else 200):
        open_one(number)

    assert queries() <= max(with_one, 15)
    assert queries() <= 15
