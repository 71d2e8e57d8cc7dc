"""Home, the list of stores, and a store with its times."""

from datetime import timedelta
from random import Random

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from appointments import services
from appointments.presenters.times import stamp
from appointments.presenters.week import week_for
from appointments.selectors.slots import days_of_slots
from booking_site.common.actors import SYSTEM
from realtors.models import Realtor
from stores.models import BookingPolicy, SpecialDay, Store
from tests.appointments import world

from .shops import open_shop
from .visitor import Visitor


def test_home_shows_stores_with_their_next_free_time(lan: Visitor, store: Store, wei: Realtor):
    page = lan.look("/")

    assert "Nanjing Road" in page
    assert "Closed now, opens 09:00" in page
    assert "From today 09:00" in page
    assert f'href="/stores/{store.pk}/"' in page


def test_a_store_whose_day_is_full_names_tomorrow(lan: Visitor, store: Store, wei: Realtor):
    for hour in range(9, 18):
        world.book(store, world.clock(f"{hour:02d}:00"), phone=f"+861390000{hour:04d}")

    assert "From tomorrow 09:00" in lan.look("/")


def test_a_store_without_realtors_says_so(lan: Visitor, store: Store):
    assert "Nothing free for three days" in lan.look("/")


def test_search_looks_at_name_city_and_address(lan: Visitor, store: Store):
    open_shop("Harbour")
    Store.objects.filter(name="Harbour").update(city="宁波", address="江北区 18 号")

    for words in ("harbour", "宁波", "江北区", "宁波 18"):
        page = lan.look("/stores/", q=words)
        assert "Harbour" in page
        assert "Nanjing" not in page


def test_open_now_is_kept_in_the_address_and_hides_closed_stores(
    lan: Visitor, store: Store, monday_morning: time_machine.Traveller
):
    open_shop("Night Owl", opens="00:00", closes="00:00")

    page = lan.look("/stores/", open="1", q="上海")

    assert "Night Owl" in page
    assert "Nanjing" not in page
    assert 'name="open" value="1"' in page
    assert 'value="上海"' in page
    assert "Open round the clock" in page


def test_nothing_found_says_what_to_do(lan: Visitor, store: Store):
    page = lan.look("/stores/", q="nowhere")

    assert "No store matches" in page
    assert "Show all stores" in page


def test_inactive_stores_are_not_shown(lan: Visitor, store: Store):
    Store.objects.update(is_active=False)

    assert "Nanjing" not in lan.look("/stores/")
    assert lan.client.get(f"/stores/{store.pk}/").status_code == 404


@pytest.mark.parametrize("number", [0, 10**18, 10**30])
def test_no_such_store_is_not_found(lan: Visitor, db: None, number: int):
    assert lan.client.get(f"/stores/{number}/").status_code == 404


def test_the_list_has_pages(lan: Visitor, db: None):
    for number in range(15):
        open_shop(f"Shop {number}")

    assert "Shop 14" not in lan.look("/stores/")
    page = lan.look("/stores/", page="2")
    assert "Shop 14" in page
    assert "2 of 2" in page


@pytest.mark.parametrize("page", ["0", "-1", "abc", "99", "9" * 40])
def test_a_page_that_is_none_shows_one_that_is(lan: Visitor, store: Store, page: str):
    assert "Nanjing" in lan.look("/stores/", page=page)


def test_the_store_shows_hours_rules_and_people(lan: Visitor, store: Store, wei: Realtor):
    page = lan.look(f"/stores/{store.pk}/")

    assert "09:00–18:00" in page
    assert "You can cancel or move it free of charge until it starts." in page
    assert "Wei" in page
    assert "1 hour" in page


def test_days_that_differ_are_named(lan: Visitor, store: Store, wei: Realtor):
    day = SpecialDay.objects.create(store=store, date=world.TUESDAY, note="Stocktaking")
    day.intervals.create(opens="13:00", closes="15:00")

    page = lan.look(f"/stores/{store.pk}/")

    assert "Stocktaking" in page
    assert "13:00–15:00" in page


def test_the_first_day_with_a_free_time_is_chosen(lan: Visitor, store: Store, wei: Realtor):
    SpecialDay.objects.create(store=store, date=world.MONDAY)

    page = lan.look(f"/stores/{store.pk}/")

    assert "Tomorrow (Tue, March 3)" in page


@pytest.mark.parametrize(
    ("date", "sentence"),
    [
        ("2026-03-03", "Closed on this day"),
        ("2026-03-04", "Fully booked"),
    ],
)
def test_a_day_without_times_says_why(
    lan: Visitor, store: Store, wei: Realtor, date: str, sentence: str
):
    SpecialDay.objects.create(store=store, date=world.TUESDAY)
    wednesday = world.MONDAY + timedelta(days=2)
    world.book(store, world.clock("09:00", wednesday), realtor=wei)
    world.away(wei, world.clock("10:00", wednesday), world.clock("18:00", wednesday))

    page = lan.look(f"/stores/{store.pk}/", date=date, realtor=str(wei.pk))

    assert sentence in page


