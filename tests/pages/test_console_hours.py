"""The ordinary week and time off, edited by the realtor."""

import re
from dataclasses import replace
from datetime import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from appointments.models import Appointment
from appointments.selectors.console import away_then
from realtors.models import Realtor, WorkingInterval
from realtors.selectors import ordinary_week
from stores.models import Store
from stores.rules import Interval
from stores.selectors import opening_hours
from tests.appointments import world
from tests.factories import manager_of

from .conftest import ENGLISH
from .shops import open_shop
from .visitor import Visitor

HOURS, TIME_OFF = "/console/hours/", "/console/time-off/"
TUESDAY_OFF = {"first": "2026-03-03", "starts": "", "last": "2026-03-03", "ends": "", "reason": ""}


@pytest.fixture
def at_work(wei: Realtor) -> Visitor:
    """Wei, signed in."""
    visitor = Visitor(Client(headers=ENGLISH))
    visitor.client.force_login(wei.user)
    return visitor


def week(others: str = "off", **rows: str) -> dict[str, str]:
    """``week(work_0="09:00-12:00 13:00-18:00", break_1="…", day_3="off")`` as a browser would send
    it: days with work are own ones, the ``others`` as said."""
    sent = {}
    for weekday in range(7):
        own = "own" if f"work_{weekday}" in rows else others
        sent[f"day-{weekday}"] = rows.get(f"day_{weekday}", own)
        for kind in ("work", "break"):
            intervals = [*rows.get(f"{kind}_{weekday}", "").split(), "-"]
            for number, interval in enumerate(intervals):
                starts, _dash, ends = interval.partition("-")
                sent[f"{kind}-{weekday}-{number}-from"] = starts
                sent[f"{kind}-{weekday}-{number}-to"] = ends
    return sent


def stored(realtor: Realtor) -> list[tuple[str, int, str]]:
    return [
        (row.kind, row.weekday, f"{row.starts:%H:%M}-{row.ends:%H:%M}")
        for row in WorkingInterval.objects.filter(realtor=realtor)
    ]


def checked(page: str) -> list[str]:
    """What is chosen for each day, from Monday on."""
    return re.findall(r'name="day-\d" value="(\w+)"[^>]* checked', page)


def refused(visitor: Visitor, sent: dict[str, str]) -> str:
    """The page that comes back; nothing was stored."""
    answer = visitor.client.post(HOURS, sent)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Not saved yet" in page
    assert not WorkingInterval.objects.exists()
    return page


def test_several_hours_a_day_and_a_break_are_saved(at_work: Visitor, wei: Realtor):
    sent = week(work_0="09:00-12:00 13:30-18:00", break_0="15:00-15:15", work_5="10:00-14:00")

    page = at_work.client.post(HOURS, sent, follow=True).content.decode()

    assert "Saved. What is booked stays booked." in page
    assert sorted(stored(wei)) == [
        ("break", 0, "15:00-15:15"),
        ("work", 0, "09:00-12:00"),
        ("work", 0, "13:30-18:00"),
        ("work", 5, "10:00-14:00"),
    ]
    assert "09:00–12:00, 13:30–15:00, 15:15–18:00" in page
    assert "Tue–Fri not at all; Sat 10:00–14:00; Sun not at all" in page


def test_own_hours_on_one_day_leave_the_others_as_the_store_is_open(
    at_work: Visitor, store: Store, wei: Realtor
):
    page = at_work.client.post(HOURS, week("store", work_0="12:00-20:00"), follow=True)

    assert "Mon 12:00–18:00; Tue–Sun 09:00–18:00" in page.content.decode()
    hours = opening_hours(store, world.MONDAY, world.TUESDAY)
    # When the store opens longer on Tuesdays, so do they.
    longer = replace(hours, week={**hours.week, 1: (Interval(time(7), time(22)),)})
    periods = ordinary_week(wei).periods(world.MONDAY, world.TUESDAY, longer)
    assert periods[-1].start == world.clock("07:00", world.TUESDAY)
    assert periods[-1].end == world.clock("22:00", world.TUESDAY)
    again = at_work.look(HOURS)
    assert checked(again) == ["own", *["store"] * 6]


def test_a_week_as_the_store_is_stored_as_no_hours_at_all(at_work: Visitor, wei: Realtor):
    world.work_from(wei, "10:00", "12:00")

    at_work.client.post(HOURS, week("store", break_2="12:00-13:00"))

    assert stored(wei) == [("break", 2, "12:00-13:00")]
    assert checked(at_work.look(HOURS)) == ["store"] * 7


def test_a_day_after_ones_own_night_still_follows_the_store(at_work: Visitor, wei: Realtor):
    at_work.client.post(HOURS, week("store", work_4="20:00-04:00"))

    assert ("work", 5, "04:00-00:00") in stored(wei)
    assert checked(at_work.look(HOURS)) == [*["store"] * 4, "own", "store", "store"]


