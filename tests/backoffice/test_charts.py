"""The pictures on the first page tell the truth, also on days of 23 and 25 hours."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from appointments.models import Appointment
from booking_site.site import charts
from booking_site.site.charts import quantile
from booking_site.site.days import Days
from booking_site.site.facts import facts_of
from realtors.models import Realtor
from tests.factories import RealtorFactory, StoreFactory

from .places import put

BERLIN = ZoneInfo("Europe/Berlin")
# The clocks go back on the 25th of October 2026 and forward on the 28th of March 2027.
LONG, SHORT = date(2026, 10, 25), date(2027, 3, 28)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def wall(day: date, clock: str, zone: ZoneInfo = BERLIN, fold: int = 0) -> datetime:
    text = f"{day.isoformat()}T{clock}"
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


@pytest.fixture
def wei(db) -> Realtor:
    return RealtorFactory(store=StoreFactory(time_zone="Europe/Berlin"), name="Wei")


def bookings_by_day(seen, days: Days) -> charts.Chart:
    return charts.bookings_by_day(facts_of(seen, days), days)


def waits_by_day(seen, days: Days) -> charts.Chart:
    return charts.waits_by_day(facts_of(seen, days), days)


def utilisation(seen, realtors, days: Days, *, at: datetime) -> charts.Chart:
    return charts.utilisation(facts_of(seen, days), realtors, days, at=at)


def by_day(chart) -> dict[str, dict[str, float]]:
    """``{"completed": {"October 25": 2}}``, without what is nothing."""
    return {
        one.name: {
            label: value for label, value in zip(chart.labels, one.values, strict=True) if value
        }
        for one in chart.series
        if any(one.values)
    }


@pytest.mark.parametrize(
    ("day", "hours"), [(LONG, 25), (SHORT, 23), (LONG + timedelta(days=1), 24)]
)
def test_days_are_half_open_ranges_of_their_own_length(day, hours):
    days = Days.until(day, BERLIN)

    assert len(days.dates) == 14
    assert days.starts[-1] - days.starts[-2] == timedelta(hours=hours)
    assert (days.starts[-2], days.dates[-1]) == (wall(day, "00:00"), day)


@pytest.mark.parametrize("day", [LONG, SHORT])
def test_the_first_and_the_last_minute_of_a_day_belong_to_it(wei, day):
    before, after = day - timedelta(days=1), day + timedelta(days=1)
    put(wei, wall(before, "23:59"))
    put(wei, wall(day, "00:00"))
    put(wei, wall(day, "23:59"), "cancelled")
    put(wei, wall(after, "00:00"), "no_show")

    chart = bookings_by_day(Appointment.objects.all(), Days.until(after, BERLIN))

    label = {one: f"{one:%B} {one.day}" for one in (before, day, after)}
    assert by_day(chart) == {
        "completed": {label[before]: 1, label[day]: 1},
        "cancelled": {label[day]: 1},
        "no-show": {label[after]: 1},
    }


def test_the_hour_that_comes_twice_is_counted_twice(wei):
    put(wei, wall(LONG, "02:30"))
    put(wei, wall(LONG, "02:30", fold=1))

    chart = bookings_by_day(Appointment.objects.all(), Days.until(LONG, BERLIN))

    assert by_day(chart) == {"completed": {"October 25": 2}}


def test_what_is_older_or_still_ahead_is_left_out(wei):
    put(wei, wall(LONG - timedelta(days=14), "23:59"))
    put(wei, wall(LONG + timedelta(days=1), "00:00"), "confirmed")

    chart = bookings_by_day(Appointment.objects.all(), Days.until(LONG, BERLIN))

    assert chart.is_empty


def test_every_state_has_its_place(wei):
    for status in ("pending", "confirmed", "in_progress", "completed", "cancelled", "no_show"):
        put(wei, wall(LONG, "10:00"), status)

    told = by_day(bookings_by_day(Appointment.objects.all(), Days.until(LONG, BERLIN)))

    assert {name: sum(days.values()) for name, days in told.items()} == {
        "completed": 1,
        "in progress": 1,
        "still to come, or never begun": 2,
        "no-show": 1,
        "cancelled": 1,
    }


# Waits


def test_waits_are_from_joining_to_a_yes_by_the_day_of_joining(wei):
    joined = wall(LONG, "23:50")
    for minutes in range(1, 21):
        put(wei, joined, live=True, confirmed_at=joined + timedelta(minutes=minutes))
    # Neither who booked a time nor who is still waiting has waited in the live line.
    put(wei, joined, confirmed_at=joined + timedelta(minutes=500))
    put(wei, joined, "pending", live=True)

    days = Days.until(LONG + timedelta(days=1), BERLIN)

    assert by_day(waits_by_day(Appointment.objects.all(), days)) == {
        "half waited less": {"October 25": 10.0},
        "95 of 100 waited less": {"October 25": 19.0},
    }


def test_a_day_on_which_nobody_was_served_is_no_day_without_waiting(wei):
    put(wei, wall(LONG, "10:00"), live=True, confirmed_at=wall(LONG, "10:00"))

    half, _most = waits_by_day(Appointment.objects.all(), Days.until(LONG, BERLIN)).series

    assert half.values[-1] == 0.0
    assert set(half.values[:-1]) == {None}


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([7], 0.5, 7), ([1, 2], 0.5, 1), ([3, 1, 2], 0.5, 2), (range(1, 101), 0.95, 95)],
)
def test_a_quantile_is_one_of_the_values(values, share, expected):
    assert quantile(values, share) == expected


# Utilisation


def shares(at, zone=BERLIN, realtors=None) -> dict[str, float | None]:
    days = Days.until(at.astimezone(zone).date(), zone)
    found = Realtor.objects.all() if realtors is None else realtors
    chart = utilisation(Appointment.objects.all(), found, days, at=at)
    return dict(zip(chart.labels, chart.series[0].values, strict=True))


def test_it_is_minutes_served_per_hundred_minutes_of_working_time(db):
    """Ten hours a day, thirteen whole days and half of today: 8 100 minutes."""
    wei = RealtorFactory(store=StoreFactory(), name="Wei", hours=[("08:00", "18:00")])
    RealtorFactory(store=wei.store, name="Idle", hours=[("08:00", "18:00")])
    at = wall(date(2026, 6, 30), "13:00", SHANGHAI)
    start = wall(date(2026, 6, 29), "10:00", SHANGHAI)
    real = {"started_at": start, "completed_at": start + timedelta(minutes=81)}
    put(wei, start, **real)
    put(wei, start, "no_show")
    put(wei, start, "cancelled")

    assert shares(at, SHANGHAI) == {"Wei": 1.0, "Idle": 0.0}


def test_what_goes_on_counts_until_now(db):
    wei = RealtorFactory(store=StoreFactory(), name="Wei", hours=[("12:30", "13:30")])
    at = wall(date(2026, 6, 30), "13:00", SHANGHAI)
    begun = at - timedelta(minutes=27)
    put(wei, begun, "in_progress", started_at=begun)

    assert shares(at, SHANGHAI) == {"Wei": round(100 * 27 / (13 * 60 + 30), 1)}


@pytest.mark.parametrize(("day", "hours"), [(LONG, 13 * 24 + 25), (SHORT, 13 * 24 + 23)])
def test_a_day_of_25_hours_has_25_hours_of_working_time(wei, day, hours):
    """Wei works round the clock, and served one in ten minutes."""
    start = wall(day, "01:00")
    served = timedelta(minutes=hours * 6)
    put(wei, start - served, started_at=start - served, completed_at=start)
    midnight = wall(day + timedelta(days=1), "00:00")

    days = Days.until(day, BERLIN)
    chart = utilisation(Appointment.objects.all(), Realtor.objects.all(), days, at=midnight)

    assert chart.series[0].values == [10.0]


def test_of_very_many_those_with_most_work_are_shown(db):
    store = StoreFactory()
    at = timezone.now()
    for number in range(15):
        one = RealtorFactory(store=store, name=f"No. {number:02}")
        if number >= 5:
            begun = at - timedelta(hours=2)
            put(one, begun, started_at=begun, completed_at=begun + timedelta(minutes=10 + number))

    told = shares(at, SHANGHAI)

    assert len(told) == 12
    assert next(iter(told)) == "No. 14"
    assert {f"No. {number:02}" for number in range(5, 15)} <= set(told)