def test_in_the_evening_today_is_over_and_says_so(
    lan: Visitor, store: Store, wei: Realtor, monday_morning: time_machine.Traveller
):
    monday_morning.move_to(world.clock("19:00"))

    assert "Over for this day" in lan.look(f"/stores/{store.pk}/", date="2026-03-02")


def test_a_day_on_which_the_chosen_one_is_away_is_not_called_full(
    lan: Visitor, store: Store, wei: Realtor, ming: Realtor
):
    world.away(wei, world.clock("00:00", world.TUESDAY), world.clock("23:00", world.TUESDAY))

    theirs = lan.look(f"/stores/{store.pk}/", date="2026-03-03", realtor=str(wei.pk))

    assert "Wei is not at work on this day" in theirs
    assert "Fully booked" not in theirs
    assert '<span class="day__note">off</span>' in theirs
    assert 'value="2026-03-03T06:00Z"' in lan.look(f"/stores/{store.pk}/", date="2026-03-03")


def test_a_day_on_which_nobody_works_has_no_lines_to_wait_in(
    lan: Visitor, store: Store, wei: Realtor
):
    world.away(wei, world.clock("00:00", world.TUESDAY), world.clock("23:00", world.TUESDAY))

    page = lan.look(f"/stores/{store.pk}/", date="2026-03-03")

    assert "Nobody is at work on this day" in page
    assert "/queue/?start=2026-03-03" not in page


def test_times_at_which_the_chosen_one_does_not_work_are_left_out(
    lan: Visitor, store: Store, wei: Realtor
):
    world.work_from(wei, "09:00", "12:00")
    world.book(store, world.clock("10:00"), realtor=wei)

    page = lan.look(f"/stores/{store.pk}/", realtor=str(wei.pk))

    assert "<b>10:00</b>" in page  # taken, and said to be
    assert "<b>11:00</b>" in page
    assert "<b>14:00</b>" not in page


def test_a_day_of_96_times_is_folded_and_the_next_part_is_open(lan: Visitor, db: None):
    store = open_shop("Night Owl", opens="00:00", closes="00:00")
    world.hire(store, "Wei")

    page = lan.look(f"/stores/{store.pk}/", date="2026-03-03")

    assert page.count('<details class="fold" open><summary>Night') == 1
    assert page.count('<details class="fold"><summary>') == 3 + 1  # and the week's hours
    assert "24 times free" in page


def test_the_soonest_times_stand_first_and_hold_directly(lan: Visitor, store: Store, wei: Realtor):
    world.book(store, world.clock("09:00"), realtor=wei)

    page = lan.look(f"/stores/{store.pk}/")
    chips = page.split('aria-label="Soon"')[1].split("</form>")[0]

    assert [chip.split("<")[0] for chip in chips.split('Z">')[1:4]] == [
        "Today 10:00",
        "Today 12:00",
        "Tomorrow 09:00",
    ]
    assert f'action="/stores/{store.pk}/hold/"' in chips


def test_before_opening_the_line_does_not_take_places_that_would_lapse(
    lan: Visitor, store: Store, wei: Realtor, monday_morning: time_machine.Traveller
):
    monday_morning.move_to(world.clock("06:00"))
    early = lan.look(f"/stores/{store.pk}/")
    monday_morning.move_to(world.clock("08:00"))
    soon = lan.look(f"/stores/{store.pk}/")

    assert "The store opens at 09:00. A place in line would lapse before" in early
    assert f"/stores/{store.pk}/live/" not in early
    assert "A place you take now is kept until 10:00 and may lapse" in soon
    assert f"/stores/{store.pk}/live/" in soon


def test_a_time_that_comes_before_the_line_is_said_to(
    lan: Visitor, store: Store, wei: Realtor, ming: Realtor, monday_morning: time_machine.Traveller
):
    at = world.clock("10:00")
    monday_morning.move_to(at)
    world.online(wei, at=at)
    for phone in world.phones(2):
        world.join(store, phone=phone, at=at)

    page = lan.look(f"/stores/{store.pk}/")

    assert "about 120 min" in page
    assert "Sooner than the line: a booked time today 10:30." in page


def test_a_store_with_nothing_free_says_what_to_do(lan: Visitor, store: Store, wei: Realtor):
    world.away(wei, world.NOW, world.clock("00:00", world.MONDAY + timedelta(days=30)))

    page = lan.look(f"/stores/{store.pk}/")

    assert "Nothing is free in the days that can be booked. Please call" in page