def test_what_is_stored_stands_in_the_fields(at_work: Visitor, wei: Realtor):
    for starts, ends in [("09:00", "12:00"), ("13:00", "18:00")]:
        WorkingInterval.objects.create(realtor=wei, weekday=0, starts=starts, ends=ends)

    page = at_work.look(HOURS)

    assert 'name="work-0-1-to" value="18:00"' in page
    assert checked(page) == ["own", *["off"] * 6]


def test_a_week_without_a_working_day_is_refused(at_work: Visitor, wei: Realtor):
    page = refused(at_work, week("off"))

    assert "Work on one day at least. For a longer while without any, take time off." in page


@pytest.mark.parametrize(
    ("rows", "field", "complaint"),
    [
        ({"work_0": "09:00-"}, "work-0-0-to", "Both times are needed, or none."),
        ({"work_0": "-09:00"}, "work-0-0-from", "Both times are needed, or none."),
        ({"work_0": ""}, "work-0-0-from", "Give your hours on this day"),
        ({"work_3": "09:00-09:00"}, "work-3-0-to", "This is the same time as the start."),
        ({"work_0": "nine-10:00"}, "work-0-0-from", "Please give a time such as 09:00."),
        ({"work_0": "09:00-13:00 12:00-18:00"}, "work-0-1-from", "This overlaps the hours"),
        ({"work_0": "22:00-03:00", "work_1": "02:00-08:00"}, "work-1-0-from", "This overlaps"),
        ({"work_6": "22:00-03:00", "work_0": "02:00-08:00"}, "work-0-0-from", "This overlaps"),
        ({"work_0": "09:00-12:00", "break_0": "13:00-14:00"}, "break-0-0-from", "outside of"),
        ({"day_1": "store", "break_1": "06:00-07:00"}, "break-1-0-from", "outside of the hours"),
    ],
)
def test_a_mistake_is_shown_at_its_field_and_nothing_is_lost(
    at_work: Visitor, wei: Realtor, rows: dict[str, str], field: str, complaint: str
):
    sent = week(work_4="07:00-08:00", **rows)

    page = refused(at_work, sent)

    after = page.split(f'name="{field}"')[1]
    assert complaint in after.split("</div>")[0]
    assert "autofocus" in after.split(">")[0]
    assert 'name="work-4-0-from" value="07:00"' in page
    weekday = field.split("-")[1]
    assert f'id="day-{weekday}" open' in page


@pytest.mark.parametrize("mode", ["", "always", "<script>alert(1)</script>"])
def test_a_day_of_no_known_kind_is_refused(at_work: Visitor, wei: Realtor, mode: str):
    page = refused(at_work, week(work_0="09:00-12:00", day_3=mode))

    assert "<script>alert" not in page
    assert 'id="day-3" open' in page


def test_a_night_and_the_whole_day_are_hours_too(at_work: Visitor, wei: Realtor):
    at_work.client.post(HOURS, week(work_4="22:00-04:00", work_6="00:00-00:00"))

    assert sorted(stored(wei)) == [("work", 4, "22:00-04:00"), ("work", 6, "00:00-00:00")]


def test_a_day_is_copied_to_others_without_saving(at_work: Visitor, wei: Realtor):
    sent = week(work_0="09:00-12:00 13:00-17:00", work_5="10:00-11:00")

    page = at_work.client.post(HOURS, sent | {"copy": "0-workdays"}).content.decode()

    assert not stored(wei)
    for weekday in range(5):
        assert f'name="work-{weekday}-1-to" value="17:00"' in page
    assert 'name="work-5-0-from" value="10:00"' in page
    assert checked(page) == [*["own"] * 6, "off"]
    assert "Copied. Look at the days and save." in page
    everywhere = at_work.client.post(HOURS, sent | {"copy": "0-all"}).content.decode()
    assert 'name="work-6-1-to" value="17:00"' in everywhere


def test_a_row_more_keeps_what_was_typed(at_work: Visitor, wei: Realtor):
    page = at_work.client.post(HOURS, week(work_2="09:00-12:00") | {"more": "work-2"})

    text = page.content.decode()
    assert 'name="work-2-2-from"' in text
    assert 'name="work-2-0-to" value="12:00"' in text
    assert 'id="day-2" open' in text
    assert not stored(wei)


@pytest.mark.parametrize("sent", [{"copy": "9-all"}, {"copy": "x"}, {"more": "work-77"}])
def test_a_hand_made_helping_button_breaks_nothing(at_work: Visitor, wei: Realtor, sent: dict):
    assert at_work.client.post(HOURS, week(work_2="09:00-12:00") | sent).status_code == 200
    assert not stored(wei)


