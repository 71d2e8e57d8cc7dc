"""Booking a realtor's time: what is claimed, what is written down, what is refused."""

from datetime import UTC, datetime, timedelta

import pytest

from appointments import errors, services
from appointments.models import Appointment, Claim, Status
from appointments.selectors.slots import days_of_slots
from appointments.services import booking, codes
from booking_site.common.errors import Invalid, NotFound
from stores.models import BookingPolicy, SpecialDay, Store
from tests.races.checker import faults

from .world import (
    GUEST,
    LAN,
    MINUTE,
    MONDAY,
    NOW,
    QIANG,
    TUESDAY,
    book,
    claimed,
    clock,
    hire,
    open_store,
    owner,
    phones,
    wish,
    work_from,
)

pytestmark = pytest.mark.django_db


def test_lan_books_an_hour_and_is_given_a_realtor(store, wei):
    appointment = book(store, clock("14:00"))

    assert (appointment.realtor, appointment.status) == (wei, Status.PENDING)
    assert appointment.ends_at == clock("15:00")
    assert appointment.code.isdigit()
    assert len(appointment.code) == 6
    assert faults(NOW) == []


def test_the_realtor_and_the_customer_are_claimed_for_that_time(store, wei):
    appointment = book(store, clock("14:00"))

    assert claimed(appointment) == {f"r:{wei.pk}": ["14:00-15:00"], f"p:{LAN}": ["14:00-15:00"]}


def test_buffers_are_claimed_of_the_realtor_and_not_of_the_customer():
    store = open_store(buffer_before_minutes=10, buffer_after_minutes=15)
    wei = hire(store, "Wei")

    appointment = book(store, clock("14:00"))

    assert claimed(appointment) == {f"r:{wei.pk}": ["13:50-15:15"], f"p:{LAN}": ["14:00-15:00"]}
    assert faults(NOW) == []


def test_a_buffer_blocks_the_neighbouring_start():
    store = open_store(buffer_after_minutes=5)
    hire(store, "Wei")
    book(store, clock("14:00"))

    with pytest.raises(errors.SlotTaken):
        book(store, clock("15:00"), phone=QIANG, queue=False)
    assert book(store, clock("15:15"), phone=QIANG, queue=False).realtor is not None


def test_two_who_meet_at_the_hour_do_not_touch(store, wei):
    book(store, clock("14:00"))

    assert book(store, clock("15:00"), queue=False).realtor == wei
    assert book(store, clock("13:00"), queue=False).realtor == wei


def test_a_customer_with_an_account_is_claimed_by_it(store, wei, fang):
    appointment = book(store, clock("14:00"), customer=fang)

    assert set(claimed(appointment)) == {f"r:{wei.pk}", f"u:{fang.pk}"}


def test_a_customer_with_a_verified_phone_is_claimed_by_both(store, wei, bo):
    appointment = book(store, clock("14:00"), customer=bo)

    assert set(claimed(appointment)) == {f"r:{wei.pk}", f"u:{bo.pk}", f"p:{QIANG}"}


def test_nobody_is_in_two_stores_at_once(store, wei):
    elsewhere = open_store("bund")
    hire(elsewhere, "Ming")
    book(store, clock("14:00"))

    with pytest.raises(errors.CustomerConflict):
        book(elsewhere, clock("14:30"))
    assert Appointment.objects.count() == 1
    assert book(elsewhere, clock("15:00")).realtor is not None


def test_a_guest_with_the_phone_of_an_account_is_that_person(store, wei, ming, bo):
    book(store, clock("14:00"), customer=bo)

    with pytest.raises(errors.CustomerConflict):
        book(store, clock("14:00"), phone=QIANG)


def test_when_nobody_is_free_the_refusal_names_the_next_free_starts(store, wei):
    book(store, clock("14:00"))

    with pytest.raises(errors.SlotTaken) as refused:
        book(store, clock("14:00"), phone=QIANG, queue=False)

    starts = refused.value.errors["next_free_starts"]
    assert starts[0] == "2026-03-02T15:00:00+08:00"
    assert len(starts) == 5
    assert Appointment.objects.count() == 1


def test_who_named_a_realtor_does_not_get_another_and_does_not_wait(store, wei, ming):
    book(store, clock("14:00"), realtor=wei)

    with pytest.raises(errors.SlotTaken) as refused:
        book(store, clock("14:00"), phone=QIANG, realtor=wei)

    assert refused.value.errors["next_free_starts"][0] == "2026-03-02T15:00:00+08:00"
    assert book(store, clock("14:00"), phone=QIANG).realtor == ming


def test_a_refused_booking_leaves_nothing_behind(store, wei):
    book(store, clock("14:00"))
    before = (Appointment.objects.count(), Claim.objects.count())

    with pytest.raises(errors.SlotTaken):
        book(store, clock("14:00"), phone=QIANG, queue=False)

    assert (Appointment.objects.count(), Claim.objects.count()) == before
    assert faults(NOW) == []


