"""What all pages have around them: languages, errors, queries."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from realtors.models import Realtor
from stores.models import Store
from tests.appointments import world

from .visitor import Visitor

TWO = world.clock("14:00")


@pytest.mark.parametrize("page", ["", "reschedule/", "cancel/"])
def test_the_pages_of_a_booking_need_few_queries(
    fang_at_home: Visitor, fang: User, store: Store, wei: Realtor, ming: Realtor, page: str
):
    Realtor.objects.update(max_per_day=8)
    booked = world.book(store, TWO, customer=fang)

    with CaptureQueriesContext(connection) as queries:
        fang_at_home.look(f"/appointments/{booked.code}/{page}")

    assert len(queries) <= 15, [query["sql"][:90] for query in queries]


def test_the_page_of_a_waiter_and_the_line_need_few_queries(
    fang_at_home: Visitor, fang: User, store: Store, wei: Realtor
):
    Realtor.objects.update(max_per_day=8)
    world.book(store, TWO)
    line = {"start": "2026-03-02T06:00Z"}

    with CaptureQueriesContext(connection) as queries:
        fang_at_home.look(f"/stores/{store.pk}/queue/", **line)
    assert len(queries) <= 15, [query["sql"][:90] for query in queries]

    waiting = world.book(store, TWO, customer=fang)
    with CaptureQueriesContext(connection) as queries:
        fang_at_home.look(f"/appointments/{waiting.code}/")
    assert len(queries) <= 15, [query["sql"][:90] for query in queries]


def test_a_missing_page_says_so_in_the_sites_own_words(lan: Visitor, db: None):
    answer = lan.client.get("/no-such-page/")

    assert answer.status_code == 404
    assert "There is no page behind this door" in answer.content.decode()


def test_a_form_without_its_token_is_refused_kindly(store: Store, wei: Realtor):
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})

    answer = strict.post(f"/stores/{store.pk}/hold/", {"starts_at": "2026-03-02T06:00Z"})

    assert answer.status_code == 403
    assert "Please try that once more" in answer.content.decode()


def test_the_language_is_changed_by_a_form(lan: Visitor, db: None):
    answer = lan.client.post("/i18n/setlang/", {"language": "zh-hans", "next": "/stores/"})

    assert answer["Location"] == "/stores/"
    assert '<html lang="zh-hans">' in lan.look("/stores/")


def test_the_language_of_the_page_is_kept_with_the_booking(
    qiang: Visitor, store: Store, wei: Realtor
):
    qiang.client.post("/i18n/setlang/", {"language": "zh-hans", "next": "/"})

    assert qiang.book(store, TWO).locale == "zh-hans"


@pytest.mark.parametrize("address", ["proof/", "cancel/", "reschedule/"])
def test_addresses_of_forms_can_be_loaded_again(
    lan: Visitor, store: Store, wei: Realtor, address: str
):
    booked = world.book(store, TWO)

    answer = lan.client.get(f"/appointments/{booked.code}/{address}", follow=True)

    assert answer.status_code == 200


@pytest.mark.parametrize("page", ["/", "/stores/", "/track/", "/stores/{store}/"])
def test_pages_carry_no_inline_script_or_style(lan: Visitor, store: Store, wei: Realtor, page: str):
    text = lan.look(page.format(store=store.pk))

    assert " style=" not in text
    assert "<style" not in text
    assert "onclick" not in text
    assert "<script>" not in text