def test_a_hand_made_form_with_endless_rows_is_cut(at_work: Visitor, wei: Realtor):
    sent = week(work_0="09:00-10:00")
    sent |= {f"work-0-{n}-from": "11:00" for n in range(10, 500)}

    at_work.client.post(HOURS, sent)

    assert stored(wei) == [("work", 0, "09:00-10:00")]


def test_bookings_outside_of_the_new_hours_are_shown_before_saving(
    at_work: Visitor, store: Store, wei: Realtor
):
    booked = world.book(store, world.clock("16:00", world.TUESDAY), realtor=wei)
    sent = week("store", work_1="09:00-12:00")

    page = at_work.client.post(HOURS, sent).content.decode()

    assert not stored(wei)
    assert "Not saved yet: 1 appointment is booked in time that you would not work" in page
    assert f'href="/console/appointments/{booked.pk}/"' in page
    assert 'name="work-1-0-to" value="12:00"' in page
    seen = page.split('name="confirm" value="')[1].split('"')[0]
    at_work.client.post(HOURS, sent | {"confirm": seen})
    assert ("work", 1, "09:00-12:00") in stored(wei)
    booked.refresh_from_db()
    assert booked.realtor == wei


def test_a_week_that_one_has_not_read_is_not_overwritten(at_work: Visitor, wei: Realtor):
    seen = seen_in(at_work.look(HOURS))
    at_work.client.post(HOURS, week(work_0="10:00-12:00") | {"seen": seen})

    late = at_work.client.post(HOURS, week(work_1="13:00-15:00") | {"seen": seen})
    page = late.content.decode()

    assert stored(wei) == [("work", 0, "10:00-12:00")]
    assert "changed elsewhere meanwhile" in page
    assert 'value="13:00"' in page
    at_work.client.post(HOURS, week(work_1="13:00-15:00") | {"seen": seen_in(page)})
    assert stored(wei) == [("work", 1, "13:00-15:00")]


def test_the_same_week_twice_is_no_conflict(at_work: Visitor, wei: Realtor):
    seen = seen_in(at_work.look(HOURS))
    for _press in range(2):
        answer = at_work.client.post(HOURS, week(work_0="10:00-12:00") | {"seen": seen})
        assert answer.status_code == 302


def seen_in(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    assert found is not None
    return found.group(1)


def test_a_booking_made_in_between_asks_again(at_work: Visitor, store: Store, wei: Realtor):
    world.book(store, world.clock("16:00", world.TUESDAY), realtor=wei)
    sent = week("store", work_1="09:00-12:00")
    page = at_work.client.post(HOURS, sent).content.decode()
    seen = page.split('name="confirm" value="')[1].split('"')[0]
    world.book(store, world.clock("14:00", world.TUESDAY), realtor=wei, phone=world.QIANG)

    page = at_work.client.post(HOURS, sent | {"confirm": seen}).content.decode()

    assert "Not saved yet: 2 appointments are booked" in page
    assert not stored(wei)


def test_bookings_that_lie_outside_already_are_not_asked_about(
    at_work: Visitor, store: Store, wei: Realtor
):
    world.book(store, world.clock("16:00", world.TUESDAY), realtor=wei)
    world.work_from(wei, "09:00", "12:00")

    at_work.client.post(HOURS, week("off", work_1="09:00-11:00"))

    assert ("work", 1, "09:00-11:00") in stored(wei)


def test_saving_hours_is_a_sign_of_life_and_serves_those_who_wait(at_work: Visitor, wei: Realtor):
    world.online(wei, at=world.NOW - world.HOUR)

    at_work.client.post(HOURS, week(work_0="09:00-12:00"))

    wei.refresh_from_db()
    assert wei.last_seen_at == world.NOW


def test_whole_days_off_need_no_times(at_work: Visitor, wei: Realtor):
    sent = TUESDAY_OFF | {"last": "2026-03-05", "reason": "Holiday"}

    page = at_work.client.post(TIME_OFF, sent, follow=True).content.decode()

    off = wei.time_off.get()
    assert off.starts_at == world.clock("00:00", world.TUESDAY)
    assert off.ends_at == world.clock("00:00", world.TUESDAY.replace(day=6))
    assert "Tue, March 3 to Thu, March 5" in page
    assert "Holiday" in page


def test_hours_off_are_by_the_stores_clock(db: None):
    store = open_shop("Broadway", zone="America/New_York")
    wei = world.hire(store, "Wei")
    visitor = Visitor(Client(headers=ENGLISH))
    visitor.client.force_login(wei.user)

    sent = TUESDAY_OFF | {"starts": "14:00", "ends": "16:00"}
    page = visitor.client.post(TIME_OFF, sent, follow=True).content.decode()

    off = wei.time_off.get()
    assert f"{off.starts_at.astimezone(store.zone):%d %H:%M}" == "03 14:00"
    assert "14:00–16:00" in page
    assert "New York time" in page


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"first": ""}, "This field is required."),
        ({"first": "soon"}, "Enter a valid date."),
        ({"last": "2026-03-02", "first": "2026-03-03"}, "Must be after the start."),
        ({"first": "2026-03-01", "last": "2026-03-01"}, "This time is past."),
        ({"first": "9999-12-31", "last": "9999-12-31"}, "Please check the year."),
        ({"first": "0001-01-01", "last": "0001-01-01"}, "Please check the year."),
        ({"starts": "25:00"}, "Enter a valid time."),
        ({"reason": "x" * 101}, "at most 100 characters"),
    ],
)
def test_mistakes_in_time_off_are_shown_and_what_was_typed_is_kept(
    at_work: Visitor, wei: Realtor, changed: dict[str, str], complaint: str
):
    sent = TUESDAY_OFF | {"reason": "Dentist"} | changed

    answer = at_work.client.post(TIME_OFF, sent)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert complaint in page
    assert f'value="{sent["reason"]}"' in page
    assert not wei.time_off.exists()


