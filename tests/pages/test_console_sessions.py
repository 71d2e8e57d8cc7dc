"""A teacher's sessions in the console: seen week by week, opened, changed, closed, called off."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appointments import services
from appointments.models import Appointment, Session, SessionStatus, Status
from realtors.models import Listing
from stores.models import Store
from tests.appointments import courses, world

from .conftest import ENGLISH
from .visitor import Visitor

SESSIONS = "/console/sessions/"
NEW = "/console/sessions/new/"
TEN = world.clock("10:00")
TOMORROW = world.clock("10:00", world.TUESDAY)


@pytest.fixture
def piano(store: Store) -> Listing:
    """Mei's course: an hour for 100 yuan, eight seats."""
    return courses.teach(store)


@pytest.fixture
def mei(piano: Listing) -> Visitor:
    """Mei, signed in."""
    visitor = Visitor(Client(headers=ENGLISH))
    visitor.client.force_login(courses.teacher_of(piano).user)
    return visitor


def page_of(session: Session) -> str:
    return f"/console/sessions/{session.pk}/"


def press(visitor: Visitor, session: Session, verb: str, **facts: str) -> str:
    """A button of the session's page; the page that comes after it."""
    answer = visitor.client.post(f"{page_of(session)}{verb}/", facts, follow=True)
    assert answer.status_code == 200, answer.content
    session.refresh_from_db()
    return answer.content.decode()


