"""The starts a store offers: which, why none, and that they can be booked."""

from datetime import UTC, date, time, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appointments import errors, services
from appointments.claims import for_realtor, take
from appointments.models import Appointment
from appointments.selectors.pictures import Window, pictures
from appointments.selectors.slots import days_of_slots, next_free_starts, week_of
from booking_site.common.errors import Refusal
from booking_site.common.periods import Period, local_day, local_instant
from stores.models import BookingPolicy, SpecialDay
from tests.common.clocks import DAYS, ZONES, every_minute, wall

from .world import (
    GUEST,
    HOUR,
    LAN,
    MINUTE,
    MONDAY,
    NOW,
    QIANG,
    TUESDAY,
    away,
    book,
    clock,
    hire,
    open_store,
    phones,
    wish,
    work_from,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def slots_of(store, day=MONDAY, *, at=NOW, **more):
    return days_of_slots(store, first=day, days=1, at=at, **more)[0]


def starts_of(store, day=MONDAY, **more) -> list[str]:
    return [f"{slot.starts_at:%H:%M}" for slot in slots_of(store, day, **more).slots]


def test_a_day_from_nine_to_six_has_hours_that_start_until_five(store, wei):
    starts = starts_of(store, TUESDAY)

    assert (starts[0], starts[-1], len(starts)) == ("09:00", "17:00", 33)


def test_a_longer_wish_has_to_start_earlier(store, wei):
    assert starts_of(store, TUESDAY, duration_minutes=180)[-1] == "15:00"


def test_today_begins_half_an_hour_from_now(store, wei):
    assert starts_of(store, at=clock("13:46"))[0] == "14:30"
    assert starts_of(store, at=clock("13:45"))[0] == "14:15"


def test_times_carry_the_offset_of_the_store(store, wei):
    first = slots_of(store, TUESDAY).slots[0]

    assert first.starts_at.isoformat() == "2026-03-03T09:00:00+08:00"
    assert first.ends_at.isoformat() == "2026-03-03T10:00:00+08:00"


def test_a_slot_counts_who_is_free_and_who_waits(store, wei, ming):
    book(store, clock("14:00"))
    slots = {f"{slot.starts_at:%H:%M}": slot for slot in slots_of(store).slots}
    assert [slots[start].free_realtors for start in ("12:45", "13:15", "14:00", "15:00")] == [
        2,
        1,
        1,
        2,
    ]

    for phone in phones(3):
        book(store, clock("14:00"), phone=phone)

    two = next(slot for slot in slots_of(store).slots if slot.starts_at == clock("14:00"))
    assert (two.available, two.free_realtors, two.queue_length) == (False, 0, 2)


def test_the_slots_of_one_realtor_are_theirs(store, wei, ming):
    book(store, clock("14:00"), realtor=wei)
    work_from(ming, "09:00", "12:00")

    of_wei = [slot.starts_at for slot in slots_of(store, realtor_id=wei.pk).slots if slot.available]
    of_ming = [
        slot.starts_at for slot in slots_of(store, realtor_id=ming.pk).slots if slot.available
    ]

    assert clock("14:00") not in of_wei
    assert max(of_ming) == clock("11:00")


# Why a day has none


def test_a_closed_day_says_so(store, wei):
    SpecialDay.objects.create(store=store, date=TUESDAY)

    assert (slots_of(store, TUESDAY).reason, starts_of(store, TUESDAY)) == ("closed", [])


def test_a_full_day_says_so(store, wei):
    away(wei, clock("00:00", TUESDAY), clock("23:00", TUESDAY))

    day = slots_of(store, TUESDAY)
    assert (day.reason, day.free_count, len(day.slots)) == ("full", 0, 33)


def test_a_day_beyond_the_window_says_so(store, wei):
    assert slots_of(store, MONDAY + 7 * DAY).reason is None
    assert slots_of(store, MONDAY + 8 * DAY).reason == "too_far_ahead"


def test_a_day_that_is_over_says_so(store, wei):
    assert slots_of(store, MONDAY - DAY).reason == "past"
    assert slots_of(store, at=clock("17:30")).reason == "past"


def test_a_day_whose_last_start_is_too_near_says_so(store, wei):
    assert slots_of(store, at=clock("16:45")).reason == "too_soon"


def test_each_day_has_its_own_reason(store, wei):
    SpecialDay.objects.create(store=store, date=TUESDAY)

    days = days_of_slots(store, first=MONDAY - DAY, days=10, at=NOW)

    assert [day.reason for day in days[:4]] == ["past", None, "closed", None]
    assert days[-1].reason == "too_far_ahead"


# Who lost a race


def test_the_next_free_starts_are_those_after_the_wanted_one(store, wei):
    book(store, clock("14:00"))

    starts = next_free_starts(store, after=clock("14:00"), at=NOW, duration_minutes=60)

    assert starts == [clock(f"{15 + n // 4}:{n % 4 * 15:02}") for n in range(5)]


def test_after_a_full_day_the_next_free_starts_are_of_another_day(store, wei):
    away(wei, clock("09:00"), clock("18:00"))

    starts = next_free_starts(store, after=clock("14:00"), at=NOW, duration_minutes=60)

    assert starts[0] == clock("09:00", TUESDAY)


# How much it costs


def test_queries_do_not_grow_with_realtors_and_bookings():
    small, large = open_store("small"), open_store("large", max_advance_days=60)
    for n in range(2):
        hire(small, f"S{n}")
    many = [hire(large, f"L{n}", max_per_day=n % 3 * 50 or None) for n in range(40)]
    work_from(many[0], "09:00", "12:00")
    fill(large, many, 500)
    hire(small, "Choosy", max_per_day=3)

    with CaptureQueriesContext(
        connection,
    ) as of_small:
        days_of_slots(small, first=TUESDAY, days=7, at=NOW)
    with CaptureQueriesContext(connection) as of_large:
        days = days_of_slots(large, first=TUESDAY, days=7, at=NOW)

    assert Appointment.objects.filter(store=large, realtor__isnull=False).count() >= 500
    assert sum(len(day.slots) for day in days) == 7 * 33
    assert len(of_large) == len(of_small) <= 12


def fill(store, realtors, count) -> None:
    """So many booked hours, without asking who is free: written as the service would."""
    for n in range(count):
        realtor, nth = realtors[n % len(realtors)], n // len(realtors)
        start = clock("09:00", TUESDAY + nth % 7 * DAY) + nth // 7 * 2 * HOUR
        row = Appointment.objects.create(
            store=store,
            realtor=realtor,
            customer_name="Somebody",
            customer_phone=LAN,
            starts_at=start,
            ends_at=start + HOUR,
            duration_minutes=60,
            queued_at=NOW,
            created_at=NOW,
            updated_at=NOW,
        )
        take(row, for_realtor(realtor.pk, Period(start, start + HOUR)), at=NOW)


# Days of 23 and 25 hours


@pytest.mark.parametrize("grid", [15, 30, 60])
@pytest.mark.parametrize(("zone", "day", "hours"), DAYS)
def test_a_day_round_the_clock_has_every_start_that_exists_once(zone, day, hours, grid):
    store = open_store(opens="00:00", closes="00:00", zone=zone.key, grid_minutes=grid)
    hire(store, "Wei")

    starts = [
        slot.starts_at.astimezone(UTC)
        for slot in slots_of(store, day, at=local_day(day, zone).start - DAY).slots
    ]

    assert starts == [
        instant
        for instant in every_minute(day)
        if wall(instant, zone).date() == day
        and (wall(instant, zone).hour * 60 + wall(instant, zone).minute) % grid == 0
    ]
    assert len(set(starts)) == len(starts)
    if grid == 15:
        assert len(starts) == 4 * hours


@pytest.mark.parametrize(("zone", "day", "hours"), DAYS)
def test_a_bar_past_midnight_offers_no_time_that_does_not_exist(zone, day, hours):
    bar = open_store(opens="20:00", closes="05:00", zone=zone.key)
    hire(bar, "Wei")
    at = local_day(day - DAY, zone).start - DAY
    days = days_of_slots(bar, first=day - DAY, days=3, at=at)

    starts = [slot.starts_at for one in days for slot in one.slots]

    assert len({start.timestamp() for start in starts}) == len(starts)
    for start in starts:
        # It survives the way to UTC and back, which a time in the gap does not.
        assert wall(start.astimezone(UTC), zone) == start.replace(tzinfo=None, fold=0)
        assert start.time() >= time(20) or start.time() <= time(4)
    night = [start for start in starts if local_day(day, zone).start <= start]
    assert len([start for start in night if wall(start, zone).date() == day]) == (
        # From midnight to the last start at four, and from eight to midnight.
        4 * (4 + hours - 24) + 1 + 16
    )


# What is offered is what can be booked


ROUND_THE_CLOCK = ("00:00", "00:00")
HOURS = [ROUND_THE_CLOCK, ROUND_THE_CLOCK, ("09:00", "18:00"), ("20:00", "05:00")]


@st.composite
def worlds(draw):
    """A zone, a day near a change of its clock, hours, a grid, buffers, a length."""
    zone, day, _hours = draw(st.sampled_from(DAYS))
    quarter = st.integers(0, 95).map(lambda n: f"{n // 4:02}:{n % 4 * 15:02}")
    return {
        "zone": zone,
        "day": day + draw(st.sampled_from([-1, 0, 0, 0, 1])) * DAY,
        "hours": draw(st.sampled_from(HOURS) | st.tuples(quarter, quarter)),
        "grid": draw(st.sampled_from([5, 15, 30, 60, 25])),
        "before": draw(st.sampled_from([0, 0, 10, 240])),
        "after": draw(st.sampled_from([0, 0, 5, 240])),
        "minutes": draw(st.sampled_from([15, 60, 90, 600, 1440, 1440])),
        "lead": draw(st.sampled_from([0, 30, 24 * 60])),
        "now": draw(st.integers(-30 * 60, 12 * 60)),
        "work": draw(st.none() | st.tuples(quarter, quarter)),
        "break": draw(st.none() | st.tuples(quarter, quarter)),
        "away": draw(st.none() | st.tuples(st.integers(-600, 2000), st.integers(5, 900))),
        "most": draw(st.none() | st.integers(1, 2)),
        "taken": draw(st.lists(st.integers(-12 * 12, 54 * 12), max_size=4)),
        "tried": draw(st.lists(st.integers(-12 * 3, 12 * 28), min_size=12, max_size=12)),
    }


def build(world):
    store = open_store(
        opens=world["hours"][0],
        closes=world["hours"][1],
        zone=world["zone"].key,
        grid_minutes=world["grid"],
        buffer_before_minutes=world["before"],
        buffer_after_minutes=world["after"],
        min_advance_minutes=world["lead"],
        max_advance_days=5,
    )
    wei, ming = hire(store, "Wei", max_per_day=world["most"]), hire(store, "Ming")
    # Nobody else could help out: Ming is on leave for the month.
    begin = local_day(world["day"], world["zone"]).start
    away(ming, begin - 30 * DAY, begin + 30 * DAY)
    if world["work"]:
        work_from(wei, *world["work"])
    if world["break"]:
        work_from(wei, *world["break"], kind="break")
    if world["away"]:
        start, length = world["away"]
        away(wei, begin + start * MINUTE, begin + (start + length) * MINUTE)
    return store, begin


def try_to_book(store, start, minutes, at, phone) -> Refusal | None:
    """What the service says; nothing is left of the try."""
    request = wish(store, start, phone=phone, duration_minutes=minutes, queue=False)
    try:
        with transaction.atomic():
            services.book(request, by=GUEST, at=at)
            transaction.set_rollback(True)
    except Refusal as refusal:
        return refusal
    return None


def as_pages_see_it(store, world, at):
    """Pages load many stores at once; they must come to the same result."""
    picture = pictures([Window(store, world["day"], world["day"])], at=at)[store.pk]
    return week_of(picture, [world["day"]], at=at, duration_minutes=world["minutes"])[0]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds())
