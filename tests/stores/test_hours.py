"""GET and PUT stores/{id}/hours."""

import pytest

from booking_site.common import events
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Forbidden
from stores import services
from stores.events import StoreHoursChanged
from stores.models import OpeningInterval
from tests.callers import caller, data_of, refusal_of

from .conftest import NOW


def hours(weekday, opens, closes):
    return {"weekday": weekday, "opens": opens, "closes": closes}


def put(office, by, *rows):
    return caller(by).put(f"stores/{office.pk}/hours", {"hours": list(rows)})


@pytest.fixture
def news(monkeypatch):
    heard = []
    monkeypatch.setitem(events._receivers, StoreHoursChanged, [heard.append])
    return heard


def test_the_week_is_public(office):
    data = data_of(caller().get(f"stores/{office.pk}/hours"))

    assert data["store_id"] == str(office.pk)
    assert data["time_zone"] == "Asia/Shanghai"
    assert data["hours"] == [hours(weekday, "09:00", "18:00") for weekday in range(7)]


def test_the_manager_replaces_the_week(office, hua, news):
    week = [hours(0, "09:00", "12:00"), hours(0, "13:30", "18:00"), hours(5, "20:00", "02:00")]

    data = data_of(put(office, hua, *week))

    assert data["hours"] == week
    assert data_of(caller().get(f"stores/{office.pk}/hours")) == data
    assert news == [StoreHoursChanged(store_id=office.pk, at=NOW)]


def test_what_was_read_can_be_written_back(office, hua):
    read = data_of(caller().get(f"stores/{office.pk}/hours"))

    assert data_of(caller(hua).put(f"stores/{office.pk}/hours", read)) == read


def test_no_hours_at_all_is_a_store_that_does_not_open(office, hua):
    assert data_of(put(office, hua))["hours"] == []
    assert not OpeningInterval.objects.exists()


@pytest.mark.parametrize(
    "rows",
    [
        [hours(0, "09:00", "12:00"), hours(0, "11:00", "13:00")],
        [hours(0, "09:00", "12:00"), hours(0, "09:00", "10:00")],
        [hours(0, "20:00", "04:00"), hours(1, "03:00", "10:00")],
        [hours(6, "20:00", "04:00"), hours(0, "03:00", "10:00")],
        [hours(0, "00:00", "00:00"), hours(0, "10:00", "11:00")],
    ],
    ids=["by an hour", "the same start", "over midnight", "over the week's end", "the whole day"],
)
def test_hours_that_overlap_are_refused(office, hua, rows):
    assert set(refusal_of(put(office, hua, *rows), 400, "invalid")) == {"hours"}
    assert OpeningInterval.objects.count() == 7


@pytest.mark.parametrize(
    "rows",
    [
        [hours(0, "09:00", "12:00"), hours(0, "12:00", "13:00")],
        [hours(0, "20:00", "03:00"), hours(1, "03:00", "10:00")],
        [hours(day, "00:00", "00:00") for day in range(7)],
    ],
    ids=["touching", "touching after midnight", "round the clock"],
)
def test_hours_that_only_touch_are_fine(office, hua, rows):
    assert data_of(put(office, hua, *rows))["hours"] == rows


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"hours": None},
        {"hours": {}},
        {"hours": "09:00-18:00"},
        {"hours": [1]},
        {"hours": [hours(7, "09:00", "18:00")]},
        {"hours": [hours(-1, "09:00", "18:00")]},
        {"hours": [hours("Monday", "09:00", "18:00")]},
        {"hours": [hours(0, "9 am", "18:00")]},
        {"hours": [hours(0, "09:00", "24:00")]},
        {"hours": [{"weekday": 0, "opens": "09:00"}]},
        {"hours": [hours(0, "09:00", "18:00")] * 71},
    ],
    ids=lambda body: repr(body)[:60],
)
def test_what_is_no_week_is_refused_by_field(office, hua, body):
    answer = caller(hua).put(f"stores/{office.pk}/hours", body)

    assert set(refusal_of(answer, 400, "invalid")) == {"hours"}
    assert OpeningInterval.objects.count() == 7


def test_the_service_asks_for_the_right_itself(office):
    with pytest.raises(Forbidden):
        services.set_opening_hours(office, week={}, by=Actor.guest(), at=NOW)
    services.set_opening_hours(office, week={}, by=SYSTEM, at=NOW)
