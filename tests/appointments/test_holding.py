"""Keeping a chosen time for five minutes while the form is filled in."""

from datetime import timedelta

import pytest

from appointments import errors, services
from appointments.models import Appointment, Claim, Hold
from appointments.selectors.slots import days_of_slots
from appointments.timed import run_due
from booking_site.common.actors import Actor
from booking_site.common.errors import NotFound, TooMany
from stores.models import BookingPolicy
from tests.races.checker import faults

from .world import (
    GUEST,
    LAN,
    MINUTE,
    MONDAY,
    NOW,
    QIANG,
    book,
    claimed,
    clock,
    hire,
    manager,
    open_store,
    work_from,
)

pytestmark = pytest.mark.django_db
SOON = NOW + 4 * MINUTE
OVER = NOW + 5 * MINUTE


def hold(store, start="14:00", *, by=GUEST, at=NOW, **more) -> Hold:
    return services.hold(store, starts_at=clock(start), by=by, at=at, **more)


def free_at(store, start, at) -> int:
    day = days_of_slots(store, first=MONDAY, days=1, at=at)[0]
    return next(slot.free_realtors for slot in day.slots if slot.starts_at == clock(start))


def test_a_hold_claims_exactly_what_the_booking_then_claims():
    store = open_store(buffer_before_minutes=10, buffer_after_minutes=20)
    wei = hire(store, "Wei")

    held = hold(store)
    by_the_hold = claimed(held)
    appointment = book(store, clock("14:00"), hold_token=held.token, at=SOON)

    assert by_the_hold == {f"r:{wei.pk}": ["13:50-15:20"]}
    # A guest's own time comes with the booking: only then it is known who they are.
    assert claimed(appointment) == {**by_the_hold, f"p:{LAN}": ["14:00-15:00"]}
    assert not Hold.objects.exists()
    assert faults(SOON) == []


def test_the_hold_of_a_customer_with_an_account_claims_their_time_too(store, wei, bo):
    held = hold(store, by=Actor.of(bo))
    by_the_hold = claimed(held)

    appointment = book(store, clock("14:00"), customer=bo, hold_token=held.token, at=SOON)

    assert set(by_the_hold) == {f"r:{wei.pk}", f"u:{bo.pk}", f"p:{QIANG}"}
    assert claimed(appointment) == by_the_hold


def test_what_is_held_is_not_offered_and_cannot_be_booked(store, wei):
    hold(store)

    assert free_at(store, "14:00", SOON) == 0
    with pytest.raises(errors.SlotTaken):
        book(store, clock("14:30"), phone=QIANG, queue=False, at=SOON)


def test_an_expired_hold_blocks_nobody_although_it_was_not_swept(store, wei):
    hold(store)

    assert free_at(store, "14:00", OVER) == 1
    assert book(store, clock("14:00"), phone=QIANG, queue=False, at=OVER).realtor == wei
    assert faults(OVER) == []


def test_an_expired_hold_does_not_block_its_holders_own_time_in_another_store(store, wei, fang):
    elsewhere = open_store("bund")
    hire(elsewhere, "Ming")
    hold(store, by=Actor.of(fang))

    assert book(elsewhere, clock("14:00"), customer=fang, at=OVER).realtor is not None
    assert faults(OVER) == []


def test_an_expired_hold_cannot_be_booked(store, wei):
    held = hold(store)

    with pytest.raises(errors.HoldExpired):
        book(store, clock("14:00"), hold_token=held.token, at=OVER)
    assert not Appointment.objects.exists()


def test_a_hold_is_booked_once(store, wei):
    held = hold(store)
    book(store, clock("14:00"), hold_token=held.token, at=SOON)

    with pytest.raises(errors.HoldExpired):
        book(store, clock("14:00"), phone=QIANG, hold_token=held.token, at=SOON)


def test_a_hold_is_good_for_its_own_start_store_and_holder(store, wei, ming, fang, bo):
    held = hold(store, by=Actor.of(fang))
    elsewhere = open_store("bund")
    hire(elsewhere, "Yun")

    for other in (
        {"store": store, "starts_at": clock("15:00"), "customer": fang},
        {"store": elsewhere, "starts_at": clock("14:00"), "customer": fang},
        {"store": store, "starts_at": clock("14:00"), "customer": bo},
    ):
        with pytest.raises(errors.HoldExpired):
            book(**other, hold_token=held.token, at=SOON)
    assert Hold.objects.get() == held


