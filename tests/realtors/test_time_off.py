"""CRUD realtors/{id}/time-off."""

from datetime import timedelta

import pytest

from booking_site.common import events
from booking_site.common.actors import Actor
from booking_site.common.errors import Forbidden, NotFound
from realtors import services
from realtors.events import RealtorAvailabilityChanged
from realtors.models import TimeOff
from tests.callers import caller, data_of, refusal_of
from tests.factories import RealtorFactory

from .conftest import NOW

HOLIDAY = {
    "starts_at": "2026-03-05T00:00:00+08:00",
    "ends_at": "2026-03-06T00:00:00+08:00",
    "reason": "年假",
}


@pytest.fixture
def path(wei):
    return f"realtors/{wei.pk}/time-off"


@pytest.fixture
def app(wei):
    return caller(wei.user)


@pytest.fixture
def news(monkeypatch):
    heard = []
    monkeypatch.setitem(events._receivers, RealtorAvailabilityChanged, [heard.append])
    return heard


def test_a_day_off(wei, app, path, news):
    data = data_of(app.post(path, HOLIDAY), 201)

    assert data == HOLIDAY | {"id": str(TimeOff.objects.get().pk)}
    assert data_of(app.get(f"{path}/{data['id']}")) == data
    answer = app.get(path)
    assert data_of(answer) == [data]
    assert answer.json()["pagination"]["total"] == 1
    assert news == [RealtorAvailabilityChanged(realtor_id=wei.pk, store_id=wei.store_id, at=NOW)]


def test_times_may_be_given_in_any_offset_and_come_in_the_stores(app, path):
    body = HOLIDAY | {"starts_at": "2026-03-04T16:00:00Z", "ends_at": "2026-03-05T11:00:00-05:00"}

    data = data_of(app.post(path, body), 201)

    assert (data["starts_at"], data["ends_at"]) == (HOLIDAY["starts_at"], HOLIDAY["ends_at"])


def test_nothing_is_offered_meanwhile(wei, app, path):
    slots = f"stores/{wei.store_id}/slots"
    query = {"start_date": "2026-03-05", "days": 1}
    assert data_of(caller().get(slots, **query))["days"][0]["reason"] is None

    data_of(app.post(path, HOLIDAY), 201)

    assert data_of(caller().get(slots, **query))["days"][0]["reason"] == "full"


def test_only_what_is_named_changes(app, path, news):
    made = data_of(app.post(path, HOLIDAY), 201)
    one = f"{path}/{made['id']}"

    assert data_of(app.patch(one, {"reason": "ill"})) == made | {"reason": "ill"}
    assert data_of(app.patch(one, {"reason": ""}))["reason"] == ""
    later = "2026-03-07T00:00:00+08:00"
    assert data_of(app.patch(one, {"ends_at": later}))["ends_at"] == later
    assert data_of(app.patch(one, {}))["ends_at"] == later
    assert len(news) == 5


def test_removing_it(app, path, news):
    made = data_of(app.post(path, HOLIDAY), 201)

    assert app.delete(f"{path}/{made['id']}").status_code == 204

    assert not TimeOff.objects.exists()
    refusal_of(app.delete(f"{path}/{made['id']}"), 404, "not_found")
    assert len(news) == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"starts_at": None}, "starts_at"),
        ({"starts_at": "2026-03-05"}, "starts_at"),
        ({"starts_at": "2026-03-05T00:00:00"}, "starts_at"),
        ({"starts_at": 1772600000}, "starts_at"),
        ({"ends_at": "2026-03-05T00:00:00+08:00"}, "ends_at"),
        ({"ends_at": "2026-03-04T00:00:00+08:00"}, "ends_at"),
        ({"starts_at": "2026-02-01T00:00:00Z", "ends_at": "2026-03-02T06:00:00Z"}, "ends_at"),
        ({"starts_at": "0001-01-01T00:00:00Z"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, "starts_at"),
        ({"ends_at": "9999-12-31T23:59:59Z"}, "ends_at"),
        ({"ends_at": "9999-12-31T23:59:59-14:00"}, "ends_at"),
        ({"reason": "x" * 101}, "reason"),
        ({"reason": "two\nlines"}, "reason"),
    ],
    ids=repr,
)
def test_bad_input_is_refused_by_field(app, path, change, field):
    assert set(refusal_of(app.post(path, HOLIDAY | change), 400, "invalid")) == {field}
    assert not TimeOff.objects.exists()


