"""The list of one's conversations."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from chat import services
from chat.models import Conversation
from tests.appointments.world import NOW
from tests.chat import talk
from tests.factories import UserFactory

from .visits import LIST, MINUTE, look, thread


def test_an_empty_list_says_how_a_conversation_begins(hers: Client):
    assert "No conversations yet" in look(hers, LIST)
    assert "Nothing is put away" in look(hers, LIST, archived="1")


def test_it_shows_with_whom_what_was_said_last_and_how_much_is_unread(
    talking: Conversation, fang: User, wei_user: User, hers: Client, his: Client
):
    talk.say(fang, talking, "Is it still free?", at=NOW)
    talk.say(wei_user, talking, "It is", at=NOW)
    talk.say(wei_user, talking, "Come today", at=NOW)

    page = look(hers, LIST)

    assert "Wei" in page
    assert "Come today" in page
    assert "2 unread messages" in page
    assert "You: Come today" in look(his, LIST)
    assert "unread message" not in look(his, LIST)


def test_the_newest_comes_first_and_what_was_put_away_has_a_place_of_its_own(
    fang: User, wei_user: User, mei: User, talking: Conversation, hers: Client
):
    second = talk.between(fang, mei, at=NOW)
    talk.say(fang, talking, "Old", at=NOW)
    talk.say(fang, second, "New", at=NOW + MINUTE)
    page = look(hers, LIST)
    assert page.index("New") < page.index("Old")

    services.put_away(second, at=NOW)

    assert "Mei" not in look(hers, LIST)
    assert "Mei" in look(hers, LIST, archived="1")


def test_a_muted_conversation_says_so_and_counts_for_nothing(
    talking: Conversation, wei_user: User, hers: Client
):
    talk.say(wei_user, talking, at=NOW)
    assert hers.get("/chat/unread/").json() == {"conversations": 1, "muted": []}
    assert 'data-unread="1" data-url="/chat/unread/"' in look(hers, "/")

    hers.post(thread(talking, "mute/"), {"muted": "1"})

    muted = [str(talking.pk)]
    assert hers.get("/chat/unread/").json() == {"conversations": 0, "muted": muted}
    assert 'data-unread="0" data-url="/chat/unread/"' in look(hers, "/")
    assert "muted" in look(hers, LIST)
    hers.post(thread(talking, "mute/"), {"muted": "0"})
    assert hers.get("/chat/unread/").json() == {"conversations": 1, "muted": []}


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        look(client, address)
    return len(queries)


def test_two_hundred_conversations_need_no_more_queries_than_one(
    talking: Conversation, fang: User, hers: Client
):
    talk.say(fang, talking, at=NOW)
    look(hers, LIST)
    one = queries_of(hers, LIST)
    for number in range(200):
        other = talk.between(fang, UserFactory(display_name=f"No. {number}"), at=NOW + MINUTE)
        talk.say(fang, other, at=NOW + MINUTE)

    assert queries_of(hers, LIST) <= one <= 15
    assert "1 of 9" in look(hers, LIST)
    assert queries_of(hers, thread(talking)) <= 15


def test_two_hundred_messages_need_no_more_queries_than_two(
    talking: Conversation, fang: User, wei_user: User, hers: Client
):
    talk.say(fang, talking, at=NOW)
    talk.say(wei_user, talking, at=NOW)
    two = queries_of(hers, thread(talking))
    for number in range(100):
        talk.say(fang, talking, f"No. {number}", at=NOW)
        talk.say(wei_user, talking, f"Re: {number}", at=NOW)

    assert queries_of(hers, thread(talking)) <= two <= 15
