"""The live line: whoever is free next, first come first served."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments import errors, services
from appointments.events import AppointmentUnassigned
from appointments.models import Appointment, Offer, Status
from appointments.selectors.lines import queue_position, queue_positions
from appointments.selectors.waits import (
    estimated_waits,
    estimates,
    live_line,
    live_lines,
    whom_nobody_takes,
)
from appointments.services.leaving import hand_on
from appointments.services.queueing import dispatch
from booking_site.common.actors import SYSTEM
from booking_site.common.errors import Invalid
from realtors.models import Realtor
from realtors.services import heartbeat
from stores.models import Store
from tests.factories import PolicyFactory
from tests.races.checker import faults

from .world import (
    HOUR,
    LAN,
    MINUTE,
    QIANG,
    acting,
    away,
    book,
    claimed,
    clock,
    confirmed,
    hire,
    join,
    manager,
    offline,
    online,
    open_store,
    owner,
    phones,
    work_from,
)

TEN = clock("10:00")


@pytest.fixture
def store(db) -> Store:
    return open_store()


def fresh(appointment: Appointment) -> Appointment:
    return Appointment.objects.with_people().get(pk=appointment.pk)


def limited(realtor, most: int) -> None:
    Realtor.objects.filter(pk=realtor.pk).update(max_per_day=most)


def serve_one(store, wei, *, minutes, at):
    """Somebody joins, is accepted, and served for so many minutes."""
    online(wei, at=at)
    one = join(store, at=at)
    services.accept(one, by=SYSTEM, at=at)
    services.start(one, by=SYSTEM, at=at)
    services.complete(one, by=SYSTEM, at=at + minutes * MINUTE)


# Joining


def test_who_joins_while_somebody_is_online_is_given_to_them_at_once(store, wei):
    online(wei, at=TEN)

    lan = join(store, at=TEN)

    assert (lan.realtor, lan.status, queue_position(lan)) == (wei, Status.PENDING, 0)
    offer = Offer.objects.get(appointment=lan)
    assert offer.deadline_at == TEN + 5 * MINUTE
    assert claimed(lan) == {f"r:{wei.pk}": ["10:00-11:00"]}


def test_who_joins_while_nobody_is_online_waits_and_claims_nothing(store, wei):
    lan, qiang = join(store, at=TEN), join(store, phone=QIANG, at=TEN)

    assert queue_positions([lan, qiang]) == {lan.pk: 1, qiang.pk: 2}
    assert claimed(lan) == {}
    assert estimated_waits([lan], at=TEN) == {lan.pk: None}


def test_the_first_in_line_is_served_first_when_somebody_comes_online(store, wei):
    first, second = join(store, at=TEN), join(store, phone=QIANG, at=TEN + MINUTE)

    online(wei, at=TEN + 2 * MINUTE)

    assert fresh(first).realtor == wei
    assert fresh(second).realtor is None
    assert queue_position(fresh(second)) == 1


def test_a_realtor_is_sent_one_customer_at_a_time(store, wei):
    """Customers wait in one line, and not behind somebody who may take an hour."""
    online(wei, at=TEN)

    first, *others = [join(store, phone=phone, at=TEN) for phone in phones(4)]

    assert first.realtor == wei
    assert [queue_position(one) for one in others] == [1, 2, 3]


def test_a_person_stands_in_a_line_once(store, wei, fang, bo):
    join(store, at=TEN)
    join(store, customer=fang, phone=LAN, at=TEN)
    join(store, customer=bo, at=TEN)

    for again in ({"phone": LAN}, {"customer": fang}, {"phone": QIANG}):
        with pytest.raises(errors.CustomerConflict):
            join(store, at=TEN, **again)
    assert Appointment.objects.count() == 3


def test_somebody_may_stand_in_the_lines_of_two_stores_and_come_back_after_leaving(store, wei):
    other = open_store("bund")
    hire(other, "Lei")
    lan = join(store, at=TEN)
    join(other, at=TEN)
    services.cancel(lan, by=owner(lan), at=TEN + MINUTE)

    again = join(store, at=TEN + 2 * MINUTE)

    assert queue_position(again) == 1


def test_nobody_joins_when_nobody_serves_today_any_more(store, wei):
    work_from(wei, "09:00", "12:00")

    with pytest.raises(errors.StoreClosed):
        join(store, at=clock("11:30"))
    with pytest.raises(errors.StoreClosed):
        join(store, at=clock("18:00"))
    assert join(store, at=clock("11:00")).is_waiting


def test_the_line_forms_before_the_store_opens(store, wei):
    assert join(store, at=clock("08:30")).is_waiting


def test_a_length_that_cells_cannot_hold_is_refused(store, wei):
    with pytest.raises(Invalid):
        join(store, at=TEN, duration_minutes=7)


# From the offer to the end


def test_a_live_customer_is_accepted_served_and_done(store, wei):
    online(wei, at=TEN)
    lan = join(store, at=TEN)

    services.accept(lan, by=acting(wei), at=TEN + MINUTE)
    services.start(lan, by=acting(wei), at=TEN + 3 * MINUTE)

    assert (lan.starts_at, lan.ends_at) == (TEN + 3 * MINUTE, TEN + 63 * MINUTE)
    assert claimed(lan) == {f"p:{LAN}": ["10:00-11:05"], f"r:{wei.pk}": ["10:00-11:05"]}
    services.complete(lan, by=acting(wei), at=TEN + 31 * MINUTE)
    assert claimed(lan) == {f"p:{LAN}": ["10:00-10:30"], f"r:{wei.pk}": ["10:00-10:30"]}
    assert fresh(lan).live_key is None


def test_whoever_finishes_is_given_the_next_one_at_once(store, wei):
    online(wei, at=TEN)
    first, second = join(store, at=TEN), join(store, phone=QIANG, at=TEN)
    services.accept(first, by=acting(wei), at=TEN)
    services.start(first, by=acting(wei), at=TEN)

    services.complete(first, by=acting(wei), at=TEN + 20 * MINUTE)

    assert fresh(second).realtor == wei


def test_nobody_is_sent_to_whom_somebody_is_still_with_beyond_the_time(store, wei):
    online(wei, at=TEN)
    first, second = join(store, at=TEN, duration_minutes=15), join(store, phone=QIANG, at=TEN)
    services.accept(first, by=acting(wei), at=TEN)
    services.start(first, by=acting(wei), at=TEN)

    dispatch(store, at=TEN + 25 * MINUTE)
    assert fresh(second).is_waiting
    assert estimated_waits([fresh(second)], at=TEN + 25 * MINUTE) == {second.pk: 60}
    services.complete(first, by=acting(wei), at=TEN + 26 * MINUTE)

    assert fresh(second).realtor == wei


def test_a_booking_ahead_shortens_live_work_and_is_never_overlapped(store, wei):
    """Wei has somebody at eleven; Lan was accepted at ten and comes late."""
    online(wei, at=TEN)
    lan = join(store, at=TEN)
    services.accept(lan, by=acting(wei), at=TEN)
    assert confirmed(store, clock("11:00"), phone=QIANG, at=TEN).realtor == wei

    services.start(lan, by=acting(wei), at=TEN + 20 * MINUTE)

    assert lan.ends_at == clock("11:00")
    assert claimed(lan)[f"r:{wei.pk}"] == ["10:20-11:00"]


def test_work_that_is_short_for_its_customer_keeps_the_realtor_no_longer(wei):
    store = wei.store
    PolicyFactory(store=store, buffer_after_minutes=15)
    online(wei, at=TEN)
    lan = services.accept(join(store, at=TEN), by=acting(wei), at=TEN)
    hire(elsewhere := open_store("bund"), "Yun")
    book(elsewhere, clock("10:30"), at=TEN - 30 * MINUTE)

    services.start(lan, by=acting(wei), at=TEN + 3 * MINUTE)

    assert claimed(lan) == {
        f"p:{LAN}": ["10:00-10:30"],
        f"r:{wei.pk}": ["10:00-10:45"],
    }
    assert faults(TEN + 3 * MINUTE, swept=False) == []


def test_a_promise_soon_after_live_work_leaves_less_time_after_it(wei):
    store = wei.store
    PolicyFactory(store=store, buffer_after_minutes=15, min_advance_minutes=0)
    online(wei, at=TEN)
    lan = services.accept(join(store, at=TEN), by=acting(wei), at=TEN)
    book(store, clock("11:15"), at=TEN, phone=QIANG)

    services.start(lan, by=acting(wei), at=TEN + 8 * MINUTE)

    lan.refresh_from_db()
    assert claimed(lan)[f"r:{wei.pk}"] == ["10:05-11:15"]
    assert (lan.ends_at, lan.buffer_after_minutes) == (clock("11:08"), 7)
    assert faults(TEN + 8 * MINUTE, swept=False) == []


def test_nobody_is_sent_to_a_realtor_who_has_a_booking_within_the_visit(store, wei):
    book(store, clock("10:45"), phone=QIANG, at=clock("09:00"))
    online(wei, at=TEN)

    lan = join(store, at=TEN)

    assert lan.is_waiting


def test_a_customer_who_is_promised_elsewhere_is_not_started(store, wei, ming):
    """Lan booked ten o'clock with Ming, and came to the line all the same."""
    fixed = confirmed(store, TEN, at=clock("08:00"), realtor=ming)
    online(wei, at=TEN)
    lan = join(store, at=TEN)
    services.accept(lan, by=acting(wei), at=TEN)

    with pytest.raises(errors.CustomerConflict):
        services.start(lan, by=acting(wei), at=TEN)

    assert fresh(lan).status == Status.CONFIRMED
    services.cancel(fixed, by=SYSTEM, at=TEN - MINUTE)
    services.start(fresh(lan), by=acting(wei), at=TEN)


