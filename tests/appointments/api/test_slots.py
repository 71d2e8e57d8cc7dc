"""GET stores/{id}/slots."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments import services
from tests.callers import caller, data_of, refusal_of

from ..world import GUEST, NOW, away, book, clock, hire, open_store, phones


def days_of(store, **query):
    data = data_of(caller().get(f"stores/{store.pk}/slots", **query))
    assert data["store_id"] == str(store.pk)
    return data["days"]


def starts_of(day):
    return [slot["start_time"] for slot in day["slots"]]


def test_seven_days_from_today_in_steps_of_the_grid(store, wei):
    days = days_of(store)

    assert [day["date"] for day in days] == [f"2026-03-{n:02d}" for n in range(2, 9)]
    today = days[0]
    assert (starts_of(today)[0], starts_of(today)[1], starts_of(today)[-1]) == (
        "09:00",
        "09:15",
        "17:00",
    )
    assert today["slots"][0] == {
        "start_time": "09:00",
        "end_time": "10:00",
        "starts_at": "2026-03-02T09:00:00+08:00",
        "available": True,
        "free_realtors": 1,
        "queue_length": 0,
    }
    assert all(day["reason"] is None for day in days)


def test_available_means_that_somebody_is_free_for_the_whole_length(store, wei, ming):
    book(store, clock("14:00"), realtor=wei)
    (day,) = days_of(store, days=1)
    free = {slot["start_time"]: slot for slot in day["slots"]}

    assert (free["14:00"]["free_realtors"], free["13:15"]["free_realtors"]) == (1, 1)
    assert (free["13:00"]["free_realtors"], free["15:00"]["free_realtors"]) == (2, 2)
    (day,) = days_of(store, days=1, realtor_id=wei.pk)
    taken = {slot["start_time"]: slot["available"] for slot in day["slots"]}
    assert (taken["14:00"], taken["13:00"]) == (False, True)
    (day,) = days_of(store, days=1, duration_minutes=120, realtor_id=str(wei.pk))
    taken = {slot["start_time"]: slot["available"] for slot in day["slots"]}
    assert (taken["12:15"], taken["12:00"], "16:15" in taken) == (False, True, False)


def test_those_who_wait_for_a_start_are_counted(store, wei):
    for phone in phones(3):
        book(store, clock("14:00"), phone=phone)
    (day,) = days_of(store, days=1)

    assert {slot["start_time"]: slot["queue_length"] for slot in day["slots"]}["14:00"] == 2


def test_a_hold_takes_its_time_out(store, wei):
    services.hold(store, starts_at=clock("14:00"), by=GUEST, at=NOW)
    (day,) = days_of(store, days=1)

    assert not {slot["start_time"]: slot["available"] for slot in day["slots"]}["14:00"]


def test_what_is_offered_can_be_booked(store, wei, lans_wish):
    (day,) = days_of(store, days=1)
    lans_wish |= {"start_time": day["slots"][-1]["start_time"], "queue": False}

    data_of(caller().post("appointments", lans_wish), 201)


def test_a_day_without_times_says_why(store, wei, now):
    store.special_days.create(date=date(2026, 3, 4))
    away(wei, clock("00:00", date(2026, 3, 5)), clock("00:00", date(2026, 3, 6)))
    now.move_to(clock("16:45"))
    reasons = {
        day["date"]: day["reason"] for day in days_of(store, start_date="2026-03-01", days=11)
    }

    assert reasons == {
        "2026-03-01": "past",
        "2026-03-02": "too_soon",
        "2026-03-03": None,
        "2026-03-04": "closed",
        "2026-03-05": "full",
        "2026-03-06": None,
        "2026-03-07": None,
        "2026-03-08": None,
        "2026-03-09": None,
        "2026-03-10": "too_far_ahead",
        "2026-03-11": "too_far_ahead",
    }


@pytest.mark.parametrize(
    ("start", "count", "reason"),
    [
        ("0001-01-01", 31, "past"),
        ("1969-12-31", 31, "past"),
        ("2300-01-01", 31, "too_far_ahead"),
        ("9999-12-30", 2, "too_far_ahead"),
        ("9999-12-31", 1, "too_far_ahead"),
    ],
)
def test_the_edges_of_the_calendar_are_days_like_others(store, wei, start, count, reason):
    days = days_of(store, start_date=start, days=31)

    assert len(days) == count
    assert {day["reason"] for day in days} == {reason}
    assert not any(day["slots"] for day in days)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"days": 0}, "days"),
        ({"days": 32}, "days"),
        ({"days": "x"}, "days"),
        ({"days": "\x00"}, "days"),
        ({"start_date": "soon"}, "start_date"),
        ({"start_date": "2026-02-30"}, "start_date"),
        ({"duration_minutes": 7}, "duration_minutes"),
        ({"duration_minutes": 1500}, "duration_minutes"),
        ({"duration_minutes": "9" * 50}, "duration_minutes"),
    ],
    ids=repr,
)
def test_a_query_that_makes_no_sense_is_refused_by_field(store, query, field):
    answer = caller().get(f"stores/{store.pk}/slots", **query)

    assert set(refusal_of(answer, 400, "invalid")) == {field}


@pytest.mark.parametrize(
    "query", [{"realtor_id": "abc"}, {"realtor_id": 10**30}, {"listing_id": 1}]
)
def test_ids_of_nobody_are_not_found(store, query):
    refusal_of(caller().get(f"stores/{store.pk}/slots", **query), 404, "not_found")


def test_a_realtor_of_another_store_is_not_found(store):
    foreign = hire(open_store("bund"), "Yun")

    answer = caller().get(f"stores/{store.pk}/slots", realtor_id=foreign.pk)

    refusal_of(answer, 404, "not_found")


@pytest.mark.parametrize("number", ["0", "abc", str(2**63), "-1", "1e3", "%00"])
def test_a_store_nobody_has_is_not_found(store, number):
    refusal_of(caller().get(f"stores/{number}/slots"), 404, "not_found")


def test_the_number_of_queries_depends_on_nothing(store):
    """Two realtors and two bookings, then twenty and many."""

    def queries(days):
        with CaptureQueriesContext(connection) as queries:
            days_of(store, days=days)
        return len(queries)

    for n in range(2):
        hire(store, f"A{n}", max_per_day=8)
    book(store, clock("10:00"), phone=phones(1)[0])
    few = queries(7)
    for n in range(18):
        hire(store, f"B{n}", max_per_day=8)
    for n, phone in enumerate(phones(40, first=700)):
        day = NOW.date() + timedelta(days=n % 3)
        start = datetime.strptime(f"{9 + n % 6}:00", "%H:%M")
        book(store, clock(f"{start:%H:%M}", day), phone=phone)
        if n % 10 == 0:
            services.hold(store, starts_at=clock("16:00", day), by=GUEST, at=NOW)

    assert queries(7) == few <= 12
    assert queries(31) == few
