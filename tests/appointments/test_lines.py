"""Waiting in line, and being served as soon as somebody is free."""

import pytest

from appointments import errors, services
from appointments.models import Appointment, Claim, Status
from appointments.selectors.lines import queue_position, queue_positions
from appointments.services import queueing
from appointments.services.queueing import dispatch
from appointments.timed import run_due
from booking_site.common.events import publish
from realtors.events import RealtorAvailabilityChanged
from stores.events import StoreHoursChanged
from tests.factories import PolicyFactory
from tests.races.checker import faults

from .world import (
    GUEST,
    LAN,
    MINUTE,
    MONDAY,
    NOW,
    QIANG,
    TUESDAY,
    away,
    book,
    claimed,
    clock,
    confirmed,
    hire,
    open_store,
    owner,
    phones,
    work_from,
)

pytestmark = pytest.mark.django_db


def test_who_finds_nobody_free_waits_without_a_realtor(store, wei):
    book(store, clock("14:00"))

    waiting = book(store, clock("14:00"), phone=QIANG)

    assert (waiting.status, waiting.realtor) == (Status.PENDING, None)
    assert queue_position(waiting) == 1
    assert [entry.action for entry in waiting.log.all()] == ["created", "queued"]


def test_who_waits_has_their_own_time_claimed_already(store, wei):
    book(store, clock("14:00"))
    waiting = book(store, clock("14:00"), phone=QIANG)

    assert claimed(waiting) == {f"p:{QIANG}": ["14:00-15:00"]}
    with pytest.raises(errors.CustomerConflict):
        book(store, clock("14:30"), phone=QIANG)


def test_a_place_in_line_is_the_rank_by_age(store, wei):
    people = [book(store, clock("14:00"), phone=phone) for phone in phones(4)]
    assert list(queue_positions(people).values()) == [0, 1, 2, 3]

    services.cancel(people[1], by=owner(people[1]), at=NOW)

    assert list(queue_positions(people[2:]).values()) == [1, 2]
    assert faults(NOW) == []


def test_each_start_has_a_line_of_its_own(store, wei):
    for start in ("14:00", "15:00"):
        book(store, clock(start))
        first = book(store, clock(start), phone=phones(1)[0])
        assert queue_position(first) == 1


def test_each_store_has_lines_of_its_own(store, wei):
    elsewhere = open_store("bund")
    book(store, clock("14:00"))
    here = book(store, clock("14:00"), phone=QIANG)
    there = book(elsewhere, clock("14:00"), phone=phones(1)[0])

    assert [queue_position(one) for one in (here, there)] == [1, 1]


def test_positions_of_many_take_one_query(store, wei, django_assert_num_queries):
    people = [book(store, clock("14:00"), phone=phone) for phone in phones(12)]

    with django_assert_num_queries(1):
        queue_positions(people)


def test_the_eldest_is_served_first(store, wei):
    first = book(store, clock("14:00"))
    second = book(store, clock("14:00"), phone=QIANG, at=NOW + MINUTE)
    third = book(store, clock("14:00"), phone=phones(1)[0], at=NOW + 2 * MINUTE)

    services.cancel(first, by=owner(first), at=NOW + 3 * MINUTE)

    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.realtor, third.realtor) == (wei, None)
    assert queue_position(third) == 1
    assert faults(NOW + 3 * MINUTE) == []


def test_a_short_wish_behind_a_long_one_is_served_if_only_it_fits(store, wei):
    book(store, clock("15:00"))
    afternoon = book(store, clock("14:00"), phone=QIANG, duration_minutes=120)
    first = book(store, clock("14:00"), phone=phones(1)[0])
    hour = book(store, clock("14:00"), phone=phones(2)[1])
    assert (afternoon.realtor, first.realtor, hour.realtor) == (None, wei, None)

    services.cancel(first, by=owner(first), at=NOW)

    hour.refresh_from_db()
    afternoon.refresh_from_db()
    assert (afternoon.realtor, hour.realtor) == (None, wei)
    assert faults(NOW) == []


def test_serving_a_line_twice_serves_nobody_twice(store, wei):
    first = book(store, clock("14:00"))
    book(store, clock("14:00"), phone=QIANG)
    services.cancel(first, by=owner(first), at=NOW)

    assert dispatch(store, at=NOW) == 0