def test_what_is_offered_can_be_booked_and_nothing_else_can(world):
    with transaction.atomic():
        store, begin = build(world)
        at = begin + world["now"] * MINUTE
        for n, (cell, phone) in enumerate(zip(world["taken"], phones(9), strict=False)):
            # What others have taken already, where that was possible a day before.
            request = wish(store, begin + cell * 5 * MINUTE, phone=phone, queue=False)
            try:
                with transaction.atomic():
                    services.book(request, by=GUEST, at=begin - 2 * DAY - n * MINUTE)
            except Refusal:
                continue

        day = slots_of(store, world["day"], at=at, duration_minutes=world["minutes"])
        offered = {slot.starts_at.timestamp(): slot.available for slot in day.slots}
        assert as_pages_see_it(store, world, at) == day

        candidates = {begin + cell * 5 * MINUTE for cell in world["tried"]}
        free = [slot for slot in day.slots if slot.available]
        candidates |= {
            slot.starts_at.astimezone(UTC)
            for slot in (*day.slots[:2], *day.slots[-2:], *free[:2], *free[-2:])
        }
        for start in sorted(candidates):
            if wall(start, world["zone"]).date() != world["day"]:
                continue
            refusal = try_to_book(store, start, world["minutes"], at, QIANG)
            if offered.get(start.timestamp()):
                assert refusal is None, (start, refusal)
            elif start.timestamp() in offered:
                assert isinstance(refusal, errors.SlotTaken), (start, refusal)
            else:
                assert refusal is not None, start
                assert not isinstance(refusal, errors.SlotTaken), start
        transaction.set_rollback(True)


