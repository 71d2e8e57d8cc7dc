"""What is told of seats: to pay, confirmed, called off, moved; to whom, and to whom not."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.core import mail
from icalendar import Calendar

from accounts.services import erase_account
from appointments import services
from appointments.models import Appointment, Status
from appointments.services.paying import end_unpaid
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.transactions import run_in_transaction
from notifications.models import Delivery, Role
from notifications.timed import remind_due
from payments.timed import send_due_refunds
from tests.appointments import courses
from tests.appointments.world import HOUR, MINUTE, NOW, manager, register
from tests.factories import PolicyFactory

from .edge import at_the_edge
from .post import html_of, letters_to, the_letter_to, written
from .seats import (
    FANGS,
    LATE,
    MEIS,
    TEN,
    booked,
    booked_together,
    last_told,
    paid,
    told,
    weekly,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_eight():
    """What gateways sign is as old as the machine's clock says."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def fang(db):
    return register("Fang", email=FANGS, locale="en")


@pytest.fixture
def piano(store):
    course = courses.teach(store)
    teacher = courses.teacher_of(course)
    teacher.email = MEIS
    teacher.save()
    teacher.user.locale = "en"
    teacher.user.save()
    return course


@pytest.fixture
def mei(piano):
    return courses.teacher_of(piano)


@pytest.fixture
def lesson(piano):
    return courses.session_at(piano, TEN)


# Booked and not paid


def test_whoever_has_to_pay_reads_what_when_how_much_and_until_when(lesson, fang, store):
    seat = booked(lesson, fang)

    letter = the_letter_to(FANGS)

    limit = f"{seat.pay_before.astimezone(store.zone):%H:%M}"
    assert letter.subject == f"Please pay by Mon, March 2 {limit}: Piano, Tue, March 3 10:00"
    for text in (letter.body, html_of(letter)):
        assert f"Your place is kept until Mon, March 2 {limit}" in text
        assert "Please pay ¥100 by" in text
        assert "Tue, March 3 10:00–11:00" in text
        assert f"http://127.0.0.1:8000/bookings/{seat.code}/pay/" in text
    assert "With: Mei" in letter.body
    assert letter.attachments == []
    assert told(fang) == ["created"]
    assert last_told(fang).link == f"/bookings/{seat.code}/pay/"


def test_for_a_child_the_letter_says_for_whom(lesson, fang):
    booked(lesson, fang, child=courses.child_of(fang, "Le"))

    assert "For: Le" in the_letter_to(FANGS).body


def test_of_a_deposit_the_rest_is_named(store, fang):
    course = courses.teach(store, "Jun", deposit_percent=30)
    booked(courses.session_at(course, TEN), fang)

    letter = the_letter_to(FANGS)

    assert "Please pay ¥30 by" in letter.body
    assert "The rest, ¥70, is paid there." in letter.body


def test_the_teacher_hears_nothing_before_it_is_paid(lesson, fang, mei):
    booked(lesson, fang)

    assert written(role=Role.REALTOR) == []
    assert told(mei.user) == []
    assert letters_to(MEIS) == []


def test_who_pays_before_the_letter_is_sent_is_not_asked_to_pay(lesson, fang):
    paid(booked(lesson, fang))

    subjects = [letter.subject for letter in letters_to(FANGS)]

    assert not [one for one in subjects if one.startswith("Please pay")]


def test_what_is_not_paid_is_called_off_kindly_and_the_teacher_is_not_bothered(
    lesson, fang, mei, piano
):
    booked(lesson, fang)
    letters_to(FANGS)

    end_unpaid(at=LATE)

    letter = the_letter_to(FANGS, at=LATE)
    assert letter.subject == "Not kept any longer: Piano, Tue, March 3 10:00"
    assert "It was not paid in time, so somebody else can have the place now." in letter.body
    assert f"http://127.0.0.1:8000/courses/{piano.pk}/" in letter.body
    assert letter.attachments == []
    assert last_told(fang).link == f"/courses/{piano.pk}/"
    assert (written(role=Role.REALTOR), told(mei.user)) == ([], [])


def test_who_calls_off_what_they_have_not_paid_knows_it(lesson, fang, mei):
    seat = booked(lesson, fang)
    letters_to(FANGS)

    at_the_edge(services.cancel, seat, by=Actor.of(fang), at=NOW)

    assert letters_to(FANGS) == []
    assert written(role=Role.REALTOR) == []


# Confirmed