def test_overlapping_time_off_is_refused_at_the_field(at_work: Visitor, wei: Realtor):
    world.away(wei, world.clock("09:00", world.TUESDAY), world.clock("12:00", world.TUESDAY))

    page = at_work.client.post(TIME_OFF, TUESDAY_OFF).content.decode()

    assert "This overlaps other time off." in page
    assert wei.time_off.count() == 1


def test_a_time_that_the_clock_jumps_over_is_refused(db: None):
    store = open_shop("Broadway", zone="America/New_York")
    wei = world.hire(store, "Wei")
    client = Client(headers=ENGLISH)
    client.force_login(wei.user)

    sent = {"first": "2026-03-08", "starts": "02:30", "last": "2026-03-08", "ends": "05:00"}
    page = client.post(TIME_OFF, sent).content.decode()

    assert "that time does not exist on this day" in page


def test_what_is_booked_in_the_time_is_shown_before_saving(
    at_work: Visitor, store: Store, wei: Realtor
):
    booked = world.book(store, world.clock("10:00", world.TUESDAY), realtor=wei)

    page = at_work.client.post(TIME_OFF, TUESDAY_OFF).content.decode()

    assert "Not saved yet: 1 appointment is booked" in page
    assert f'href="/console/appointments/{booked.pk}/"' in page
    assert 'name="first" value="2026-03-03"' in page
    assert not wei.time_off.exists()


def test_confirmed_it_is_saved_and_stands_in_the_managers_list(
    at_work: Visitor, store: Store, wei: Realtor
):
    booked = world.book(store, world.clock("10:00", world.TUESDAY), realtor=wei)
    other = world.book(store, world.clock("10:00", world.TUESDAY.replace(day=4)), realtor=wei)
    page = at_work.client.post(TIME_OFF, TUESDAY_OFF).content.decode()
    seen = page.split('name="confirm" value="')[1].split('"')[0]

    page = at_work.client.post(TIME_OFF, TUESDAY_OFF | {"confirm": seen}, follow=True)

    assert wei.time_off.count() == 1
    assert "Still booked then:" in page.content.decode()
    booked.refresh_from_db()
    assert booked.realtor == wei
    now = timezone.now()
    assert list(Appointment.objects.filter(away_then(now))) == [booked]
    hua = Client(headers=ENGLISH)
    hua.force_login(manager_of(store))
    listed = hua.get("/admin/appointments/appointment/?off=yes").content.decode()
    assert booked.code in listed
    assert other.code not in listed


def test_time_off_is_removed(at_work: Visitor, wei: Realtor):
    off = world.away(wei, world.clock("09:00", world.TUESDAY), world.clock("12:00", world.TUESDAY))

    page = at_work.client.post(f"{TIME_OFF}{off.pk}/remove/", follow=True).content.decode()

    assert not wei.time_off.exists()
    assert "Your ordinary week counts again" in page


def test_removing_twice_says_that_it_is_not_there(at_work: Visitor, wei: Realtor):
    off = world.away(wei, world.clock("09:00", world.TUESDAY), world.clock("12:00", world.TUESDAY))
    at_work.client.post(f"{TIME_OFF}{off.pk}/remove/")

    assert at_work.client.post(f"{TIME_OFF}{off.pk}/remove/").status_code == 404


@pytest.mark.parametrize("page", [HOURS, TIME_OFF])
def test_the_pages_need_few_queries(at_work: Visitor, wei: Realtor, page: str):
    for weekday in range(7):
        for hour in range(8, 18, 2):
            WorkingInterval.objects.create(
                realtor=wei, weekday=weekday, starts=time(hour), ends=time(hour + 1)
            )

    with CaptureQueriesContext(connection) as queries:
        at_work.look(page)

    assert len(queries) <= 15
