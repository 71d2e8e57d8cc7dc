"""GET stores and stores/{id}."""

from datetime import UTC, date, datetime, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stores.models import SpecialInterval
from tests.callers import caller, data_of, refusal_of
from tests.factories import OFFICE, StoreFactory, manager_of

FIELDS = {
    "id",
    "store_name",
    "address",
    "phone",
    "city",
    "latitude",
    "longitude",
    "time_zone",
    "business_hours",
    "rating",
    "review_count",
    "is_active",
    "open_now",
}


def open_now(store):
    return data_of(caller().get(f"stores/{store.pk}"))["open_now"]


def test_a_store_as_everybody_sees_it(office):
    office.latitude, office.longitude, office.rating = "31.235900", "121.474100", "4.50"
    office.save()

    data = data_of(caller().get(f"stores/{office.pk}"))

    assert set(data) == FIELDS
    assert data == data | {
        "id": str(office.pk),
        "store_name": office.name,
        "city": "上海",
        "latitude": 31.2359,
        "longitude": 121.4741,
        "rating": 4.5,
        "review_count": 0,
        "is_active": True,
        "open_now": True,
    }
    assert data["business_hours"][0] == {"weekday": 0, "opens": "09:00", "closes": "18:00"}
    assert [row["weekday"] for row in data["business_hours"]] == list(range(7))


def test_a_store_nobody_has_is_not_found(office):
    for number in ("0", "abc", "9" * 30, "-1", "%00"):
        refusal_of(caller().get(f"stores/{number}"), 404, "not_found")


def test_one_that_has_closed_down_is_there_for_its_manager_only(office, hua):
    office.is_active = False
    office.save()

    refusal_of(caller().get(f"stores/{office.pk}"), 404, "not_found")
    refusal_of(caller(manager_of()).get(f"stores/{office.pk}"), 404, "not_found")
    assert data_of(caller(hua).get(f"stores/{office.pk}"))["is_active"] is False
    assert data_of(caller().get("stores")) == []
    assert len(data_of(caller(hua).get("stores"))) == 1


@pytest.mark.parametrize(
    ("hour", "is_open"), [(0, False), (1, True), (9, True), (10, False)], ids=str
)
def test_open_now_follows_the_wall_clock_of_the_store(office, now, hour, is_open):
    # 01:00 UTC is nine in Shanghai.
    now.move_to(datetime(2026, 3, 2, hour, tzinfo=UTC))

    assert open_now(office) is is_open


def test_a_night_shop_is_open_after_midnight(now):
    shop = StoreFactory(hours=[("20:00", "04:00")])
    now.move_to(datetime(2026, 3, 1, 19, 30, tzinfo=UTC))

    assert open_now(shop)


def test_round_the_clock_is_always_open(now):
    assert open_now(StoreFactory())


def test_a_special_day_is_not_the_ordinary_week(office, now):
    day = office.special_days.create(date=date(2026, 3, 2))

    assert not open_now(office)
    SpecialInterval.objects.create(special_day=day, opens=time(13), closes=time(15))
    assert open_now(office)


def test_each_store_has_its_own_zone(now):
    shanghai = StoreFactory(hours=OFFICE)
    london = StoreFactory(hours=OFFICE, time_zone="Europe/London")
    now.move_to(datetime(2026, 3, 2, 12, tzinfo=UTC))

    answer = {row["id"]: row["open_now"] for row in data_of(caller().get("stores"))}

    assert answer == {str(shanghai.pk): False, str(london.pk): True}


def test_the_list_comes_in_pages(office):
    for _ in range(4):
        StoreFactory()

    answer = caller().get("stores", page=2, limit=2)

    assert len(data_of(answer)) == 2
    assert answer.json()["pagination"] == {"page": 2, "limit": 2, "total": 5}


def test_the_number_of_queries_does_not_grow(office):
    def queries():
        with CaptureQueriesContext(connection) as queries:
            data_of(caller().get("stores", limit=100))
        return len(queries)

    office.special_days.create(date=date(2026, 3, 2))
    few = queries()
    for _ in range(20):
        StoreFactory().special_days.create(date=date(2026, 3, 2))

    assert queries() == few <= 6
