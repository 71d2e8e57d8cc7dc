"""Seeing a house: its own free times, the three steps with the house beside them, and its page
afterwards."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from appointments import services
from appointments.models import Appointment, Hold, Status
from appointments.presenters.times import stamp
from booking_site.common.actors import SYSTEM, Actor
from realtors.models import Listing, Realtor
from stores.models import Store
from tests.appointments import places, world

from .visitor import Visitor

TEN, ELEVEN = world.clock("10:00"), world.clock("11:00")
ADDRESS = "Wukang Road 12, 3rd floor"


@pytest.fixture
def jing(store: Store) -> Realtor:
    return world.hire(store, "Jing")


@pytest.fixture
def flat(store: Store, jing: Realtor) -> Listing:
    """Jing's: half an hour to see it, cancelled until three hours before."""
    return places.house(store, realtor=jing, address=ADDRESS, cancel_cutoff_minutes=180)


@pytest.fixture
def agencys(store: Store, jing: Realtor) -> Listing:
    """Shown by whoever of the agency is free."""
    return places.house(store, "Three rooms by the park", address="Park Road 1", realtor=None)


def times_of(house: Listing) -> str:
    return f"/houses/{house.pk}/viewing/"


def book(visitor: Visitor, house: Listing, **changed: str) -> Appointment:
    address = visitor.fill_in(visitor.hold(house.store, TEN, listing=house.pk), **changed)
    answer = visitor.client.post(address)
    assert answer.status_code == 302, answer.content.decode()
    return Appointment.objects.get(code=answer["Location"].strip("/").split("/")[-1])


# Choosing


def test_the_page_of_the_house_leads_to_its_times(lan: Visitor, flat: Listing):
    page = lan.look(f"/listings/{flat.pk}/")

    assert "Book a viewing" in page
    assert f'href="{times_of(flat)}' in page


def test_the_times_are_those_of_the_house(
    lan: Visitor, store: Store, flat: Listing, wei: Realtor, jing: Realtor
):
    world.book(store, ELEVEN, listing=flat)

    page = lan.look(times_of(flat))

    assert flat.title in page
    assert ADDRESS in page
    assert "Viewing costs nothing." in page
    assert "Your host confirms the viewing" in page
    assert "30 minutes" in page
    assert "until 3 hours before the start" in page
    assert f'name="listing" value="{flat.pk}"' in page
    assert f'value="{stamp(TEN)}"' in page
    # Wei would be free, but it is Jing who shows it.
    assert f'<button class="slot" name="starts_at" value="{stamp(ELEVEN)}"' not in page


def test_what_is_no_house_on_show_has_no_times(lan: Visitor, store: Store, flat: Listing):
    place = places.boarding(store)
    Listing.objects.filter(pk=flat.pk).update(status="draft")

    for one in (flat, place):
        assert lan.client.get(times_of(one)).status_code == 404


def test_choosing_keeps_the_house_and_its_host(lan: Visitor, store: Store, flat: Listing):
    page = lan.look(lan.hold(store, TEN, listing=flat.pk))

    held = Hold.objects.get()
    assert (held.listing, held.realtor, held.duration_minutes) == (flat, flat.realtor, 30)
    assert "This time is kept for you" in page
    for said in (flat.title, ADDRESS, "Jing", "Viewing costs nothing."):
        assert said in page
    assert f'href="{times_of(flat)}?date=2026-03-02"' in page


def test_a_house_that_is_not_shown_there_is_not_quietly_left_out(
    lan: Visitor, store: Store, flat: Listing
):
    Listing.objects.filter(pk=flat.pk).update(status="hidden")

    for listing in (flat.pk, 999_999, "x"):
        assert lan.choose(store, TEN, listing=listing).status_code == 404
    assert not Hold.objects.exists()


def test_who_comes_second_sees_the_next_times_of_this_house(
    lan: Visitor, store: Store, flat: Listing, wei: Realtor
):
    world.book(store, TEN, listing=flat)

    answer = lan.choose(store, TEN, listing=flat.pk)

    assert answer["Location"].startswith(f"{times_of(flat)}?")
    page = lan.client.get(answer["Location"]).content.decode()
    assert "has just been taken" in page
    assert "These are the next free times:" in page
    assert f'value="{stamp(TEN + timedelta(minutes=30))}"' in page


def test_a_time_that_ran_out_is_kept_again_for_the_same_house(
    lan: Visitor, store: Store, flat: Listing, monday_morning: time_machine.Traveller
):
    address = lan.hold(store, TEN, listing=flat.pk)
    monday_morning.shift(timedelta(minutes=6))

    assert "it is still free" in lan.look(address)
    lan.fill_in(address)

    assert Hold.objects.live(world.NOW + timedelta(minutes=6)).get().listing == flat


def test_a_time_that_ran_out_and_was_taken_leads_back_to_the_house(
    lan: Visitor, store: Store, flat: Listing, monday_morning: time_machine.Traveller
):
    address = lan.hold(store, TEN, listing=flat.pk)
    monday_morning.shift(timedelta(minutes=6))
    world.book(store, TEN, listing=flat, at=world.NOW + timedelta(minutes=6))

    answer = lan.client.get(address)

    assert answer["Location"].startswith(f"{times_of(flat)}?")


# Booking


def test_a_guest_books_and_the_host_has_to_confirm(lan: Visitor, flat: Listing):
    seen = book(lan, flat)

    assert (seen.listing, seen.realtor, seen.status) == (flat, flat.realtor, Status.PENDING)
    assert (seen.duration_minutes, seen.final_price) == (30, 0)
    assert seen.realtor_named
    page = lan.look(f"/appointments/{seen.code}/")
    for said in (flat.title, ADDRESS, "Jing", "Viewing costs nothing.", "Confirmation by the host"):
        assert said in page
    assert "desk" not in page


