"""/api/v1/listings: found by everybody, written by whoever offers something."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from booking_site.common.actors import Actor
from realtors import services
from realtors.models import Listing, ListingPicture
from tests.callers import caller, data_of, refusal_of
from tests.factories import ListingFactory, RealtorFactory, StoreFactory
from tests.reviews.photographs import picture, upload

from .conftest import NOW

PATH = "/api/v1/listings"
FLAT = {
    "kind": "house",
    "title": "江边两居",
    "price": 6500,
    "price_unit": "month",
    "attributes": {"rooms": 2, "area": 80.5},
    "tags": ["近地铁"],
}


@pytest.fixture
def app(wei):
    return caller(wei.user)


@pytest.fixture
def flat(app):
    return data_of(app.post(PATH, FLAT), 201)


def send(app, listing_id, raw=None, **more):
    path = f"{PATH}/{listing_id}/pictures"
    return app.client.post(path, {"picture": upload(raw), **more}, format="multipart")


def test_a_listing_is_written_published_and_found(wei, app, flat):
    path = f"{PATH}/{flat['id']}"
    assert (flat["status"], flat["store_id"]) == ("draft", str(wei.store_id))
    assert (flat["realtor_id"], flat["realtor_name"]) == (str(wei.pk), "Wei")
    refusal_of(caller().get(path), 404, "not_found")
    assert data_of(caller().get(PATH)) == []

    shown = data_of(app.post(f"{path}/publish"))

    assert shown == flat | {"status": "published", "published_at": "2026-03-02T14:00:00+08:00"}
    seen = data_of(caller().get(path))
    assert seen == {one: shown[one] for one in shown if one not in ("status", "hidden_reason")}
    assert data_of(caller().get(PATH)) == [seen]
    assert (seen["price"], seen["currency"]) == (6500.0, "CNY")


def test_only_what_is_named_changes(app, flat):
    path = f"{PATH}/{flat['id']}"

    changed = data_of(app.patch(path, {"price": 7000.5, "latitude": 31.2, "longitude": 121.5}))

    # What has a place of its own and no words for it is not at the store's address.
    place = {"latitude": 31.2, "longitude": 121.5, "address": ""}
    assert changed == flat | {"price": 7000.5, **place}
    assert data_of(app.patch(path, {})) == changed


def test_withdrawing_it(app, flat):
    path = f"{PATH}/{flat['id']}"
    refusal_of(app.post(f"{path}/withdraw"), 409, "invalid_transition")
    data_of(app.post(f"{path}/publish"))

    assert data_of(app.post(f"{path}/withdraw"))["status"] == "draft"
    refusal_of(caller().get(path), 404, "not_found")


def test_whose_it_is_reads_why_it_was_taken_down(wei, hua, app, flat):
    listing = Listing.objects.get(pk=flat["id"])
    services.publish_listing(listing, by=Actor.of(wei.user), at=NOW)
    services.hide_listing(listing, reason="No such flat", by=Actor.of(hua), at=NOW)

    path = f"{PATH}/{flat['id']}"
    seen = data_of(app.get(path))
    assert (seen["status"], seen["hidden_reason"]) == ("hidden", "No such flat")
    refusal_of(app.post(f"{path}/publish"), 409, "invalid_transition")
    refusal_of(caller().get(path), 404, "not_found")


@pytest.mark.parametrize(
    "extra",
    [
        {"status": "published"},
        {"rating": 5},
        {"review_count": 900},
        {"hidden_reason": "x"},
        {"currency": "USD"},
        {"published_at": "2020-01-01T00:00:00Z"},
        {"id": "1"},
    ],
    ids=repr,
)
def test_what_is_not_writable_is_not_written(app, flat, extra):
    before = Listing.objects.values().get()

    answer = data_of(app.patch(f"{PATH}/{flat['id']}", extra))

    assert answer == flat
    after = Listing.objects.values().get()
    assert after == before | {"updated_at": after["updated_at"]}


def test_nobody_writes_for_another_store_or_person(wei, app, flat):
    other, ming = RealtorFactory(store=StoreFactory()), RealtorFactory(store=wei.store)

    for extra in ({"store_id": other.store_id}, {"realtor_id": other.pk}, {"realtor_id": ming.pk}):
        refusal_of(app.post(PATH, FLAT | extra), 403, "forbidden")
        refusal_of(app.patch(f"{PATH}/{flat['id']}", extra), 403, "forbidden")
    refusal_of(app.post(PATH, FLAT | {"store_id": 999999}), 404, "not_found")


def test_to_others_it_is_not_there_and_guests_sign_in(wei, flat):
    ming = caller(RealtorFactory(store=wei.store).user)
    path = f"{PATH}/{flat['id']}"

    refusal_of(ming.patch(path, {"price": 1}), 404, "not_found")
    refusal_of(ming.post(f"{path}/publish"), 404, "not_found")
    refusal_of(send(ming, flat["id"]), 404, "not_found")
    refusal_of(caller().post(PATH, FLAT), 401, "unauthenticated")
    refusal_of(caller().patch(path, {"price": 1}), 401, "unauthenticated")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "two\nlines"}, "title"),
        ({"kind": "castle"}, "kind"),
        ({"price": -1}, "price"),
        ({"price": 0.001}, "price"),
        ({"price": "NaN"}, "price"),
        ({"price": 9_999_999_999.99}, "price"),
        ({"category": "nowhere"}, "category"),
        ({"attributes": {"species": ["dog"]}}, "attributes"),
        ({"attributes": {"rooms": {"$gt": 0}}}, "attributes"),
        ({"attributes": None}, "attributes"),
        ({"tags": "near"}, "tags"),
        ({"latitude": 31.2}, "latitude"),
        ({"latitude": 91, "longitude": 0}, "latitude"),
        ({"fee_steps": [[1, 2, 3]]}, "fee_steps"),
        ({"fee_steps": [[1e300, 50]]}, "fee_steps"),
        ({"fee_steps": [[527_041, 50]]}, "fee_steps"),
        ({"fee_steps": [[minutes, 50] for minutes in range(11)]}, "fee_steps"),
        ({"duration_minutes": 7}, "duration_minutes"),
        ({"kind": "course", "attributes": {}, "price_unit": "session"}, "duration_minutes"),
        ({"kind": "course", "attributes": {}, "duration_minutes": 60}, "price_unit"),
    ],
    ids=repr,
)
def test_bad_input_is_refused_by_field(app, change, field):
    assert set(refusal_of(app.post(PATH, FLAT | change), 400, "invalid")) == {field}
    assert not Listing.objects.exists()


def test_the_same_key_writes_it_once(app):
    first = app.post(PATH, FLAT, idempotency_key="k")
    again = app.post(PATH, FLAT, idempotency_key="k")

    assert data_of(first, 201) == data_of(again, 201)
    assert Listing.objects.count() == 1


def test_a_manager_writes_for_the_store(wei, hua):
    staff = caller(hua)

    assert data_of(staff.post(PATH, FLAT | {"store_id": wei.store_id}), 201)["realtor_id"] is None
    assert set(refusal_of(staff.post(PATH, FLAT), 400, "invalid")) == {"store_id"}
    lesson = {"kind": "course", "attributes": {}, "duration_minutes": 60, "price_unit": "session"}
    lesson |= {"store_id": wei.store_id}
    assert set(refusal_of(staff.post(PATH, FLAT | lesson), 400, "invalid")) == {"realtor_id"}


def test_a_flag_that_is_left_out_asks_for_nothing(wei):
    told = {"furnished": True, "lift": False}
    ListingFactory(title="Furnished", house=True, attributes=told)
    ListingFactory(title="Plain", house=True)
    ListingFactory(title="Strict", boarding=True, attributes={"vaccination_needed": True})

    def titles(**query):
        rows = data_of(caller().get(PATH, sort="newest", **query))
        return [one["title"] for one in rows][::-1]

    assert titles() == titles(furnished="") == ["Furnished", "Plain", "Strict"]
    assert titles(furnished="true") == ["Furnished"]
    assert titles(kind="house", furnished="false") == ["Plain"]
    assert titles(kind="house", lift="false") == ["Furnished", "Plain"]
    assert titles(vaccination_needed="true") == ["Strict"]
    assert set(refusal_of(caller().get(PATH, lift="maybe"), 400, "invalid")) == {"lift"}


def test_filters_of_the_list(wei):
    near = {"latitude": "31.2", "longitude": "121.5"}
    ListingFactory(title="Small", house=True, price=900, attributes={"rooms": 1}, **near)
    ListingFactory(title="Large", house=True, price=1900, attributes={"rooms": 4})
    ListingFactory(title="Lesson", course=True, realtor=wei)

    def titles(**query):
        return [one["title"] for one in data_of(caller().get(PATH, **query))]

    assert titles(kind="house", sort="price") == ["Small", "Large"]
    assert titles(kind="house", rooms_min=2) == ["Large"]
    assert titles(price_max=1000, kind="house") == ["Small"]
    assert titles(q="less") == titles(realtor_id=wei.pk) == ["Lesson"]
    assert titles(lat=31.2, lng=121.5, radius_km=5) == ["Small"]
    assert titles(limit=1, page=2, sort="newest") == ["Large"]
    first = data_of(caller().get(PATH, lat=31.21, lng=121.5))[0]
    assert (first["title"], first["distance_km"]) == ("Small", 1.11)


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "castle"},
        {"price_min": "x"},
        {"lat": 91, "lng": 0},
        {"rooms": "many"},
        {"sort": "beauty"},
        {"species": "dragon"},
        {"page": 0},
        {"radius_km": "NaN", "lat": 1, "lng": 1},
    ],
    ids=repr,
)
def test_what_no_filter_can_be_is_refused(query):
    refusal_of(caller().get(PATH, **query), 400, "invalid")


def test_mine_are_those_that_one_may_edit_drafts_too(app, flat):
    ListingFactory()

    assert [one["id"] for one in data_of(app.get(PATH, mine="true"))] == [flat["id"]]
    assert data_of(caller().get(PATH, mine="true")) == []


def test_a_page_of_the_list_costs_the_same_whatever_stands_on_it(django_assert_num_queries):
    for _number in range(3):
        _with_picture(ListingFactory())
    with django_assert_num_queries(3):
        caller().get(PATH)
    for _number in range(9):
        _with_picture(ListingFactory())
    with django_assert_num_queries(3):
        caller().get(PATH)


def _with_picture(listing):
    ListingPicture.objects.create(
        listing=listing, key=f"k{listing.pk}", width=4, height=3, created_at=NOW
    )


def test_categories_say_how_much_there_is_in_them(categories):
    from stores.models import Category

    ListingFactory(category=Category.objects.get(slug="education"))

    rows = data_of(caller().get("/api/v1/categories"))

    assert {row["slug"]: row["listings"] for row in rows if row["listings"]} == {"education": 1}
    assert len(rows) == Category.objects.count()


def test_pictures_are_sent_put_in_order_and_removed(app, flat):
    path = f"{PATH}/{flat['id']}"
    first, second = (data_of(send(app, flat["id"], caption=one), 201) for one in ("Door", "Sofa"))
    assert (first["caption"], first["position"], second["position"]) == ("Door", 0, 1)

    data_of(app.patch(f"{path}/pictures/{second['id']}", {"position": 0, "caption": "Best"}))

    shown = data_of(app.get(path))["pictures"]
    assert [(one["id"], one["caption"]) for one in shown] == [
        (second["id"], "Best"),
        (first["id"], "Door"),
    ]
    assert app.delete(f"{path}/pictures/{second['id']}").status_code == 204
    left = data_of(app.get(path))["pictures"]
    assert [(one["id"], one["position"]) for one in left] == [(first["id"], 0)]
    refusal_of(app.delete(f"{path}/pictures/{second['id']}"), 404, "not_found")


def test_pictures_are_encoded_anew_and_no_more_than_twelve(app, flat):
    made = data_of(send(app, flat["id"], picture("PNG", (3000, 1500))), 201)
    assert (made["width"], made["height"]) == (1600, 800)
    bad = SimpleUploadedFile("a.jpg", b"<svg onload=alert(1)>", "image/jpeg")
    answer = app.client.post(f"{PATH}/{flat['id']}/pictures", {"picture": bad}, format="multipart")
    assert set(refusal_of(answer, 400, "invalid")) == {"picture"}
    for _number in range(11):
        data_of(send(app, flat["id"]), 201)

    assert set(refusal_of(send(app, flat["id"]), 400, "invalid")) == {"picture"}
    assert ListingPicture.objects.count() == 12


def test_who_may_see_the_listing_may_see_its_pictures(wei, app, flat, client):
    made = data_of(send(app, flat["id"]), 201)
    for address in (made["url"], made["thumbnail_url"]):
        assert client.get(address).status_code == 404
    client.force_login(wei.user)
    assert client.get(made["url"]).status_code == 200
    client.logout()
    data_of(app.post(f"{PATH}/{flat['id']}/publish"))

    answer = client.get(made["thumbnail_url"])

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get("/listings/pictures/nothing.jpg").status_code == 404
