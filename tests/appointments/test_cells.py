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


@given(moments, st.timedeltas(timedelta(0), timedelta(days=9)), st.integers(1, 60))
def test_an_offer_may_be_answered_for_some_minutes_or_until_two_hours_before(moment, lead, minutes):
    deadline = offer_deadline(at=moment, starts_at=moment + lead, accept_minutes=minutes)

    assert deadline >= moment + timedelta(minutes=minutes)
    assert deadline == max(moment + timedelta(minutes=minutes), moment + lead - timedelta(hours=2))


def aligned(period: Period) -> Period:
    touched = cells(period)
    return Period(cell_start(touched.start), cell_start(touched.stop))


def bits_of(number: int) -> set[int]:
    return {n for n in range(number.bit_length()) if number >> n & 1}
