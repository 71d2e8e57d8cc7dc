"""GET /house/recommend and /house/personal-recommend, as document 1 has them; what is saved."""

import pytest

from accounts.models import User
from realtors.models import Interest, Listing
from tests.callers import caller, data_of, refusal_of
from tests.factories import UserFactory

from .houses import house, many, took

RECOMMEND, PERSONAL = "/house/recommend", "/house/personal-recommend"
SAVED = "/api/v1/me/saved"


@pytest.fixture
def mei(db: None) -> User:
    return UserFactory(display_name="Mei")


def test_a_house_is_told_as_the_document_has_it(wei):
    flat = house("江边两居", "浦东", realtor=wei, price="6500.50", address="世纪大道 1 号")
    many(flat, people=4)

    body = caller().get(RECOMMEND).json()

    assert body == {
        "success": True,
        "data": {
            "list": [
                {
                    "house_id": flat.pk,
                    "title": "江边两居",
                    "price": 6500.5,
                    "currency": "CNY",
                    "landlord_id": wei.user_id,
                    "landlord_name": "Wei",
                    "district": "浦东",
                    "address": "世纪大道 1 号",
                    "rooms": 2,
                    "area": 60.5,
                    "pictures": [],
                    "reason": "4 people took an interest in the last 30 days",
                    "reason_code": "popular",
                }
            ],
            "total": 1,
            "page": 1,
            "page_size": 20,
        },
    }


def test_what_nobody_said_is_null_and_a_stores_house_is_offered_by_the_store(office):
    flat = house("Bare", attributes={})
    Listing.objects.filter(pk=flat.pk).update(realtor=None, store=office)

    (told,) = data_of(caller().get(RECOMMEND))["list"]

    assert (told["landlord_id"], told["landlord_name"]) == (None, office.name)
    assert (told["district"], told["rooms"], told["area"]) == ("", None, None)


def test_filters_and_pages(mei):
    for number in range(5):
        house(f"Flat {number}", "浦东新区", price=1000 * (number + 1), rooms=number % 2)

    for path, app in ((RECOMMEND, caller()), (PERSONAL, caller(mei))):
        found = data_of(app.get(path, page=2, page_size=2))
        assert (found["total"], found["page"], found["page_size"]) == (5, 2, 2)
        assert len(found["list"]) == 2
        narrowed = data_of(app.get(path, district="浦东", price_min=2000, price_max=4000, rooms=1))
        assert {one["title"] for one in narrowed["list"]} == {"Flat 1", "Flat 3"}
        assert narrowed["total"] == 2
        assert data_of(app.get(path, page=9))["list"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"page": "0"}, "page"),
        ({"page": "two"}, "page"),
        ({"page": str(10**30)}, "page"),
        ({"page_size": "101"}, "page_size"),
        ({"page_size": "0"}, "page_size"),
        ({"rooms": "-1"}, "rooms"),
        ({"rooms": "many"}, "rooms"),
        ({"price_min": "-1"}, "price_min"),
        ({"price_max": "NaN"}, "price_max"),
        ({"price_min": "5", "price_max": "4"}, "price_max"),
        ({"district": "\x00"}, "district"),
        ({"district": "x" * 51}, "district"),
    ],
    ids=repr,
)
def test_what_cannot_be_meant_is_refused_at_its_field(mei, query, field):
    for path, app in ((RECOMMEND, caller()), (PERSONAL, caller(mei))):
        assert field in refusal_of(app.get(path, **query), 400, "invalid")


def test_the_personal_one_is_for_those_who_are_signed_in(db):
    refusal_of(caller().get(PERSONAL), 401, "unauthenticated")


def test_the_personal_one_leaves_out_what_they_booked_and_says_why(mei):
    took(mei, house("Booked", "浦东"), "booked")
    house("Like it", "浦东")

    (told,) = data_of(caller(mei).get(PERSONAL))["list"]

    assert (told["title"], told["reason_code"]) == ("Like it", "same_place")
    assert told["reason"] == "Like what you booked in 浦东"


# --- Saved


def test_saving_is_the_same_twice_and_so_is_taking_it_back(mei):
    flat, app = house("Flat"), caller(mei)
    path = f"/api/v1/listings/{flat.pk}/saved"

    for _ in range(2):
        assert data_of(app.put(path)) == {"listing_id": str(flat.pk), "saved": True}
    (told,) = data_of(app.get(SAVED))
    assert told["title"] == "Flat"
    assert app.get(SAVED).json()["pagination"] == {"page": 1, "limit": 20, "total": 1}

    for _ in range(2):
        assert data_of(app.delete(path)) == {"listing_id": str(flat.pk), "saved": False}
    assert data_of(app.get(SAVED)) == []


def test_the_latest_first_and_only_ones_own_that_can_be_had(mei):
    first, second = house("First"), house("Second")
    took(mei, first, "saved", days=9)
    took(mei, second, "saved", days=1)
    took(mei, house("Gone", status="draft"), "saved")
    took(UserFactory(), house("Another's"), "saved")

    assert [one["title"] for one in data_of(caller(mei).get(SAVED))] == ["Second", "First"]


def test_what_is_not_there_is_not_saved_and_what_was_saved_can_be_taken_back(mei):
    draft, app = house("Draft", status="draft"), caller(mei)
    path = f"/api/v1/listings/{draft.pk}/saved"

    for answer in (app.put(path), app.delete(path), app.put("/api/v1/listings/x/saved")):
        refusal_of(answer, 404, "not_found")
    took(mei, draft, "saved")
    assert data_of(app.delete(path))["saved"] is False
    assert not Interest.objects.exists()


def test_guests_save_nothing(db):
    path = f"/api/v1/listings/{house('Flat').pk}/saved"

    for answer in (caller().put(path), caller().delete(path), caller().get(SAVED)):
        refusal_of(answer, 401, "unauthenticated")
