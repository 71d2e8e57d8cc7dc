"""Orders that are made in a conversation: by whom, and that what is said there keeps in step."""

import pytest
import time_machine

from appointments import services
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Conflict, Forbidden, Invalid, NotFound
from booking_site.common.transactions import run_in_transaction
from chat.errors import Archived, Blocked
from chat.models import Block, Message, OrderLink
from chat.selectors.orders import conversation_ids_of
from chat.services import open_direct, open_group, order_in, put_away
from tests.appointments.orders import order_wish, service
from tests.appointments.world import HOUR, NOW, clock, hire, open_store
from tests.factories import manager_of

from .talk import between, say

pytestmark = pytest.mark.django_db

TEN = clock("10:00")


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def cleaning(db):
    return service(open_store(), "Wang")


@pytest.fixture
def wang(cleaning):
    return cleaning.realtor.user


@pytest.fixture
def talk(lin, wang, cleaning):
    """Lin has asked Wang about the cleaning."""
    return asked(lin, wang, cleaning)


def asked(who, other, listing):
    by = Actor.of(who)
    return run_in_transaction(
        lambda: open_direct(other, listing=listing, by=by, at=NOW)
    ).conversation


def ordered(talk, listing, who, starts_at=TEN, *, by=None, **more):
    wish = order_wish(listing, who, starts_at, **more)
    actor = Actor.of(by or who)
    return run_in_transaction(lambda: order_in(talk, wish, by=actor, at=NOW))


def cards(talk):
    rows = Message.objects.filter(conversation=talk, kind="order").order_by("seq")
    return [(row.meta["what"], row.meta["status"]) for row in rows]


def test_an_order_is_made_where_the_two_talk(lin, talk, cleaning):
    made = ordered(talk, cleaning, lin, amount=150)

    assert (made.realtor, made.status, made.final_price) == (cleaning.realtor, "pending", 150)
    assert made.chat_link.conversation == talk
    assert cards(talk) == [("proposed", "pending")]
