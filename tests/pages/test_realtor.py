"""The public page of a realtor."""

import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from realtors.models import Realtor
from stores.models import Category, Store
from tests.appointments import world
from tests.reviews.visits import say, served

from .visitor import Visitor

pytestmark = pytest.mark.usefixtures("categories")


def page_of(realtor: Realtor) -> str:
    return f"/realtors/{realtor.pk}/"


def test_the_page_shows_who_they_are_and_what_they_do(lan: Visitor, store: Store, wei: Realtor):
    wei.skills.add(Category.objects.get(slug="repair"))
    Realtor.objects.filter(pk=wei.pk).update(bio="Ten years of doors.")

    page = lan.look(page_of(wei))

    assert "<h1>Wei</h1>" in page
    assert "Repair" in page
    assert "Ten years of doors." in page
    assert f'href="/stores/{store.pk}/"' in page


def test_what_fits_nowhere_else_is_no_skill_to_tell_of(lan: Visitor, wei: Realtor):
    wei.skills.add(Category.objects.get(slug=Category.EVERYTHING_ELSE))

    assert ">Other<" not in lan.look(page_of(wei))


def test_phone_and_mail_never_show(lan: Visitor, store: Store, wei: Realtor):
    Realtor.objects.filter(pk=wei.pk).update(phone="13911112222", email="wei@private.example")
    assert wei.user is not None
    wei.user.email = "wei@account.example"
    wei.user.save()

    for address in (page_of(wei), f"/stores/{store.pk}/", "/stores/?q=Wei"):
        page = lan.look(address)
        assert "Wei" in page
        for secret in ("13911112222", "private.example", "account.example"):
            assert secret not in page


def test_only_their_own_times_are_offered_and_book_with_them(
    lan: Visitor, store: Store, wei: Realtor, ming: Realtor
):
    world.book(store, world.clock("14:00"), realtor=wei)

    page = lan.look(page_of(wei))
    assert 'name="starts_at" value="2026-03-02T06:00Z"' not in page
    assert 'name="starts_at" value="2026-03-02T07:00Z"' in page
    assert f'name="realtor" value="{wei.pk}"' in page

    address = lan.fill_in(lan.hold(store, world.clock("15:00"), realtor=str(wei.pk)))
    answer = lan.client.post(address)
    assert answer.status_code == 302
    assert wei.appointments.filter(starts_at=world.clock("15:00")).exists()


def test_a_day_off_is_said_to_be_one(lan: Visitor, store: Store, wei: Realtor):
    world.away(wei, world.clock("00:00", world.TUESDAY), world.clock("23:00", world.TUESDAY))

    assert "Wei is not at work on this day" in lan.look(page_of(wei), date="2026-03-03")


def test_on_duty_shows_only_while_they_are(
    lan: Visitor, store: Store, wei: Realtor, monday_morning: time_machine.Traveller
):
    assert "on duty now" not in lan.look(page_of(wei))
    at = world.clock("10:00")
    monday_morning.move_to(at)
    world.online(wei, at=at)
    assert "on duty now" in lan.look(page_of(wei))


@pytest.mark.parametrize("what", ["inactive", "closed", "unknown", "account"])
def test_who_cannot_be_booked_has_no_page(lan: Visitor, store: Store, wei: Realtor, what: str):
    address = page_of(wei)
    if what == "inactive":
        Realtor.objects.update(is_active=False)
    elif what == "closed":
        Store.objects.update(is_active=False)
    elif what == "account":
        assert wei.user is not None
        wei.user.is_active = False
        wei.user.save()
    else:
        address = f"/realtors/{10**18}/"

    answer = lan.client.get(address)

    assert answer.status_code == 404
    page = answer.content.decode()
    assert "This door is closed" in page
    assert "Find a store" in page
    assert not re.search(r"\bWei\b", page)


@pytest.mark.parametrize("date", ["", "\x00", "9999-12-31", "soon"])
def test_a_date_that_is_none_is_left_out(lan: Visitor, store: Store, wei: Realtor, date: str):
    lan.look(page_of(wei), date=date, taken="\x00", realtor="x")


@pytest.mark.parametrize("date", ["2026-03-01", "2026-03-20"])
def test_a_date_that_cannot_be_booked_shows_the_first_free_day(
    lan: Visitor, store: Store, wei: Realtor, date: str
):
    page = lan.look(page_of(wei), date=date)

    assert "Today (Mon, March 2)" in page
    assert 'aria-label="Soon"' in page
    assert "Wei has no free time in these days" not in page
    said = "Times can be booked up to Mon, March 9 for now." in page
    assert said == (date == "2026-03-20")


def test_store_and_realtor_need_few_queries_with_reviews_too(
    fang_at_home: Visitor, store: Store, wei: Realtor, ming: Realtor
):
    for realtor in (wei, ming):
        Realtor.objects.filter(pk=realtor.pk).update(max_per_day=9)
        realtor.skills.add(*Category.objects.all())
    for number, phone in enumerate(world.phones(4)):
        say(served(wei, f"{10 + number}:00", phone=phone), rating=5 - number)

    for address in (page_of(wei), f"/stores/{store.pk}/"):
        with CaptureQueriesContext(connection) as queries:
            page = fang_at_home.look(address)
        assert "What customers say" in page
        assert "<b>3.5</b>" in page
        assert len(queries) <= 15, [query["sql"][:90] for query in queries]
        assert len(page.encode()) < 100_000