def test_a_day_that_is_too_near_says_so(
    lan: Visitor, db: None, monday_morning: time_machine.Traveller
):
    store = world.open_store(min_advance_minutes=1440)
    world.hire(store, "Wei")

    page = lan.look(f"/stores/{store.pk}/", date="2026-03-02")

    assert "The store needs 1 day to prepare." in page


@pytest.mark.parametrize("date", ["", "soon", "0001-01-01", "9999-12-31", "2026-02-30", "1" * 99])
def test_a_date_that_is_none_shows_the_first_free_day(
    lan: Visitor, store: Store, wei: Realtor, date: str
):
    assert "Today (Mon, March 2)" in lan.look(f"/stores/{store.pk}/", date=date)


@pytest.mark.parametrize("date", ["2026-03-01", "2025-12-24", "2026-03-10", "2026-11-28"])
@pytest.mark.parametrize("days_ahead", [7, 60])
def test_a_date_that_cannot_be_booked_is_as_none(
    lan: Visitor, db: None, date: str, days_ahead: int
):
    """Links are kept and sent on, and outlive the days they lead to."""
    store = world.open_store(max_advance_days=days_ahead)
    world.hire(store, "Wei")
    if days_ahead == 60 and date == "2026-03-10":
        date = "2026-05-02"

    page = lan.look(f"/stores/{store.pk}/", date=date)

    assert "Today (Mon, March 2)" in page
    assert 'aria-label="Soon"' in page
    assert "As soon as possible" in page
    for falsehood in ("Nothing is free", "Over for this day", "Fully booked"):
        assert falsehood not in page
    last = {7: "Mon, March 9", 60: "Fri, May 1"}[days_ahead]
    assert (f"Times can be booked up to {last} for now." in page) == (date > "2026-03-02")


def test_the_last_day_that_can_be_booked_is_shown_and_leads_no_further(lan: Visitor, db: None):
    store = world.open_store(max_advance_days=15)
    world.hire(store, "Wei")

    page = lan.look(f"/stores/{store.pk}/", date="2026-03-17")

    assert "Tue, March 17" in page.split("<h3>")[1].split("</h3>")[0]
    assert '<span class="day__note">not yet</span>' in page
    assert "?date=2026-03-18" not in page
    assert "Times can be booked up to" not in page


def test_a_last_week_with_nothing_free_is_not_all_that_can_be_booked(lan: Visitor, db: None):
    store = world.open_store(max_advance_days=15)
    wei = world.hire(store, "Wei")
    last = world.MONDAY + timedelta(days=14)
    world.away(wei, world.clock("00:00", last), world.clock("00:00", last + timedelta(days=7)))

    page = lan.look(f"/stores/{store.pk}/", date="2026-03-16")

    assert "Nothing is free in these days." in page
    assert "Nothing is free in the days that can be booked" not in page


def test_a_chosen_realtor_shows_only_their_times(
    lan: Visitor, store: Store, wei: Realtor, ming: Realtor
):
    world.book(store, world.clock("14:00"), realtor=wei)

    taken = '<button class="slot" type="submit" name="starts_at" value="2026-03-02T06:00Z">'
    assert taken not in lan.look(f"/stores/{store.pk}/", realtor=str(wei.pk))
    assert taken in lan.look(f"/stores/{store.pk}/", realtor=str(ming.pk))
    assert taken in lan.look(f"/stores/{store.pk}/")


@pytest.mark.parametrize("realtor", ["0", "999999", "x", "9" * 40, "-1"])
def test_a_realtor_who_is_not_here_is_ignored(
    lan: Visitor, store: Store, wei: Realtor, realtor: str
):
    answer = lan.client.get(f"/stores/{store.pk}/", {"realtor": realtor}, follow=True)

    assert answer.status_code == 200
    assert "Anyone" in answer.content.decode()


def test_an_id_too_long_for_anybody_is_not_cut_to_somebodys(
    lan: Visitor, store: Store, wei: Realtor
):
    """Only those who are not here are led back to everybody."""
    answer = lan.client.get(f"/stores/{store.pk}/", {"realtor": f"{wei.pk:018d}7"})

    assert (answer.status_code, answer["Location"]) == (302, f"/stores/{store.pk}/")


def test_a_guest_sees_their_own_held_time_as_free(lan: Visitor, store: Store, wei: Realtor):
    lan.hold(store, world.clock("14:00"))

    free = 'name="starts_at" value="2026-03-02T06:00Z"'
    assert free in lan.look(f"/stores/{store.pk}/")


