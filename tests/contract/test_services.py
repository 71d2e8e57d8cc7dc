"""Services, in the words of Document 4: found around a place, recommended, and offered."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from booking_site.common.actors import SYSTEM
from booking_site.common.places import Point
from realtors.gateways.pictures import listing_pictures_from
from realtors.models import Interest, Listing, Realtor
from realtors.services import add_picture, hide_listing
from stores.models import Category, Store
from tests.appointments import world
from tests.appointments.orders import order
from tests.appointments.places import boarding
from tests.appointments.world import NOW, TUESDAY, clock
from tests.callers import data_of, refusal_of
from tests.factories import ListingFactory, UserFactory, manager_of
from tests.reviews.photographs import picture

from .test_seed_2 import App, now, store  # noqa: F401

HERE = {"lat": 31.22, "lng": 121.43}
SERVICES = "/services"
WISH = {
    "name": "日常保洁",
    "description": "自带工具。",
    "category": "家政",
    "subcategory": "两小时",
    "price": 128.5,
    "priceUnit": "hour",
    "durationMinutes": 120,
    "location": {**HERE, "address": "上海市愚园路 1 号"},
    "radiusKm": 15,
    "tags": ["自带工具", "周末可约"],
}
FIELDS = {
    *("id", "name", "description", "category", "subcategory", "price", "priceUnit", "currency"),
    *("durationMinutes", "location", "distance", "radiusKm", "rating", "reviewCount", "images"),
    *("orderCount", "tags", "status", "provider", "storeId", "storeName"),
}


@pytest.fixture(autouse=True)
def categories(db: None) -> None:
    for slug, name, english in (
        ("housekeeping", "家政", "Housekeeping"),
        ("repair", "维修", "Repair"),
    ):
        Category.objects.get_or_create(slug=slug, defaults={"name": name, "name_en": english})


@pytest.fixture
def wang(store: Store) -> Realtor:  # noqa: F811
    """Cleans."""
    return world.hire(store, "王师傅")


@pytest.fixture
def provider(wang: Realtor) -> App:
    return App(wang.user)


@pytest.fixture
def mei() -> User:
    return UserFactory(display_name="Mei")


@pytest.fixture
def app(mei: User) -> App:
    return App(mei)


def put(name: str, whose: Realtor, **facts: Any) -> Listing:
    facts = {"latitude": HERE["lat"], "longitude": HERE["lng"]} | facts
    return ListingFactory(title=name, realtor=whose, **facts)


def names(answer: Any) -> list[str]:
    return [one["name"] for one in data_of(answer)]


def test_a_service_is_offered_and_found_with_everything_one_asks_for(provider, wang, app):
    made = data_of(provider.post(SERVICES, WISH), 201)
    listing = Listing.objects.get(pk=made["id"])
    add_picture(listing, pictures=listing_pictures_from(picture()), by=SYSTEM, at=NOW)
    order(listing, UserFactory(), clock("10:00", TUESDAY))
    Listing.objects.filter(pk=listing.pk).update(rating="4.50", review_count=12)

    answer = app.get("/services/nearby", lat=31.22, lng=121.44, category="家政")
    (found,) = data_of(answer)

    assert answer.json()["pagination"] == {"page": 1, "limit": 20, "total": 1}
    assert set(found) == FIELDS
    away = Point(31.22, 121.44).kilometres_to(Point(31.22, 121.43))
    assert found == {
        **{name: WISH[name] for name in ("name", "description", "subcategory", "tags")},
        "id": str(listing.pk),
        "category": "housekeeping",
        "price": 128.5,
        "priceUnit": "hour",
        "currency": "CNY",
        "durationMinutes": 120,
        "location": WISH["location"],
        "distance": round(away, 2),
        "radiusKm": 15,
        "rating": 4.5,
        "reviewCount": 12,
        "orderCount": 1,
        "images": [f"/listings/pictures/{listing.pictures.get().key}"],
        "status": "active",
        "provider": {
            "id": str(wang.user_id),
            "displayName": "王师傅",
            "avatarUrl": None,
            "rating": 0.0,
        },
        "storeId": str(wang.store_id),
        "storeName": wang.store.name,
    } | {"images": found["images"]}
    assert len(found["images"]) == 1
    assert app.get(f"/services/{listing.pk}").status_code == 200
    assert data_of(app.get(f"/services/{listing.pk}"))["distance"] is None


def test_near_is_ten_kilometres_unless_said_otherwise_and_the_best_come_first(app, wang, settings):
    put("Near", wang)
    put("Loved", wang, latitude=31.27, rating="4.90", review_count=50)
    put("Over there", wang, latitude=31.33)
    put("Far", wang, latitude=48.0)

    assert names(app.get("/services/nearby", **HERE)) == ["Loved", "Near"]
    assert names(app.get("/services/nearby", **HERE, sort="distance")) == ["Near", "Loved"]
    far = app.get("/services/nearby", **HERE, radius=2000, sort="distance", limit=3)
    assert names(far) == ["Near", "Loved", "Over there"]
    settings.DEFAULT_RADIUS_KM = 20.0
    assert "Over there" in names(app.get("/services/nearby", **HERE))


def test_what_is_near_is_narrowed_by_category_and_price(app, wang):
    cleaning, repair = (Category.objects.get(slug=slug) for slug in ("housekeeping", "repair"))
    put("Windows", wang, category=cleaning, price=80)
    put("Floors", wang, category=cleaning, price=200)
    put("Locks", wang, category=repair, price=80)

    def found(**asked: Any) -> set[str]:
        return set(names(app.get("/services/nearby", **HERE, **asked)))

    assert found(category="repair") == found(category="维修") == found(category="Repair")
    assert found(category="家政") == {"Windows", "Floors"}
    assert found(category="家政", price_max=80) == {"Windows"}
    assert found(price_min=80.01) == {"Floors"}
    assert found(category="占星") == set()


def test_only_services_that_can_be_had_are_near(app, wang):
    put("Open", wang)
    put("Draft", wang, status="draft")
    put("Taken down", wang, status="hidden")
    put("House", wang, house=True)
    put("Gone", world.hire(wang.store, "Lin", is_active=False))

    assert names(app.get("/services/nearby", **HERE)) == ["Open"]


def test_a_store_that_sends_whoever_is_free_has_no_provider(app, wang):
    Listing.objects.filter(pk=put("Anybody", wang).pk).update(realtor=None)

    assert data_of(app.get("/services/nearby", **HERE))[0]["provider"] is None


def test_without_a_place_the_saved_one_counts_and_a_place_in_the_query_goes_before_it(app, wang):
    put("Here", wang)
    put("Elsewhere", wang, latitude=39.9, longitude=116.4)

    assert set(refusal_of(app.get("/services/nearby"), 400, "invalid")) == {"lat", "lng"}

    saved = app.patch("/me", {"location": {"lat": 39.9, "lng": 116.4}})
    assert saved.status_code == 200
    app.user.refresh_from_db()
    assert names(app.get("/services/nearby")) == ["Elsewhere"]
    assert names(app.get("/services/nearby", **HERE)) == ["Here"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"lat": 91, "lng": 0}, "lat"),
        ({"lat": 0, "lng": -180.1}, "lng"),
        ({"lat": 0}, "lng"),
        ({"lng": 0}, "lat"),
        ({"lat": "north", "lng": 0}, "lat"),
        ({"lat": "nan", "lng": 0}, "lat"),
        ({**HERE, "radius": 2000.1}, "radius"),
        ({**HERE, "radius": 0}, "radius"),
        ({**HERE, "radius": "inf"}, "radius"),
        ({**HERE, "limit": 101}, "limit"),
        ({**HERE, "limit": 0}, "limit"),
        ({**HERE, "sort": "price"}, "sort"),
        ({**HERE, "price_min": -1}, "price_min"),
        ({**HERE, "price_min": 9, "price_max": 8}, "price_max"),
        ({**HERE, "category": "x" * 51}, "category"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(app, asked, field):
    assert field in refusal_of(app.get("/services/nearby", **asked), 400, "invalid")


@pytest.mark.parametrize("path", ["", "/nearby", "/recommended", "/1"])
def test_guests_sign_in_first(db, path):
    assert App().get(f"/services{path}", **HERE).status_code == 401
    assert App().post(SERVICES, WISH).status_code == 401


def test_near_costs_as_many_queries_for_many_as_for_one(app, wang):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            data_of(app.get("/services/nearby", **HERE, category="家政", limit=100))
        return len(queries)

    cleaning = Category.objects.get(slug="housekeeping")
    put("One", wang, category=cleaning)
    asked()
    one = asked()
    for number in range(12):
        put(f"Service {number}", world.hire(wang.store, f"N{number}"), category=cleaning)

    assert asked() == one


# --- Recommended ----------------------------------------------------------------------------------


def test_services_and_boarding_places_are_recommended_with_a_reason(app, mei, wang):
    cleaning = Category.objects.get(slug="housekeeping")
    at = NOW - timedelta(days=100)
    seen = put("Seen", wang, category=cleaning, published_at=at)
    put("Also cleaning", wang, category=cleaning, published_at=at, price=9000)
    home = boarding(wang.store, sitter=wang)
    put("House", wang, house=True)
    Interest.objects.create(user=mei, listing=seen, what="saved", at=NOW)

    rows = data_of(app.get("/services/recommended", **HERE))

    assert set(rows[0]) == FIELDS | {"kind", "reason", "reasonCode"}
    told = {one["name"]: one for one in rows}
    assert set(told) == {"Seen", "Also cleaning", home.title}
    assert told["Also cleaning"]["reasonCode"] == "same_category"
    assert told["Also cleaning"]["distance"] == 0
    assert (told[home.title]["kind"], told["Seen"]["kind"]) == ("boarding", "service")
    assert all(one["reason"] for one in rows)


def test_newcomers_are_recommended_what_everybody_sees_page_by_page(app, wang):
    for name in ("One", "Two", "Three"):
        put(name, wang)

    first = app.get("/services/recommended", limit=2)
    assert first.json()["pagination"] == {"page": 1, "limit": 2, "total": 3}
    assert {one["reasonCode"] for one in data_of(first)} == {"new"}
    assert data_of(first)[0]["distance"] is None
    assert len(data_of(app.get("/services/recommended", limit=2, page=2))) == 1
    assert refusal_of(app.get("/services/recommended", lat=1), 400, "invalid").keys() == {"lng"}


# --- One's own ------------------------------------------------------------------------------------


def test_providers_list_what_they_offer_by_status_and_category(provider, wang, app):
    data_of(provider.post(SERVICES, WISH), 201)
    data_of(provider.post(SERVICES, {"name": "Later", "price": 0, "status": "inactive"}), 201)
    put("Somebody else's", world.hire(wang.store, "Lin"))
    put("House", wang, house=True)

    assert names(provider.get(SERVICES)) == ["Later", "日常保洁"]
    assert names(provider.get(SERVICES, status="inactive")) == ["Later"]
    assert names(provider.get(SERVICES, status="active", category="家政")) == ["日常保洁"]
    assert names(app.get(SERVICES)) == []


def test_only_what_is_named_changes(provider):
    made = data_of(provider.post(SERVICES, WISH), 201)
    path = f"/services/{made['id']}"

    changed = data_of(provider.patch(path, {"price": 99, "category": "repair", "radiusKm": None}))
    assert changed == made | {"price": 99.0, "category": "repair", "radiusKm": None}

    moved = data_of(provider.patch(path, {"location": None, "status": "inactive"}))
    assert (moved["location"]["lat"], moved["status"]) == (None, "inactive")

    whole = {"name": "深度保洁", "price": 300, "status": "active"}
    replaced = data_of(provider._client.put(f"/api/v1{path}", whole, format="json"))
    assert (replaced["name"], replaced["tags"], replaced["status"]) == (
        "深度保洁",
        WISH["tags"],
        "active",
    )
    assert refusal_of(
        provider._client.put(f"/api/v1{path}", {}, format="json"), 400, "invalid"
    ).keys() == {"name", "price"}


def test_staff_offer_what_their_store_does_and_customers_offer_nothing(store, app):  # noqa: F811
    hua = App(manager_of(store))

    made = data_of(hua.post(SERVICES, WISH | {"storeId": str(store.pk)}), 201)

    assert (made["provider"], made["storeId"]) == (None, str(store.pk))
    assert "storeId" in refusal_of(hua.post(SERVICES, WISH), 400, "invalid")
    assert app.post(SERVICES, WISH).status_code == 403


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"price": -1}, "price"),
        ({"price": 100_000_001}, "price"),
        ({"category": "占星"}, "category"),
        ({"priceUnit": "year"}, "priceUnit"),
        ({"durationMinutes": 61}, "durationMinutes"),
        ({"location": {"lat": 31.2, "lng": None}}, "location"),
        ({"location": {"lat": 91, "lng": 0}}, "location"),
        ({"location": "here"}, "location"),
        ({"radiusKm": 2001}, "radiusKm"),
        ({"tags": ["one\ntwo"]}, "tags"),
        ({"status": "hidden"}, "status"),
    ],
)
def test_what_cannot_be_offered_is_said_at_its_field(provider, change, field):
    assert field in refusal_of(provider.post(SERVICES, WISH | change), 400, "invalid")


def test_what_is_booked_is_not_taken_back_before_it_is_over(provider, wang):
    made = data_of(provider.post(SERVICES, WISH), 201)
    listing, path = Listing.objects.get(pk=made["id"]), f"/services/{made['id']}"
    booked = order(listing, UserFactory(), clock("10:00", TUESDAY))

    refusal_of(provider.delete(path), 409, "listing_booked")
    assert data_of(provider.get(path))["status"] == "active"

    type(booked).objects.filter(pk=booked.pk).update(status="completed")
    for _again in range(2):
        assert data_of(provider.delete(path))["status"] == "inactive"
    assert App(UserFactory()).get(path).status_code == 404


def test_what_staff_took_down_stays_down(provider, wang):
    made = data_of(provider.post(SERVICES, WISH), 201)
    hide_listing(Listing.objects.get(pk=made["id"]), reason="Spam", by=SYSTEM, at=NOW)

    assert data_of(provider.delete(f"/services/{made['id']}"))["status"] == "inactive"
    again = provider.patch(f"/services/{made['id']}", {"status": "active"})
    refusal_of(again, 409, "invalid_transition")


def test_other_peoples_services_are_read_and_not_written(provider, wang, app):
    theirs = put("Lin's", world.hire(wang.store, "Lin"))
    path = f"/services/{theirs.pk}"

    assert data_of(app.get(path))["name"] == "Lin's"
    for who in (provider, app):
        assert who.patch(path, {"price": 1}).status_code == 404
        assert who.delete(path).status_code == 404
    for nothing in ("/services/0", "/services/x", f"/services/{put('H', wang, house=True).pk}"):
        assert app.get(nothing).status_code == 404