def opened(visitor: Visitor, piano: Listing, **facts: str) -> str:
    """The form sent; the page that comes after it."""
    sent = {"course": str(piano.pk), "day": "2026-03-03", "starts": "10:00", **facts}
    answer = visitor.client.post(NEW, sent, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


# --- The week ---------------------------------------------------------------------------------


def test_who_teaches_nothing_hears_what_would_stand_here(store: Store):
    wei = world.hire(store, "Wei")
    visitor = Visitor(Client(headers=ENGLISH))
    visitor.client.force_login(wei.user)

    page = visitor.look(SESSIONS)

    assert "You teach no course yet" in page
    assert "Open a session" not in page


def test_a_week_says_when_what_how_full_and_what_is_paid(mei: Visitor, piano: Listing, fang, store):
    session = courses.session_at(piano, TOMORROW)
    courses.paid_seat(session, fang)
    courses.take_seat(session, world.register("Bo"))

    page = mei.look(SESSIONS)

    assert "Tomorrow (Tue, March 3)" in page
    assert "10:00–11:00" in page
    assert "2 of 8 seats" in page
    assert "¥100 paid" in page
    assert "1 still to be paid" in page
    assert "1 session · 2 of 8 seats · ¥100 paid" in page
    assert f'href="{page_of(session)}"' in page


def test_weeks_are_turned_and_keep_the_course_in_their_address(
    mei: Visitor, piano: Listing, store: Store
):
    singing = courses.teach(store, teacher=courses.teacher_of(piano), title="Singing")
    courses.session_at(piano, TOMORROW)
    courses.session_at(singing, TOMORROW + 7 * timedelta(days=1))

    both = mei.look(SESSIONS)
    assert "No session in this week" not in both
    assert "?week=2026-03-09" in both
    next_week = mei.look(SESSIONS, week="2026-03-12", course=str(singing.pk))
    assert "10:00–11:00" in next_week
    assert f"?week=2026-03-16&amp;course={singing.pk}" in next_week
    assert "No session in this week" in mei.look(SESSIONS, course=str(singing.pk))
    assert "10:00–11:00" in mei.look(SESSIONS, week="nonsense", course="x")


def test_what_speaks_against_a_session_is_marked(mei: Visitor, piano: Listing):
    courses.session_at(piano, TOMORROW)
    courses.session_at(piano, world.clock("20:00", world.TUESDAY), override=True)
    world.away(courses.teacher_of(piano), TOMORROW, TOMORROW + world.HOUR)

    page = mei.look(SESSIONS)

    assert "You have time off then" in page
    assert "Outside of the store&#x27;s hours" in page


def test_a_week_takes_few_queries_however_many_sessions(mei: Visitor, piano: Listing):
    for hour in ("09:00", "11:00", "14:00"):
        session = courses.session_at(piano, world.clock(hour, world.TUESDAY))
        courses.take_seat(session, world.register(f"Bo {hour}"))
    rule(mei, piano)

    with CaptureQueriesContext(connection) as queries:
        mei.look(SESSIONS)

    assert len(queries) <= 15, [query["sql"] for query in queries]


# --- Opening ----------------------------------------------------------------------------------


def test_a_session_is_opened_as_the_course_says(mei: Visitor, piano: Listing):
    page = opened(mei, piano)

    session = Session.objects.get()
    assert (session.starts_at, session.duration_minutes, session.capacity) == (TOMORROW, 60, 8)
    assert "Opened. Customers can book it now." in page
    assert "Nobody has booked it yet." in page


def test_length_seats_and_price_may_be_its_own(mei: Visitor, piano: Listing):
    opened(mei, piano, minutes="90", capacity="4", change="-20")

    session = Session.objects.get()
    assert (session.duration_minutes, session.capacity, session.price) == (90, 4, 80)


def test_a_link_fills_the_form(mei: Visitor, piano: Listing):
    page = mei.look(NEW, course=str(piano.pk), day="2026-03-05", starts="10:30")

    assert 'value="2026-03-05"' in page
    assert 'value="10:30"' in page


@pytest.mark.parametrize(
    ("starts", "said"),
    [
        ("08:00", "The store is not open for the whole of that time."),
        ("16:00", "The teacher has time off then."),
    ],
)
def test_what_speaks_against_it_is_said_first_and_may_be_overruled(
    mei: Visitor, piano: Listing, starts: str, said: str
):
    four = world.clock("16:00", world.TUESDAY)
    world.away(courses.teacher_of(piano), four, four + world.HOUR)

    page = opened(mei, piano, starts=starts, capacity="3")

    assert said in page
    assert "Open it all the same" in page
    assert not Session.objects.exists()
    opened(mei, piano, starts=starts, capacity="3", confirm="1")
    assert Session.objects.get().capacity == 3


def test_what_the_teacher_has_promised_cannot_be_overruled(
    mei: Visitor, piano: Listing, store: Store
):
    world.confirmed(store, TOMORROW, realtor=courses.teacher_of(piano))

    page = opened(mei, piano, confirm="1")

    assert "The teacher has something else at that time." in page
    assert 'aria-invalid="true"' in page
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"day": "2026-03-01"}, "too soon or already past"),
        ({"day": "2036-03-01"}, "Please check the year."),
        ({"day": ""}, "This field is required."),
        ({"starts": "10:03"}, "do not start at that minute"),
        ({"minutes": "7"}, "Use a multiple of 5 minutes"),
        ({"capacity": "0"}, "greater than or equal to 1"),
        ({"change": "-101"}, "The price cannot be below nothing."),
        ({"course": "999999"}, "Select a valid choice"),
    ],
)
def test_a_mistake_stands_at_its_field(mei: Visitor, piano: Listing, facts: dict, said: str):
    assert said in opened(mei, piano, **facts)
    assert not Session.objects.exists()


def test_an_hour_that_the_clocks_leave_out_is_no_start(db: None):
    store = world.open_store("broadway", opens="00:00", closes="00:00", zone="America/New_York")
    piano = courses.teach(store, "Ann")
    ann = Visitor(Client(headers=ENGLISH))
    ann.client.force_login(courses.teacher_of(piano).user)

    page = opened(ann, piano, day="2026-03-08", starts="02:30")

    assert "that time does not exist on this day" in page


# --- Week by week -----------------------------------------------------------------------------


