"""Days of 23 and 25 hours, as the API shows and books them."""

from datetime import UTC, datetime

import pytest

from tests.callers import caller, data_of, refusal_of

from ..world import hire, open_store


@pytest.fixture
def night_shop(now):
    """Round the clock in New York, the week before the clocks go forward on 8 March 2026."""
    store = open_store("broadway", zone="America/New_York", opens="00:00", closes="00:00")
    hire(store, "Ann")
    now.move_to(datetime(2026, 3, 6, 12, tzinfo=UTC))
    return store


def wish(store, day, start):
    return {
        "store_id": store.pk,
        "customer_name": "Joe",
        "customer_phone": "+12125550100",
        "appointment_date": day,
        "start_time": start,
    }


def test_a_time_that_the_clock_skips_is_refused_by_field(night_shop):
    answer = caller().post("appointments", wish(night_shop, "2026-03-08", "02:30"))

    assert set(refusal_of(answer, 400, "invalid")) == {"start_time"}


@pytest.mark.parametrize("path", ["stores/{store}/holds"])
def test_it_cannot_be_held_either(night_shop, path):
    body = {"appointment_date": "2026-03-08", "start_time": "02:00"}

    answer = caller().post(path.format(store=night_shop.pk), body)

    assert set(refusal_of(answer, 400, "invalid")) == {"start_time"}


def test_an_hour_booked_before_the_jump_ends_after_it_on_the_wall(night_shop):
    data = data_of(caller().post("appointments", wish(night_shop, "2026-03-08", "01:30")), 201)

    assert (data["start_time"], data["end_time"]) == ("01:30", "03:30")
    assert data["starts_at"] == "2026-03-08T01:30:00-05:00"
    assert data["ends_at"] == "2026-03-08T03:30:00-04:00"


def test_no_slot_stands_where_the_clock_jumps(night_shop):
    data = data_of(caller().get(f"stores/{night_shop.pk}/slots", start_date="2026-03-08", days=1))
    starts = [slot["start_time"] for slot in data["days"][0]["slots"]]

    assert len(starts) == len(set(starts)) == 23 * 4
    assert not [start for start in starts if start.startswith("02:")]


def test_the_doubled_hour_is_offered_twice_and_a_bare_time_means_the_first(night_shop, now):
    now.move_to(datetime(2026, 10, 30, 12, tzinfo=UTC))
    path = f"stores/{night_shop.pk}/slots"
    data = data_of(caller().get(path, start_date="2026-11-01", days=1))
    slots = [slot for slot in data["days"][0]["slots"] if slot["start_time"] == "01:30"]

    assert [slot["starts_at"] for slot in slots] == [
        "2026-11-01T01:30:00-04:00",
        "2026-11-01T01:30:00-05:00",
    ]
    assert len(data["days"][0]["slots"]) == 25 * 4
    first = data_of(caller().post("appointments", wish(night_shop, "2026-11-01", "01:30")), 201)
    assert first["starts_at"] == "2026-11-01T01:30:00-04:00"
    body = wish(night_shop, "2026-11-01", "01:30") | {
        "starts_at": slots[1]["starts_at"],
        "customer_phone": "+12125550199",
        "queue": False,
    }
    second = data_of(caller().post("appointments", body), 201)
    assert second["starts_at"] == "2026-11-01T01:30:00-05:00"


def test_a_move_into_the_gap_is_refused(night_shop):
    booked = data_of(caller().post("appointments", wish(night_shop, "2026-03-08", "09:00")), 201)
    body = {"appointment_date": "2026-03-08", "start_time": "02:15", "phone_last4": "0100"}

    answer = caller().post(f"appointments/{booked['appointment_code']}/reschedule", body)

    assert set(refusal_of(answer, 400, "invalid")) == {"start_time"}


def test_days_are_those_of_the_store_wherever_the_caller_is(night_shop, now):
    # 21:30 on the 6th in New York, the 7th in UTC.
    now.move_to(datetime(2026, 3, 7, 2, 30, tzinfo=UTC))

    data = data_of(caller().get(f"stores/{night_shop.pk}/slots", days=1))

    assert data["days"][0]["date"] == "2026-03-06"
    assert data["days"][0]["slots"][0]["start_time"] == "22:00"