def test_the_customer_may_leave_until_the_work_begins(store, wei):
    online(wei, at=TEN)
    lan = join(store, at=TEN)
    services.accept(lan, by=acting(wei), at=TEN + MINUTE)

    services.cancel(lan, by=owner(lan), at=TEN + 10 * MINUTE)

    assert fresh(lan).status == Status.CANCELLED
    assert claimed(lan) == {}


def test_a_place_in_the_line_has_no_time_to_move(store, wei):
    lan = join(store, at=TEN)

    with pytest.raises(errors.InvalidTransition):
        services.reschedule(lan, starts_at=clock("14:00"), by=owner(lan), at=TEN)


def test_a_store_that_confirms_by_itself_confirms_live_customers_too(db):
    store = open_store(auto_confirm=True)
    wei = online(hire(store, "Wei"), at=TEN)

    lan = join(store, at=TEN)

    assert (lan.status, lan.realtor) == (Status.CONFIRMED, wei)


# No answer


def test_an_unanswered_offer_goes_to_the_next_and_its_realtor_is_away(store, wei, ming, heard):
    online(wei, at=TEN)
    lan = join(store, at=TEN)
    online(ming, at=TEN + MINUTE)
    told = heard(AppointmentUnassigned)

    dispatch(store, at=TEN + 5 * MINUTE)

    lan = fresh(lan)
    wei.refresh_from_db()
    assert (lan.realtor, lan.queued_at) == (ming, TEN)
    assert wei.away_since == TEN + 5 * MINUTE
    assert [(news.realtor_id, news.reason) for news in told] == [(wei.pk, "not_answered")]
    with pytest.raises(errors.AlreadyTaken):
        services.accept(lan, by=acting(wei), at=TEN + 5 * MINUTE, realtor=wei)


