"""/api/v1/boarding/services: places where pets stay, found, read and written."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from realtors.models import Listing
from tests.callers import caller, data_of, refusal_of
from tests.factories import UserFactory

from ..places import ACROSS_TOWN, HERE, boarding, book_stay, house, pet_of
from ..world import MONDAY, TUESDAY, away, clock, hire, manager, open_store

SERVICES = "/api/v1/boarding/services"
DAY = timedelta(days=1)
THURSDAY = TUESDAY + 2 * DAY
FIELDS = {
    *("id", "name", "description", "price", "price_unit", "currency", "species", "sizes"),
    *("vaccination_needed", "capacity", "check_in_hour", "check_out_hour", "location", "distance"),
    *("rating", "review_count", "images", "tags", "category", "sitter", "store_id", "store_name"),
    *("needs_approval", "deposit_percent", "nights", "total", "units_left"),
}
WISH = {
    "name": "Garden for small dogs",
    "description": "A quiet garden.",
    "price": 88.5,
    "capacity": 3,
    "species": ["dog"],
    "sizes": ["small", "medium"],
    "vaccination_needed": True,
    "check_in_hour": 10,
    "check_out_hour": 18,
    "address": "愚园路 1 号",
    "lat": 31.22,
    "lng": 121.43,
    "needs_approval": False,
    "deposit_percent": 20,
    "tags": ["garden"],
}


@pytest.fixture
def place(store):
    """Tao's, for two pets."""
    return boarding(store)


@pytest.fixture
def tao(place):
    return caller(place.realtor.user)


def ids(answer):
    return [row["id"] for row in data_of(answer)]


def dates(first=TUESDAY, last=THURSDAY, **more):
    return {"check_in": first.isoformat(), "check_out": last.isoformat(), **more}


def find(**query):
    return caller().get(SERVICES, **query)


# Finding


def test_everybody_finds_places(place):
    (row,) = data_of(find())

    assert set(row) == FIELDS
    assert (row["id"], row["name"], row["price"], row["price_unit"]) == (
        str(place.pk),
        "Home",
        80,
        "night",
    )
    assert row["species"] == ["dog", "cat", "rabbit", "bird", "other"]
    assert row["sizes"] == ["small", "medium", "large"]
    assert (row["check_in_hour"], row["check_out_hour"]) == (14, 12)
    assert (row["nights"], row["total"], row["units_left"], row["distance"]) == (None,) * 4
    sitter = row["sitter"]
    assert (sitter["id"], sitter["user_id"]) == (
        str(place.realtor_id),
        str(place.realtor.user_id),
    )
    assert (sitter["display_name"], sitter["avatar_url"], sitter["rating"]) == ("Tao", None, 0)


def test_only_boarding_that_the_public_sees(place, store):
    house(store)
    boarding(store, "Xin", status="draft")

    assert ids(find()) == [str(place.pk)]


def test_with_dates_only_those_with_room_every_night(place, store, fang):
    full = boarding(store, "Xin", units=1)
    pet_of(fang)
    book_stay(full, fang, THURSDAY - DAY, THURSDAY)

    (row,) = data_of(find(**dates()))

    assert row["id"] == str(place.pk)
    assert (row["nights"], row["total"], row["units_left"]) == (2, 160, 2)
    assert set(ids(find(**dates(last=THURSDAY - DAY)))) == {str(place.pk), str(full.pk)}


def test_for_several_pets(place, store, fang):
    pet_of(fang)
    book_stay(place, fang, TUESDAY, THURSDAY)
    large = boarding(store, "Xin", units=3)

    (row,) = data_of(find(**dates(pets=2)))

    assert (row["id"], row["total"], row["units_left"]) == (str(large.pk), 320, 3)


def test_a_sitter_who_is_away_is_not_found(place):
    away(place.realtor, clock("20:00", TUESDAY), clock("09:00", TUESDAY + DAY))

    assert ids(find(**dates())) == []


def test_what_can_no_longer_be_booked_for_today_is_not_found(place, store, now):
    late = boarding(store, "Xin", attributes={"check_in_hour": 20})
    now.move_to(clock("15:00"))

    assert ids(find(**dates(MONDAY, TUESDAY))) == [str(late.pk)]


