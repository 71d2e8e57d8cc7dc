"""The day and the week as pictures: placed by their time, and a list for those who hear them."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appointments import services
from appointments.models import Appointment
from appointments.presenters.agenda import day_picture, week_picture
from appointments.selectors.agenda import booked_between, work_time
from booking_site.common.actors import SYSTEM
from realtors.models import Realtor
from stores.models import SpecialDay, Store
from tests.appointments import world

from .conftest import ENGLISH
from .shops import open_shop
from .visitor import Visitor

WEEK = "/console/calendar/"
TWO = world.clock("14:00")


@pytest.fixture
def at_work(wei: Realtor) -> Visitor:
    return signed_in(wei)


def signed_in(realtor: Realtor) -> Visitor:
    visitor = Visitor(Client(headers=ENGLISH))
    visitor.client.force_login(realtor.user)
    return visitor


def section(page: str, day: str) -> str:
    return page.split(f'id="day-{day}"')[1].split("</section>")[0]


def top_and_height(place: str) -> tuple[int, int]:
    """In minutes, from the classes."""
    found = {name: int(number) for name, number in re.findall(r"ag-(h|m|dh|dm)(\d+)", place)}
    return found["h"] * 60 + found["m"], found["dh"] * 60 + found["dm"]


def test_a_day_is_placed_by_its_times(at_work: Visitor, store: Store, wei: Realtor):
    world.work_from(wei, "12:00", "12:30", kind="break")
    world.away(wei, world.clock("16:00"), world.clock("17:00"))
    booked = world.confirmed(store, TWO)

    picture = day_picture(
        work_time(wei, world.MONDAY, world.MONDAY),
        booked_between(wei, world.MONDAY, world.MONDAY),
        world.MONDAY,
        world.clock("10:05"),
    )

    assert picture is not None
    # From nine to six, as the store is open.
    assert [tick["label"] for tick in picture["ticks"]] == [f"{h:02}:00" for h in range(9, 18)]
    places = [(one["kind"], *top_and_height(one["place"])) for one in picture["items"]]
    assert places == [("break", 180, 30), ("booked", 300, 60), ("off", 420, 60)]
    assert top_and_height(picture["now"]) == (65, 5)
    work = [top_and_height(one["place"]) for one in picture["shades"] if one["kind"] == "work"]
    assert work == [(0, 180), (210, 210), (480, 60)]
    page = at_work.look("/console/")
    assert f'href="/console/appointments/{booked.pk}/"><span class="booked__time num">14:00' in page


def test_buffers_are_kept_free_around_it(store: Store, wei: Realtor):
    booked = world.confirmed(store, TWO)
    Appointment.objects.filter(pk=booked.pk).update(
        buffer_before_minutes=10, buffer_after_minutes=20
    )

    picture = day_picture(
        work_time(wei, world.MONDAY, world.MONDAY),
        booked_between(wei, world.MONDAY, world.MONDAY),
        world.MONDAY,
        world.NOW,
    )

    assert picture is not None
    buffers = [top_and_height(one["place"]) for one in picture["shades"] if one["kind"] == "buffer"]
    assert buffers == [(290, 10), (360, 20)]


def test_two_at_once_stand_side_by_side(store: Store, wei: Realtor):
    first = world.confirmed(store, TWO)
    second = world.confirmed(store, world.clock("16:00"), phone=world.QIANG)
    Appointment.objects.filter(pk=second.pk).update(
        starts_at=TWO + timedelta(minutes=30), ends_at=TWO + timedelta(minutes=90)
    )

    rows = booked_between(wei, world.MONDAY, world.MONDAY)
    picture = day_picture(work_time(wei, world.MONDAY, world.MONDAY), rows, world.MONDAY, world.NOW)

    assert picture is not None
    lanes = {one["id"]: one["place"].split()[-2:] for one in picture["items"]}
    assert lanes == {first.pk: ["ag-lane0", "ag-of2"], second.pk: ["ag-lane1", "ag-of2"]}


def test_a_live_customer_stands_there_from_when_the_work_began(
    at_work: Visitor, store: Store, wei: Realtor, monday_morning
):
    ten = world.clock("10:00")
    monday_morning.move_to(ten)
    world.online(wei, at=ten)
    lan = world.join(store, at=ten)
    services.accept(lan, by=SYSTEM, at=ten)
    assert "booked booked--confirmed" not in at_work.look("/console/")

    services.start(lan, by=SYSTEM, at=ten + timedelta(minutes=2))

    assert "booked booked--in_progress" in at_work.look("/console/")


def test_a_day_without_hours_and_bookings_has_no_picture(at_work: Visitor, store: Store):
    SpecialDay.objects.create(store=store, date=world.MONDAY)

    page = at_work.look("/console/")

    assert "Nothing for today yet" in page
    assert "agenda__scale" not in page


def test_the_week_shows_what_is_booked_and_why_days_are_empty(
    at_work: Visitor, store: Store, wei: Realtor
):
    booked = world.confirmed(store, world.clock("11:00", world.TUESDAY))
    SpecialDay.objects.create(store=store, date=date(2026, 3, 5), note="Stocktaking")
    world.away(wei, world.clock("00:00", date(2026, 3, 6)), world.clock("00:00", date(2026, 3, 7)))

    page = at_work.look(WEEK)

    tuesday = section(page, "2026-03-03")
    assert f'href="/console/appointments/{booked.pk}/"' in tuesday
    assert "11:00–12:00" in tuesday
    assert "The store is closed (Stocktaking)" in section(page, "2026-03-05")
    assert "Time off" in section(page, "2026-03-06")
    assert "all day" in section(page, "2026-03-06")
    assert "Nothing booked" in section(page, "2026-03-04")
    assert "March 2 – March 8" in page


def test_weeks_are_turned_and_every_day_leads_to_its_week(at_work: Visitor):
    page = at_work.look(WEEK)
    assert "?week=2026-02-23" in page
    assert "?week=2026-03-09" in page

    page = at_work.look(WEEK, week="2026-03-15")

    assert "March 9 – March 15" in page


@pytest.mark.parametrize("week", ["soon", "0001-01-01", "9999-12-31", "2026-02-31", "<script>"])
def test_a_week_that_is_none_is_this_one(at_work: Visitor, week: str):
    page = at_work.look(WEEK, week=week)

    assert "March 2 – March 8" in page
    assert "<script>" not in page


def test_what_was_cancelled_and_who_is_another_realtors_is_not_there(
    at_work: Visitor, store: Store, wei: Realtor, ming: Realtor
):
    mine = world.confirmed(store, TWO, realtor=wei)
    theirs = world.confirmed(store, TWO, realtor=ming, phone=world.QIANG)
    services.cancel(mine, by=SYSTEM, at=world.NOW)

    page = at_work.look(WEEK)

    for one in (mine, theirs):
        assert f"/console/appointments/{one.pk}/" not in page


@pytest.mark.parametrize(
    ("sunday", "times"),
    [
        # The clock skips 02:00, so two hours later it is 05:00 on the wall.
        (date(2026, 3, 8), (60, 180)),
        # 01:00 comes twice; the second one ends at 02:00 on the wall.
        (date(2026, 11, 1), (60, 60)),
    ],
)
def test_a_week_in_which_the_clocks_are_set_is_by_the_wall(
    db: None, monday_morning, sunday: date, times: tuple[int, int]
):
    store = open_shop("Broadway", zone="America/New_York", opens="00:00", closes="00:00")
    wei = world.hire(store, "Wei")
    start = world.clock("01:00", sunday, store.zone)
    booked = Appointment.objects.create(
        store=store,
        realtor=wei,
        status="confirmed",
        customer_name="Lan",
        customer_phone=world.LAN,
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        duration_minutes=120,
        queued_at=start,
        created_at=start,
        updated_at=start,
    )
    monday = sunday - timedelta(days=6)
    rows = booked_between(wei, monday, sunday)

    week = week_picture(work_time(wei, monday, sunday), rows, start)

    assert len(week["columns"]) == 7
    assert len(week["ticks"]) == 24
    item = next(one for one in week["columns"][6]["items"] if one["kind"] == "booked")
    assert item["id"] == booked.pk
    assert top_and_height(item["place"]) == times
    monday_morning.move_to(start)
    assert "Lan" in section(signed_in(wei).look(WEEK), sunday.isoformat())


def test_a_day_of_25_hours_has_room_for_all_of_them(db: None):
    store = open_shop("Broadway", zone="America/New_York", opens="00:00", closes="00:00")
    wei = world.hire(store, "Wei")
    sunday = date(2026, 11, 1)

    picture = day_picture(
        work_time(wei, sunday, sunday), [], sunday, world.clock("12:00", sunday, store.zone)
    )

    assert picture is not None
    assert len(picture["ticks"]) == 25
    assert top_and_height(f"ag-h0 ag-m0 {picture['size']}")[1] == 25 * 60


def test_a_full_week_needs_few_queries_and_runs_no_script(
    at_work: Visitor, store: Store, wei: Realtor
):
    def fill(day: date) -> None:
        for hour in ("09:00", "11:00", "13:00"):
            one = world.confirmed(store, world.clock(hour, day), phone=next(numbers), realtor=wei)
            Appointment.objects.filter(pk=one.pk).update(customer_name="<script>alert(1)</script>")

    numbers = iter(world.phones(30))
    fill(world.MONDAY + timedelta(days=1))
    at_work.look(WEEK)
    with CaptureQueriesContext(connection) as one_day:
        at_work.look(WEEK)
    for day in range(2, 6):
        fill(world.MONDAY + timedelta(days=day))

    with CaptureQueriesContext(connection) as queries:
        page = at_work.look(WEEK)

    assert len(queries) == len(one_day) <= 10
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 15
    assert "<script>alert" not in page
    assert " style=" not in page
    assert len(page.encode()) < 150_000