def test_the_confirmation_says_the_rules_of_the_house(lan: Visitor, store: Store, flat: Listing):
    page = lan.look(lan.fill_in(lan.hold(store, TEN, listing=flat.pk)))

    assert "until 3 hours before the start" in page
    assert flat.title in page


def test_a_confirmed_viewing_says_where_to_come(lan: Visitor, flat: Listing, jing: Realtor):
    seen = book(lan, flat)
    services.accept(seen, by=world.acting(jing), at=world.NOW)

    page = lan.look(f"/appointments/{seen.code}/")

    assert "Your viewing is confirmed" in page
    assert f"Jing meets you today 10:00 at the house: {ADDRESS}" in page
    assert "Show this to your host, or say the code." in page


def test_the_code_alone_tells_which_house(lan: Visitor, qiang: Visitor, flat: Listing):
    seen = book(lan, flat)

    page = qiang.look(f"/appointments/{seen.code}/")

    assert flat.title in page
    assert "Lan" not in page


def test_ones_own_list_names_the_house(fang_at_home: Visitor, flat: Listing):
    book(fang_at_home, flat)

    page = fang_at_home.look("/appointments/")

    assert flat.title in page
    assert ADDRESS in page


# The agency's house


def test_for_an_agencys_house_one_waits_as_for_other_times(
    lan: Visitor, qiang: Visitor, store: Store, agencys: Listing
):
    world.book(store, TEN, phone=world.QIANG)
    line = f"/stores/{store.pk}/queue/?start={stamp(TEN)}&listing={agencys.pk}"

    page = lan.look(times_of(agencys))
    assert line.replace("&", "&amp;").replace(":", "%3A") in page
    assert agencys.title in lan.look(line)
    confirm = lan.fill_in(line)
    key = lan.look(confirm).split('name="key" value="')[1].split('"')[0]
    answer = lan.client.post(confirm, {"key": key})

    waits = Appointment.objects.get(code=answer["Location"].strip("/").split("/")[-1])
    assert (waits.listing, waits.is_waiting) == (agencys, True)


def test_nobody_waits_for_a_time_at_which_the_house_is_shown_to_others(
    lan: Visitor, store: Store, agencys: Listing, wei: Realtor
):
    world.book(store, TEN, phone=world.QIANG, listing=agencys)
    line = f"/stores/{store.pk}/queue/?start={stamp(TEN)}&listing={agencys.pk}"

    assert f"start={stamp(TEN).replace(':', '%3A')}" not in lan.look(times_of(agencys))
    answer = lan.client.get(line, follow=True)

    assert "The house is shown to somebody else at that time." in answer.content.decode()


def test_nobody_waits_for_a_house_with_a_host_of_its_own(lan: Visitor, store: Store, flat: Listing):
    world.book(store, TEN, listing=flat)

    assert "/queue/" not in lan.look(times_of(flat))
    answer = lan.client.get(f"/stores/{store.pk}/queue/?start={stamp(TEN)}&listing={flat.pk}")

    assert answer["Location"].startswith(times_of(flat))


# Changing


def test_moving_offers_the_week_of_the_house(
    fang_at_home: Visitor, store: Store, flat: Listing, wei: Realtor
):
    seen = book(fang_at_home, flat)
    world.book(store, ELEVEN, listing=flat)
    address = f"/appointments/{seen.code}/reschedule/"

    page = fang_at_home.look(address)
    assert flat.title in page
    assert f'<button class="slot" name="starts_at" value="{stamp(ELEVEN)}"' not in page
    later = ELEVEN + timedelta(hours=1)
    answer = fang_at_home.client.post(address, {"starts_at": stamp(later)})

    assert answer["Location"] == f"/appointments/{seen.code}/"
    seen.refresh_from_db()
    assert (seen.starts_at, seen.listing) == (later, flat)


def test_cancelling_names_the_house(fang_at_home: Visitor, flat: Listing):
    Listing.objects.filter(pk=flat.pk).update(cancel_cutoff_minutes=None)
    seen = book(fang_at_home, flat)

    page = fang_at_home.look(f"/appointments/{seen.code}/cancel/")

    assert "Cancel the viewing?" in page
    assert flat.title in page


def test_a_viewing_called_off_by_the_host_offers_other_times_of_the_house(
    fang_at_home: Visitor, flat: Listing
):
    seen = book(fang_at_home, flat)
    services.cancel(seen, by=SYSTEM, at=world.NOW, reason="realtor_ill")

    page = fang_at_home.look(f"/appointments/{seen.code}/")

    assert f'name="listing" value="{flat.pk}"' in page
    assert f'href="{times_of(flat)}"' in page


# Cost


@pytest.mark.parametrize("whose", ["host", "agency"])
def test_the_pages_need_few_queries(
    fang_at_home: Visitor, fang: User, flat: Listing, agencys: Listing, whose: str
):
    shown = flat if whose == "host" else agencys
    seen = services.book(
        services.BookingRequest(
            store=shown.store,
            listing=shown,
            starts_at=TEN,
            customer=fang,
            customer_name="Fang",
            customer_phone="+8613800000009",
        ),
        by=Actor.of(fang),
        at=world.NOW,
    )
    fang_at_home.client.get("/")

    for page in (times_of(shown), f"/appointments/{seen.code}/", "/appointments/"):
        with CaptureQueriesContext(connection) as queries:
            fang_at_home.look(page)
        assert len(queries) <= 15, (page, [one["sql"][:90] for one in queries])