def test_further_ahead_than_its_store_lets_book(place):
    first = MONDAY + 170 * DAY

    assert ids(find(**dates(first, first + 10 * DAY))) == [str(place.pk)]
    assert ids(find(**dates(first, first + 11 * DAY))) == []


def test_by_animal_and_size_and_who_says_nothing_takes_all(place, store):
    dogs = boarding(store, "Xin", attributes={"species": ["dog"], "sizes": ["small"]})
    both = {str(place.pk), str(dogs.pk)}

    assert set(ids(find(species="dog"))) == both
    assert ids(find(species="cat")) == [str(place.pk)]
    assert set(ids(find(species="dog", size="small"))) == both
    assert ids(find(size="large")) == [str(place.pk)]


def test_the_nearest_first_within_a_radius(place, store):
    far = boarding(store, "Xin", latitude=ACROSS_TOWN[0], longitude=ACROSS_TOWN[1])
    Listing.objects.filter(pk=place.pk).update(latitude=HERE[0], longitude=HERE[1])
    here = {"lat": 31.23, "lng": 121.47}

    rows = data_of(find(**here))
    assert [row["id"] for row in rows] == [str(place.pk), str(far.pk)]
    assert rows[0]["distance"] == 0
    assert 9 < rows[1]["distance"] < 12
    assert ids(find(**here, radius=5)) == [str(place.pk)]
    assert ids(find(lat=31.23, lng=121.58, radius=5)) == [str(far.pk)]


def test_from_where_the_caller_lives(place):
    Listing.objects.filter(pk=place.pk).update(latitude=HERE[0], longitude=HERE[1])
    near = UserFactory(latitude=HERE[0], longitude=HERE[1])
    far = UserFactory(latitude=ACROSS_TOWN[0], longitude=ACROSS_TOWN[1])

    (row,) = data_of(caller(near).get(SERVICES))

    assert row["distance"] == 0
    assert ids(caller(far).get(SERVICES, radius=5)) == []


def test_by_price_words_store_and_sitter(place, store):
    dear = boarding(store, "Xin", price=200)
    other = boarding(open_store("elsewhere"), "Yu", price=100)

    assert ids(find(sort="price")) == [str(one.pk) for one in (place, other, dear)]
    assert ids(find(price_max=90)) == [str(place.pk)]
    assert ids(find(price_min=150)) == [str(dear.pk)]
    assert ids(find(q="Xin")) == [str(dear.pk)]
    assert ids(find(store_id=other.store_id)) == [str(other.pk)]
    assert ids(find(sitter_id=dear.realtor_id)) == [str(dear.pk)]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"check_in": "2026-03-03"}, "check_out"),
        ({"check_out": "2026-03-03"}, "check_in"),
        (dates(THURSDAY, TUESDAY), "check_out"),
        (dates(TUESDAY, TUESDAY), "check_out"),
        (dates(TUESDAY, TUESDAY + 91 * DAY), "check_out"),
        ({"check_in": "soon", "check_out": "later"}, "check_in"),
        (dates(pets=0), "pets"),
        (dates(pets=11), "pets"),
        ({"lat": 31}, "lng"),
        ({"lng": 121}, "lat"),
        ({"lat": 91, "lng": 121}, "lat"),
        ({"lat": "nan", "lng": 121}, "lat"),
        ({"lat": 31, "lng": 121, "radius": 2001}, "radius"),
        ({"lat": 31, "lng": 121, "radius": 0}, "radius"),
        ({"species": "dragon"}, "species"),
        ({"size": "huge"}, "size"),
        ({"sort": "luck"}, "sort"),
        ({"price_min": -1}, "price_min"),
    ],
)
def test_a_query_that_means_nothing(place, query, field):
    assert field in refusal_of(find(**query), 400, "invalid")


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        ("2020-01-01", "2020-01-02", "too_soon"),
        ("0001-01-01", "0001-01-02", "too_soon"),
        ("9999-12-30", "9999-12-31", "too_far_ahead"),
    ],
)
def test_dates_of_no_calendar(place, first, last, code):
    query = {"check_in": first, "check_out": last}

    refusal_of(find(**query), 400, code)
    refusal_of(caller().get(f"{SERVICES}/{place.pk}", **query), 400, code)


