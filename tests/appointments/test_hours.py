"""Opening and working hours: from the wall clock of a week to periods of real time."""

import itertools
from datetime import date, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from booking_site.common.periods import Period, local_boundary, local_day, subtract
from realtors.rules import WorkingWeek
from stores.rules import Interval, OpeningHours, hours_as_periods, intervals_overlap
from tests.common.clocks import (
    DAYS,
    NEW_YORK,
    SHANGHAI,
    five_minute_clocks,
    wall,
    zones_and_dates,
)

from .world import MONDAY, clock

ALWAYS = Interval(time(0), time(0))
intervals = st.builds(Interval, five_minute_clocks, five_minute_clocks)
weeks = st.dictionaries(st.integers(0, 6), st.lists(intervals, max_size=3).map(tuple), max_size=7)


def hours(zone=SHANGHAI, week=None, special=None) -> OpeningHours:
    return OpeningHours(zone=zone, week=week or {}, special=special or {})


def every_day(*intervals: Interval) -> dict[int, tuple[Interval, ...]]:
    return dict.fromkeys(range(7), intervals)


def at(text: str) -> time:
    return time.fromisoformat(text)


@given(weeks, st.integers(0, 6))
def test_where_the_clock_stands_still_open_means_what_the_wall_clock_says(week, offset):
    day = MONDAY + timedelta(days=offset)
    found = hours(week=week).periods(day, day)

    start = local_day(day, SHANGHAI).start
    for minute in range(0, 24 * 60, 5):
        instant = start + timedelta(minutes=minute)
        is_open = any(period.start <= instant < period.end for period in found)
        assert is_open == open_by_the_wall(week, day, minute), wall(instant, SHANGHAI)


def open_by_the_wall(week, day: date, minute: int) -> bool:
    """The slow and obvious twin: today's intervals, and those of yesterday that pass midnight."""
    for days_ago in (0, 1):
        for interval in week.get((day - timedelta(days=days_ago)).weekday(), ()):
            opens = interval.opens.hour * 60 + interval.opens.minute
            closes = interval.closes.hour * 60 + interval.closes.minute
            if closes <= opens:
                closes += 24 * 60
            if opens <= minute + days_ago * 24 * 60 < closes:
                return True
    return False


@given(zones_and_dates, weeks)
def test_hours_are_sorted_and_neither_touch_nor_overlap(where, week):
    zone, day = where
    found = hours(zone, week).periods(day, day + timedelta(days=2))

    assert all(one.end < other.start for one, other in itertools.pairwise(found))


@given(zones_and_dates, intervals)
def test_one_interval_lasts_from_one_boundary_to_the_other(where, interval):
    zone, day = where
    last = day if interval.closes > interval.opens else day + timedelta(days=1)
    start = local_boundary(day, interval.opens, zone)
    end = local_boundary(last, interval.closes, zone)

    found = hours_as_periods(lambda _day: (interval,), zone, day, day)

    assert found == ([Period(start, end)] if start < end else [])


@given(zones_and_dates)
def test_a_store_open_round_the_clock_is_open_without_a_gap(where):
    zone, day = where
    found = hours(zone, every_day(ALWAYS)).periods(day, day + timedelta(days=3))

    assert len(found) == 1
    assert found[0].contains(local_day(day, zone))


def test_round_the_clock_lasts_as_long_as_the_day():
    for zone, day, length in DAYS:
        only_today = {day.weekday(): (ALWAYS,)}
        assert hours(zone, only_today).periods(day, day) == [local_day(day, zone)], (zone, length)


def test_a_bar_that_closes_at_three_is_open_the_night_before():
    bar = hours(week={6: (Interval(at("20:00"), at("03:00")),)})  # Sundays

    assert bar.periods(MONDAY, MONDAY) == [
        Period(clock("20:00", MONDAY - timedelta(days=1)), clock("03:00"))
    ]


def test_a_special_day_replaces_the_week_and_not_the_night_before():
    bar = every_day(Interval(at("20:00"), at("03:00")))
    closed_on_monday = hours(week=bar, special={MONDAY: ()})

    assert closed_on_monday.periods(MONDAY, MONDAY) == [
        Period(clock("20:00", MONDAY - timedelta(days=1)), clock("03:00"))
    ]


def test_a_shop_in_new_york_loses_the_hour_that_does_not_exist():
    night = hours(NEW_YORK, {5: (Interval(at("22:00"), at("06:00")),)})
    before, after = date(2026, 3, 7), date(2026, 3, 14)

    spring, plain = night.periods(before, before), night.periods(after, after)

    assert [one.end - one.start for one in spring] == [timedelta(hours=7)]
    # The night of the fourteenth begins on the same clock in another offset.
    assert [one.end - one.start for one in plain[-1:]] == [timedelta(hours=8)]


def test_intervals_of_a_day_overlap_also_past_midnight():
    assert intervals_overlap(
        [Interval(at("09:00"), at("12:00")), Interval(at("11:00"), at("15:00"))]
    )
    assert intervals_overlap(
        [Interval(at("20:00"), at("03:00")), Interval(at("23:00"), at("23:30"))]
    )
    assert not intervals_overlap(
        [Interval(at("13:00"), at("18:00")), Interval(at("09:00"), at("13:00"))]
    )


# Realtors


@given(zones_and_dates, weeks, weeks, weeks)
def test_a_realtor_works_within_the_stores_hours_and_never_in_a_break(where, opened, work, breaks):
    zone, day = where
    store = hours(zone, opened)
    found = WorkingWeek(work=work, breaks=breaks).periods(day, day, store)

    assert subtract(found, store.periods(day, day)) == []
    pauses = hours_as_periods(
        lambda one: breaks.get(one.weekday(), ()), zone, day - timedelta(days=1), day
    )
    assert not any(period.overlaps(pause) for period in found for pause in pauses)


@given(zones_and_dates, weeks, weeks)
def test_a_realtor_without_hours_works_whenever_the_store_is_open_but_for_breaks(
    where, opened, breaks
):
    zone, day = where
    store = hours(zone, opened)
    pauses = hours_as_periods(
        lambda one: breaks.get(one.weekday(), ()), zone, day - timedelta(days=1), day
    )

    found = WorkingWeek(work={}, breaks=breaks).periods(day, day, store)

    assert found == subtract(store.periods(day, day), pauses)


def test_time_off_takes_out_its_minutes_and_no_more():
    store = hours(week=every_day(Interval(at("09:00"), at("18:00"))))
    dentist = Period(clock("10:10"), clock("11:05"))
    wei = WorkingWeek(work={}, breaks={}, time_off=(dentist,))

    assert wei.periods(MONDAY, MONDAY, store)[-2:] == [
        Period(clock("09:00"), clock("10:10")),
        Period(clock("11:05"), clock("18:00")),
    ]
