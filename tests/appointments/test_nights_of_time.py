"""Nights on the calendar and on the axis of claims, and which units they are spent in."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st

from appointments.models import Claim
from appointments.rules import CELLS_A_DAY, cell_of, night_cell, night_cells, units_of_nights
from appointments.selectors.nights import hours_of_stay
from appointments.timed import CLAIMS_KEPT, run_due
from booking_site.common.periods import day_start
from realtors.models import Listing
from stores.models import Store
from tests.appointments.places import boarding, book_stay, pet_of
from tests.appointments.world import MONDAY, clock, open_store, register

DAY = timedelta(days=1)
ZONES = [
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    # Half an hour, and a midnight that is skipped.
    "Australia/Lord_Howe",
    "Africa/Cairo",
]
# In which the same date begins first and last.
FARTHEST = ["Pacific/Kiritimati", "Pacific/Pago_Pago"]
dates = st.dates(date(2026, 1, 1), date(2027, 12, 31))
hours = st.integers(0, 23)
zones = st.sampled_from(ZONES)


def place_in(zone: str, brought: int = 14, fetched: int = 12) -> Listing:
    """Not saved."""
    attributes = {"check_in_hour": brought, "check_out_hour": fetched}
    return Listing(store=Store(time_zone=zone), attributes=attributes)


# Cells


@given(check_in=st.dates(date(1970, 1, 1)), nights=st.integers(1, 90))
def test_each_night_has_a_cell_of_its_own_a_day_apart(check_in, nights):
    check_in = min(check_in, date.max - nights * DAY)
    found = night_cells(check_in, check_in + nights * DAY)

    assert len(found) == nights
    assert found[0] == night_cell(check_in)
    assert {later - sooner for sooner, later in pairwise(found)} <= {CELLS_A_DAY}


@given(first=dates, second=dates, nights=st.tuples(st.integers(1, 30), st.integers(1, 30)))
def test_stays_share_a_cell_if_they_share_a_night(first, second, nights):
    """Who leaves on the day on which the other comes shares none."""
    one, other = (
        (start, start + count * DAY) for start, count in zip((first, second), nights, strict=True)
    )
    share = one[0] < other[1] and other[0] < one[1]

    assert bool(set(night_cells(*one)) & set(night_cells(*other))) == share


@given(night=dates, zone=st.sampled_from([*ZONES, *FARTHEST]), hour=hours)
def test_a_night_is_not_forgotten_before_it_is_over_anywhere(night, zone, hour):
    """The sweep forgets what is older than three days by UTC; a night is over when its pets have
    been fetched, on the date after it."""
    fetched = datetime.combine(night + DAY, time(hour), tzinfo=ZoneInfo(zone)).astimezone(UTC)

    assert night_cell(night) >= cell_of(fetched - CLAIMS_KEPT)


def test_a_date_that_a_country_leaves_out_is_a_night_like_any(db):
    """There was no 30th of December 2011 in Samoa. Nobody can stay from it, and nothing breaks."""
    samoa = place_in("Pacific/Apia")
    gap = date(2011, 12, 30)

    assert len(night_cells(gap - DAY, gap + DAY)) == 2
    across = hours_of_stay(samoa, gap - DAY, gap + DAY)
    assert across.end - across.start == timedelta(hours=22)
    on_it = hours_of_stay(samoa, gap, gap + 2 * DAY)
    assert on_it.start.astimezone(samoa.store.zone).date() == gap + DAY
    assert on_it.start < on_it.end


# Hours


@given(zone=zones, check_in=dates, nights=st.integers(1, 30), brought=hours, fetched=hours)
def test_pets_are_brought_and_fetched_on_their_dates_by_the_clock_of_the_place(
    zone, check_in, nights, brought, fetched
):
    place = place_in(zone, brought, fetched)
    check_out = check_in + nights * DAY
    if nights == 1 and brought >= fetched + 22:
        # From late in the evening to the next midnight, which a change of the clock may eat up.
        return

    found = hours_of_stay(place, check_in, check_out)

    local = [one.astimezone(place.store.zone) for one in (found.start, found.end)]
    assert [one.date() for one in local] == [check_in, check_out]
    assert found.start < found.end
    for one, hour in zip(local, (brought, fetched), strict=True):
        # The hour that was agreed, or the end of the gap in which it lies.
        assert one.hour == hour or _is_skipped(one.date(), hour, place.store.zone)


def _is_skipped(day: date, hour: int, zone: ZoneInfo) -> bool:
    wall = datetime.combine(day, time(hour), tzinfo=zone)
    return wall.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall.replace(tzinfo=None)


@pytest.mark.parametrize(
    ("zone", "day", "hour", "then"),
    [
        ("America/New_York", date(2026, 3, 8), 2, "03:00"),
        ("Europe/Berlin", date(2026, 3, 29), 2, "03:00"),
        ("Africa/Cairo", date(2026, 4, 24), 0, "01:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), 2, "02:30"),
    ],
)
def test_where_the_clock_skips_the_hour_pets_come_when_it_goes_on(zone, day, hour, then):
    place = place_in(zone, brought=hour)

    found = hours_of_stay(place, day, day + DAY)

    assert f"{found.start.astimezone(place.store.zone):%H:%M}" == then
    assert day_start(day, place.store.zone) <= found.start


@pytest.mark.parametrize(
    ("zone", "night", "length"),
    [
        ("America/New_York", date(2026, 3, 7), 21),
        ("America/New_York", date(2026, 10, 31), 23),
        ("Australia/Lord_Howe", date(2026, 10, 3), 21.5),
        ("Asia/Shanghai", date(2026, 3, 7), 22),
    ],
)
def test_a_shorter_and_a_longer_night_are_one_cell(zone, night, length):
    found = hours_of_stay(place_in(zone), night, night + DAY)

    assert found.end - found.start == timedelta(hours=length)
    assert len(night_cells(night, night + DAY)) == 1


# Units

capacities = st.integers(1, 6)
taken_nights = st.dictionaries(st.integers(0, 9), st.sets(st.integers(0, 7)), min_size=1)


@given(taken=taken_nights, units=st.integers(1, 7), capacity=capacities)
def test_units_are_free_ones_of_the_place_and_refused_only_where_a_night_has_too_few(
    taken, units, capacity
):
    found = units_of_nights(taken, units, capacity)

    # Units beyond a capacity that was made smaller are taken, too.
    enough = all(len(others) + units <= capacity for others in taken.values())
    assert (found is not None) == enough
    if found is None:
        return
    assert found.keys() == taken.keys()
    for night, chosen in found.items():
        assert len(set(chosen)) == len(chosen) == units
        assert set(chosen) <= set(range(capacity)) - taken[night]


@given(taken=taken_nights, units=st.integers(1, 6), capacity=capacities)
def test_nobody_changes_their_unit_who_need_not(taken, units, capacity):
    """As many of the units as can be are the same every night."""
    found = units_of_nights(taken, units, capacity)

    if found is not None:
        throughout = set(range(capacity)) - set().union(*taken.values())
        stay = set(range(capacity)).intersection(*map(set, found.values()))
        assert len(stay) >= min(units, len(throughout))


# Forgetting


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["Asia/Shanghai", *FARTHEST])
def test_the_hourly_sweep_forgets_nights_that_are_long_past_and_no_others(zone):
    place = boarding(open_store(zone=zone), units=1)
    fang = register("Fang")
    pet_of(fang)
    booked = book_stay(place, fang, MONDAY + DAY, MONDAY + 8 * DAY)
    at = clock("12:00", MONDAY + 6 * DAY, ZoneInfo(zone))

    cache.clear()
    run_due(at=at)

    left = set(Claim.objects.filter(appointment=booked).values_list("cell", flat=True))
    live = set(night_cells(MONDAY + 5 * DAY, MONDAY + 8 * DAY))
    assert live <= left
    assert min(left) >= night_cell(MONDAY + 3 * DAY)
    assert len(left) < booked.nights
