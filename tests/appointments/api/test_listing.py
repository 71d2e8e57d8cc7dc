"""GET appointments."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments import services
from appointments.models import Appointment
from realtors.models import Realtor
from tests.callers import caller, data_of, refusal_of

from ..world import (
    NOW,
    TUESDAY,
    book,
    clock,
    confirmed,
    hire,
    manager,
    open_store,
    owner,
    phones,
    register,
)
from .test_booking import FIELDS


@pytest.fixture
def books(store, wei, fang, bo):
    """Fang's and a guest's with Wei, Bo's elsewhere."""
    elsewhere = open_store("bund")
    hire(elsewhere, "Yun")
    return {
        "fang": book(store, clock("10:00"), customer=fang),
        "guest": confirmed(store, clock("12:00")),
        "later": book(store, clock("10:00", TUESDAY), customer=fang),
        "bo": book(elsewhere, clock("10:00"), customer=bo),
    }


def ids(answer):
    return [row["id"] for row in data_of(answer)]


def pks(*appointments):
    return [str(one.pk) for one in appointments]


def test_a_customer_sees_their_own_the_latest_start_first(books, fang):
    answer = caller(fang).get("appointments")

    assert ids(answer) == pks(books["later"], books["fang"])
    assert set(data_of(answer)[0]) == FIELDS
    assert answer.json()["pagination"] == {"page": 1, "limit": 20, "total": 2}


def test_a_realtor_sees_what_is_theirs(books, wei):
    assert ids(caller(wei.user).get("appointments")) == pks(
        books["later"], books["guest"], books["fang"]
    )


def test_who_works_there_no_more_sees_what_is_not_over(books, wei):
    Appointment.objects.filter(pk=books["guest"].pk).update(status="completed")
    Realtor.objects.filter(pk=wei.pk).update(is_active=False)

    assert ids(caller(wei.user).get("appointments")) == pks(books["later"], books["fang"])


def test_a_manager_sees_their_stores_only(books, store):
    assert ids(caller(manager(store).user).get("appointments")) == pks(
        books["later"], books["guest"], books["fang"]
    )


def test_the_operator_sees_all(books):
    root = register("Root", is_staff=True, is_superuser=True)

    assert len(ids(caller(root).get("appointments"))) == 4


def test_guests_have_no_list(books):
    refusal_of(caller().get("appointments"), 401, "unauthenticated")


def test_it_is_filtered_by_status_dates_store_and_realtor(books, store, wei):
    root = caller(register("Root", is_staff=True, is_superuser=True))

    def found(**query):
        return set(ids(root.get("appointments", **query)))

    elsewhere = books["bo"].store_id
    assert found(status="confirmed") == set(pks(books["guest"]))
    assert found(date_from="2026-03-03") == set(pks(books["later"]))
    assert found(date_to="2026-03-02", store_id=store.pk) == set(pks(books["fang"], books["guest"]))
    assert found(date_from="2026-03-02", date_to="2026-03-02", store_id=elsewhere) == set(
        pks(books["bo"])
    )
    assert len(found(realtor_id=wei.pk)) == 3
    assert found(date_from="0001-01-01", date_to="9999-12-31") == found()
    assert found(date_from="9999-12-31") == found(date_to="0001-01-01") == set()
    assert found(store_id=987654) == set()


def test_dates_are_those_of_each_stores_calendar(db):
    root = caller(register("Root", is_staff=True, is_superuser=True))
    honolulu, auckland = (
        open_store(zone.lower().replace("/", "-"), zone=zone, opens="00:00", closes="00:00")
        for zone in ("Pacific/Honolulu", "Pacific/Auckland")
    )
    for store in (honolulu, auckland):
        hire(store, store.slug)
    # Both on 3 March, by the walls they hang on, 20 hours apart.
    west = book(honolulu, clock("01:00", TUESDAY, honolulu.zone))
    east = book(auckland, clock("23:00", TUESDAY, auckland.zone), phone="+8613800000009")

    answer = root.get("appointments", date_from="2026-03-03", date_to="2026-03-03")

    assert set(ids(answer)) == set(pks(west, east))


def test_pages_are_cut_and_counted(books, wei):
    answer = caller(wei.user).get("appointments", page=2, limit=2)

    assert ids(answer) == pks(books["fang"])
    assert answer.json()["pagination"] == {"page": 2, "limit": 2, "total": 3}
    assert ids(caller(wei.user).get("appointments", page=99)) == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"page": "0"}, "page"),
        ({"page": "-1"}, "page"),
        ({"page": "x"}, "page"),
        ({"page": "9" * 30}, "page"),
        ({"page": "\x00"}, "page"),
        ({"page": "000000001" + "9" * 21}, "page"),
        ({"page": "000000001" + "9" * 5000}, "page"),
        ({"limit": "0000000019999999"}, "limit"),
        ({"page": "１"}, "page"),
        ({"limit": "101"}, "limit"),
        ({"limit": "1e9"}, "limit"),
        ({"status": "lost"}, "status"),
        ({"status": "\x00"}, "status"),
        ({"date_from": "yesterday"}, "date_from"),
        ({"date_to": "2026-02-30"}, "date_to"),
        ({"date_to": "\x00"}, "date_to"),
        ({"store_id": "\x00"}, "store_id"),
    ],
    ids=repr,
)
def test_a_query_that_makes_no_sense_is_refused_by_field(fang, query, field):
    assert set(refusal_of(caller(fang).get("appointments", **query), 400, "invalid")) == {field}


@pytest.mark.parametrize("field", ["store_id", "realtor_id"])
@pytest.mark.parametrize("number", ["abc", "-1", "9" * 40])
def test_what_is_no_id_is_not_found(fang, field, number):
    refusal_of(caller(fang).get("appointments", **{field: number}), 404, "not_found")


def test_positions_in_line_are_those_of_the_line(store, wei, fang):
    book(store, clock("14:00"))
    first, second = (book(store, clock("14:00"), phone=phone) for phone in phones(2))
    boss = caller(manager(store).user)

    def positions():
        rows = data_of(boss.get("appointments"))
        return {row["id"]: row["queue_position"] for row in rows if row["realtor_id"] is None}

    assert positions() == {str(first.pk): 1, str(second.pk): 2}
    services.cancel(first, by=owner(first), at=NOW)
    assert positions() == {str(first.pk): 0, str(second.pk): 1}


def test_the_number_of_queries_does_not_grow(store, fang):
    boss = caller(manager(store).user)

    def queries():
        with CaptureQueriesContext(connection) as queries:
            data_of(boss.get("appointments", limit=100))
        return len(queries)

    hire(store, "One")
    book(store, clock("10:00"), customer=fang)
    book(store, clock("10:00"), phone=phones(1)[0])
    few = queries()
    for n, phone in enumerate(phones(30, first=500)):
        if n < 10:
            hire(store, f"R{n}")
        book(store, clock(f"{9 + n % 8:02d}:00"), phone=phone)

    assert Appointment.objects.count() == 32
    assert queries() == few <= 8