def test_an_answer_after_the_deadline_is_too_late_even_if_nobody_has_looked(store, wei):
    online(wei, at=TEN)
    lan = join(store, at=TEN)

    with pytest.raises(errors.AlreadyTaken):
        services.accept(lan, by=acting(wei), at=TEN + 5 * MINUTE)


def test_nobody_is_sent_to_who_is_away_before_the_next_sign_of_life(store, wei):
    online(wei, at=TEN)
    join(store, at=TEN)
    dispatch(store, at=TEN + 5 * MINUTE)
    qiang = join(store, phone=QIANG, at=TEN + 6 * MINUTE)
    assert qiang.is_waiting

    heartbeat(wei, by=acting(wei), at=TEN + 7 * MINUTE)

    assert fresh(qiang).realtor == wei


def test_when_everybody_on_duty_has_refused_a_person_is_asked(store, wei):
    online(wei, at=TEN)
    lan = join(store, at=TEN)

    services.decline(lan, by=acting(wei), at=TEN + MINUTE, reason="lunch")

    assert (lan.is_waiting, lan.needs_person, lan.priority) == (True, True, -1)


def test_who_declines_is_left_in_peace_for_two_minutes(store, wei):
    online(wei, at=TEN)
    join(store, at=TEN)
    qiang = join(store, phone=QIANG, at=TEN)
    services.decline(Appointment.objects.get(realtor=wei), by=acting(wei), at=TEN + MINUTE)
    assert fresh(qiang).is_waiting

    dispatch(store, at=TEN + 3 * MINUTE)

    assert fresh(qiang).realtor == wei