@pytest.mark.django_db(transaction=True)
def test_a_hold_that_expires_serves_who_waited_for_it(store, wei):
    services.hold(store, starts_at=clock("14:00"), by=GUEST, at=NOW)
    waiting = book(store, clock("14:00"), at=NOW + MINUTE)

    run_due(at=NOW + 5 * MINUTE)

    waiting.refresh_from_db()
    assert waiting.realtor == wei
    assert faults(NOW + 5 * MINUTE) == []


def test_a_hold_that_is_let_go_serves_who_waited_for_it(store, wei):
    held = services.hold(store, starts_at=clock("14:00"), by=GUEST, at=NOW)
    waiting = book(store, clock("14:00"), at=NOW + MINUTE)

    services.release_hold(held.token, by=GUEST, at=NOW + 2 * MINUTE)

    waiting.refresh_from_db()
    assert waiting.realtor == wei
    assert faults(NOW + 2 * MINUTE) == []


def test_a_hold_that_moves_serves_who_waited_for_its_old_time(store, wei):
    held = services.hold(store, starts_at=clock("14:00"), by=GUEST, at=NOW)
    waiting = book(store, clock("14:00"), at=NOW + MINUTE)

    services.hold(
        store, starts_at=clock("16:00"), by=GUEST, at=NOW + 2 * MINUTE, replacing=held.token
    )

    waiting.refresh_from_db()
    assert waiting.realtor == wei


def test_nobody_who_comes_later_overtakes_when_a_hold_has_expired_unswept(store, wei):
    services.hold(store, starts_at=clock("14:00"), by=GUEST, at=NOW)
    waiting = book(store, clock("14:00"), at=NOW + MINUTE)

    late = book(store, clock("14:00"), phone=QIANG, at=NOW + 6 * MINUTE)

    waiting.refresh_from_db()
    assert (waiting.realtor, late.realtor) == (wei, None)
    assert faults(NOW + 6 * MINUTE) == []


def test_a_cancelled_holiday_serves_who_waited(store, wei):
    holiday = away(wei, clock("12:00"), clock("18:00"))
    waiting = book(store, clock("14:00"))
    assert waiting.realtor is None

    holiday.delete()
    publish(RealtorAvailabilityChanged(realtor_id=wei.pk, store_id=store.pk, at=NOW))

    waiting.refresh_from_db()
    assert waiting.realtor == wei


def test_a_longer_working_day_serves_who_waited(store, wei):
    work_from(wei, "09:00", "12:00")
    waiting = book(store, clock("14:00"))

    wei.intervals.update(ends="18:00")
    publish(StoreHoursChanged(store_id=store.pk, at=NOW))

    waiting.refresh_from_db()
    assert waiting.realtor == wei


def test_a_new_colleague_serves_who_waited(store, wei):
    book(store, clock("14:00"))
    waiting = book(store, clock("14:00"), phone=QIANG)
    ming = hire(store, "Ming")

    publish(RealtorAvailabilityChanged(realtor_id=ming.pk, store_id=store.pk, at=NOW))

    waiting.refresh_from_db()
    assert waiting.realtor == ming


@pytest.mark.django_db(transaction=True)
def test_waiting_ends_half_an_hour_before_the_start(store, wei):
    confirmed(store, clock("14:00"))
    waiting = book(store, clock("14:00"), phone=QIANG)

    run_due(at=clock("13:30"))
    waiting.refresh_from_db()
    assert waiting.status == Status.PENDING

    run_due(at=clock("13:31"))
    waiting.refresh_from_db()
    assert (waiting.status, waiting.cancel_reason) == (Status.CANCELLED, "queue_timeout")
    assert claimed(waiting) == {}
    assert faults(clock("13:31")) == []


def test_nobody_is_given_work_that_begins_too_soon(store, wei):
    first = book(store, clock("14:00"))
    waiting = book(store, clock("14:00"), phone=QIANG)

    services.cancel(first, by=owner(first), at=clock("13:45"))

    waiting.refresh_from_db()
    assert waiting.realtor is None


