"""CRUD stores/{id}/special-days."""

import pytest

from booking_site.common import events
from booking_site.common.actors import Actor
from booking_site.common.errors import Forbidden, NotFound
from stores import services
from stores.events import StoreHoursChanged
from stores.models import SpecialDay, SpecialInterval
from tests.callers import caller, data_of, refusal_of
from tests.factories import StoreFactory, manager_of

from .conftest import NOW

SHORT = [{"opens": "10:00", "closes": "14:00"}]


@pytest.fixture
def path(office):
    return f"stores/{office.pk}/special-days"


@pytest.fixture
def news(monkeypatch):
    heard = []
    monkeypatch.setitem(events._receivers, StoreHoursChanged, [heard.append])
    return heard


def test_a_closed_day(office, hua, path, news):
    data = data_of(caller(hua).post(path, {"date": "2026-04-05", "note": "清明"}), 201)

    day = SpecialDay.objects.get()
    assert data == {"id": str(day.pk), "date": "2026-04-05", "note": "清明", "hours": []}
    assert news == [StoreHoursChanged(store_id=office.pk, at=NOW)]


@pytest.mark.parametrize("half", [{"opens": "10:00"}, {"closes": "14:00"}, {}])
def test_half_an_interval_is_refused_whether_the_day_is_new_or_changed(office, hua, path, half):
    day = {"date": "2026-03-02", "hours": SHORT}
    made = data_of(caller(hua).post(path, day), 201)

    for answer in (
        caller(hua).post(path, {"date": "2026-03-03", "hours": [half]}),
        caller(hua).patch(f"{path}/{made['id']}", {"hours": [half]}),
    ):
        errors = refusal_of(answer, 400, "invalid")
        missing = {"opens", "closes"} - set(half)
        assert set(errors) == {"hours"}
        said = {sentence.partition(":")[0] for sentence in errors["hours"]}
        assert said == {f"0.{name}" for name in missing}


def test_other_hours_on_a_day(office, hua, path):
    data = data_of(caller(hua).post(path, {"date": "2026-03-02", "hours": SHORT}), 201)

    assert data["hours"] == SHORT
    assert data_of(caller().get(f"{path}/{data['id']}")) == data
    answer = caller().get(path)
    assert data_of(answer) == [data]
    assert answer.json()["pagination"]["total"] == 1


def test_only_what_is_named_changes(hua, path, news):
    made = data_of(
        caller(hua).post(path, {"date": "2026-04-05", "note": "fair", "hours": SHORT}), 201
    )
    one = f"{path}/{made['id']}"

    assert data_of(caller(hua).patch(one, {"note": "market"})) == made | {"note": "market"}
    assert data_of(caller(hua).patch(one, {"hours": []}))["hours"] == []
    assert data_of(caller(hua).patch(one, {"date": "2026-04-06"}))["date"] == "2026-04-06"
    assert data_of(caller(hua).patch(one, {})) == {
        "id": made["id"],
        "date": "2026-04-06",
        "note": "market",
        "hours": [],
    }
    assert len(news) == 5


def test_removing_it_brings_the_ordinary_week_back(hua, path, news):
    made = data_of(caller(hua).post(path, {"date": "2026-04-05", "hours": SHORT}), 201)

    assert caller(hua).delete(f"{path}/{made['id']}").status_code == 204

    assert not SpecialDay.objects.exists()
    assert not SpecialInterval.objects.exists()
    refusal_of(caller(hua).delete(f"{path}/{made['id']}"), 404, "not_found")
    assert len(news) == 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "date"),
        ({"date": None}, "date"),
        ({"date": "2026-02-29"}, "date"),
        ({"date": "2026-03-01"}, "date"),
        ({"date": "0001-01-01"}, "date"),
        ({"date": "2032-01-01"}, "date"),
        ({"date": "9999-12-31"}, "date"),
        ({"date": "2026-04-05", "note": "x" * 101}, "note"),
        ({"date": "2026-04-05", "hours": [{"opens": "10:00"}]}, "hours"),
        ({"date": "2026-04-05", "hours": SHORT * 2}, "hours"),
        ({"date": "2026-04-05", "hours": SHORT * 11}, "hours"),
        ({"date": "2026-04-05", "hours": None}, "hours"),
    ],
    ids=repr,
)
def test_bad_input_is_refused_by_field(hua, path, body, field):
    assert set(refusal_of(caller(hua).post(path, body), 400, "invalid")) == {field}
    assert not SpecialDay.objects.exists()


def test_a_date_is_special_once(hua, path):
    data_of(caller(hua).post(path, {"date": "2026-04-05"}), 201)
    other = data_of(caller(hua).post(path, {"date": "2026-04-06"}), 201)

    answer = caller(hua).post(path, {"date": "2026-04-05"})
    assert set(refusal_of(answer, 400, "invalid")) == {"date"}
    answer = caller(hua).patch(f"{path}/{other['id']}", {"date": "2026-04-05"})
    assert set(refusal_of(answer, 400, "invalid")) == {"date"}


def test_a_past_day_keeps_its_date_but_not_its_note(office, hua, path):
    old = office.special_days.create(date="2026-02-01")

    assert data_of(caller(hua).patch(f"{path}/{old.pk}", {"note": "flood"}))["note"] == "flood"
    data_of(caller(hua).patch(f"{path}/{old.pk}", {"date": "2026-02-01"}))


def test_another_stores_day_is_not_there(hua, path):
    foreign = StoreFactory().special_days.create(date="2026-04-05")

    for call in (caller().get, caller(hua).patch, caller(hua).delete):
        refusal_of(call(f"{path}/{foreign.pk}"), 404, "not_found")


def test_the_services_ask_for_the_right_themselves(office):
    stranger = Actor.of(manager_of(StoreFactory()))
    day = office.special_days.create(date="2026-04-05")

    with pytest.raises(Forbidden):
        services.add_special_day(office, day=day.date, by=stranger, at=NOW)
    with pytest.raises(Forbidden):
        services.change_special_day(day, note="x", by=stranger, at=NOW)
    with pytest.raises(Forbidden):
        services.remove_special_day(day, by=Actor.guest(), at=NOW)


def test_one_that_somebody_has_removed_meanwhile_does_not_come_back(office, hua):
    day = office.special_days.create(date="2026-04-05")
    SpecialDay.objects.all().delete()

    with pytest.raises(NotFound):
        services.change_special_day(day, note="x", by=Actor.of(hua), at=NOW)
    assert not SpecialDay.objects.exists()