def test_a_sitter_that_is_not_there(place):
    refusal_of(find(sitter_id="0"), 404, "not_found")
    refusal_of(find(sitter_id="x"), 404, "not_found")


@pytest.mark.parametrize("nights", [1, 90])
def test_a_search_costs_the_same_for_months_and_for_many(store, nights):
    last = TUESDAY + nights * DAY
    boarding(store)
    with CaptureQueriesContext(connection) as one:
        assert len(data_of(find(**dates(last=last)))) == 1
    for number in range(5):
        boarding(open_store(f"store-{number}"), f"Sitter {number}")
    with CaptureQueriesContext(connection) as many:
        assert len(data_of(find(**dates(last=last)))) == 6

    assert len(many) == len(one) <= 12


# One place


def test_a_place_says_what_is_left_night_by_night(place, fang):
    pet_of(fang)
    book_stay(place, fang, TUESDAY, THURSDAY)
    away(place.realtor, clock("20:00", THURSDAY), clock("09:00", THURSDAY + DAY))

    row = data_of(caller().get(f"{SERVICES}/{place.pk}", **dates(MONDAY, THURSDAY + DAY)))

    assert set(row) == FIELDS | {"occupancy"}
    assert row["occupancy"] == [
        {"date": "2026-03-02", "left": 2},
        {"date": "2026-03-03", "left": 1},
        {"date": "2026-03-04", "left": 1},
        {"date": "2026-03-05", "left": 0},
    ]
    assert (row["nights"], row["total"], row["units_left"]) == (4, 320, 0)


def test_without_dates_it_speaks_of_a_month(place):
    row = data_of(caller().get(f"{SERVICES}/{place.pk}"))

    assert len(row["occupancy"]) == 30
    assert row["occupancy"][0]["date"] == "2026-03-02"


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"date_from": "2026-04-01", "date_to": "2026-04-30"}, 30),
        ({"date_from": "2026-04-01"}, 30),
        ({"date_to": "2026-03-02"}, 1),
        ({"date_to": "2027-03-02"}, 92),
        ({"date_from": "0001-01-01"}, 30),
        ({"date_from": "9999-12-31"}, 1),
        ({"date_to": "0001-01-01"}, 1),
    ],
)
def test_of_whatever_days_one_asks(place, query, count):
    assert len(data_of(caller().get(f"{SERVICES}/{place.pk}", **query))["occupancy"]) == count


def test_days_the_wrong_way_round(place):
    path = f"{SERVICES}/{place.pk}"
    wrong = {"date_from": "2026-04-02", "date_to": "2026-04-01"}
    assert "date_to" in refusal_of(caller().get(path, **wrong), 400, "invalid")
    long = {"date_from": "2026-04-01", "date_to": "2026-07-02"}
    assert "date_to" in refusal_of(caller().get(path, **long), 400, "invalid")


def test_a_place_that_is_not_there(place, store):
    draft = boarding(store, "Xin", status="draft")
    for service_id in ("0", "x", str(house(store).pk), str(draft.pk)):
        refusal_of(caller().get(f"{SERVICES}/{service_id}"), 404, "not_found")

    assert data_of(caller(draft.realtor.user).get(f"{SERVICES}/{draft.pk}"))["status"] == "draft"


# Writing


def test_a_sitter_publishes_a_place(store):
    xin = hire(store, "Xin")

    made = data_of(caller(xin.user).post(SERVICES, WISH), 201)

    assert set(made) == FIELDS | {"status"}
    assert {name: made[name] for name in WISH if name in made} == {
        name: value for name, value in WISH.items() if name in made
    }
    assert made["location"] == {"lat": 31.22, "lng": 121.43, "address": "愚园路 1 号"}
    assert (made["sitter"]["display_name"], made["status"]) == ("Xin", "published")
    assert ids(find()) == [made["id"]]


def test_a_draft_is_the_sitter_s_own(store):
    xin = caller(hire(store, "Xin").user)

    made = data_of(xin.post(SERVICES, WISH | {"status": "draft"}), 201)

    assert ids(find()) == []
    assert ids(xin.get(SERVICES, mine=True)) == [made["id"]]


