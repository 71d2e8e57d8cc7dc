"""Where a teacher's time is shown, a session stands once: with its seats, and also with none."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from appointments import services
from realtors.models import Listing
from stores.models import Store
from tests.appointments import courses, world
from tests.factories import manager_of

from .conftest import ENGLISH
from .visitor import Visitor

TEN = world.clock("10:00")
TWO = world.clock("14:00")
TOMORROW = world.clock("10:00", world.TUESDAY)


@pytest.fixture
def piano(store: Store) -> Listing:
    return courses.teach(store)


@pytest.fixture
def mei(piano: Listing) -> Visitor:
    visitor = Visitor(Client(headers=ENGLISH))
    visitor.client.force_login(courses.teacher_of(piano).user)
    return visitor


def blocks(page: str) -> list[str]:
    """The classes by which each booked block of the pictures is placed."""
    return re.findall(r'class="ag agenda__booked ([^"]*)"', page)


def test_today_shows_a_session_once_however_many_sit_in_it(mei: Visitor, piano: Listing, fang):
    session = courses.session_at(piano, TEN)
    courses.paid_seat(session, fang)
    courses.paid_seat(session, world.register("Bo"))

    page = mei.look("/console/")

    assert len(blocks(page)) == 1
    assert blocks(page)[0].endswith("ag-lane0 ag-of1")
    assert "2 of 8 seats" in page
    assert "Fang" not in page
    assert f'href="/console/sessions/{session.pk}/"' in page
    assert "It was held" not in page


def test_a_session_that_goes_on_is_closed_from_the_first_page(
    mei: Visitor, piano: Listing, fang, monday_morning
):
    session = courses.session_at(piano, TEN)
    courses.paid_seat(session, fang)
    monday_morning.move_to(TEN + timedelta(minutes=55))

    assert "It was held" in mei.look("/console/")
    mei.client.post(f"/console/sessions/{session.pk}/held/")

    page = mei.look("/console/")
    assert "It was held" not in page
    assert "1 is over" in page


def test_a_session_that_nobody_has_booked_is_shown_too(mei: Visitor, piano: Listing):
    courses.session_at(piano, TEN)
    courses.session_at(piano, TOMORROW)

    page = mei.look("/console/")

    assert len(blocks(page)) == 1
    assert "Tomorrow (Tue, March 3)" in page
    assert page.count("0 of 8 seats") >= 2


def test_sessions_stand_among_appointments_by_their_time(
    mei: Visitor, piano: Listing, store: Store
):
    """One at ten, an appointment at two: side by side nowhere."""
    courses.session_at(piano, TEN)
    world.confirmed(store, TWO, realtor=courses.teacher_of(piano))

    page = mei.look("/console/")

    assert [place.split()[-1] for place in blocks(page)] == ["ag-of1", "ag-of1"]
    assert page.index("0 of 8 seats") < page.index("Lan")


def test_a_seat_that_waits_for_a_yes_is_an_offer_that_names_its_course(
    mei: Visitor, piano: Listing, fang
):
    Listing.objects.update(needs_approval=True)
    session = courses.session_at(piano, TOMORROW)
    courses.paid_seat(session, fang, child=courses.child_of(fang, "Mimi"))

    page = mei.look("/console/")

    assert "Waiting for your answer" in page
    assert "Piano · for Mimi" in page
    assert "1 waits for your yes" in mei.look("/console/sessions/")


def test_a_week_has_one_block_a_session_and_none_that_was_called_off(
    mei: Visitor, piano: Listing, fang
):
    session = courses.session_at(piano, TOMORROW)
    for customer in (fang, world.register("Bo"), world.register("Lan")):
        courses.paid_seat(session, customer)
    off = courses.session_at(piano, TWO)
    services.call_off_session(off, by=courses.teaching(piano), at=world.NOW)

    page = mei.look("/console/calendar/")

    assert len(blocks(page)) == 1
    assert "3 of 8 seats" in page


def test_the_first_page_and_the_week_ask_as_much_for_many_sessions_as_for_one(
    mei: Visitor, piano: Listing
):
    mei.look("/console/")
    counts = []
    for hour in ("09:00", "11:00", "13:00", "15:00"):
        session = courses.session_at(piano, world.clock(hour))
        courses.paid_seat(session, world.register(f"Pupil of {hour}"))
        courses.session_at(piano, world.clock(hour, world.TUESDAY))
        with CaptureQueriesContext(connection) as queries:
            mei.look("/console/")
            mei.look("/console/calendar/")
        counts.append(len(queries))

    assert len(set(counts)) == 1


def test_ones_own_calendar_has_a_session_once_and_nobodys_name(mei: Visitor, piano: Listing, fang):
    session = courses.session_at(piano, TOMORROW)
    courses.paid_seat(session, fang)
    courses.paid_seat(session, world.register("Bo"))
    courses.session_at(piano, TWO)
    page = mei.client.post("/console/calendar/feed/").content.decode()
    address = re.search(r'value="http://testserver(/calendar/[^"]+\.ics)"', page)
    assert address is not None

    answer = mei.client.get(address[1])

    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert [str(one["SUMMARY"]) for one in events] == [
        "Piano: 0 of 8 seats",
        "Piano: 2 of 8 seats",
    ]
    assert events[1]["UID"] == f"session-{session.pk}@yuejian"
    assert b"Fang" not in answer.content


def test_time_off_names_the_session_and_not_everybody_in_it(mei: Visitor, piano: Listing, fang):
    session = courses.session_at(piano, TOMORROW)
    courses.paid_seat(session, fang)
    courses.paid_seat(session, world.register("Bo"))
    sent = {"first": "2026-03-03", "last": "2026-03-03", "reason": ""}

    page = mei.client.post("/console/time-off/", sent).content.decode()

    assert "Not saved yet: 1 appointment is booked in time that you would not work" in page
    assert f'<a href="/console/sessions/{session.pk}/">Piano</a>' in page
    confirm = re.search(r'name="confirm" value="(\w+)"', page)
    assert confirm is not None
    mei.client.post("/console/time-off/", {**sent, "confirm": confirm[1]})
    assert "Still booked then:" in mei.look("/console/time-off/")


def test_own_figures_count_sessions_and_how_full_they_were(
    mei: Visitor, piano: Listing, fang, monday_morning
):
    held = courses.session_at(piano, TEN, capacity=4)
    courses.paid_seat(held, fang)
    courses.paid_seat(held, world.register("Bo"))
    courses.session_at(piano, TOMORROW, capacity=4)
    monday_morning.move_to(world.clock("18:00"))
    services.complete_session(held, by=courses.teaching(piano), at=world.clock("11:00"))

    page = mei.look("/console/statistics/", period="week")

    assert re.search(r"Sessions</span><span[^>]*>2</span><span[^>]*>1 held", page)
    assert re.search(r"Seats booked</span><span[^>]*>25%</span><span[^>]*>2 of 8", page)
    # One hour of five days of nine, not two.
    assert re.search(r"Of your hours booked</span><span[^>]*>2%", page)


def test_a_seat_says_of_which_session_it_is(mei: Visitor, piano: Listing, fang):
    session = courses.session_at(piano, TOMORROW)
    seat = courses.paid_seat(session, fang, child=courses.child_of(fang, "Mimi"))

    page = mei.look(f"/console/appointments/{seat.pk}/")

    assert f'<a href="/console/sessions/{session.pk}/">Piano</a>' in page
    assert "Mimi" in page
    assert "paid ¥100" in page


def test_a_pupil_is_checked_in_at_the_desk_and_begun(
    store: Store, piano: Listing, fang, monday_morning
):
    session = courses.session_at(piano, TEN)
    seat = courses.paid_seat(session, fang)
    hua = Visitor(Client(headers=ENGLISH))
    hua.client.force_login(manager_of(store))
    monday_morning.move_to(TEN - timedelta(minutes=5))
    desk = f"/stores/{store.pk}/desk/{seat.code}/"

    assert "Is here" in hua.look(desk)
    hua.client.post(desk, {"step": "arrived"})
    hua.client.post(desk, {"step": "start"})

    seat.refresh_from_db()
    assert (seat.status, seat.arrived_at) == ("in_progress", TEN - timedelta(minutes=5))
    monday_morning.move_to(TEN + world.HOUR)
    services.complete_session(session, by=courses.teaching(piano), at=TEN + world.HOUR)
    seat.refresh_from_db()
    assert seat.status == "completed"


def test_nobody_at_the_desk_says_yes_to_what_is_not_paid(store: Store, piano: Listing, fang):
    seat = courses.take_seat(courses.session_at(piano, TOMORROW), fang)
    hua = Visitor(Client(headers=ENGLISH))
    hua.client.force_login(manager_of(store))

    assert "Accept for" not in hua.look(f"/stores/{store.pk}/desk/{seat.code}/")


@pytest.mark.parametrize("name", ["sessions", "sessions/new", "sessions/recurring/new"])
def test_the_menu_says_where_one_is(mei: Visitor, name: str):
    assert re.search(
        r'href="/console/sessions/" aria-current="\w+">Sessions', mei.look(f"/console/{name}/")
    )