def test_waiting_ends_after_two_hours(store, wei):
    lan = join(store, at=TEN)

    dispatch(store, at=TEN + 2 * HOUR)
    assert fresh(lan).is_waiting
    dispatch(store, at=TEN + 2 * HOUR + timedelta(seconds=1))

    lan = fresh(lan)
    assert (lan.status, lan.cancel_reason, lan.live_key) == ("cancelled", "queue_timeout", None)


# Going


@pytest.mark.parametrize("accepted", [False, True])
def test_who_goes_offline_hands_on_what_has_not_begun(store, wei, ming, accepted, heard):
    online(wei, at=TEN)
    lan = join(store, at=TEN)
    if accepted:
        services.accept(lan, by=acting(wei), at=TEN)
    qiang = join(store, phone=QIANG, at=TEN + MINUTE)
    told = heard(AppointmentUnassigned)

    offline(wei, at=TEN + 2 * MINUTE)

    lan = fresh(lan)
    assert (lan.is_waiting, lan.queued_at, queue_position(lan)) == (True, TEN, 1)
    assert queue_position(fresh(qiang)) == 2
    assert claimed(lan) == {}
    assert [(news.reason, news.announced) for news in told] == [("realtor_offline", accepted)]
    online(ming, at=TEN + 3 * MINUTE)
    assert fresh(lan).realtor == ming


def test_the_log_says_why_somebody_stands_in_line_again_before_any_answer(store, wei):
    online(wei, at=TEN)
    lan = join(store, at=TEN)

    offline(wei, at=TEN + MINUTE)

    entry = lan.log.order_by("-pk").first()
    assert (entry.action, entry.reason) == ("requeued", "realtor_offline")
    assert entry.details == {"realtor_id": wei.pk}


def test_what_has_begun_stays_with_who_goes_offline(store, wei):
    online(wei, at=TEN)
    lan = join(store, at=TEN)
    services.accept(lan, by=acting(wei), at=TEN)
    services.start(lan, by=acting(wei), at=TEN)

    offline(wei, at=TEN + MINUTE)

    assert fresh(lan).status == Status.IN_PROGRESS


def test_who_leaves_for_good_hands_on_live_customers(store, wei, ming):
    online(wei, at=TEN)
    lan = join(store, at=TEN)
    services.accept(lan, by=acting(wei), at=TEN)
    online(ming, at=TEN)

    wei.is_active = False
    wei.save()
    hand_on(wei, at=TEN + MINUTE)

    assert (fresh(lan).realtor, fresh(lan).status) == (ming, Status.PENDING)