def test_a_hold_is_good_for_its_own_length(store, wei):
    work_from(wei, "09:00", "15:00")
    held = hold(store)

    with pytest.raises(errors.HoldExpired):
        # Wei goes home at three; an hour was held, not two.
        book(store, clock("14:00"), hold_token=held.token, duration_minutes=120, at=SOON)
    with pytest.raises(errors.HoldExpired):
        book(store, clock("14:00"), hold_token=held.token, duration_minutes=30, at=SOON)
    assert (
        book(store, clock("14:00"), hold_token=held.token, duration_minutes=60, at=SOON).realtor
        == wei
    )


def test_a_hold_is_good_for_its_own_realtor(store, wei, ming):
    held = hold(store, realtor=wei)

    with pytest.raises(errors.HoldExpired):
        book(store, clock("14:00"), hold_token=held.token, realtor=ming, at=SOON)
    appointment = book(store, clock("14:00"), hold_token=held.token, realtor=wei, at=SOON)
    assert (appointment.realtor, appointment.realtor_named) == (wei, True)


def test_a_realtor_named_after_the_time_was_held_is_named_if_it_is_the_one(store, wei):
    held = hold(store)

    appointment = book(store, clock("14:00"), hold_token=held.token, realtor=wei, at=SOON)

    assert appointment.realtor_named


def test_what_was_soon_enough_when_held_still_is_when_booked(store, wei):
    held = hold(store, at=clock("13:30"))

    with pytest.raises(errors.TooSoon):
        book(store, clock("14:00"), at=clock("13:34"))
    assert book(store, clock("14:00"), hold_token=held.token, at=clock("13:34")).realtor == wei


def test_what_was_held_can_be_booked_although_the_buffers_grew(store, wei):
    held = hold(store)
    book(store, clock("15:00"), phone=QIANG)
    BookingPolicy.objects.create(store=store, buffer_after_minutes=30)

    appointment = book(store, clock("14:00"), hold_token=held.token, at=SOON)

    assert claimed(appointment)[f"r:{wei.pk}"] == ["14:00-15:00"]
    assert faults(SOON) == []


def test_what_was_held_can_be_booked_although_the_store_closed_the_day(store, wei):
    held = hold(store)
    store.opening_intervals.filter(weekday=0).delete()

    assert book(store, clock("14:00"), hold_token=held.token, at=SOON).realtor == wei


def test_holding_does_not_queue(store, wei):
    book(store, clock("14:00"))

    with pytest.raises(errors.SlotTaken) as refused:
        hold(store)
    assert refused.value.errors["next_free_starts"]


def test_holding_names_the_realtor_who_is_asked_for(store, wei, ming):
    assert hold(store, realtor=ming).realtor == ming
    with pytest.raises(errors.SlotTaken):
        hold(store, realtor=ming)
    assert hold(store).realtor == wei


def test_a_person_holds_one_time_in_a_store(store, wei, fang):
    first = hold(store, by=Actor.of(fang))

    second = hold(store, "16:00", by=Actor.of(fang), at=SOON)

    assert list(Hold.objects.all()) == [second]
    assert not Claim.objects.filter(hold_id=first.pk).exists()
    assert free_at(store, "14:00", SOON) == 1


def test_a_guest_changes_their_mind_by_the_token(store, wei):
    first = hold(store)

    hold(store, "14:30", replacing=first.token, at=SOON)

    assert Hold.objects.count() == 1
    assert faults(SOON) == []


def test_a_change_of_mind_that_fails_keeps_the_time_that_was_held(store, wei, fang):
    book(store, clock("16:00"))
    held = hold(store, by=Actor.of(fang))

    with pytest.raises(errors.SlotTaken):
        hold(store, "16:00", by=Actor.of(fang), at=SOON)

    assert Hold.objects.get() == held
    assert claimed(held)


def test_nobody_replaces_the_hold_of_another(store, wei, ming, fang):
    of_fang = hold(store, by=Actor.of(fang))

    hold(store, "16:00", replacing=of_fang.token)

    assert Hold.objects.count() == 2


def test_a_hold_that_is_let_go_frees_the_time_at_once(store, wei):
    held = hold(store)

    services.release_hold(held.token, by=GUEST, at=SOON)

    assert not Claim.objects.exists()
    assert book(store, clock("14:00"), at=SOON).realtor == wei


