"""GET and PUT realtors/{id}/hours."""

import pytest

from booking_site.common import events
from booking_site.common.actors import Actor
from booking_site.common.errors import Forbidden
from realtors import services
from realtors.events import RealtorAvailabilityChanged
from realtors.models import WorkingInterval
from tests.callers import caller, data_of, refusal_of

from .conftest import NOW


def row(weekday, opens, closes):
    return {"weekday": weekday, "opens": opens, "closes": closes}


@pytest.fixture
def news(monkeypatch):
    heard = []
    monkeypatch.setitem(events._receivers, RealtorAvailabilityChanged, [heard.append])
    return heard


def test_without_hours_of_their_own_they_work_when_the_store_is_open(wei, office):
    assert data_of(caller().get(f"realtors/{wei.pk}/hours")) == {
        "realtor_id": str(wei.pk),
        "store_id": str(office.pk),
        "time_zone": "Asia/Shanghai",
        "hours": [],
        "breaks": [],
    }


def test_the_realtor_sets_hours_and_breaks(wei, news):
    body = {
        "hours": [row(0, "09:00", "18:00"), row(1, "22:00", "02:00")],
        "breaks": [row(0, "12:00", "13:00")],
    }

    data = data_of(caller(wei.user).put(f"realtors/{wei.pk}/hours", body))

    assert (data["hours"], data["breaks"]) == (body["hours"], body["breaks"])
    assert data_of(caller().get(f"realtors/{wei.pk}/hours")) == data
    assert data_of(caller(wei.user).put(f"realtors/{wei.pk}/hours", data)) == data
    assert news[0] == RealtorAvailabilityChanged(realtor_id=wei.pk, store_id=wei.store_id, at=NOW)


def test_the_whole_week_is_replaced(wei, hua):
    path = f"realtors/{wei.pk}/hours"
    caller(hua).put(
        path, {"hours": [row(0, "09:00", "18:00")], "breaks": [row(0, "12:00", "13:00")]}
    )

    caller(hua).put(path, {"hours": [row(4, "09:00", "18:00")]})

    kept = WorkingInterval.objects.get()
    assert (kept.weekday, kept.kind) == (4, "work")


def test_new_hours_change_what_is_offered(wei, office):
    def starts():
        path = f"stores/{office.pk}/slots"
        (day,) = data_of(caller().get(path, start_date="2026-03-03", days=1))["days"]
        return [slot["start_time"] for slot in day["slots"] if slot["available"]]

    assert (starts()[0], starts()[-1]) == ("09:00", "17:00")
    body = {"hours": [row(1, "10:00", "15:00")], "breaks": [row(1, "12:00", "13:00")]}

    data_of(caller(wei.user).put(f"realtors/{wei.pk}/hours", body))

    assert starts() == [
        *("10:00", "10:15", "10:30", "10:45", "11:00"),
        *("13:00", "13:15", "13:30", "13:45", "14:00"),
    ]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["hours"]),
        ({"hours": None}, ["hours"]),
        ({"hours": [row(8, "09:00", "18:00")]}, ["hours"]),
        ({"hours": [], "breaks": [row(0, "noon", "13:00")]}, ["breaks"]),
        ({"hours": [row(0, "09:00", "12:00"), row(0, "11:00", "13:00")]}, ["hours"]),
        ({"hours": [], "breaks": [row(0, "12:00", "13:00")] * 2}, ["breaks"]),
        (
            {"hours": [row(0, "09:00", "12:00")] * 2, "breaks": [row(0, "12:00", "13:00")] * 2},
            ["breaks", "hours"],
        ),
        ({"hours": [row(0, "09:00", "18:00")] * 71}, ["hours"]),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_what_is_no_week_is_refused_by_field(wei, body, fields):
    answer = caller(wei.user).put(f"realtors/{wei.pk}/hours", body)

    assert sorted(refusal_of(answer, 400, "invalid")) == fields
    assert not WorkingInterval.objects.exists()


def test_a_break_may_stand_within_the_hours(wei):
    body = {"hours": [row(0, "09:00", "18:00")], "breaks": [row(0, "12:00", "13:00")]}

    data_of(caller(wei.user).put(f"realtors/{wei.pk}/hours", body))


def test_the_service_asks_for_the_right_itself(wei):
    with pytest.raises(Forbidden):
        services.set_working_hours(wei, work={}, breaks={}, by=Actor.guest(), at=NOW)