def test_once_paid_both_are_told_with_the_calendar_entry(lesson, fang, mei):
    seat = booked(lesson, fang, child=courses.child_of(fang, "Le"))
    paid(seat)

    letters = {letter.subject: letter for letter in letters_to(FANGS)}

    confirmed = letters["Confirmed: Piano, Tue, March 3 10:00"]
    assert "Mei expects Le Tue, March 3 10:00 at" in confirmed.body
    assert seat.code in confirmed.body
    ((name, content, _kind),) = confirmed.attachments
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert name == f"appointment-{seat.pk}.ics"
    assert event["UID"] == f"appointment-{seat.pk}@yuejian"
    assert written(role=Role.REALTOR) == ["realtor confirmed"]
    assert told(mei.user) == ["created"]


def test_the_teacher_reads_who_comes_and_for_whom_it_was_booked(lesson, fang, mei):
    paid(booked(lesson, fang, child=courses.child_of(fang, "Le"), note="She is shy."))

    letter = the_letter_to(MEIS)

    assert letter.subject == "New in Piano, Tue, March 3 10:00: Le (booked by Fang)"
    assert "For: Le" in letter.body
    assert "Note: She is shy." in letter.body


def test_a_seat_that_costs_nothing_is_confirmed_in_one_letter(store, fang):
    course = courses.teach(store, "Jun", price=0)

    booked(courses.session_at(course, TEN), fang)

    assert written(role=Role.CUSTOMER) == ["customer confirmed"]
    assert told(fang) == ["confirmed"]
    assert "Price" not in the_letter_to(FANGS).body


def test_a_teacher_who_wants_to_be_asked_is_asked_once_it_is_paid(store, fang):
    course = courses.teach(store, "Jun", needs_approval=True)
    jun = courses.teacher_of(course)
    jun.email, jun.user.locale = "jun@example.com", "en"
    jun.save()
    jun.user.save()
    seat = booked(courses.session_at(course, TEN), fang)
    assert told(jun.user) == []

    paid(seat)

    letter = the_letter_to("jun@example.com")
    assert letter.subject == "Please answer: Fang, Piano, Tue, March 3 10:00"
    assert "It is paid. Please accept or decline by" in letter.body
    assert told(jun.user) == ["created"]


def test_who_is_declined_reads_that_the_money_goes_back(store, fang):
    course = courses.teach(store, "Jun", needs_approval=True)
    seat = booked(courses.session_at(course, TEN), fang)
    paid(seat)
    letters_to(FANGS)

    at_the_edge(services.decline, seat, by=courses.teaching(course), at=NOW, reason="Too advanced.")

    letter = the_letter_to(FANGS)
    assert letter.subject == "Cancelled: Piano, Tue, March 3 10:00"
    assert "¥100 go back the way you paid." in letter.body
    assert "¥100 go back the way you paid." in last_told(fang).content


# Called off, moved


def test_when_a_session_is_called_off_everybody_reads_why_and_what_goes_back(
    lesson, fang, mei, store
):
    bo = register("Bo", email="bo@example.com", locale="en")
    for one in (fang, bo):
        paid(booked(lesson, one))
    letters_to(FANGS)

    by = manager(store)
    at_the_edge(services.call_off_session, lesson, by=by, at=NOW, reason="Mei is ill.")

    letters = {letter.to[0]: letter for letter in _all_letters()}
    for address in (FANGS, "bo@example.com"):
        letter = letters[address]
        assert letter.subject == "Will not take place: Piano, Tue, March 3 10:00"
        assert "Reason: Mei is ill." in letter.body
        assert "¥100 go back the way you paid. You need not do anything." in letter.body
    assert letters[MEIS].subject == "Will not take place: Piano, Tue, March 3 10:00"
    assert written(role=Role.REALTOR, letter="cancelled") == ["realtor cancelled"]
    assert told(mei.user) == ["created", "created", "cancelled"]


def _all_letters() -> list:
    letters_to(FANGS)
    return list(mail.outbox)


def test_a_teacher_hears_of_each_who_does_not_come(lesson, fang, mei):
    bo = register("Bo", email="bo@example.com", locale="en")
    for one in (fang, bo):
        seat = booked(lesson, one)
        paid(seat)
        at_the_edge(services.cancel, seat, by=Actor.of(one), at=NOW)

    assert written(role=Role.REALTOR, letter="cancelled") == ["realtor cancelled"] * 2


def test_of_a_fee_both_sums_are_named(store, fang):
    PolicyFactory(store=store, fee_steps=[[100000, 40]])
    lesson = courses.session_at(courses.teach(store, "Jun"), TEN)
    seat = booked(lesson, fang)
    paid(seat)
    letters_to(FANGS)

    at_the_edge(services.cancel, seat, by=Actor.of(fang), at=NOW)

    letter = the_letter_to(FANGS)
    assert "¥60 go back the way you paid; by the policy you booked under, ¥40" in letter.body


