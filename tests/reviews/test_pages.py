"""The page on which a customer says how it was, and where others read it."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reviews.models import Review
from tests.appointments import world
from tests.pages.visitor import Visitor

from .visits import say, served

ENGLISH = {"accept-language": "en"}
EVENING = world.clock("17:30")


@pytest.fixture(autouse=True)
def evening():
    with time_machine.travel(EVENING, tick=False):
        yield


def at_home(user) -> Visitor:
    visitor = Visitor(Client(headers=ENGLISH))
    visitor.client.force_login(user)
    return visitor


@pytest.fixture
def visit(store, wei, fang):
    """Fang's, completed this morning."""
    return served(wei, customer=fang)


@pytest.fixture
def page(visit) -> str:
    return f"/appointments/{visit.code}/review/"


def test_the_ticket_leads_there_and_what_was_said_is_shown(fang, visit, page):
    fangs = at_home(fang)
    assert page in fangs.look(f"/appointments/{visit.code}/")
    assert "How was it?" in fangs.look(page)

    answer = fangs.client.post(page, {"rating": "4", "comment": "Patient."}, follow=True)

    shown = answer.content.decode()
    assert answer.redirect_chain == [(page, 302)]
    assert "Thank you. Others can read it now." in shown
    assert "Patient." in shown
    assert "Send your review" not in shown
    assert Review.objects.get().rating == 4


def test_a_second_post_leads_to_what_was_said(fang, visit, page):
    say(visit, 5, "Kind.")

    answer = at_home(fang).client.post(page, {"rating": "1"})

    assert (answer.status_code, answer["Location"]) == (302, page)
    assert Review.objects.get().rating == 5


@pytest.mark.parametrize("stars", ["", "0", "6", "many"])
def test_without_stars_it_says_so_and_keeps_the_words(fang, page, stars):
    answer = at_home(fang).client.post(page, {"rating": stars, "comment": "Patient."})

    shown = answer.content.decode()
    assert "Please choose one to five stars." in shown
    assert "Patient." in shown
    assert not Review.objects.exists()


def test_words_that_are_too_long_are_kept_and_refused(fang, page):
    answer = at_home(fang).client.post(page, {"rating": "5", "comment": "x" * 1001})

    assert answer.status_code == 200
    assert "x" * 1001 in answer.content.decode()
    assert not Review.objects.exists()


def test_a_guest_proves_it_first(store, wei):
    visit = served(wei)
    page = f"/appointments/{visit.code}/review/"
    lan = Visitor(Client(headers=ENGLISH))
    for answer in (lan.client.get(page), lan.client.post(page, {"rating": "1"})):
        assert (answer.status_code, answer["Location"]) == (302, f"/appointments/{visit.code}/")

    lan.client.post(f"/appointments/{visit.code}/proof/", {"digits": world.LAN[-4:]})
    assert page in lan.look(f"/appointments/{visit.code}/")
    lan.client.post(page, {"rating": "5", "comment": "Quick."})

    review = Review.objects.get()
    assert (review.rating, review.comment, review.user) == (5, "Quick.", None)


def test_nobody_else_is_asked(store, wei, visit, page):
    for by in (world.acting(wei), world.manager(store)):
        other = at_home(by.user)
        shown = other.client.get(f"/appointments/{visit.code}/", follow=True)
        assert page not in shown.content.decode()
        assert (
            other.client.post(page, {"rating": "5"})["Location"] == f"/appointments/{visit.code}/"
        )
    stranger = at_home(world.register("Bo"))
    assert stranger.client.post(page, {"rating": "5"}).status_code == 302
    assert not Review.objects.exists()


def test_those_concerned_read_what_was_said(wei, visit, page):
    say(visit, 3, "Late.")

    assert "Late." in at_home(wei.user).look(page)


def test_before_it_is_over_there_is_nothing_to_say(store, wei, fang):
    visit = world.confirmed(store, EVENING - timedelta(minutes=30), customer=fang)
    page = f"/appointments/{visit.code}/review/"
    fangs = at_home(fang)

    assert page not in fangs.look(f"/appointments/{visit.code}/")
    answer = fangs.client.post(page, {"rating": "5"}, follow=True)

    assert "once the appointment is over" in answer.content.decode()
    assert not Review.objects.exists()


def test_a_code_nobody_holds_is_not_found(fang, visit):
    other = "000000" if visit.code != "000000" else "111111"

    assert at_home(fang).client.get(f"/appointments/{other}/review/").status_code == 404


def test_it_is_neither_kept_nor_indexed(fang, page):
    answer = at_home(fang).client.get(page)

    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Referrer-Policy"] == "no-referrer"


def test_words_are_shown_as_they_are_and_never_run(fang, visit, page, store):
    say(visit, 4, "<script>alert(1)</script>")

    for address in (page, f"/stores/{store.pk}/"):
        shown = at_home(fang).look(address)
        assert "&lt;script&gt;alert(1)" in shown
        assert "<script>alert" not in shown


def test_the_store_shows_the_newest_three(store, wei):
    look = Visitor(Client(headers=ENGLISH)).look
    assert "What customers say" not in look(f"/stores/{store.pk}/")
    for place, phone in enumerate(world.phones(4)):
        say(served(wei, f"{9 + place:02}:00", phone=phone), 4, f"Word {place}.")

    shown = look(f"/stores/{store.pk}/")

    assert [f"Word {place}." in shown for place in range(4)] == [False, True, True, True]
    assert shown.index("Word 3.") < shown.index("Word 1.")
    assert "S**" in shown
    assert "Somebody" not in shown


def test_the_pages_need_few_queries(store, wei, fang, visit, page):
    say(visit, 4, "Kind.")

    fangs = at_home(fang)
    for address in (page, f"/stores/{store.pk}/"):
        with CaptureQueriesContext(connection) as queries:
            fangs.look(address)
        assert len(queries) <= 15, [query["sql"][:90] for query in queries]