def test_only_the_holder_lets_go(store, wei, fang, bo):
    held = hold(store, by=Actor.of(fang))

    for other in (GUEST, Actor.of(bo)):
        with pytest.raises(NotFound):
            services.release_hold(held.token, by=other, at=SOON)
    with pytest.raises(NotFound):
        services.release_hold("no such token", by=GUEST, at=SOON)
    services.release_hold(held.token, by=Actor.of(fang), at=SOON)


def test_at_the_desk_times_are_held_for_others(store, wei, ming):
    hua = manager(store)
    first, second = hold(store, by=hua), hold(store, by=hua)

    assert {first.realtor, second.realtor} == {wei, ming}
    assert first.user is None
    for held, phone in ((first, LAN), (second, QIANG)):
        book(store, clock("14:00"), phone=phone, hold_token=held.token, by=hua, at=SOON)
    assert faults(SOON) == []


@pytest.mark.django_db(transaction=True)
def test_the_sweep_removes_what_has_expired_and_nothing_else(store, wei):
    hold(store)
    kept = hold(store, "16:00", at=SOON)

    run_due(at=OVER)

    assert list(Hold.objects.all()) == [kept]
    assert set(Claim.objects.values_list("hold", flat=True)) == {kept.pk}
    run_due(at=OVER)
    assert Hold.objects.count() == 1


def test_an_hour_is_held_for_as_long_as_the_store_says():
    store = open_store(hold_minutes=10)
    hire(store, "Wei")

    assert hold(store).expires_at == NOW + timedelta(minutes=10)


def test_a_person_holds_one_time_wherever_it_is(store, wei, fang):
    elsewhere = open_store("bund")
    hire(elsewhere, "Ming")
    first = hold(store, by=Actor.of(fang))

    services.hold(elsewhere, starts_at=clock("14:00"), by=Actor.of(fang), at=SOON)

    first.refresh_from_db()
    assert first.expires_at == SOON
    assert free_at(store, "14:00", SOON) == 1
    assert faults(SOON) == []


def test_ones_own_hold_does_not_stand_in_ones_way(store, wei, fang):
    hold(store, by=Actor.of(fang))

    assert book(store, clock("14:00"), customer=fang, at=SOON).realtor == wei
    assert faults(SOON) == []


def test_one_can_move_to_the_time_one_holds(store, wei, fang):
    appointment = book(store, clock("10:00"), customer=fang)
    hold(store, by=Actor.of(fang))

    services.reschedule(appointment, starts_at=clock("14:00"), by=Actor.of(fang), at=SOON)

    assert appointment.starts_at == clock("14:00")
    assert faults(SOON) == []


def test_renewing_a_hold_does_not_overtake_those_in_line(store, wei):
    held = hold(store)
    waiting = book(store, clock("14:00"), phone=QIANG)

    with pytest.raises(errors.SlotTaken):
        hold(store, at=SOON, replacing=held.token)
    run_due(at=OVER)

    waiting.refresh_from_db()
    assert waiting.realtor == wei


def test_a_hold_of_a_realtor_who_left_is_over(store, wei):
    held = hold(store)
    wei.is_active = False
    wei.save()

    with pytest.raises(errors.HoldExpired):
        book(store, clock("14:00"), hold_token=held.token, at=SOON)


def test_a_guest_cannot_hold_a_whole_day(store, wei):
    for start in ("09:00", "11:00", "13:00"):
        hold(store, start, address="203.0.113.7")

    with pytest.raises(TooMany):
        hold(store, "15:00", address="203.0.113.7")
    assert hold(store, "15:00", address="203.0.113.8")


def test_in_the_demo_guests_hold_as_many_as_they_like(store, wei, settings):
    settings.RATE_LIMIT_GENEROUS = True

    for start in ("09:00", "11:00", "13:00", "15:00"):
        hold(store, start, address="203.0.113.7")

    assert Hold.objects.count() == 4


def test_a_guest_holds_as_long_as_a_store_usually_takes():
    store = open_store(default_duration_minutes=300)
    hire(store, "Wei")

    held = services.hold(store, starts_at=clock("10:00"), by=GUEST, at=NOW, address="203.0.113.5")

    assert held.duration_minutes == 300