# When


def test_a_start_must_be_half_an_hour_ahead(store, wei):
    assert book(store, clock("14:00"), at=clock("13:30")).realtor == wei
    with pytest.raises(errors.TooSoon):
        book(store, clock("15:00"), phone=QIANG, at=clock("14:30") + timedelta(seconds=1))


def test_the_past_is_too_soon(store, wei):
    with pytest.raises(errors.TooSoon):
        book(store, clock("14:00", MONDAY - timedelta(days=1)))


def test_seven_days_ahead_is_the_last_bookable_date_until_its_end(store, wei):
    last = MONDAY + timedelta(days=7)

    assert book(store, clock("17:00", last)).realtor == wei
    with pytest.raises(errors.TooFarAhead):
        book(store, clock("09:00", last + timedelta(days=1)), phone=QIANG)


@pytest.mark.parametrize("start", ["14:05", "14:10", "14:59"])
def test_a_start_off_the_grid_is_refused(store, wei, start):
    with pytest.raises(errors.NotOnGrid):
        book(store, clock(start))


def test_seconds_are_off_the_grid(store, wei):
    with pytest.raises(errors.NotOnGrid):
        book(store, clock("14:00") + timedelta(microseconds=1))


@pytest.mark.parametrize("start", ["08:45", "17:15", "18:00", "23:45"])
def test_the_store_is_open_for_the_whole_of_the_time(store, wei, start):
    with pytest.raises(errors.OutsideBusinessHours):
        book(store, clock(start))


def test_a_special_day_without_hours_is_closed(store, wei):
    SpecialDay.objects.create(store=store, date=TUESDAY)

    with pytest.raises(errors.StoreClosed):
        book(store, clock("14:00", TUESDAY))


@pytest.mark.parametrize("minutes", [7, -60, 1445])
def test_a_length_that_cannot_be_claimed_is_refused(store, wei, minutes):
    with pytest.raises(Invalid) as refused:
        book(store, clock("14:00"), duration_minutes=minutes)

    assert set(refused.value.errors) == {"duration_minutes"}


@pytest.mark.parametrize("year", [1, 1970, 9999])
@pytest.mark.parametrize("hours", [-12, 0, 14])
def test_times_at_the_edge_of_the_calendar_are_too_soon_or_too_far(store, wei, year, hours):
    day = datetime(year, 12 if year == 9999 else 1, 31 if year == 9999 else 1, 12, tzinfo=UTC)
    refusal = errors.TooFarAhead if year == 9999 else errors.TooSoon

    with pytest.raises(refusal):
        book(store, day + timedelta(hours=max(hours, -12) if year == 1 else min(hours, 11)))


# Whom


def test_a_realtor_who_does_not_work_then_is_not_given_anything(store, wei, ming):
    work_from(ming, "09:00", "12:00")
    work_from(wei, "13:30", "14:30", kind="break")

    with pytest.raises(errors.SlotTaken):
        book(store, clock("14:00"), queue=False)
    assert book(store, clock("10:00"), queue=False).realtor in (wei, ming)
    assert book(store, clock("14:30"), queue=False).realtor == wei


def test_the_realtor_with_less_to_do_that_day_comes_first(store, wei, ming):
    book(store, clock("09:00"), realtor=wei, duration_minutes=120)
    book(store, clock("12:00"), phone=QIANG, realtor=ming, duration_minutes=60)

    assert book(store, clock("15:00")).realtor == ming


def test_the_load_of_another_day_does_not_count(store, wei, ming):
    book(store, clock("09:00", TUESDAY), realtor=ming, duration_minutes=240)
    book(store, clock("09:00"), realtor=wei, duration_minutes=30)

    assert book(store, clock("15:00")).realtor == ming


def test_among_equals_the_eldest_is_not_always_first(store, wei, ming):
    asked = [
        book(store, clock("09:00", MONDAY + timedelta(days=day)), phone=phone).realtor
        for day, phone in enumerate(phones(7), start=1)
    ]

    assert set(asked) == {wei, ming}


def test_a_realtor_takes_no_more_than_their_daily_maximum(store):
    wei = hire(store, "Wei", max_per_day=2)
    for hour in ("09:00", "11:00"):
        book(store, clock(hour))

    with pytest.raises(errors.SlotTaken):
        book(store, clock("14:00"), queue=False)
    assert book(store, clock("09:00", TUESDAY), queue=False).realtor == wei


def test_what_was_cancelled_does_not_count_towards_the_maximum(store):
    wei = hire(store, "Wei", max_per_day=1)
    first = book(store, clock("09:00"))
    services.cancel(first, by=owner(first), at=NOW)

    assert book(store, clock("14:00"), queue=False).realtor == wei


# What is kept


