"""What all pages have around them: languages, errors, queries."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.shortcuts import render
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from booking_site.site.views.errors import forbidden, server_error
from realtors.models import Realtor
from stores.models import Store
from tests.appointments import world
from tests.factories import UserFactory, manager_of

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


# Who is signed in


def at_home(user: User) -> Visitor:
    visitor = Visitor(Client(headers={"accept-language": "en"}))
    visitor.client.force_login(user)
    return visitor


def test_a_customer_s_menu_leads_to_what_is_theirs(fang_at_home: Visitor, store: Store):
    page = fang_at_home.look("/track/")

    assert 'href="/accounts/profile/"' in page
    assert "Back office" not in page
    assert f"/stores/{store.pk}/desk/" not in page


def test_a_manager_s_menu_leads_to_the_back_office_and_the_desk(store: Store):
    elsewhere = world.open_store("elsewhere")
    hua = at_home(manager_of(store))

    with CaptureQueriesContext(connection) as queries:
        page = hua.look("/track/")

    assert 'href="/admin/"' in page
    assert 'href="/desks/"' in page
    # Session, and the user with what the bell says.
    assert len(queries) <= 2
    assert hua.client.get("/desks/")["Location"] == f"/stores/{store.pk}/desk/"
    assert hua.client.get(f"/stores/{elsewhere.pk}/desk/").status_code == 404


def test_whoever_runs_several_stores_chooses_among_their_own(store: Store):
    bund, elsewhere = world.open_store("bund"), world.open_store("elsewhere")

    page = at_home(manager_of(store, bund)).look("/desks/")

    for one in (store, bund):
        assert f'href="/stores/{one.pk}/desk/"' in page
        assert f'href="/stores/{one.pk}/board"' in page
    assert f"/stores/{elsewhere.pk}/desk/" not in page


def test_an_operator_turns_the_pages_of_many_stores(db: None):
    for number in range(25):
        world.open_store(f"store-{number}")
    boss = at_home(UserFactory(operator=True))

    with CaptureQueriesContext(connection) as queries:
        page = boss.look("/desks/", page="2")

    assert page.count("/desk/") == 5
    assert len(queries) <= 5


def test_who_runs_no_store_finds_no_desks(fang_at_home: Visitor, lan: Visitor):
    assert fang_at_home.client.get("/desks/").status_code == 404
    assert lan.client.get("/desks/")["Location"] == "/accounts/login/?next=/desks/"


def test_who_is_not_signed_in_costs_no_query(lan: Visitor, db: None):
    with CaptureQueriesContext(connection) as queries:
        lan.look("/track/")

    assert len(queries) == 0


# Errors of last resort


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_error_of_ours_is_told_without_session_or_database(language: str):
    """No database may be used here at all."""
    request = RequestFactory().get("/", headers={"accept-language": language})

    answer = server_error(request)

    page = answer.content.decode()
    assert answer.status_code == 500
    assert "我们这边出错了" in page
    assert "Something broke on our side" in page


def test_what_cannot_be_read_is_refused_kindly(lan: Visitor, db: None, settings: Any):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3

    answer = lan.client.post("/track/", {str(number): "x" for number in range(9)})

    assert answer.status_code == 400
    assert "We could not read that" in answer.content.decode()


def test_a_host_that_is_not_ours_is_refused_kindly(lan: Visitor, db: None):
    answer = lan.client.get("/track/", headers={"host": "evil.example"})

    assert answer.status_code == 400
    assert "We could not read that" in answer.content.decode()


def test_a_closed_door_says_so_to_guests_and_to_those_who_are_signed_in(
    lan: Visitor, fang_at_home: Visitor
):
    for visitor, words in ((lan, "please sign in"), (fang_at_home, "belongs to others")):
        request = RequestFactory().get("/", headers={"accept-language": "en"})
        request.user = visitor.client.get("/track/").context["user"]
        request.session = visitor.client.session

        assert words in forbidden(request, PermissionDenied()).content.decode()


def test_too_often_is_told_kindly(db: None):
    request = RequestFactory().get("/")
    request.user = AnonymousUser()

    page = render(request, "429.html").content.decode()

    assert "Nothing was changed." in page or "没有" in page
