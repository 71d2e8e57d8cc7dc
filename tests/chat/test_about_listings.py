"""Asking about something that is offered: `serviceId` is a listing of one of the two."""

import pytest
import time_machine

from booking_site.common.actors import Actor
from chat.models import Conversation
from chat.presenters.pages import head_of
from chat.selectors.reading import thread_of
from chat.services import open_direct
from tests.appointments import world
from tests.callers import data_of, refusal_of
from tests.factories import ListingFactory

from .conftest import NOW
from .door import app


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def piano(realtor):
    return ListingFactory(realtor=realtor, title="Piano")


@pytest.fixture
def visit(realtor, lin):
    return world.confirmed(realtor.store, world.clock("14:00"), realtor=realtor, customer=lin)


def ask(person, other, listing):
    body = {"targetUserId": other.pk, "serviceId": listing.pk}
    return app(person).post("conversations", body)


def test_a_conversation_about_a_listing_is_one_of_its_own(lin, wei, lin_and_wei, piano):
    opened = data_of(ask(lin, wei, piano), 201)

    assert opened["metadata"] == {"serviceId": str(piano.pk), "orderId": None}
    assert opened["id"] != str(lin_and_wei.pk)
    assert data_of(ask(lin, wei, piano))["id"] == opened["id"]
    assert data_of(ask(wei, lin, piano))["id"] == opened["id"]
    assert Conversation.objects.get(pk=opened["id"]).store == piano.store


def test_its_head_says_what_it_is_about(lin, wei, piano):
    talk = open_direct(wei, listing=piano, by=Actor.of(lin), at=NOW).conversation

    head = head_of(thread_of(lin, talk.pk), at=NOW)
    assert head["listing"] == {"title": "Piano", "href": f"/listings/{piano.pk}/"}

    piano.status = "draft"
    piano.save()
    assert head_of(thread_of(lin, talk.pk), at=NOW)["listing"]["href"] == ""


def test_what_nobody_shows_or_somebody_else_offers_is_not_there(lin, wei, piano):
    others = ListingFactory()
    for listing in (others, ListingFactory(realtor=piano.realtor, status="draft")):
        refused = refusal_of(ask(lin, wei, listing), 404, "not_found")
        assert set(refused) == {"serviceId"}


def test_a_listing_of_the_store_is_asked_about_with_anybody_there(lin, wei, mei, piano):
    piano.realtor = None
    piano.save()

    data_of(ask(lin, wei, piano), 201)
    refusal_of(ask(lin, mei, piano), 404, "not_found")


def test_an_appointment_says_more_than_its_listing(lin, wei, piano, visit):
    body = {"targetUserId": wei.pk, "serviceId": piano.pk, "orderId": visit.pk}

    opened = data_of(app(lin).post("conversations", body), 201)

    assert opened["metadata"] == {"serviceId": str(piano.pk), "orderId": str(visit.pk)}
    assert opened["card"]["orderId"] == str(visit.pk)


def test_a_group_is_about_no_listing(lin, wei, piano):
    body = {"participantIds": [wei.pk], "name": "Us", "serviceId": piano.pk}

    assert set(refusal_of(app(lin).post("conversations", body), 400, "invalid")) == {"serviceId"}
