"""Half-open periods: adding up, taking away, covering."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking_site.common.periods import Period, covers, intersect, merge, subtract

from .clocks import NEW_YORK, ORIGIN, minutes, minutes_of, short_lists, short_periods


def test_a_period_that_does_not_end_after_it_starts_is_refused():
    with pytest.raises(ValueError, match="ends after"):
        Period(ORIGIN, ORIGIN)


def test_local_times_become_instants():
    """Half past one comes twice on that night; the wall clock alone sees no time in between."""
    first = datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK)

    doubled = Period(first, first.replace(fold=1))

    assert doubled.end - doubled.start == timedelta(hours=1)
    assert doubled == Period(
        datetime(2026, 11, 1, 5, 30, tzinfo=UTC), datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    )


def test_periods_that_only_touch_do_not_overlap():
    assert not minutes(0, 30).overlaps(minutes(30, 60))
    assert minutes(0, 31).overlaps(minutes(30, 60))


@given(short_lists)
def test_merged_periods_hold_the_same_minutes(periods):
    assert minutes_of(merge(periods)) == minutes_of(periods)


@given(short_lists)
def test_merged_periods_are_sorted_and_neither_touch_nor_overlap(periods):
    merged = merge(periods)

    assert all(one.end < other.start for one, other in itertools.pairwise(merged))


@given(short_lists)
def test_merging_twice_changes_nothing(periods):
    assert merge(merge(periods)) == merge(periods)


@given(short_lists, short_lists)
def test_what_two_share_is_in_both(one, other):
    common = intersect(one, other)

    assert minutes_of(common) == minutes_of(one) & minutes_of(other)
    assert common == merge(common)


@given(short_lists, short_lists)
def test_what_is_left_is_what_was_there_without_the_holes(periods, holes):
    left = subtract(periods, holes)

    assert minutes_of(left) == minutes_of(periods) - minutes_of(holes)
    assert left == merge(left)


@given(short_lists)
def test_nothing_is_left_of_periods_without_themselves(periods):
    assert subtract(periods, periods) == []


@given(short_lists, short_periods)
def test_periods_cover_what_lies_in_them_minute_by_minute(periods, wanted):
    assert covers(merge(periods), wanted) == (minutes_of([wanted]) <= minutes_of(periods))


@given(st.lists(short_periods, min_size=2, max_size=2))
def test_two_periods_overlap_exactly_when_they_share_a_minute(pair):
    one, other = pair

    assert one.overlaps(other) == bool(minutes_of([one]) & minutes_of([other]))
    assert one.overlaps(other) == other.overlaps(one)