def test_it_may_not_overlap_other_time_off(app, path):
    first = data_of(app.post(path, HOLIDAY), 201)
    inside = HOLIDAY | {"starts_at": "2026-03-05T12:00:00+08:00"}
    assert set(refusal_of(app.post(path, inside), 400, "invalid")) == {"starts_at"}
    following = HOLIDAY | {"starts_at": first["ends_at"], "ends_at": "2026-03-07T00:00:00+08:00"}

    second = data_of(app.post(path, following), 201)

    answer = app.patch(f"{path}/{second['id']}", {"starts_at": "2026-03-05T23:00:00+08:00"})
    assert set(refusal_of(answer, 400, "invalid")) == {"starts_at"}
    assert TimeOff.objects.count() == 2


def test_colleagues_may_be_away_at_the_same_time(app, path, wei):
    ming = RealtorFactory(store=wei.store)
    data_of(app.post(path, HOLIDAY), 201)

    data_of(caller(ming.user).post(f"realtors/{ming.pk}/time-off", HOLIDAY), 201)


def test_another_realtors_time_off_is_not_there(app, path, wei):
    ming = RealtorFactory(store=wei.store)
    off = TimeOff.objects.create(realtor=ming, starts_at=NOW, ends_at=NOW + timedelta(hours=1))

    for call in (app.get, app.patch, app.delete):
        refusal_of(call(f"{path}/{off.pk}"), 404, "not_found")


def test_the_services_ask_for_the_right_themselves(wei):
    ming = Actor.of(RealtorFactory(store=wei.store).user)
    span = {"starts_at": NOW, "ends_at": NOW + timedelta(hours=1)}
    off = TimeOff.objects.create(realtor=wei, **span)

    with pytest.raises(Forbidden):
        services.add_time_off(wei, **span, by=ming, at=NOW)
    with pytest.raises(Forbidden):
        services.change_time_off(off, reason="x", by=ming, at=NOW)
    with pytest.raises(Forbidden):
        services.remove_time_off(off, by=Actor.guest(), at=NOW)


def test_one_that_somebody_has_removed_meanwhile_does_not_come_back(wei):
    off = TimeOff.objects.create(realtor=wei, starts_at=NOW, ends_at=NOW + timedelta(hours=1))
    TimeOff.objects.all().delete()

    with pytest.raises(NotFound):
        services.change_time_off(off, reason="x", by=Actor.of(wei.user), at=NOW)
    assert not TimeOff.objects.exists()


def test_the_end_of_time_off_serves_those_who_wait(wei, app, path):
    """The news goes up: appointments serve their lines at once."""
    away = {"starts_at": "2026-03-02T15:00:00+08:00", "ends_at": "2026-03-02T18:00:00+08:00"}
    made = data_of(app.post(path, away), 201)
    wish = {
        "store_id": wei.store_id,
        "customer_name": "Lan",
        "customer_phone": "13800000001",
        "appointment_date": "2026-03-02",
        "start_time": "16:00",
    }
    waiting = data_of(caller().post("appointments", wish), 201)
    assert waiting["queue_position"] == 1

    app.delete(f"{path}/{made['id']}")

    served = data_of(caller().get(f"appointments/{waiting['appointment_code']}"))
    assert (served["queue_position"], served["realtor_id"]) == (0, str(wei.pk))
