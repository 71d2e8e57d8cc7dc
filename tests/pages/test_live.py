"""Joining the live line from a store's page, and watching one's place in it."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from appointments import services
from appointments.models import Appointment, Status
from appointments.timed import run_due
from booking_site.common.actors import SYSTEM
from realtors.models import Realtor
from stores.models import SpecialDay, Store
from tests.appointments import world
from tests.factories import manager_of

from .shops import open_shop
from .visitor import Visitor

TEN = world.clock("10:00")
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def ten_o_clock(monday_morning: time_machine.Traveller) -> time_machine.Traveller:
    """The store has been open for an hour."""
    monday_morning.move_to(TEN)
    return monday_morning


def line(store: Store) -> str:
    return f"/stores/{store.pk}/live/"


def page_of(appointment: Appointment) -> str:
    return f"/appointments/{appointment.code}/"


def confirm(visitor: Visitor, store: Store) -> tuple[str, str]:
    """Address and key of the last step."""
    address = visitor.fill_in(line(store))
    page = visitor.look(address)
    return address, page.split('name="key" value="')[1].split('"')[0]


def joined(visitor: Visitor, store: Store) -> Appointment:
    """All the steps."""
    address, key = confirm(visitor, store)
    answer = visitor.client.post(address, {"key": key})
    assert answer.status_code == 302, answer.content.decode()
    return Appointment.objects.get(code=answer["Location"].strip("/").split("/")[-1])


def in_front(store: Store, count: int) -> list[Appointment]:
    return [world.join(store, phone=phone, at=TEN) for phone in world.phones(count)]


def prove(visitor: Visitor, appointment: Appointment) -> None:
    digits = {"digits": appointment.customer_phone[-4:]}
    visitor.client.post(f"{page_of(appointment)}proof/", digits)


# The store's page and the lists


def test_the_store_says_how_many_wait_and_how_long_it_takes(
    lan: Visitor, store: Store, wei: Realtor
):
    world.online(wei, at=TEN)
    in_front(store, 2)

    page = lan.look(f"/stores/{store.pk}/")

    # One of the two has been asked for.
    assert "As soon as possible" in page
    assert "1 waiting" in page
    assert "about 120 min" in page
    assert f'href="{line(store)}"' in page


def test_without_anybody_on_duty_the_store_says_so_and_the_line_is_open(
    lan: Visitor, store: Store, wei: Realtor
):
    page = lan.look(f"/stores/{store.pk}/")

    assert "nobody on duty right now" in page
    assert "your place is kept for 2 hours" in page
    assert "about 0 min" not in page
    assert f'href="{line(store)}"' in page


def test_after_closing_nobody_can_join(
    lan: Visitor, store: Store, wei: Realtor, ten_o_clock: time_machine.Traveller
):
    ten_o_clock.move_to(world.clock("18:30"))

    page = lan.look(f"/stores/{store.pk}/")
    answer = lan.client.get(line(store), follow=True)

    assert "closed for today" in page
    assert line(store) not in page
    assert answer.redirect_chain[-1][0] == f"/stores/{store.pk}/"
    assert "Nobody serves here today any more." in answer.content.decode()


def test_another_week_does_not_speak_of_now(lan: Visitor, db: None):
    store = world.open_store(max_advance_days=60)
    world.hire(store, "Wei")

    assert "As soon as possible" not in lan.look(f"/stores/{store.pk}/", date="2026-03-20")


def test_cards_show_the_line_of_stores_that_serve_now(lan: Visitor, store: Store, wei: Realtor):
    world.online(wei, at=TEN)
    in_front(store, 2)
    empty = open_shop("Nobody Here")
    world.hire(empty, "Bao")

    page = lan.look("/")
    assert page.count("dot--live") == 1
    assert page.count("about 120 min") == 1
    assert f'href="{line(store)}"' in page
    page = lan.look("/stores/")
    assert page.count("dot--live") == 1
    assert "1 waiting, about 120 min" in page

    world.join(empty, at=TEN)
    page = lan.look("/stores/")
    assert "1 waiting</span>" in page


def test_lists_with_lines_need_few_queries(fang_at_home: Visitor, db: None):
    for number in range(8):
        store = open_shop(f"Shop {number}")
        SpecialDay.objects.create(store=store, date=world.TUESDAY, note="Later").intervals.create(
            opens="10:00", closes="12:00"
        )
        world.online(world.hire(store, f"Wei{number}", max_per_day=8), at=TEN)
        in_front(store, 0)
        world.join(store, phone=f"+861391000{number:04d}", at=TEN)
        world.join(store, phone=f"+861392000{number:04d}", at=TEN)

    for address in ("/", "/stores/", "/stores/?open=1", f"/stores/{store.pk}/", line(store)):
        with CaptureQueriesContext(connection) as queries:
            fang_at_home.look(address)
        assert len(queries) <= 15, (address, [query["sql"][:90] for query in queries])


# Joining


def test_the_first_step_says_what_joining_means(lan: Visitor, store: Store, wei: Realtor):
    world.online(wei, at=TEN)
    in_front(store, 2)

    page = lan.look(line(store))

    assert "You would be number 2 in line." in page
    assert "That takes about 120 minutes." in page
    assert "If nobody is free within 2 hours, we tell you so and it costs you nothing." in page


def test_a_guest_joins_and_sees_number_and_wait(lan: Visitor, store: Store, wei: Realtor):
    world.online(wei, at=TEN)
    in_front(store, 2)

    mine = joined(lan, store)
    page = lan.look(page_of(mine))

    assert (mine.live, mine.is_waiting, mine.customer_phone) == (True, True, world.LAN)
    assert "You are in line" in page
    assert "Number 2 in line" in page
    assert "about 120 minutes" in page
    assert "Your place is kept until 12:00." in page
    assert "10:00–11:00" not in page


def test_who_joins_beside_a_free_realtor_is_asked_for_at_once(
    lan: Visitor, store: Store, wei: Realtor
):
    world.online(wei, at=TEN)
    address, key = confirm(lan, store)

    page = lan.client.post(address, {"key": key}, follow=True).content.decode()

    assert "You need not wait: somebody is being asked already." in page
    assert "Wei has been asked and will come to you in a moment." in page


def test_details_are_checked_and_kept(lan: Visitor, store: Store, wei: Realtor):
    answer = lan.client.post(line(store), lan.details(phone="12345"))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "This is not a telephone number we can call." in page
    assert 'value="Lan"' in page
    assert 'value="Lan"' in lan.look(line(store))


def test_the_last_step_without_details_leads_back(lan: Visitor, store: Store, wei: Realtor):
    assert lan.client.get(f"{line(store)}confirm/")["Location"] == line(store)


def test_pressing_twice_joins_once(lan: Visitor, store: Store, wei: Realtor):
    address, key = confirm(lan, store)

    first, second = (lan.client.post(address, {"key": key}) for _press in range(2))

    assert first["Location"] == second["Location"]
    assert Appointment.objects.count() == 1


def test_a_press_without_a_key_shows_the_step_again(lan: Visitor, store: Store, wei: Realtor):
    address, _key = confirm(lan, store)

    assert lan.client.post(address).status_code == 200
    assert not Appointment.objects.exists()


def test_who_stands_there_already_is_led_to_their_place(lan: Visitor, store: Store, wei: Realtor):
    mine = joined(lan, store)

    for address in (line(store), f"/stores/{store.pk}/live/"):
        answer = lan.client.get(address, follow=True)
        assert answer.redirect_chain[-1][0] == page_of(mine)
        assert "You already stand in this line: here is your place." in answer.content.decode()


def test_an_account_finds_its_place_from_any_browser(
    fang_at_home: Visitor, fang: User, store: Store, wei: Realtor
):
    mine = world.join(store, customer=fang, phone="+8613800000009", at=TEN)

    assert fang_at_home.client.get(line(store))["Location"] == page_of(mine)


def test_an_account_that_joined_meanwhile_is_led_to_its_place(
    fang_at_home: Visitor, fang: User, store: Store, wei: Realtor
):
    address, key = confirm(fang_at_home, store)
    mine = world.join(store, customer=fang, phone="+8613800000009", at=TEN)

    assert fang_at_home.client.post(address, {"key": key})["Location"] == page_of(mine)


def test_a_number_that_stands_there_under_another_browser_is_told_so(
    lan: Visitor, store: Store, wei: Realtor
):
    world.join(store, at=TEN)
    address, key = confirm(lan, store)

    answer = lan.client.post(address, {"key": key}, follow=True)

    assert answer.redirect_chain[-1][0] == f"/stores/{store.pk}/"
    assert "You already stand in this line." in answer.content.decode()
    assert Appointment.objects.count() == 1


def test_who_is_too_late_at_the_last_step_is_told_so(
    lan: Visitor, store: Store, wei: Realtor, ten_o_clock: time_machine.Traveller
):
    address, key = confirm(lan, store)
    ten_o_clock.move_to(world.clock("17:55"))

    page = lan.client.post(address, {"key": key}, follow=True).content.decode()

    assert "Nobody serves here today any more." in page
    assert not Appointment.objects.exists()


def test_who_was_served_may_join_again(lan: Visitor, store: Store, wei: Realtor):
    world.online(wei, at=TEN)
    first = joined(lan, store)
    services.accept(first, by=SYSTEM, at=TEN)
    services.start(first, by=SYSTEM, at=TEN)
    services.complete(first, by=SYSTEM, at=TEN + 5 * world.MINUTE)

    assert lan.client.get(line(store)).status_code == 200


@pytest.mark.parametrize("step", ["", "confirm/"])
def test_a_closed_store_has_no_line(lan: Visitor, store: Store, wei: Realtor, step: str):
    Store.objects.update(is_active=False)

    assert lan.client.get(line(store) + step).status_code == 404


# Watching


def test_the_number_moves_when_somebody_leaves(lan: Visitor, store: Store, wei: Realtor):
    first, _second = in_front(store, 2)
    mine = joined(lan, store)
    assert "Number 3 in line" in lan.look(page_of(mine))

    services.cancel(first, by=world.owner(first), at=TEN)

    assert "Number 2 in line" in lan.look(page_of(mine))


def test_the_page_looks_again_every_five_seconds_and_is_left_alone_while_nothing_changes(
    lan: Visitor, store: Store, wei: Realtor
):
    (first,) = in_front(store, 1)
    mine = joined(lan, store)
    page = lan.look(page_of(mine))
    assert 'hx-trigger="every 5s, look"' in page
    address = page.split('hx-get="')[1].split('"')[0]

    assert lan.client.get(address, headers=HTMX).status_code == 204
    services.cancel(first, by=world.owner(first), at=TEN)
    answer = lan.client.get(address, headers=HTMX)

    assert answer.status_code == 200
    assert 'data-said="Number 1 in line"' in answer.content.decode()
    # Somebody who reloads sees the page, whatever stands in the address.
    assert lan.client.get(address).status_code == 200


def test_looking_again_costs_few_queries(lan: Visitor, store: Store, wei: Realtor):
    SpecialDay.objects.create(store=store, date=world.TUESDAY).intervals.create(
        opens="10:00", closes="12:00"
    )
    for number in range(10):
        world.hire(store, f"R{number}", max_per_day=8)
    world.online(wei, at=TEN)
    in_front(store, 20)
    mine = joined(lan, store)
    address = lan.look(page_of(mine)).split('hx-get="')[1].split('"')[0]

    with CaptureQueriesContext(connection) as again:
        assert lan.client.get(address, headers=HTMX).status_code == 204
    with CaptureQueriesContext(connection) as whole:
        lan.look(page_of(mine))

    assert len(again) <= 13, [query["sql"][:90] for query in again]
    assert len(whole) <= 15


def test_without_script_the_page_is_loaded_again(lan: Visitor, store: Store, wei: Realtor):
    page = lan.look(page_of(joined(lan, store)))

    assert '<noscript><meta http-equiv="refresh" content="30"></noscript>' in page
    assert "Look again" in page


def test_nothing_of_a_calendar_is_offered_without_a_time(lan: Visitor, store: Store, wei: Realtor):
    page = lan.look(page_of(joined(lan, store)))

    assert "Add to calendar" not in page
    assert "<svg xmlns" not in page
    assert "Move to another time" not in page
    assert "Leave the line" in page


def test_nobody_on_duty_is_said_and_never_a_made_up_wait(lan: Visitor, store: Store, wei: Realtor):
    page = lan.look(page_of(joined(lan, store)))

    assert "nobody on duty right now" in page
    assert "about" not in page.split('class="ticket__body')[1].split("</article>")[0]


def test_where_the_place_would_lapse_first_no_page_says_a_wait_or_that_nobody_is_on_duty(
    lan: Visitor, store: Store, wei: Realtor
):
    world.online(wei, at=TEN)
    in_front(store, 3)

    shop, before, cards = (
        lan.look(address) for address in (f"/stores/{store.pk}/", line(store), "/stores/")
    )
    page = lan.look(page_of(joined(lan, store)))

    assert "nobody can say yet" in shop
    assert "perhaps longer than anybody works today. You may join all the same" in shop
    assert "perhaps longer than anybody works today." in before
    assert "2 waiting</span>" in cards
    assert "nobody can say yet" in page
    assert "We cannot say yet how long it takes." in page
    for said in (shop, before, cards, page):
        assert "on duty right now" not in said
        assert "180 min" not in said


def test_from_the_offer_to_the_end(
    lan: Visitor, store: Store, wei: Realtor, ten_o_clock: time_machine.Traveller
):
    mine = joined(lan, store)
    world.online(wei, at=TEN)
    asked = lan.look(page_of(mine))
    assert "It is almost your turn" in asked
    assert "Wei has been asked and will come to you in a moment." in asked
    assert "Number" not in asked

    services.accept(mine, by=world.acting(wei), at=TEN)
    called = lan.look(page_of(mine))
    assert "It is your turn" in called
    assert "Wei is ready for you now at Nanjing Road." in called

    ten_o_clock.shift(timedelta(minutes=3))
    services.start(mine, by=world.acting(wei), at=TEN + 3 * world.MINUTE)
    begun = lan.look(page_of(mine))
    assert "Wei is with you now." in begun
    assert "10:03–11:03" in begun
    assert "Leave the line" not in begun

    services.complete(mine, by=world.acting(wei), at=TEN + 9 * world.MINUTE)
    done = lan.look(page_of(mine))
    assert "Thank you for coming" in done
    assert "hx-get" not in done.split("<main")[1]


def test_who_was_promised_somebody_hears_why_the_number_is_back(
    lan: Visitor, store: Store, wei: Realtor
):
    mine = joined(lan, store)
    world.online(wei, at=TEN)
    services.decline(mine, by=world.acting(wei), at=TEN, reason="Private matter")

    page = lan.look(page_of(mine))

    assert "Had no time; you keep your place" in page
    assert "Private matter" not in page


def test_who_was_called_by_somebody_who_then_left_hears_it(
    lan: Visitor, store: Store, wei: Realtor
):
    mine = joined(lan, store)
    world.online(wei, at=TEN)
    services.accept(mine, by=world.acting(wei), at=TEN)
    world.offline(wei, at=TEN)

    page = lan.look(page_of(mine))

    assert "Number 1 in line" in page
    assert "Back in line" in page
    assert "The realtor had to go; you keep your place in line." in page


def test_when_everybody_has_said_no_the_store_takes_care(lan: Visitor, store: Store, wei: Realtor):
    mine = joined(lan, store)
    world.online(wei, at=TEN)
    services.decline(mine, by=world.acting(wei), at=TEN)

    assert "The store is looking for somebody for you" in lan.look(page_of(mine))


def test_after_two_hours_we_apologise_and_offer_a_time(
    lan: Visitor, store: Store, wei: Realtor, ten_o_clock: time_machine.Traveller
):
    mine = joined(lan, store)
    ten_o_clock.shift(timedelta(minutes=121))
    run_due(at=TEN + timedelta(minutes=121))

    with CaptureQueriesContext(connection) as queries:
        page = lan.look(page_of(mine))

    mine.refresh_from_db()
    assert mine.status == Status.CANCELLED
    assert "We are sorry: nobody became free" in page
    assert "You have waited for 2 hours and nobody became free." in page
    assert "The next free times" in page
    assert len(queries) <= 15
    chosen = page.split('name="starts_at" value="')[1].split('"')[0]
    answer = lan.client.post(f"/stores/{store.pk}/hold/", {"starts_at": chosen})
    assert answer["Location"].startswith("/book/")


def test_the_code_alone_shows_number_and_wait_and_nothing_of_the_customer(
    lan: Visitor, qiang: Visitor, store: Store, wei: Realtor
):
    world.online(wei, at=TEN)
    in_front(store, 1)
    mine = joined(lan, store)

    page = qiang.look(page_of(mine))

    assert "Number 1 in line" in page
    assert "about 60 minutes" in page
    assert 'hx-trigger="every 5s, look"' in page
    assert not [secret for secret in ("Lan", "138 0000 0001", world.LAN) if secret in page]
    address = page.split('hx-get="')[1].split('"')[0]
    assert qiang.client.get(address, headers=HTMX).status_code == 204


def test_mine_lists_the_line_without_a_time(
    fang_at_home: Visitor,
    fang: User,
    store: Store,
    wei: Realtor,
    ten_o_clock: time_machine.Traveller,
):
    mine = world.join(store, customer=fang, phone="+8613800000009", at=TEN)
    # After the length of a visit it is still to come.
    ten_o_clock.shift(timedelta(minutes=90))

    with CaptureQueriesContext(connection) as queries:
        page = fang_at_home.look("/appointments/")

    assert mine.code in page
    assert "As soon as possible" in page
    assert "Number 1 in line" in page
    assert "10:00–11:00" not in page
    assert len(queries) <= 15


# Leaving


def test_a_guest_leaves_the_line(lan: Visitor, store: Store, wei: Realtor):
    mine = joined(lan, store)
    asked = lan.look(f"{page_of(mine)}cancel/")
    assert "Leave the line?" in asked
    assert "Stay in line" in asked
    assert "You can cancel it here until" not in asked

    page = lan.client.post(f"{page_of(mine)}cancel/", follow=True).content.decode()

    mine.refresh_from_db()
    assert mine.status == Status.CANCELLED
    assert "You have left the line." in page
    assert "You no longer stand in line" in page
    assert "The next free times" not in page


def test_who_waits_may_leave_however_long_ago_they_joined(
    lan: Visitor, store: Store, wei: Realtor, ten_o_clock: time_machine.Traveller
):
    mine = joined(lan, store)
    ten_o_clock.shift(timedelta(minutes=100))

    assert "Leave the line" in lan.look(page_of(mine))
    lan.client.post(f"{page_of(mine)}cancel/")

    mine.refresh_from_db()
    assert mine.status == Status.CANCELLED


def test_what_has_begun_cannot_be_left(lan: Visitor, store: Store, wei: Realtor):
    world.online(wei, at=TEN)
    mine = joined(lan, store)
    services.accept(mine, by=SYSTEM, at=TEN)
    services.start(mine, by=SYSTEM, at=TEN)

    lan.client.post(f"{page_of(mine)}cancel/")

    mine.refresh_from_db()
    assert mine.status == Status.IN_PROGRESS


def test_there_is_no_time_to_move(lan: Visitor, store: Store, wei: Realtor):
    mine = joined(lan, store)

    answer = lan.client.get(f"{page_of(mine)}reschedule/", follow=True)

    assert answer.redirect_chain[-1][0] == page_of(mine)
    assert "A place in the live line has no time to move." in answer.content.decode()


def test_a_proof_lets_a_guest_leave_from_another_browser(
    lan: Visitor, qiang: Visitor, store: Store, wei: Realtor
):
    mine = joined(lan, store)
    prove(qiang, mine)

    assert "Leave the line" in qiang.look(page_of(mine))
    # And that browser is led to this place as well.
    assert qiang.client.get(line(store))["Location"] == page_of(mine)


def test_who_runs_the_store_sees_it_with_as_few_queries(store: Store):
    for number in range(5):
        world.online(world.hire(store, f"R{number}", max_per_day=8), at=TEN)
    SpecialDay.objects.create(store=store, date=world.TUESDAY, note="Later").intervals.create(
        opens="10:00", closes="12:00"
    )
    in_front(store, 8)
    client = Client()
    client.force_login(manager_of(store))

    with CaptureQueriesContext(connection) as queries:
        page = client.get(f"/stores/{store.pk}/").content.decode()

    assert f"/stores/{store.pk}/desk/" in page
    assert len(queries) <= 15, [query["sql"][:90] for query in queries]