def test_staff_name_the_sitter(store):
    xin, hua = hire(store, "Xin"), caller(manager(store).user)
    errors = refusal_of(hua.post(SERVICES, WISH | {"store_id": store.pk}), 400, "invalid")
    assert "sitter_id" in errors

    made = data_of(hua.post(SERVICES, WISH | {"sitter_id": xin.pk}), 201)

    assert made["sitter"]["id"] == str(xin.pk)


def test_who_may_not_publish(place, store, fang):
    elsewhere = hire(open_store("elsewhere"), "Yu")

    refusal_of(caller().post(SERVICES, WISH), 401, "unauthenticated")
    refusal_of(caller(fang).post(SERVICES, WISH), 403, "forbidden")
    answer = caller(elsewhere.user).post(SERVICES, WISH | {"sitter_id": place.realtor_id})
    refusal_of(answer, 403, "forbidden")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("name", value) for value in ("", " ", None, "x" * 101, "a\nb", [])),
        *(("price", value) for value in (-1, "x", None, 1e15, 10**9, "NaN", 0.001)),
        *(("capacity", value) for value in (0, -1, 501, "many", None)),
        *(("species", value) for value in ("dog", ["dragon"], [["dog"]], {}, None)),
        *(("sizes", value) for value in ("small", ["huge"], [None])),
        ("vaccination_needed", "perhaps"),
        *(("check_in_hour", value) for value in (-1, 24, "noon")),
        *(("check_out_hour", value) for value in (-1, 24, 1.5)),
        *(("lat", value) for value in (91, -91, "x")),
        *(("lng", value) for value in (181, "x")),
        *(("deposit_percent", value) for value in (-1, 101)),
        *(("status", value) for value in ("hidden", "gone")),
        ("category", "no-such-category"),
    ],
)
def test_what_a_place_cannot_be(store, field, value):
    xin = caller(hire(store, "Xin").user)

    errors = refusal_of(xin.post(SERVICES, WISH | {field: value}), 400, "invalid")

    assert field in errors
    assert not Listing.objects.exists()


def test_half_a_place_on_the_map(store):
    xin = caller(hire(store, "Xin").user)
    half = {name: value for name, value in WISH.items() if name != "lng"}

    assert "lat" in refusal_of(xin.post(SERVICES, half), 400, "invalid")


def test_only_what_is_named_changes(place, tao):
    place.attributes = {"species": ["dog"], "check_in_hour": 9}
    place.save()
    path = f"{SERVICES}/{place.pk}"

    row = data_of(tao.patch(path, {"price": 99, "vaccination_needed": True}))

    assert (row["price"], row["vaccination_needed"]) == (99, True)
    assert (row["species"], row["check_in_hour"], row["name"]) == (["dog"], 9, "Home")
    assert data_of(tao.patch(path, {"species": []}))["species"][:2] == ["dog", "cat"]
    assert data_of(tao.patch(path, {}))["price"] == 99


def test_taken_back_and_shown_again(place, tao):
    path = f"{SERVICES}/{place.pk}"

    assert data_of(tao.patch(path, {"status": "draft"}))["status"] == "draft"
    assert ids(find()) == []
    assert data_of(tao.patch(path, {"status": "published"}))["status"] == "published"
    assert ids(find()) == [str(place.pk)]


def test_another_s_place_is_not_there_to_edit(place, store, fang):
    path = f"{SERVICES}/{place.pk}"

    refusal_of(caller(fang).patch(path, {"price": 1}), 404, "not_found")
    refusal_of(caller(hire(store, "Xin").user).patch(path, {"price": 1}), 404, "not_found")
    refusal_of(caller().patch(path, {"price": 1}), 401, "unauthenticated")
    assert data_of(caller(manager(store).user).patch(path, {"price": 1}))["price"] == 1


def test_the_same_key_publishes_once(store):
    xin = caller(hire(store, "Xin").user)
    first = xin.post(SERVICES, WISH, idempotency_key="place-1")
    again = xin.post(SERVICES, WISH, idempotency_key="place-1")

    assert again["Idempotency-Replayed"] == "true"
    assert data_of(first, 201) == data_of(again, 201)
    assert Listing.objects.count() == 1


def test_who_is_on_leave_shows_nothing(place):
    place.realtor.is_active = False
    place.realtor.save()

    assert ids(find()) == []
    refusal_of(caller().get(f"{SERVICES}/{place.pk}"), 404, "not_found")