def rule(visitor: Visitor, course: Listing, **facts: object) -> str:
    sent = {
        "course": str(course.pk),
        "weekdays": ["1", "3"],
        "starts": "10:00",
        "first_date": "2026-03-02",
        "last_date": "2026-03-15",
        **facts,
    }
    answer = visitor.client.post("/console/sessions/recurring/new/", sent, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_rule_says_what_it_made_and_what_it_could_not_and_why(mei: Visitor, piano: Listing):
    thursday = TOMORROW + timedelta(days=2)
    world.away(courses.teacher_of(piano), thursday, thursday + world.HOUR)

    page = rule(mei, piano)

    assert "3 sessions are open." in page
    assert "Tue, Thu 10:00" in page
    assert "March 2 to March 15" in page
    assert "The teacher has time off" in page
    assert "Open it on Thu, March 5 after all" in page
    assert f"?course={piano.pk}&amp;day=2026-03-05&amp;starts=10%3A00" in page
    assert "1 could not be made" in mei.look(SESSIONS)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"weekdays": []}, "Choose at least one weekday."),
        ({"last_date": "2026-03-01"}, "The last day is before the first."),
        ({"starts": "10:01"}, "Use a multiple of 5 minutes."),
    ],
)
def test_a_rule_with_a_mistake_makes_nothing(mei: Visitor, piano: Listing, facts: dict, said: str):
    assert said in rule(mei, piano, **facts)
    assert not Session.objects.exists()


def test_a_rule_ends_and_what_it_made_stays(mei: Visitor, piano: Listing):
    rule(mei, piano)
    one = piano.session_rules.get()

    page = mei.client.post(f"/console/sessions/recurring/{one.pk}/", follow=True).content.decode()

    assert "Ended. It makes no more sessions." in page
    assert Session.objects.filter(status=SessionStatus.OPEN).count() == 4


def test_ending_a_rule_with_its_sessions_says_whom_it_concerns_and_wants_a_reason(
    mei: Visitor, piano: Listing, fang
):
    rule(mei, piano)
    one = piano.session_rules.get()
    courses.paid_seat(Session.objects.order_by("starts_at")[0], fang)
    address = f"/console/sessions/recurring/{one.pk}/"

    page = mei.look(address)
    assert "1 booking is called off and its customer told. ¥100 that was paid goes back" in page
    refused = mei.client.post(address, {"call_off": "on"}).content.decode()
    assert "Please say why; the customers are told." in refused
    assert not Session.objects.filter(status=SessionStatus.CANCELLED).exists()
    mei.client.post(address, {"call_off": "on", "reason": "Moving away"})

    assert Session.objects.filter(status=SessionStatus.CANCELLED).count() == 4
    assert Appointment.objects.get().cancel_reason == "Moving away"


# --- One session ------------------------------------------------------------------------------


def test_a_session_says_who_comes_for_whom_and_what_was_paid(mei: Visitor, piano: Listing, fang):
    session = courses.session_at(piano, TOMORROW)
    child = courses.child_of(fang, "Mimi")
    seat = courses.paid_seat(session, fang, child=child, note="Left-handed")
    services.write_note(seat, text="Third lesson", by=courses.teaching(piano), at=world.NOW)

    page = mei.look(page_of(session))

    assert "Mimi" in page
    assert "booked by Fang" in page
    assert 'href="tel:+8613800000009"' in page
    assert "paid ¥100" in page
    assert "Left-handed" in page
    assert "Third lesson" in page
    assert seat.code in page
    assert 'name="about" value="' + str(seat.pk) in page


def test_no_phone_is_shown_before_the_teachers_yes(mei: Visitor, piano: Listing, fang):
    Listing.objects.update(needs_approval=True)
    session = courses.session_at(piano, TOMORROW)
    seat = courses.paid_seat(session, fang)

    page = mei.look(page_of(session))
    assert "tel:" not in page
    assert "1 waits for your yes" in page
    answer = mei.client.post(
        f"/console/appointments/{seat.pk}/accept/", {"back": "session"}, follow=True
    )

    assert answer.redirect_chain[-1][0] == page_of(session)
    assert "tel:+8613800000009" in answer.content.decode()
    seat.refresh_from_db()
    assert seat.status == Status.CONFIRMED


