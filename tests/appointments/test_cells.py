"""Time cut into cells of five minutes, and cells as the bits of one integer."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from appointments.rules import (
    cell_of,
    cell_start,
    cells,
    mask,
    offer_deadline,
    span_mask,
)
from booking_site.common.periods import Period

CELL = timedelta(minutes=5)
moments = st.datetimes(datetime(2007, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC))
periods = st.builds(
    lambda start, length: Period(start, start + length),
    moments,
    st.timedeltas(timedelta(microseconds=1), timedelta(hours=26)),
)
runs = st.builds(range, st.integers(0, 400), st.integers(0, 400))
some_cells = st.lists(st.integers(0, 400), max_size=40)


@given(moments)
def test_a_moment_lies_in_its_cell(moment):
    start = cell_start(cell_of(moment))

    assert start <= moment < start + CELL


@given(periods)
def test_a_period_touches_its_cells_and_no_others(period):
    touched = cells(period)
    first, last = cell_start(touched.start), cell_start(touched.stop)

    assert first <= period.start < first + CELL
    assert last - CELL < period.end <= last


@given(periods, periods)
def test_periods_on_the_five_minutes_share_a_cell_exactly_when_they_overlap(one, other):
    one, other = aligned(one), aligned(other)

    assert bool(set(cells(one)) & set(cells(other))) == one.overlaps(other)


@given(st.integers(0, 6), st.integers(1, 6), st.integers(0, 6), st.integers(1, 6))
def test_neighbours_never_share_a_cell(start, length, other_start, other_length):
    origin = datetime(2026, 3, 2, tzinfo=UTC)
    one = Period(origin + start * CELL, origin + (start + length) * CELL)
    other = Period(origin + other_start * CELL, origin + (other_start + other_length) * CELL)

    assert bool(set(cells(one)) & set(cells(other))) == one.overlaps(other)


@given(some_cells, st.integers(0, 400))
def test_a_mask_has_a_bit_for_every_cell_from_its_base_on(taken, base):
    assert bits_of(mask(taken, base)) == {cell - base for cell in taken if cell >= base}


@given(runs, st.integers(0, 400))
def test_the_mask_of_a_run_is_the_mask_of_its_cells(run, base):
    assert span_mask(run, base) == mask(run, base)


@given(some_cells, runs, st.integers(0, 400))
def test_a_run_is_free_exactly_when_the_masks_share_no_bit(taken, run, base):
    shared = {cell for cell in taken if cell >= base} & set(run)

    assert bool(mask(taken, base) & span_mask(run, base)) == bool(shared)


def deadline_of(moment, lead, minutes, later, working=()):
    return offer_deadline(
        at=moment,
        starts_at=None if lead is None else moment + lead,
        accept_minutes=minutes,
        later_minutes=later,
        working=working,
    )


@given(moments, st.timedeltas(timedelta(0), timedelta(hours=2)), st.integers(1, 60))
def test_near_starts_are_answered_in_minutes_and_before_they_begin(moment, lead, minutes):
    deadline = deadline_of(moment, lead, minutes, 120)

    assert deadline == moment + min(lead, timedelta(minutes=minutes))


@given(moments, st.integers(1, 60))
def test_who_waits_now_is_answered_in_minutes(moment, minutes):
    assert deadline_of(moment, None, minutes, 120) == moment + timedelta(minutes=minutes)


@given(
    moments,
    st.timedeltas(timedelta(hours=4), timedelta(days=9)),
    st.lists(st.tuples(st.integers(0, 600), st.integers(1, 300)), max_size=5),
    st.integers(1, 600),
)
def test_other_starts_are_answered_within_so_many_minutes_of_work(moment, lead, shifts, later):
    working, begins = [], moment - timedelta(hours=1)
    for pause, length in shifts:
        begins += timedelta(minutes=pause)
        working.append(Period(begins, begins + timedelta(minutes=length)))
        begins += timedelta(minutes=length)

    deadline = deadline_of(moment, lead, 5, later, working)

    worked = sum(
        (
            max(timedelta(0), min(shift.end, deadline) - max(shift.start, moment))
            for shift in working
        ),
        timedelta(0),
    )
    latest = moment + lead - timedelta(hours=2)
    assert deadline <= latest
    if deadline < latest:
        assert worked == timedelta(minutes=later)
    assert worked <= timedelta(minutes=later)


def aligned(period: Period) -> Period:
    touched = cells(period)
    return Period(cell_start(touched.start), cell_start(touched.stop))


def bits_of(number: int) -> set[int]:
    return {n for n in range(number.bit_length()) if number >> n & 1}
