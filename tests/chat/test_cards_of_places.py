"""Conversations about stays and viewings say where, when, for which pets, and what became of it."""

from datetime import timedelta

import pytest
from django.utils import translation

from appointments import services
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.transactions import run_in_transaction
from chat.models import Message
from chat.presenters.conversations import card_for
from chat.presenters.messages import message_data
from chat.presenters.pages import head_of, rows_for
from chat.selectors.reading import thread_of
from chat.services import open_direct
from notifications.models import UserEvent
from tests.appointments import places, world
from tests.appointments.world import NOW, TUESDAY, acting, clock
from tests.realtime.protocol import check

from .talk import between

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
THURSDAY = TUESDAY + 2 * DAY


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def home(realtor):
    return places.boarding(realtor.store, sitter=realtor, needs_approval=True)


@pytest.fixture
def stay(home, lin):
    for name in ("Doubao", "Mimi"):
        places.pet_of(lin, name)
    return places.book_stay(home, lin, TUESDAY, THURSDAY)


@pytest.fixture
def talk(stay, lin, wei):
    return between(lin, wei, about=stay, at=NOW)


def done(work):
    return run_in_transaction(work)


def said(conversation) -> list[str]:
    rows = Message.objects.with_parts().filter(conversation=conversation, kind="order")
    return [message_data(one)["content"]["text"] for one in rows.order_by("seq")]


def test_the_card_of_a_stay_says_where_when_and_which_pets(stay, talk, lin, wei, home):
    for one in (lin, wei):
        card = card_for(thread_of(one, talk.pk))
        assert card is not None
        assert (card["about"], card["listingTitle"]) == ("stay", "Home")
        assert (card["checkIn"], card["checkOut"]) == ("2026-03-03", "2026-03-05")
        assert card["petNames"] == ["Doubao", "Mimi"]
        shown = head_of(thread_of(one, talk.pk), at=NOW)["card"]
        assert shown["when"] == "March 3–March 5, 2 nights"
        assert shown["place"] == "Home: Doubao, Mimi"
    (row,) = rows_for([thread_of(lin, talk.pk)], at=NOW)
    assert row["about"] == "March 3–March 5, 2 nights"


def test_what_becomes_of_a_stay_is_said_in_its_own_words(stay, talk, lin, home):
    tao = acting(home.realtor)
    done(lambda: services.accept(stay, by=tao, at=NOW))
    done(lambda: services.move_stay(stay, THURSDAY, by=Actor.of(lin), at=NOW))
    done(lambda: services.start(stay, by=tao, at=clock("14:00", THURSDAY)))
    done(lambda: services.complete(stay, by=tao, at=clock("10:00", THURSDAY + DAY)))

    assert said(talk) == [
        "About this stay",
        "The stay is confirmed",
        "The stay was moved to other dates",
        "The pets have arrived",
        "The pets have gone home",
    ]
    for event in UserEvent.objects.all():
        check({"event": event.event, "u": event.u, **event.payload})


def test_of_a_viewing_the_card_names_the_house(realtor, lin, wei):
    flat = places.house(realtor.store, "Two rooms", realtor=realtor)
    seen = world.book(realtor.store, clock("14:00"), listing=flat, customer=lin)
    talk = between(lin, wei, about=seen, at=NOW)
    done(lambda: services.cancel(seen, by=SYSTEM, at=NOW))

    card = card_for(thread_of(lin, talk.pk))
    assert card is not None
    assert (card["about"], card["listingTitle"], card["checkIn"]) == ("viewing", "Two rooms", None)
    assert said(talk) == ["About this viewing", "The viewing was cancelled"]


@pytest.mark.parametrize("make", [places.boarding, places.house])
def test_from_the_page_of_a_listing_its_provider_is_asked_about_it(realtor, lin, wei, make):
    key = "sitter" if make is places.boarding else "realtor"
    listing = make(realtor.store, **{key: realtor})

    opened = done(lambda: open_direct(wei, listing=listing, by=Actor.of(lin), at=NOW))

    thread = thread_of(lin, opened.conversation.pk)
    assert head_of(thread, at=NOW)["listing"]["title"] == listing.title
    assert head_of(thread, at=NOW)["listing"]["href"] == f"/listings/{listing.pk}/"