def test_the_teacher_may_say_no(mei: Visitor, piano: Listing, fang):
    Listing.objects.update(needs_approval=True)
    session = courses.session_at(piano, TOMORROW)
    seat = courses.paid_seat(session, fang)

    mei.client.post(f"/console/appointments/{seat.pk}/decline/", {"back": "session"})

    seat.refresh_from_db()
    assert (seat.status, seat.cancel_fee) == (Status.CANCELLED, 0)
    assert "1 was called off" in mei.look(page_of(session))


def test_a_session_is_changed_but_not_moved_from_under_anybody(mei: Visitor, piano: Listing, fang):
    session = courses.session_at(piano, TOMORROW)
    free = mei.look(f"{page_of(session)}edit/")
    assert 'name="starts"' in free
    moved = {"day": "2026-03-04", "starts": "11:00", "minutes": "45", "capacity": "8", "change": ""}
    mei.client.post(f"{page_of(session)}edit/", moved)
    session.refresh_from_db()
    assert session.starts_at == world.clock("11:00", world.TUESDAY + timedelta(days=1))

    courses.take_seat(session, fang)
    taken = mei.look(f"{page_of(session)}edit/")
    assert 'name="starts"' not in taken
    answer = mei.client.post(f"{page_of(session)}edit/", {"capacity": "2", "change": "15.50"})

    assert answer.status_code == 302
    session.refresh_from_db()
    assert (session.capacity, session.price_modifier) == (2, 15.50)


def test_fewer_seats_than_are_taken_are_refused_at_their_field(mei: Visitor, piano: Listing, fang):
    session = courses.session_at(piano, TOMORROW)
    courses.take_seat(session, fang)
    courses.take_seat(session, world.register("Bo"))

    page = mei.client.post(f"{page_of(session)}edit/", {"capacity": "1"}).content.decode()

    assert "2 seats are taken already." in page


def test_a_session_is_moved_against_the_hours_only_on_purpose(mei: Visitor, piano: Listing):
    session = courses.session_at(piano, TOMORROW)
    late = {"day": "2026-03-03", "starts": "20:00", "minutes": "60", "capacity": "8"}

    page = mei.client.post(f"{page_of(session)}edit/", late).content.decode()
    assert "Save all the same" in page
    session.refresh_from_db()
    assert session.starts_at == TOMORROW
    mei.client.post(f"{page_of(session)}edit/", {**late, "confirm": "1"})

    session.refresh_from_db()
    assert session.starts_at == world.clock("20:00", world.TUESDAY)


def test_a_session_is_closed_to_bookings_and_opened_again(mei: Visitor, piano: Listing):
    session = courses.session_at(piano, TOMORROW)

    page = press(mei, session, "block", **{"block-reason": "The piano is out of tune"})
    assert session.status == SessionStatus.BLOCKED
    assert "The piano is out of tune" in page
    assert "closed to bookings" in page
    press(mei, session, "unblock")

    assert session.status == SessionStatus.OPEN


def test_calling_off_says_before_whom_and_how_much_it_concerns(mei: Visitor, piano: Listing, fang):
    session = courses.session_at(piano, TOMORROW)
    seat = courses.paid_seat(session, fang)
    courses.paid_seat(session, world.register("Bo"))

    page = mei.look(page_of(session))
    assert "2 bookings are called off and their customers told. ¥200 that was paid" in page
    refused = press(mei, session, "call-off")
    assert "Please say why; the customer is told." in refused
    assert session.status == SessionStatus.OPEN
    page = press(mei, session, "call-off", **{"cancel-why": "realtor_ill"})

    assert session.status == SessionStatus.CANCELLED
    assert "I am ill." in page
    seat.refresh_from_db()
    assert (seat.status, seat.cancel_reason) == (Status.CANCELLED, "realtor_ill")
    assert "called off" in mei.look(SESSIONS)