def test_a_move_names_both_times(lesson, piano, fang, mei):
    later = courses.session_at(piano, TEN + 24 * HOUR)
    seat = booked(lesson, fang)
    paid(seat)
    letters_to(FANGS)

    at_the_edge(services.move_seat, seat, later, by=Actor.of(fang), at=NOW)

    letter = the_letter_to(FANGS)
    assert letter.subject == "Moved: Piano, Wed, March 4 10:00"
    assert "It was Tue, March 3 10:00 and is now Wed, March 4 10:00." in letter.body
    ((_name, content, _kind),) = letter.attachments
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert (event["UID"], event["SEQUENCE"]) == (f"appointment-{seat.pk}@yuejian", 1)
    assert told(mei.user) == ["created", "rescheduled"]


# Packages


@pytest.fixture
def four(store, fang):
    course = courses.teach(store, "Jun", attributes={"package_sessions": 4})
    return booked_together(weekly(course, 4), fang)


def test_a_package_is_one_letter_at_each_step(four, fang):
    to_pay = the_letter_to(FANGS)
    paid(four[1])
    letters = letters_to(FANGS)

    assert to_pay.subject.endswith(": Piano, 4 sessions")
    assert "Please pay ¥400 by" in to_pay.body
    (confirmed,) = [one for one in letters if one.subject == "Confirmed: Piano, 4 sessions"]
    for seat in Appointment.objects.filter(package=four[0].package):
        assert f"code {seat.code}" in confirmed.body
    assert len(confirmed.attachments) == 4
    assert told(fang) == ["created", "confirmed", "payment"]


def test_a_package_that_nobody_paid_is_one_letter_too(four, fang):
    letters_to(FANGS)

    end_unpaid(at=LATE)

    assert the_letter_to(FANGS, at=LATE).subject == "Not kept any longer: Piano, 4 sessions"


def test_how_was_it_is_asked_after_the_last_session_of_a_package(four, fang):
    paid(four[0])
    for seat in four:
        seat.refresh_from_db()
        end = seat.ends_at
        at_the_edge(services.complete_session, seat.session, by=SYSTEM, at=end)

    asked = Delivery.objects.filter(letter="how_was_it", channel="email")
    assert [one.event.appointment_id for one in asked] == [four[-1].pk]


# Reminders, and afterwards


def test_seats_are_reminded_of_with_the_course_s_name_and_the_teacher_once(lesson, fang, mei):
    bo = register("Bo", email="bo@example.com", locale="en")
    for one in (fang, bo):
        paid(booked(lesson, one))
    _all_letters()

    at = TEN - 2 * HOUR
    remind_due(at=at)

    letter = the_letter_to(FANGS, at=at)
    assert letter.subject == "Reminder: Piano, Tue, March 3 10:00"
    assert written(role=Role.REALTOR, letter="reminder") == ["realtor reminder"]
    assert "2 places are booked." in last_told(mei.user).content
    assert last_told(mei.user).link == f"/console/sessions/{lesson.pk}/"


def test_nobody_is_reminded_of_what_is_not_paid(lesson, fang):
    seat = booked(lesson, fang)
    Appointment.objects.filter(pk=seat.pk).update(pay_before=TEN)

    remind_due(at=TEN - 2 * HOUR)

    assert not Delivery.objects.filter(letter="reminder").exists()


def test_after_it_has_taken_place_the_course_is_asked_about(lesson, fang):
    seat = booked(lesson, fang)
    paid(seat)
    letters_to(FANGS)

    end = lesson.ends_at
    run_in_transaction(partial(services.complete_session, lesson, by=SYSTEM, at=end))

    letter = the_letter_to(FANGS, at=end + 2 * HOUR)
    seat.refresh_from_db()
    assert seat.status == Status.COMPLETED
    assert letter.subject == "How was Piano?"
    assert "You were in Piano with Mei, Tue, March 3 10:00." in letter.body
    assert f"/appointments/{seat.code}/review/" in letter.body


def test_houses_stand_in_the_push_as_seed_1_has_them(lesson, fang, piano):
    booked(lesson, fang)

    detail = last_told(fang).detail

    assert (detail["house_id"], detail["house_title"]) == (piano.pk, "Piano")


def test_news_of_a_child_says_nothing_once_the_account_is_erased(lesson, fang, mei):
    paid(booked(lesson, fang, child=courses.child_of(fang, "Lele")))
    assert "Lele" in last_told(mei.user).title

    run_in_transaction(partial(erase_account, fang, by=Actor.of(fang), at=NOW + MINUTE))
    send_due_refunds(at=NOW + timedelta(hours=1))

    rows = [row.title + row.content for row in mei.user.notifications.all()]
    assert "Lele" not in "".join(rows)
    assert "Fang" not in "".join(rows)
    assert letters_to(FANGS, at=NOW + timedelta(hours=1)) == []
    assert told(fang) == []
