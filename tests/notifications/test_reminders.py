"""Everybody is reminded once of every start, in time, and of none that is over."""

from datetime import timedelta
from functools import partial

import pytest

from appointments import services
from appointments.models import Appointment
from booking_site.common.actors import SYSTEM, Actor
from notifications.models import Delivery, Letter, Reminder
from notifications.selectors.due import due_reminders
from notifications.services import remind
from notifications.timed import remind_due, run_due
from realtors.services import set_presence
from tests.appointments.world import (
    HOUR,
    LAN,
    MINUTE,
    NOW,
    QIANG,
    TUESDAY,
    acting,
    clock,
    hire,
    open_store,
    owner,
    phones,
)
from tests.factories import PolicyFactory
from tests.races.together import side_by_side

from .post import LANS, booked, confirmed, letters_to

pytestmark = pytest.mark.django_db
# Booked on Monday at eight, for the afternoon of the day after.
START = clock("14:00", TUESDAY)
DAY_BEFORE = START - 24 * HOUR
TWO_HOURS_BEFORE = START - 2 * HOUR


def reminded(at) -> list[str]:
    """Who is reminded in this round."""
    before = set(Delivery.objects.values_list("pk", flat=True))
    remind_due(at=at)
    new = Delivery.objects.filter(letter=Letter.REMINDER).exclude(pk__in=before)
    return list(new.order_by("pk").values_list("role", flat=True))


BOTH = ["customer", "realtor"]


def test_both_are_reminded_a_day_and_two_hours_before(store, wei):
    confirmed(store, START)

    assert reminded(DAY_BEFORE - MINUTE) == []
    assert reminded(DAY_BEFORE) == BOTH
    assert reminded(DAY_BEFORE + MINUTE) == []
    assert reminded(TWO_HOURS_BEFORE) == BOTH
    assert reminded(START - MINUTE) == []
    assert Reminder.objects.count() == 2


def test_so_are_those_whose_realtor_has_not_answered(store, wei):
    booked(store, START)

    assert reminded(DAY_BEFORE) == BOTH


def test_the_store_s_own_figures_count(store, wei):
    PolicyFactory(store=store, first_reminder_minutes=60, second_reminder_minutes=0)
    confirmed(store, START)

    assert reminded(START - 61 * MINUTE) == []
    assert reminded(START - 60 * MINUTE) == BOTH


def test_the_figures_of_one_store_do_not_reach_another(store, wei):
    PolicyFactory(store=open_store("far-away"), first_reminder_minutes=14 * 24 * 60)
    confirmed(store, START)

    assert reminded(DAY_BEFORE - MINUTE) == []


def test_nobody_is_reminded_of_what_they_have_only_just_booked(store, wei):
    at = DAY_BEFORE + MINUTE
    confirmed(store, START, at=at)

    assert reminded(at + MINUTE) == []
    assert reminded(TWO_HOURS_BEFORE) == BOTH


def test_a_move_is_reminded_of_again(store, wei):
    appointment = confirmed(store, START)
    assert reminded(DAY_BEFORE) == BOTH
    later = clock("10:00", TUESDAY + timedelta(days=1))
    services.reschedule(appointment, starts_at=later, by=owner(appointment), at=DAY_BEFORE)

    assert reminded(later - 24 * HOUR - MINUTE) == []
    assert reminded(later - 24 * HOUR) == BOTH


def test_after_a_day_without_a_worker_one_letter_stands_for_both(store, wei):
    confirmed(store, START)

    assert reminded(START - HOUR) == BOTH
    assert reminded(START - HOUR + MINUTE) == []
    assert Reminder.objects.count() == 2


def test_whoever_waits_in_line_is_not_reminded(store, wei):
    booked(store, START)
    waiting = booked(store, START, phone=QIANG)

    remind_due(at=DAY_BEFORE)

    assert not waiting.reminders.exists()


def test_nobody_is_reminded_of_what_is_cancelled_or_begun(store, wei, ming):
    cancelled = confirmed(store, START)
    services.cancel(cancelled, by=owner(cancelled), at=NOW)
    begun = confirmed(store, START, phone=QIANG)
    services.start(begun, by=SYSTEM, at=START - 10 * MINUTE)

    assert reminded(START - 9 * MINUTE) == []


def test_the_live_line_needs_no_reminder(store, wei):
    at = clock("10:00")
    set_presence(wei, "online", by=acting(wei), at=at)
    wish = services.LiveRequest(store=store, customer_name="Lan", customer_phone=LAN, email=LANS)
    services.join(wish, by=Actor.guest(), at=at)

    assert reminded(at) == []


def test_a_reminder_of_what_was_moved_meanwhile_is_not_sent(store, wei):
    appointment = confirmed(store, START)
    letters_to(LANS)
    remind_due(at=DAY_BEFORE)
    services.reschedule(appointment, starts_at=START + HOUR, by=owner(appointment), at=DAY_BEFORE)

    (letter,) = letters_to(LANS, at=DAY_BEFORE)

    assert letter.subject.startswith("Moved to")


def test_a_round_that_saw_an_older_state_reminds_of_nothing(store, wei):
    appointment = confirmed(store, START)
    (due,) = due_reminders(at=DAY_BEFORE)
    services.reschedule(appointment, starts_at=START + HOUR, by=owner(appointment), at=NOW)

    assert not remind(due, at=DAY_BEFORE)
    assert not Reminder.objects.exists()


def test_what_is_found_twice_is_written_once(store, wei):
    confirmed(store, START)
    (due,) = due_reminders(at=DAY_BEFORE)

    assert remind(due, at=DAY_BEFORE)
    assert not remind(due, at=DAY_BEFORE)

    assert Delivery.objects.filter(letter=Letter.REMINDER).count() == 2


def test_finding_them_costs_the_same_however_many_there_are(store, wei, django_assert_num_queries):
    for phone in phones(3):
        booked(store, START, phone=phone)

    with django_assert_num_queries(4):
        assert len(due_reminders(at=DAY_BEFORE)) == 1
    hire(store, "Ming")
    hire(store, "Jun")
    for number, phone in enumerate(phones(3, first=500)):
        confirmed(store, START + (number + 1) * HOUR, phone=phone)
    with django_assert_num_queries(4):
        assert len(due_reminders(at=START - 20 * HOUR)) == 4


@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_remind_once():
    store = open_store()
    wei = hire(store, "Wei", email="wei@example.com")
    for hours in range(3):
        confirmed(store, START + hours * HOUR, phone=phones(3)[hours])
    assert Appointment.objects.filter(realtor=wei).count() == 3

    side_by_side(*[partial(run_due, at=START - 20 * HOUR)] * 4)

    letters = Delivery.objects.filter(letter=Letter.REMINDER)
    assert letters.count() == 6
    assert set(letters.values_list("status", "attempts")) == {("sent", 1)}
    assert Reminder.objects.count() == 3


def test_nobody_is_reminded_within_minutes_of_the_letter_that_says_it(store, wei):
    """Booked just before the reminder would be due: the letter of the booking has said it all."""
    late = DAY_BEFORE - 29 * MINUTE
    in_time = DAY_BEFORE + HOUR - 30 * MINUTE
    booked(store, START, at=late)
    booked(store, START + HOUR, at=in_time, phone=QIANG)

    assert reminded(DAY_BEFORE) == []
    assert reminded(DAY_BEFORE + HOUR) == BOTH