def test_a_session_that_nobody_has_booked_says_so_before_it_is_called_off(
    mei: Visitor, piano: Listing
):
    session = courses.session_at(piano, TOMORROW)

    assert "Nobody has booked it." in mei.look(page_of(session))


def test_who_was_not_marked_as_absent_was_there(mei: Visitor, piano: Listing, fang, monday_morning):
    session = courses.session_at(piano, TEN)
    here = courses.paid_seat(session, fang)
    absent = courses.paid_seat(session, world.register("Bo"))
    assert "It was held" not in mei.look(page_of(session))
    monday_morning.move_to(TEN + timedelta(minutes=50))

    answer = mei.client.post(
        f"/console/appointments/{absent.pk}/no-show/", {"back": "session"}, follow=True
    )
    assert answer.redirect_chain[-1][0] == page_of(session)
    page = press(mei, session, "held")

    assert "Noted that it was held." in page
    here.refresh_from_db()
    absent.refresh_from_db()
    assert session.status == SessionStatus.COMPLETED
    assert (here.status, absent.status) == (Status.COMPLETED, Status.NO_SHOW)


@pytest.mark.parametrize("verb", ["block", "unblock", "call-off", "held"])
def test_what_is_called_off_already_is_refused_in_words(mei: Visitor, piano: Listing, verb: str):
    session = courses.session_at(piano, TOMORROW)
    services.call_off_session(session, by=courses.teaching(piano), at=world.NOW)

    page = press(mei, session, verb, **{"cancel-why": "realtor_ill"})

    assert "This session is over, or was called off." in page
    assert session.status == SessionStatus.CANCELLED


def test_who_waits_for_a_seat_is_counted(mei: Visitor, piano: Listing, fang):
    session = courses.session_at(piano, TOMORROW, capacity=1)
    courses.take_seat(session, world.register("Bo"))
    services.wish_for_seat(session, user=fang, at=world.NOW)

    page = mei.look(page_of(session))

    assert "1 person hears when a seat is free" in page
    assert "full" in page


def test_a_course_that_is_not_published_says_why_nobody_books(mei: Visitor, piano: Listing):
    session = courses.session_at(piano, TOMORROW)
    Listing.objects.update(status="draft")

    assert "The course is not published" in mei.look(page_of(session))


def test_a_full_session_takes_few_queries_and_is_read_page_by_page(mei: Visitor, piano: Listing):
    session = courses.session_at(piano, TOMORROW, capacity=40)
    for number in range(33):
        courses.take_seat(session, world.register(f"Pupil {number:02}"))

    with CaptureQueriesContext(connection) as queries:
        page = mei.look(page_of(session))

    assert len(queries) <= 15
    assert len(page.encode()) < 150_000
    assert "Pupil 29" in page
    assert "Pupil 32" not in page
    assert "Pupil 32" in mei.look(page_of(session), page="2")


def test_what_is_said_of_a_pupil_names_them_and_frees_no_time(
    mei: Visitor, piano: Listing, fang, monday_morning
):
    Listing.objects.update(needs_approval=True)
    session = courses.session_at(piano, TOMORROW)
    seat = courses.paid_seat(session, fang, child=courses.child_of(fang, "Mimi"))
    assert "If you decline, the booking is cancelled. What was paid goes back." in mei.look(
        page_of(session)
    )
    services.accept(seat, by=courses.teaching(piano), at=world.NOW)
    own = mei.look(f"/console/appointments/{seat.pk}/")
    assert "The session itself takes place all the same." in own
    monday_morning.move_to(TOMORROW + timedelta(minutes=10))

    answer = mei.client.post(
        f"/console/appointments/{seat.pk}/no-show/", {"back": "session"}, follow=True
    )

    assert "Noted that Mimi did not come." in answer.content.decode()
    assert "The time is free again" not in answer.content.decode()