def test_times_are_the_stores_and_say_so(lan: Visitor, db: None):
    store = open_shop("Broadway", zone="America/New_York")
    world.hire(store, "Wei")

    page = lan.look(f"/stores/{store.pk}/")

    assert "New York time" in page
    # Eight in Shanghai is seven in the evening in New York, the day before.
    assert "Tomorrow (Mon, March 2)" in page
    assert 'value="2026-03-02T14:00Z"' in page


def test_a_long_booking_window_is_turned_week_by_week(lan: Visitor, db: None):
    store = world.open_store(max_advance_days=60)
    world.hire(store, "Wei")

    assert "?date=2026-03-09#times" in lan.look(f"/stores/{store.pk}/")
    page = lan.look(f"/stores/{store.pk}/", date="2026-03-09")
    assert "?date=2026-03-02#times" in page
    assert "?date=2026-03-16#times" in page


@pytest.mark.parametrize("seed", range(3))
def test_the_pages_offer_exactly_what_the_api_offers(store: Store, wei: Realtor, seed: int):
    random = Random(seed)
    BookingPolicy.objects.create(store=store, buffer_after_minutes=random.choice([0, 10]))
    several = [
        wei,
        *(world.hire(store, f"R{n}", max_per_day=random.choice([None, 2])) for n in range(3)),
    ]
    world.work_from(several[1], "22:00", "02:00")
    world.work_from(several[2], "12:00", "13:00", kind="break")
    for phone in world.phones(16):
        start = world.NOW + timedelta(minutes=15 * random.randrange(4, 200))
        try:
            world.book(store, start, phone=phone)
        except Exception:
            continue

    for realtor in (None, wei.pk):
        week = week_for(store, at=world.NOW, realtor_id=realtor)
        days = days_of_slots(
            store, first=world.MONDAY, days=len(week.days), at=world.NOW, realtor_id=realtor
        )
        assert week.days == days


@pytest.mark.parametrize("address", ["/", "/stores/", "/stores/?open=1", "/stores/?q=shop"])
def test_lists_need_few_queries_whatever_the_number_of_stores(
    fang_at_home: Visitor, db: None, address: str
):
    for number in range(10):
        store = open_shop(f"Shop {number}", opens="00:00", closes="00:00")
        SpecialDay.objects.create(store=store, date=world.TUESDAY).intervals.create(
            opens="10:00", closes="12:00"
        )
        for name in ("wei", "ming"):
            world.hire(store, f"{name}{number}", max_per_day=8)

    with CaptureQueriesContext(connection) as queries:
        page = fang_at_home.look(address)

    assert len(queries) <= 15, [query["sql"][:90] for query in queries]
    assert len(page.encode()) < 100_000


def test_a_store_needs_few_queries_whatever_is_in_it(fang_at_home: Visitor, store: Store, db: None):
    for number in range(20):
        world.hire(store, f"Realtor{number}", max_per_day=8)
    SpecialDay.objects.create(store=store, date=world.TUESDAY, note="Later").intervals.create(
        opens="10:00", closes="12:00"
    )
    for phone in world.phones(20):
        world.book(store, world.clock("14:00"), phone=phone)

    with CaptureQueriesContext(connection) as queries:
        page = fang_at_home.look(f"/stores/{store.pk}/")

    assert len(queries) <= 15, [query["sql"][:90] for query in queries]
    assert len(page.encode()) < 100_000


def test_the_day_has_chinese_words_too(lan: Visitor, store: Store, wei: Realtor, fang: User):
    page = lan.client.get("/stores/", headers={"accept-language": "zh-CN"}).content.decode()

    assert '<html lang="zh-hans">' in page


def test_what_was_taken_and_is_free_again_is_not_called_taken(
    lan: Visitor, store: Store, wei: Realtor
):
    start = world.clock("14:00")
    lost = {"date": "2026-03-02", "taken": stamp(start)}
    book = world.book(store, start)
    assert "has just been taken" in lan.look(f"/stores/{store.pk}/", **lost)

    services.cancel(book, by=SYSTEM, at=world.NOW)

    assert "has just been taken" not in lan.look(f"/stores/{store.pk}/", **lost)


def test_maps_are_those_that_the_installation_has_chosen(lan: Visitor, store: Store, settings):
    Store.objects.filter(pk=store.pk).update(name="A&B", latitude="30.2489", longitude="120.1555")
    assert "https://uri.amap.com/marker?position=120.155500,30.248900&amp;name=A%26B" in lan.look(
        f"/stores/{store.pk}/"
    )

    settings.MAP_URL = "https://maps.example/#{latitude}/{longitude}"
    assert 'href="https://maps.example/#30.248900/120.155500"' in lan.look(f"/stores/{store.pk}/")

    settings.MAP_URL = ""
    assert "Open in maps" not in lan.look(f"/stores/{store.pk}/")
