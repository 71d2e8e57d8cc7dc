"""What the wall clock says on days that are 23, 24 or 25 hours long."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from booking_site.common.periods import (
    Period,
    daily_period,
    day_start,
    grid_starts,
    local_boundary,
    local_day,
    local_instant,
)

from .clocks import (
    DAYS,
    LORD_HOWE,
    NEW_YORK,
    SAO_PAULO,
    SHANGHAI,
    clocks,
    every_minute,
    wall,
    zones_and_dates,
)

SECOND = timedelta(seconds=1)


@given(zones_and_dates, clocks)
def test_a_local_time_is_the_first_instant_at_which_the_clock_shows_it_or_none(where, clock):
    zone, day = where
    wanted = datetime.combine(day, clock)
    shown = [instant for instant in every_minute(day) if wall(instant, zone) == wanted]

    assert local_instant(day, clock, zone) == (shown[0] if shown else None)


@given(zones_and_dates, clocks)
def test_a_boundary_is_that_instant_or_the_end_of_the_gap(where, clock):
    zone, day = where
    wanted = datetime.combine(day, clock)

    boundary = local_boundary(day, clock, zone)

    assert wall(boundary, zone) >= wanted
    assert wall(boundary - SECOND, zone) < wanted


@given(zones_and_dates, clocks, clocks)
def test_a_later_clock_never_means_an_earlier_boundary(where, one, other):
    zone, day = where
    assume(one <= other)

    assert local_boundary(day, one, zone) <= local_boundary(day, other, zone)


@pytest.mark.parametrize(("zone", "day", "hours"), DAYS)
def test_a_local_day_is_as_long_as_its_clock_says(zone, day, hours):
    whole = local_day(day, zone)

    assert whole.end - whole.start == timedelta(hours=hours)


@given(zones_and_dates)
def test_days_follow_each_other_without_gap_or_overlap(where):
    zone, day = where

    assert local_day(day, zone).end == local_day(day + timedelta(days=1), zone).start


@given(zones_and_dates)
def test_a_local_day_holds_exactly_the_minutes_of_its_date(where):
    zone, day = where
    whole = local_day(day, zone)

    for instant in every_minute(day)[::5]:
        assert (wall(instant, zone).date() == day) == (whole.start <= instant < whole.end)


def test_where_the_clock_jumps_over_midnight_the_day_begins_at_one():
    begins = day_start(date(2018, 11, 4), SAO_PAULO)

    assert wall(begins, SAO_PAULO) == datetime(2018, 11, 4, 1, 0)
    assert wall(begins - SECOND, SAO_PAULO) == datetime(2018, 11, 3, 23, 59, 59)


def test_half_past_two_does_not_exist_when_the_clock_is_set_forward():
    assert local_instant(date(2026, 3, 8), time(2, 30), NEW_YORK) is None
    assert local_boundary(date(2026, 3, 8), time(2, 30), NEW_YORK) == datetime(
        2026, 3, 8, 7, 0, tzinfo=UTC
    )


def test_half_past_one_means_the_first_one_when_the_clock_is_set_back():
    assert local_instant(date(2026, 11, 1), time(1, 30), NEW_YORK) == datetime(
        2026, 11, 1, 5, 30, tzinfo=UTC
    )


def test_a_time_that_carries_the_mark_of_the_second_occurrence_still_means_the_first():
    second = time(1, 30, fold=1)

    assert local_instant(date(2026, 11, 1), second, NEW_YORK) == datetime(
        2026, 11, 1, 5, 30, tzinfo=UTC
    )


def test_the_half_hour_that_lord_howe_skips_does_not_exist():
    assert local_instant(date(2026, 10, 4), time(2, 15), LORD_HOWE) is None
    assert local_instant(date(2026, 10, 4), time(2, 30), LORD_HOWE) is not None


@pytest.mark.parametrize(
    ("day", "clock", "zone"),
    [
        (date.min, time(0, 0), "Asia/Shanghai"),
        (date.max, time(23, 59), "America/New_York"),
        (date.max, time(23, 59), "Asia/Shanghai"),
        (date.min, time(0, 0), "America/New_York"),
    ],
)
def test_times_at_the_edge_of_the_calendar_have_no_instant_or_one_but_break_nothing(
    day, clock, zone
):
    instant = local_instant(day, clock, ZoneInfo(zone))

    assert instant is None or instant.tzinfo is not None


@given(zones_and_dates, st.sampled_from([5, 10, 15, 20, 30, 45, 60, 90, 240]))
def test_a_grid_has_every_instant_of_the_day_whose_clock_stands_on_it_once(where, step):
    zone, day = where
    wanted = [
        instant
        for instant in every_minute(day)
        if wall(instant, zone).date() == day
        and (wall(instant, zone).hour * 60 + wall(instant, zone).minute) % step == 0
    ]

    assert list(grid_starts(day, zone, step)) == wanted


@pytest.mark.parametrize(("zone", "day", "hours"), DAYS)
def test_a_quarter_hour_grid_has_four_starts_an_hour(zone, day, hours):
    assert len(list(grid_starts(day, zone, 15))) == 4 * hours


@given(zones_and_dates, clocks, clocks)
def test_opening_hours_last_until_they_close_the_same_day_or_the_next(where, opens, closes):
    zone, day = where
    last = day if closes > opens else day + timedelta(days=1)

    period = daily_period(day, opens, closes, zone)

    if period is None:
        assert local_boundary(day, opens, zone) == local_boundary(last, closes, zone)
    else:
        assert period == Period(
            local_boundary(day, opens, zone), local_boundary(last, closes, zone)
        )


def test_hours_that_lie_in_the_gap_do_not_exist():
    assert daily_period(date(2026, 3, 8), time(2, 0), time(3, 0), NEW_YORK) is None


def test_midnight_to_midnight_is_the_whole_day():
    for zone, day, _hours in DAYS:
        assert daily_period(day, time(0), time(0), zone) == local_day(day, zone)


def test_a_night_shift_over_the_change_is_an_hour_shorter_or_longer():
    spring = daily_period(date(2026, 3, 7), time(22), time(6), NEW_YORK)
    autumn = daily_period(date(2026, 10, 31), time(22), time(6), NEW_YORK)
    plain = daily_period(date(2026, 10, 31), time(22), time(6), SHANGHAI)

    assert [period.end - period.start for period in (spring, autumn, plain)] == [
        timedelta(hours=7),
        timedelta(hours=9),
        timedelta(hours=8),
    ]