@pytest.mark.parametrize(("zone", "day", "hours"), DAYS)
def test_a_whole_day_can_be_booked_from_any_start_round_the_clock(zone, day, hours):
    store = open_store(opens="00:00", closes="00:00", zone=zone.key)
    hire(store, "Wei")
    at = local_day(day, zone).start - 2 * DAY

    for date_ in (day - DAY, day):
        last = slots_of(store, date_, at=at, duration_minutes=1440).slots[-1]
        assert (last.starts_at.time(), last.available) == (time(23, 45), True)


def test_an_offered_start_of_the_doubled_hour_is_booked_as_the_one_that_was_chosen():
    new_york = ZONES[0]
    day = date(2026, 11, 1)
    store = open_store(opens="00:00", closes="00:00", zone=new_york.key)
    hire(store, "Wei")
    at = local_day(day, new_york).start - DAY
    both = [
        slot.starts_at
        for slot in slots_of(store, day, at=at).slots
        if slot.starts_at.time() == time(1, 30)
    ]
    assert [start.isoformat()[-6:] for start in both] == ["-04:00", "-05:00"]

    for start, phone in zip(both, phones(2), strict=True):
        appointment = book(store, start, phone=phone, at=at, queue=False)
        assert appointment.starts_at == start.astimezone(UTC)
        assert appointment.ends_at - appointment.starts_at == HOUR
    assert local_instant(day, time(1, 30), new_york) == both[0].astimezone(UTC)


def test_a_policy_of_the_site_counts_where_the_store_says_nothing(store, wei):
    BookingPolicy.objects.create(store=None, grid_minutes=60, max_advance_days=2)

    assert starts_of(store, TUESDAY)[:2] == ["09:00", "10:00"]
    assert slots_of(store, MONDAY + 3 * DAY).reason == "too_far_ahead"