def test_the_policy_of_the_day_is_copied(store, wei):
    BookingPolicy.objects.create(store=store, cancel_cutoff_minutes=120, fee_steps=[[60, 50]])

    appointment = book(store, clock("14:00"))

    assert appointment.policy["cancel_cutoff_minutes"] == 120
    assert [list(step) for step in appointment.policy["fee_steps"]] == [[60, 50]]


def test_the_log_says_who_booked_and_who_got_it(store, wei, fang):
    appointment = book(store, clock("14:00"), customer=fang)

    entries = [
        (entry.action, entry.actor_kind, entry.actor_user) for entry in appointment.log.all()
    ]
    assert entries == [("created", "user", fang), ("assigned", "system", None)]


def test_a_store_that_confirms_by_itself_does():
    store = open_store(auto_confirm=True)
    hire(store, "Wei")

    appointment = book(store, clock("14:00"))

    assert (appointment.status, appointment.confirmed_at) == (Status.CONFIRMED, NOW)
    assert faults(NOW) == []


# The code


def test_a_code_that_somebody_holds_is_drawn_again(store, wei, monkeypatch):
    drawn = iter([123456, 123456, 123456, 7])
    monkeypatch.setattr(codes.secrets, "randbelow", lambda _space: next(drawn))

    first, second = book(store, clock("14:00")), book(store, clock("15:00"), phone=QIANG)

    assert (first.code, second.code) == ("123456", "000007")


def test_of_two_who_draw_the_same_code_at_once_one_draws_again(store, wei, monkeypatch):
    """Each has looked, and nobody held it yet: the unique key decides."""
    first = book(store, clock("14:00"))
    drawn = iter([first.code, first.code, "000007"])
    monkeypatch.setattr(booking, "draw_code", lambda: next(drawn))

    second = book(store, clock("15:00"), phone=QIANG)

    assert second.code == "000007"
    assert faults(NOW) == []


def test_codes_do_not_follow_each_other(store, wei):
    drawn = [codes.draw_code() for _ in range(200)]

    assert len(set(drawn)) > 190
    assert sorted(drawn) != drawn
    assert all(len(code) == 6 and code.isdigit() for code in drawn)


# At the edge of a day


def test_an_appointment_may_cross_midnight():
    bar = open_store(opens="20:00", closes="03:00")
    wei = hire(bar, "Wei")

    appointment = book(bar, clock("23:30"), duration_minutes=120)

    assert claimed(appointment)[f"r:{wei.pk}"] == ["23:30-01:30"]
    with pytest.raises(errors.SlotTaken):
        book(bar, clock("01:00", TUESDAY), phone=QIANG, queue=False)
    assert book(bar, clock("01:30", TUESDAY), phone=QIANG, queue=False).realtor == wei
    assert faults(NOW) == []


def test_a_buffer_reaches_into_the_day_before():
    shop = open_store(opens="00:00", closes="00:00", buffer_before_minutes=60)
    hire(shop, "Wei")
    book(shop, clock("00:00", TUESDAY))

    with pytest.raises(errors.SlotTaken):
        book(shop, clock("22:15"), phone=QIANG, queue=False)
    assert book(shop, clock("22:00"), phone=QIANG, queue=False).realtor is not None


def test_a_day_long_booking_meets_one_of_the_day_after_next():
    shop = open_store(opens="00:00", closes="00:00", buffer_after_minutes=240)
    hire(shop, "Wei")
    book(shop, clock("01:00", MONDAY + timedelta(days=3)))

    with pytest.raises(errors.SlotTaken):
        book(shop, clock("23:45", TUESDAY), phone=QIANG, queue=False, duration_minutes=1440)
    (day,) = days_of_slots(shop, first=TUESDAY, days=1, at=NOW, duration_minutes=1440)
    # From nine in the evening it ends, buffer and all, when the other begins; later it does not.
    assert [slot.available for slot in day.slots] == [True] * 85 + [False] * 11


def test_a_minute_too_late_for_one_may_be_in_time_for_the_next(store, wei):
    at = clock("13:30") + MINUTE

    with pytest.raises(errors.TooSoon):
        book(store, clock("14:00"), at=at)
    assert book(store, clock("14:15"), at=at).realtor == wei


def test_a_store_that_closed_meanwhile_takes_nobody_in(store, wei):
    Store.objects.filter(pk=store.pk).update(is_active=False)

    with pytest.raises(NotFound):
        services.book(wish(store, clock("14:00")), by=GUEST, at=NOW)
    with pytest.raises(NotFound):
        services.hold(store, starts_at=clock("14:00"), by=GUEST, at=NOW)
    assert not Appointment.objects.exists()


def test_a_realtor_whose_account_is_closed_is_given_nothing(store, wei):
    wei.user.is_active = False
    wei.user.save()

    assert book(store, clock("14:00")).realtor is None