def test_the_end_of_a_shift_hands_on_what_was_offered(store, wei, ming):
    online(wei, at=TEN)
    lan = join(store, at=TEN)
    services.accept(lan, by=acting(wei), at=TEN)
    away(wei, TEN + MINUTE, TEN + HOUR)
    online(ming, at=TEN + MINUTE)

    assert fresh(lan).realtor == ming


def test_somebody_is_never_sent_to_themself(store, wei):
    online(wei, at=TEN)

    own = join(store, customer=wei.user, phone=LAN, at=TEN)

    assert own.is_waiting


# How long


def test_the_wait_is_position_times_visit_over_who_serves(store, wei, ming):
    online(wei, at=TEN)
    online(ming, at=TEN)
    rows = [join(store, phone=phone, at=TEN) for phone in phones(5)]

    waits = estimated_waits([fresh(row) for row in rows], at=TEN)

    assert list(waits.values()) == [None, None, 30, 60, 90]
    assert live_line(store, at=TEN).wait_minutes == 120


def test_who_would_be_served_at_once_is_told_the_shortest_wait_there_is(store, wei):
    online(wei, at=TEN)

    line = live_line(store, at=TEN)

    assert (line.length, line.on_duty, line.wait_minutes, line.serves_today) == (0, 1, 5, True)


def test_nobody_on_duty_is_no_wait_at_all(store, wei):
    line = live_line(store, at=TEN)

    assert (line.on_duty, line.wait_minutes) == (0, None)


@pytest.mark.parametrize(("visits", "minutes"), [(29, 60), (30, 25)])
def test_enough_visits_teach_how_long_one_takes(store, wei, visits, minutes):
    """Twenty-two minutes each, where an hour is usual."""
    for day in range(visits):
        serve_one(store, wei, minutes=22, at=TEN + timedelta(days=day))
    now = TEN + timedelta(days=29, hours=2)
    online(wei, at=now)
    join(store, at=now)

    waiting = join(store, phone=QIANG, at=now)

    assert estimated_waits([waiting], at=now) == {waiting.pk: minutes}


def test_no_wait_is_made_up_when_nobody_works_long_enough_any_more(store, wei):
    joined, late = clock("16:55"), clock("17:05")
    online(wei, at=joined)
    services.accept(join(store, at=joined), by=acting(wei), at=joined)
    waiting = join(store, phone=QIANG, at=joined)
    heartbeat(wei, by=acting(wei), at=late)

    line = live_line(store, at=late)

    assert (line.on_duty, line.serves_today, line.wait_minutes) == (1, False, None)
    assert estimated_waits([fresh(waiting)], at=late) == {waiting.pk: None}


def test_who_has_reached_the_daily_maximum_serves_nobody_of_the_line(store, wei, ming):
    """They are asked no more: with only them there is no wait, and beside others no one more who
    serves."""
    limited(wei, 1)
    online(wei, at=TEN)
    join(store, at=TEN)
    waiting = join(store, phone=QIANG, at=TEN)

    line = live_line(store, at=TEN)
    assert (line.on_duty, line.wait_minutes, line.serves_today) == (0, None, True)
    assert estimated_waits([waiting], at=TEN) == {waiting.pk: None}
    assert not estimates([waiting], at=TEN)[waiting.pk].staffed

    online(ming, at=TEN)
    assert fresh(waiting).realtor == ming
    line = live_line(store, at=TEN)
    assert (line.on_duty, line.wait_minutes) == (1, 60)
    assert faults(TEN) == []


def test_a_booking_fills_the_day_of_who_is_free(store, wei):
    limited(wei, 1)
    confirmed(store, clock("15:00"), phone=QIANG, realtor=wei)
    online(wei, at=TEN)

    waiting = join(store, at=TEN)

    assert waiting.is_waiting
    assert estimated_waits([waiting], at=TEN) == {waiting.pk: None}
    assert live_line(store, at=TEN).wait_minutes is None
    assert faults(TEN) == []


