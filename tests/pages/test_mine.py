"""The list of an account."""

from copy import copy
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from appointments import services
from appointments.models import Appointment
from booking_site.common.actors import SYSTEM
from realtors.models import Realtor
from reviews.models import Review
from stores.models import Store
from tests.appointments import world

from .visitor import Visitor

TWO = world.clock("14:00")


def test_who_is_not_signed_in_is_asked_to(lan: Visitor, db: None):
    answer = lan.client.get("/appointments/")

    assert answer["Location"] == "/accounts/login/?next=/appointments/"


def test_nothing_yet_says_what_to_do(fang_at_home: Visitor):
    page = fang_at_home.look("/appointments/")

    assert "You have no appointment" in page
    assert "Find a store" in page


def test_only_ones_own_are_listed(fang_at_home: Visitor, fang: User, store: Store, wei: Realtor):
    mine = world.book(store, TWO, customer=fang)
    other = world.book(store, world.clock("16:00"), phone=world.QIANG)

    page = fang_at_home.look("/appointments/")

    assert mine.code in page
    assert other.code not in page


def test_what_is_over_stands_under_past(
    fang_at_home: Visitor, fang: User, store: Store, wei: Realtor
):
    coming = world.book(store, TWO, customer=fang)
    gone = world.book(store, world.clock("16:00"), customer=fang)
    services.cancel(gone, by=SYSTEM, at=world.NOW)

    upcoming, past = (
        fang_at_home.look("/appointments/"),
        fang_at_home.look("/appointments/", show="past"),
    )

    assert coming.code in upcoming
    assert gone.code not in upcoming
    assert gone.code in past
    assert coming.code not in past


def test_the_next_one_comes_first(fang_at_home: Visitor, fang: User, store: Store, wei: Realtor):
    later = world.book(store, world.clock("16:00"), customer=fang)
    sooner = world.book(store, TWO, customer=fang)

    page = fang_at_home.look("/appointments/")

    assert page.index(sooner.code) < page.index(later.code)


def test_a_code_given_back_does_not_break_the_list(
    fang_at_home: Visitor, fang: User, store: Store, wei: Realtor
):
    booked = world.book(store, TWO, customer=fang)
    services.cancel(booked, by=SYSTEM, at=world.NOW)
    type(booked).objects.update(code=None)

    assert "cancelled" in fang_at_home.look("/appointments/", show="past")


@pytest.mark.parametrize("page", ["0", "abc", "-3", "99"])
def test_a_page_that_is_none_shows_one_that_is(fang_at_home: Visitor, page: str):
    assert fang_at_home.client.get("/appointments/", {"page": page}).status_code == 200


def test_many_appointments_need_few_queries(
    fang_at_home: Visitor, fang: User, store: Store, wei: Realtor
):
    for day in range(1, 7):
        for hour in ("10:00", "14:00"):
            world.book(store, world.clock(hour, world.MONDAY + timedelta(days=day)), customer=fang)

    with CaptureQueriesContext(connection) as queries:
        page = fang_at_home.look("/appointments/")

    assert len(queries) <= 15
    assert "1 of 2" in page


# What is over


def completed(fang: User, store: Store, hour: str = "14:00") -> Appointment:
    booked = world.running(store, world.clock(hour), customer=fang)
    return services.complete(booked, by=SYSTEM, at=booked.starts_at + timedelta(minutes=30))


def test_a_visit_waits_for_a_word_until_one_is_said(
    fang_at_home: Visitor, fang: User, store: Store, wei: Realtor
):
    visit = completed(fang, store)
    write = f'href="/appointments/{visit.code}/review/"'

    waiting = fang_at_home.look("/appointments/", show="review")
    assert write in waiting
    assert '<span class="badge">1</span>' in fang_at_home.look("/appointments/")
    Review.objects.create(
        appointment=visit, store=store, realtor=wei, user=fang, rating=5, created_at=world.NOW
    )

    assert "You have said everything" in fang_at_home.look("/appointments/", show="review")
    past = fang_at_home.look("/appointments/", show="past")
    assert "How was it?" not in past
    assert "Your review" in past
    assert write in past


def test_what_was_cancelled_waits_for_no_word(
    fang_at_home: Visitor, fang: User, store: Store, wei: Realtor
):
    gone = world.book(store, TWO, customer=fang)
    services.cancel(gone, by=SYSTEM, at=world.NOW)

    assert "You have said everything" in fang_at_home.look("/appointments/", show="review")
    assert "How was it?" not in fang_at_home.look("/appointments/", show="past")


def test_one_books_the_same_again_in_one_tap(
    fang_at_home: Visitor, fang: User, store: Store, wei: Realtor
):
    completed(fang, store)
    again = f'href="/stores/{store.pk}/?realtor={wei.pk}"'

    assert again in fang_at_home.look("/appointments/", show="past")
    store.is_active = False
    store.save()
    assert "Book again" not in fang_at_home.look("/appointments/", show="past")


def test_a_place_in_the_live_line_comes_first(
    fang_at_home: Visitor, fang: User, store: Store, wei: Realtor
):
    time = world.book(store, TWO, customer=fang)
    line = world.join(store, customer=fang, at=world.clock("09:30"))

    page = fang_at_home.look("/appointments/")

    assert page.index(line.code) < page.index(time.code)
    assert "Number 1 in line" in page


@pytest.mark.parametrize("show", ["upcoming", "past", "review"])
def test_two_hundred_need_no_more_queries(
    fang_at_home: Visitor, fang: User, store: Store, wei: Realtor, show: str
):
    pattern = completed(fang, store)
    rows = []
    for number in range(200):
        row = copy(pattern)
        row.pk, row.code = None, f"{number:06d}"
        row.starts_at -= timedelta(days=number)
        row.ends_at -= timedelta(days=number)
        rows.append(row)
    Appointment.objects.bulk_create(rows)
    if show == "upcoming":
        later = timedelta(days=300)
        Appointment.objects.exclude(pk=pattern.pk).update(
            status="confirmed", starts_at=world.NOW + later, ends_at=world.NOW + later + world.HOUR
        )

    with CaptureQueriesContext(connection) as queries:
        page = fang_at_home.look("/appointments/", show=show)

    assert len(queries) <= 12, [query["sql"][:90] for query in queries]
    assert "1 of 2" in page


def test_a_script_in_a_name_is_only_text(
    fang_at_home: Visitor, fang: User, store: Store, wei: Realtor
):
    script = "<script>alert(1)</script>"
    booked = world.book(store, TWO, customer=fang, requirements=script)
    Appointment.objects.update(customer_name=script)
    Realtor.objects.update(name=script)
    Store.objects.update(name=script, address=script)
    User.objects.filter(pk=fang.pk).update(display_name=script)

    for page in ("", f"{booked.code}/", f"{booked.code}/cancel/", f"{booked.code}/reschedule/"):
        assert "<script>alert" not in fang_at_home.look(f"/appointments/{page}")