def test_lines_of_several_days_are_served_together(store, wei):
    people = [book(store, clock("14:00", day)) for day in (TUESDAY, MONDAY)]
    waiting = [book(store, clock("14:00", day), phone=QIANG) for day in (TUESDAY, MONDAY)]
    ming = hire(store, "Ming")

    assert dispatch(store, at=NOW) == 2
    for one in waiting:
        one.refresh_from_db()
    assert {one.realtor for one in waiting} == {ming}
    assert {one.realtor for one in people} == {wei}
    assert faults(NOW) == []


def test_one_realtor_is_not_given_to_two_in_the_same_round(store):
    waiting = [book(store, clock("14:00"), phone=phone) for phone in phones(3)]
    hire(store, "Wei")

    assert dispatch(store, at=NOW) == 1
    assert Appointment.objects.filter(realtor__isnull=False).count() == 1
    assert Appointment.objects.queued().count() == len(waiting) - 1
    assert faults(NOW) == []


def test_a_store_without_realtors_has_lines_all_the_same(store):
    waiting = book(store, clock("14:00"))

    assert (waiting.realtor, queue_position(waiting)) == (None, 1)
    assert set(claimed(waiting)) == {f"p:{LAN}"}


def test_who_asked_earlier_but_came_later_stands_behind(store, wei):
    book(store, clock("14:00"))
    first = book(store, clock("14:00"), phone=QIANG, at=NOW + MINUTE)
    # A request that had to wait for its turn carries the moment it came in.
    second = book(store, clock("14:00"), phone=phones(1)[0], at=NOW)

    assert [queue_position(one) for one in (first, second)] == [1, 2]
    assert faults(NOW + MINUTE) == []


def test_a_daily_maximum_holds_within_one_round_too(store):
    waiting = [
        book(store, clock(start), phone=phone)
        for start, phone in zip(("10:00", "12:00", "14:00"), phones(3), strict=True)
    ]
    hire(store, "Wei", max_per_day=2)

    assert dispatch(store, at=NOW) == 2
    for one in waiting:
        one.refresh_from_db()
    assert [one.realtor is None for one in waiting] == [False, False, True]
    assert faults(NOW) == []


def test_a_later_policy_ends_nobodys_wait(store, wei):
    book(store, clock("14:00"), phone=QIANG)
    waiting = book(store, clock("14:00"), phone=LAN)
    PolicyFactory(store=store, min_advance_minutes=10080)

    run_due(at=NOW)

    waiting.refresh_from_db()
    assert waiting.status == Status.PENDING


def test_what_nobody_answered_ends_at_its_start(store, wei):
    """Even where an offer is missing that would have ended before."""
    appointment = book(store, clock("14:00"))
    appointment.offers.all().delete()

    run_due(at=clock("13:59"))
    appointment.refresh_from_db()
    assert appointment.status == Status.PENDING
    run_due(at=clock("14:00"))

    appointment.refresh_from_db()
    assert (appointment.status, appointment.cancel_reason) == (Status.CANCELLED, "not_answered")
    assert not Claim.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_round_serves_whoever_waits_beside_a_free_realtor(store, wei):
    """Whatever made Ming free should have done so; a crash may have come between."""
    book(store, clock("14:00"))
    waiting = book(store, clock("14:00"), phone=QIANG)
    ming = hire(store, "Ming")

    run_due(at=NOW + MINUTE)

    waiting.refresh_from_db()
    assert waiting.realtor == ming
    assert faults(NOW) == []


@pytest.mark.django_db(transaction=True)
def test_a_store_that_fails_keeps_no_other_waiting(store, monkeypatch):
    other = open_store("bund")
    for shop, name, phone in ((store, "Ming", LAN), (other, "Lei", QIANG)):
        assert book(shop, clock("14:00"), phone=phone).realtor is None
        hire(shop, name)
    serve = queueing.assign_to_best

    def failing(appointment, *args, **kwargs):
        if appointment.store_id == store.pk:
            raise ZeroDivisionError
        return serve(appointment, *args, **kwargs)

    monkeypatch.setattr(queueing, "assign_to_best", failing)
    with pytest.raises(ExceptionGroup) as raised:
        run_due(at=NOW + MINUTE)

    assert raised.group_contains(ZeroDivisionError)
    assert Appointment.objects.queued().filter(store=store).count() == 1
    assert not Appointment.objects.queued().filter(store=other).exists()