def test_no_wait_is_made_up_beyond_what_is_left_of_the_daily_maximum(store, wei):
    limited(wei, 2)
    online(wei, at=TEN)
    rows = [join(store, phone=phone, at=TEN) for phone in phones(3)]

    waits = estimated_waits([fresh(row) for row in rows], at=TEN)

    assert list(waits.values()) == [None, 60, None]
    assert live_line(store, at=TEN).wait_minutes is None
    assert faults(TEN) == []


def test_no_wait_is_told_that_is_longer_than_the_place_is_kept(store, wei):
    """Tenth behind one realtor: ten hours, and the place lapses after two."""
    online(wei, at=TEN)
    rows = [join(store, phone=phone, at=TEN) for phone in phones(11)]

    found = estimates([fresh(row) for row in rows], at=TEN)

    assert [found[row.pk].minutes for row in rows[1:]] == [60, 120, *[None] * 8]
    assert found[rows[-1].pk].staffed
    assert live_line(store, at=TEN).wait_minutes is None
    # Nobody was served meanwhile, and the second has waited for a while.
    later = TEN + MINUTE
    assert estimated_waits([fresh(rows[2])], at=later) == {rows[2].pk: None}
    assert faults(TEN) == []


def test_a_place_that_is_kept_for_longer_has_a_wait(store, wei):
    PolicyFactory(store=store, queue_timeout_minutes=180)
    online(wei, at=TEN)
    rows = [join(store, phone=phone, at=TEN) for phone in phones(4)]

    waits = estimated_waits([fresh(row) for row in rows], at=TEN)

    assert list(waits.values()) == [None, 60, 120, 180]
    assert live_line(store, at=TEN).wait_minutes is None


@pytest.mark.parametrize(("until", "minutes"), [("12:00", 60), ("11:59", None)])
def test_no_wait_is_told_beyond_the_work_of_those_on_duty(store, wei, ming, until, minutes):
    """A visit of an hour after the wait has to end in time; that Ming, who works longer, comes on
    duty nobody knows."""
    work_from(wei, "09:00", until)
    online(wei, at=TEN)
    rows = [join(store, phone=phone, at=TEN) for phone in phones(3)]

    waits = estimated_waits([fresh(row) for row in rows], at=TEN)

    assert list(waits.values()) == [None, minutes, None]
    line = live_line(store, at=TEN)
    assert (line.on_duty, line.serves_today, line.wait_minutes) == (1, True, None)
    assert faults(TEN) == []


def test_a_break_is_not_the_end_of_work(store, wei):
    work_from(wei, "09:00", "17:00")
    work_from(wei, "10:30", "11:30", kind="break")
    work_from(wei, "11:45", "12:00", kind="break")
    at = clock("09:20")
    online(wei, at=at)
    rows = [join(store, phone=phone, at=at) for phone in phones(3)]

    assert estimated_waits([fresh(rows[2])], at=at) == {rows[2].pk: 120}


def test_who_is_free_and_works_just_long_enough_is_no_wait_of_five_minutes_too_much(store, wei):
    work_from(wei, "09:00", "11:00")
    online(wei, at=TEN)

    assert live_line(store, at=TEN).wait_minutes == 5
    assert live_line(store, at=TEN + MINUTE).wait_minutes is None
    assert join(store, at=TEN).realtor == wei


def test_who_is_free_but_works_no_longer_is_no_hope_of_being_asked_at_once(store, wei, ming):
    work_from(wei, "09:00", "10:30")
    online(wei, at=TEN)
    online(ming, at=TEN)
    lan = join(store, at=TEN)

    assert lan.realtor == ming
    assert live_line(store, at=TEN).wait_minutes == 30


