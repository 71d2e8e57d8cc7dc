"""The board on a lobby's wall: codes and realtors, and never a customer."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appointments import services
from appointments.models import Appointment
from appointments.presenters.board import spaced
from appointments.selectors.board import board_of
from appointments.selectors.lines import queue_positions
from booking_site.common.actors import SYSTEM
from realtors.models import Realtor
from stores.models import SpecialDay, Store
from tests.appointments import world
from tests.factories import PolicyFactory

from .shops import open_shop
from .visitor import Visitor

TEN = world.clock("10:00")


@pytest.fixture(autouse=True)
def ten_o_clock(monday_morning: time_machine.Traveller) -> time_machine.Traveller:
    monday_morning.move_to(TEN)
    return monday_morning


def board(store: Store) -> str:
    return f"/stores/{store.pk}/board"


def section(page: str, title: str) -> str:
    return page.split(f'aria-labelledby="{title}"')[1].split("</section>")[0]


@pytest.fixture
def busy(store: Store, wei: Realtor, ming: Realtor) -> dict[str, Appointment]:
    """One is served, one called, one asked for, two wait, one is expected; all with names."""
    bao = world.hire(store, "Bao")
    people: dict[str, Appointment] = {}
    for name, realtor in (("served", wei), ("called", ming), ("asked", bao)):
        world.online(realtor, at=TEN)
        people[name] = world.join(store, phone=f"+86138111100{len(people):02d}", at=TEN)
    for name in ("first", "second"):
        people[name] = world.join(store, phone=f"+86138111100{len(people):02d}", at=TEN)
    people["expected"] = world.book(
        store, world.clock("11:30"), phone="+8613811110009", email="secret@example.com", at=TEN
    )
    for name in ("served", "called"):
        services.accept(people[name], by=SYSTEM, at=TEN)
    services.start(people["served"], by=SYSTEM, at=TEN)
    for number, row in enumerate(people.values()):
        Appointment.objects.filter(pk=row.pk).update(
            customer_name=f"Secret{number}", requirements="Confidential"
        )
        row.refresh_from_db()
    return people


def test_everybody_stands_in_their_place(lan: Visitor, store: Store, busy: dict[str, Appointment]):
    page = lan.look(board(store))

    now, waiting, soon = (section(page, f"{title}-title") for title in ("now", "next", "soon"))
    code = {name: spaced(row.code) for name, row in busy.items()}
    assert all(code[name] in now for name in ("served", "called", "asked"))
    assert waiting.index(code["first"]) < waiting.index(code["second"])
    assert code["expected"] in soon
    assert "11:30" in soon
    assert all(name in now for name in ("Wei", "Ming", "Bao"))
    assert "please come to the desk" in now
    assert "is being asked for" in now


def test_no_customer_is_on_the_wall(lan: Visitor, store: Store, busy: dict[str, Appointment]):
    page = lan.look(board(store))

    for row in busy.values():
        phone = row.customer_phone
        for secret in (row.customer_name, phone, phone[3:], phone[-4:], "Confidential", "secret@"):
            assert secret not in page
    assert "Secret" not in page


def test_the_wall_says_the_same_positions_and_waits_as_the_customers_page(
    lan: Visitor, store: Store, wei: Realtor
):
    PolicyFactory(store=store, queue_timeout_minutes=240)
    world.online(wei, at=TEN)
    people = [world.join(store, phone=phone, at=TEN) for phone in world.phones(6)]
    services.cancel(people[2], by=SYSTEM, at=TEN)
    # Put before everybody by hand.
    Appointment.objects.filter(pk=people[5].pk).update(priority=-1)

    seen = board_of(store, at=TEN)

    ranks = {row.pk: number for number, row in enumerate(seen.waiting, start=1)}
    assert ranks == queue_positions(seen.waiting)
    assert seen.waiting[0] == people[5]
    page = section(lan.look(board(store)), "next-title")
    assert page.count("about ") == 4


def test_without_anybody_on_duty_no_wait_is_made_up(lan: Visitor, store: Store, wei: Realtor):
    world.join(store, at=TEN)

    page = lan.look(board(store))

    assert "nobody on duty right now" in page
    assert "about" not in section(page, "next-title")


def test_of_one_whom_all_have_refused_the_wall_does_not_say_nobody_is_on_duty(
    lan: Visitor, store: Store, wei: Realtor
):
    world.online(wei, at=TEN)
    refused = world.join(store, at=TEN)
    services.decline(refused, by=world.acting(wei), at=TEN)

    page = section(lan.look(board(store)), "next-title")

    assert "nobody can say yet" in page
    assert "nobody on duty" not in page


def test_of_one_whose_turn_nobody_knows_the_wall_does_not_say_nobody_is_on_duty(
    lan: Visitor, store: Store, wei: Realtor
):
    world.online(wei, at=TEN)
    for phone in world.phones(4):
        world.join(store, phone=phone, at=TEN)

    page = section(lan.look(board(store)), "next-title")

    assert page.count("about ") == 2
    assert page.count("nobody can say yet") == 1
    assert "nobody on duty" not in page


def test_an_empty_lobby_is_said_kindly(lan: Visitor, store: Store):
    page = lan.look(board(store))

    assert "Nobody is being served right now." in page
    assert "Nobody is waiting." in page
    assert "Nobody is expected." in page


def test_a_long_line_ends_with_a_number(lan: Visitor, store: Store, wei: Realtor):
    for phone in world.phones(11):
        world.join(store, phone=phone, at=TEN)

    assert "and 3 more" in lan.look(board(store))


def test_what_starts_later_or_is_long_past_is_not_shown(lan: Visitor, store: Store, wei: Realtor):
    later = world.book(store, world.clock("14:00"), at=TEN)

    assert spaced(later.code) not in lan.look(board(store))


def test_the_clock_is_the_stores(lan: Visitor, db: None):
    store = open_shop("Broadway", zone="America/New_York")

    page = lan.look(board(store))

    # Ten in Shanghai is nine in the evening in New York, the day before.
    assert '<time class="num">21:00</time>' in page
    assert "Sun, March 1" in page
    assert "New York time" in page


def test_it_looks_again_every_five_seconds_and_without_script_too(lan: Visitor, store: Store):
    page = lan.look(board(store))

    assert f'hx-get="{board(store)}" hx-trigger="every 5s"' in page
    assert '<noscript><meta http-equiv="refresh" content="15"></noscript>' in page


def test_a_wall_has_no_menu_and_is_not_found_by_searching(lan: Visitor, store: Store):
    answer = lan.client.get(board(store))
    page = answer.content.decode()

    assert '<header class="header">' not in page
    assert '<footer class="footer">' not in page
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in page
    assert answer["Cache-Control"] == "no-store"


def test_one_slash_at_the_end_is_no_other_page(lan: Visitor, store: Store):
    assert lan.look(f"{board(store)}/").count('id="board"') == 1


def test_a_closed_store_has_no_board(lan: Visitor, store: Store):
    Store.objects.update(is_active=False)

    assert lan.client.get(board(store)).status_code == 404
    assert lan.client.get("/stores/999999/board").status_code == 404


def test_another_stores_people_are_not_on_it(
    lan: Visitor, store: Store, busy: dict[str, Appointment]
):
    page = lan.look(board(open_shop("Elsewhere")))

    assert not [row for row in busy.values() if spaced(row.code) in page]


def test_a_wall_in_chinese(store: Store):
    page = Client(headers={"accept-language": "zh-CN"}).get(board(store)).content.decode()

    assert '<html lang="zh-hans">' in page


def test_a_look_costs_few_queries_whatever_goes_on(lan: Visitor, store: Store):
    for number in range(12):
        world.online(world.hire(store, f"R{number}"), at=TEN)
    for phone in world.phones(30):
        world.join(store, phone=phone, at=TEN)
    for phone in world.phones(5, first=900):
        world.book(store, world.clock("11:30"), phone=phone, at=TEN)

    with CaptureQueriesContext(connection) as queries:
        lan.look(board(store))
    assert len(queries) <= 10, [query["sql"][:90] for query in queries]

    # Days that differ cost none more, a daily maximum one.
    SpecialDay.objects.create(store=store, date=world.TUESDAY).intervals.create(
        opens="10:00", closes="12:00"
    )
    Realtor.objects.update(max_per_day=9)
    with CaptureQueriesContext(connection) as queries:
        lan.look(board(store))
    assert len(queries) <= 11


def test_a_look_at_an_empty_lobby_asks_twice(lan: Visitor, store: Store, wei: Realtor):
    with CaptureQueriesContext(connection) as queries:
        lan.look(board(store))

    assert len(queries) == 2


def test_work_that_was_never_closed_leaves_the_wall_after_a_day(
    lan: Visitor, store: Store, wei: Realtor, ten_o_clock: time_machine.Traveller
):
    running = world.running(store, TEN, at=TEN - world.HOUR)
    assert spaced(running.code) in lan.look(board(store))

    ten_o_clock.shift(timedelta(hours=25))

    assert spaced(running.code) not in lan.look(board(store))