def test_no_wait_is_made_up_for_one_whom_all_have_refused(store, wei):
    online(wei, at=TEN)
    refused, behind = join(store, at=TEN), join(store, phone=QIANG, at=TEN)

    services.decline(refused, by=acting(wei), at=TEN)

    waits = estimated_waits([fresh(refused), fresh(behind)], at=TEN)
    assert fresh(refused).needs_person
    assert waits[refused.pk] is None
    assert waits[behind.pk] is not None


def test_no_wait_is_made_up_for_one_whom_all_on_duty_have_refused(store, wei, ming):
    """Ming works too, and might come on duty: nobody else is looked for yet."""
    online(wei, at=TEN)
    lan = join(store, at=TEN)
    services.decline(lan, by=acting(wei), at=TEN)
    qiang = join(store, phone=QIANG, at=TEN)

    assert not fresh(lan).needs_person
    waiting = [fresh(lan), fresh(qiang)]
    assert estimated_waits(waiting, at=TEN) == {lan.pk: None, qiang.pk: 120}
    assert whom_nobody_takes(waiting, at=TEN) == {lan.pk}


def test_an_offer_that_has_lapsed_is_a_refusal_for_the_wait(store, wei, ming):
    online(wei, at=TEN)
    lan = join(store, at=TEN)
    dispatch(store, at=TEN + 5 * MINUTE)
    # Heard of again, and still not to be asked for Lan.
    online(wei, at=TEN + 6 * MINUTE)

    assert fresh(lan).is_waiting
    assert estimated_waits([fresh(lan)], at=TEN + 6 * MINUTE) == {lan.pk: None}
    assert whom_nobody_takes([fresh(lan)], at=TEN + 6 * MINUTE) == {lan.pk}


def test_whoever_else_comes_on_duty_is_a_wait_again(store, wei, ming):
    online(wei, at=TEN)
    lan = join(store, at=TEN)
    services.decline(lan, by=acting(wei), at=TEN)
    booked = confirmed(store, clock("10:15"), phone=QIANG, realtor=ming)
    online(ming, at=TEN)

    # Wei is free, but not for Lan: it takes until Ming is.
    assert booked.realtor == ming
    assert fresh(lan).is_waiting
    assert estimated_waits([fresh(lan)], at=TEN) == {lan.pk: 30}
    assert whom_nobody_takes([fresh(lan)], at=TEN) == set()


def test_a_realtor_who_stands_in_line_is_never_asked_for_themself(store, wei):
    mine = join(store, customer=wei.user, phone=LAN, at=TEN)
    online(wei, at=TEN)

    assert fresh(mine).is_waiting
    assert estimated_waits([fresh(mine)], at=TEN) == {mine.pk: None}


def test_nobody_on_duty_is_not_the_same_as_nobody_who_takes_them(store, wei):
    lan = join(store, at=TEN)

    assert whom_nobody_takes([lan], at=TEN) == set()


def test_the_waits_of_many_take_as_many_queries_as_one(store, wei, ming):
    online(wei, at=TEN)
    counted = []
    services.decline(join(store, at=TEN), by=acting(wei), at=TEN)
    for phone in phones(4):
        join(store, phone=phone, at=TEN)
        waiting = [row for row in Appointment.objects.with_people() if row.is_waiting]
        with CaptureQueriesContext(connection) as queries:
            estimated_waits(waiting, at=TEN)
            whom_nobody_takes(waiting, at=TEN)
        counted.append((len(waiting), len(queries)))
    assert [length for length, _queries in counted] == [2, 3, 4, 5]
    assert len({queries for _length, queries in counted}) == 1


def test_the_lines_of_many_stores_take_as_many_queries_as_one(
    store, wei, django_assert_max_num_queries
):
    stores = [store, *(open_store(f"store-{n}") for n in range(3))]
    for one in stores[1:]:
        online(hire(one, one.slug))
    with django_assert_max_num_queries(12):
        assert len(live_lines(stores, at=TEN)) == 4


def test_the_desk_joins_for_others(store, wei):
    boss = manager(store)

    walk_in = join(store, by=boss, at=TEN)

    assert walk_in.user is None
    assert queue_position(walk_in) == 1
