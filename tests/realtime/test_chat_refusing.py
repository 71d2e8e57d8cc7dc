"""What nobody may do over the socket, and how often one may do the rest."""

import time
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from chat import services
from chat.limits import MESSAGES
from chat.models import Message, Participant
from notifications.consumers.operations import OPERATIONS as OPERATIONS_THERE_ARE
from notifications.models import UserEvent
from tests.appointments import world
from tests.chat import talk

from .conftest import bearer_of
from .protocol import document

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lin(transactional_db):
    return world.register("Lin", phone="+8613800000001", locale="en")


@pytest.fixture
def thread(lin, wei):
    return talk.between(lin, wei.user, at=timezone.now())


@pytest.fixture
def said(lin, thread):
    return talk.say(lin, thread, "Is it still free?", at=timezone.now())


@pytest.fixture
def opened(site, sockets):
    def open_for(user):
        client = sockets.open(site, user)
        client.welcome()
        return client

    return open_for


@pytest.fixture
def lins(opened, lin, thread):
    return opened(lin)


def wish(thread, text="Hello", client_id="a1", **more):
    return {
        "conversationId": str(thread.pk),
        "content": {"text": text},
        "clientId": client_id,
        **more,
    }


def code_of(answer):
    assert answer["ok"] is False, answer
    return answer["error"]["code"]


# Fang is in no conversation. Each is asked of Lin's and Wei's.
OPERATIONS = {
    "join-conversation": {},
    "send-message": {"content": {"text": "Hello"}, "clientId": "a1"},
    "edit-message": {"content": {"text": "Hello"}},
    "delete-message": {},
    "mark-read": {"seq": 1},
    "typing": {"isTyping": True},
}


@pytest.mark.parametrize("event", OPERATIONS)
def test_who_is_no_member_may_do_nothing_and_learns_nothing(opened, lin, said, fang, event):
    stranger, member = opened(fang), opened(lin)
    where = {"conversationId": str(said.conversation_id), "messageId": str(said.pk)}
    nowhere = {"conversationId": "999999", "messageId": "999999"}

    there = stranger.ask(event, where | OPERATIONS[event], id="c1")
    missing = stranger.ask(event, nowhere | OPERATIONS[event], id="c2")

    assert code_of(there) == "not_found"
    assert there["error"] == missing["error"]
    assert member.quiet(1.0) == []
    said.refresh_from_db()
    assert said.body == "Is it still free?"
    assert Message.objects.count() == 1


def test_nor_do_they_hear_anything(opened, lin, wei, thread, fang):
    stranger, lins, weis = opened(fang), opened(lin), opened(wei.user)

    lins.ask("typing", {"conversationId": str(thread.pk), "isTyping": True})
    sent = lins.ask("send-message", wish(thread))["data"]
    where = {"conversationId": str(thread.pk), "messageId": sent["id"]}
    lins.ask("edit-message", where | {"content": {"text": "Good morning"}})
    weis.ask("mark-read", {"conversationId": str(thread.pk), "seq": 1})
    lins.ask("delete-message", where)
    weis.heard("message-deleted")

    assert stranger.quiet(1.0) == []


def test_who_has_left_is_a_stranger(opened, lin, wei, fang):
    flat = talk.group(lin, wei.user, fang, at=timezone.now())
    client = opened(fang)
    run_in_transaction(lambda: services.leave(flat, by=Actor.of(fang), at=timezone.now()))

    assert code_of(client.ask("send-message", wish(flat))) == "not_found"
    assert (
        code_of(client.ask("mark-read", {"conversationId": str(flat.pk), "seq": 1})) == "not_found"
    )


@pytest.mark.parametrize("name", ["senderId", "userId"])
def test_a_name_in_a_frame_must_be_ones_own(lin, wei, thread, lins, name):
    """Document 4 believes what stands there."""
    assert (
        code_of(lins.ask("send-message", wish(thread, **{name: str(wei.user.pk)}))) == "forbidden"
    )

    own = wish(thread, **{name: str(lin.pk), "tenantId": "7"})
    assert lins.ask("send-message", own, id="c2")["data"]["sender"]["id"] == str(lin.pk)


def test_what_somebody_else_has_said_stays_as_it_is(opened, wei, said):
    weis = opened(wei.user)
    where = {"conversationId": str(said.conversation_id), "messageId": str(said.pk)}

    assert code_of(weis.ask("edit-message", where | {"content": {"text": "Never"}})) == "forbidden"
    assert code_of(weis.ask("delete-message", where, id="c2")) == "forbidden"


def test_whoever_is_blocked_writes_and_types_to_nobody(opened, lin, wei, thread, lins):
    weis = opened(wei.user)
    run_in_transaction(lambda: services.block(lin, by=Actor.of(wei.user), at=timezone.now()))

    assert code_of(lins.ask("send-message", wish(thread))) == "forbidden"
    lins.ask("typing", {"conversationId": str(thread.pk)}, id="c2")
    weis.ask("typing", {"conversationId": str(thread.pk)}, id="c3")

    assert weis.quiet(1.0) == []
    assert lins.quiet(0.2) == []


@pytest.mark.parametrize(
    ("event", "data", "code"),
    [
        ("send-message", {"content": {"text": "x"}, "clientId": "a"}, "bad_frame"),
        ("send-message", {"conversationId": [], "content": "x", "clientId": "a"}, "bad_frame"),
        ("send-message", {"conversationId": True, "content": "x", "clientId": "a"}, "bad_frame"),
        ("send-message", {"conversationId": "1", "content": {"text": "x"}}, "bad_frame"),
        ("send-message", {"conversationId": "1", "content": 7, "clientId": "a"}, "bad_frame"),
        (
            "send-message",
            {"conversationId": "1", "content": "\ud800", "clientId": "a"},
            "bad_frame",
        ),
        ("send-message", {"conversationId": "x", "content": "x", "clientId": "a"}, "not_found"),
        ("send-message", {"conversationId": "²", "content": "x", "clientId": "a"}, "not_found"),
        (
            "send-message",
            {"conversationId": "9" * 40, "content": "x", "clientId": "a"},
            "not_found",
        ),
        ("send-message", {"conversationId": -1, "content": "x", "clientId": "a"}, "not_found"),
        ("typing", {"conversationId": "1", "isTyping": "yes"}, "bad_frame"),
        ("mark-read", {"conversationId": "1"}, "bad_frame"),
        ("mark-read", {"conversationId": "1", "seq": 2**63}, "bad_frame"),
        ("edit-message", {"conversationId": "1", "content": "x"}, "bad_frame"),
    ],
)
def test_a_frame_that_says_nothing_sensible_is_answered(opened, fang, event, data, code):
    client = opened(fang)

    assert code_of(client.ask(event, data)) == code
    assert client.ask("ping", id="c2")["ok"] is True


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"content": {"text": "   "}}, "invalid"),
        ({"clientId": ""}, "invalid"),
        ({"clientId": "x" * 65}, "invalid"),
        ({"messageType": "system"}, "invalid"),
        ({"messageType": "image"}, "invalid"),
        ({"messageType": "sticker", "content": {"sticker": "bomb"}}, "invalid"),
        ({"messageType": "image", "content": {"attachmentId": "\x00"}}, "not_found"),
        ({"replyToId": "999999"}, "not_found"),
    ],
)
def test_what_cannot_be_sent_is_said_so(thread, lins, more, code):
    assert code_of(lins.ask("send-message", wish(thread) | more)) == code
    assert not Message.objects.exists()


def test_a_thousand_characters_pass_and_one_more_does_not(thread, lins):
    longest = settings.CHAT_MESSAGE_LENGTH

    assert code_of(lins.ask("send-message", wish(thread, "好" * (longest + 1)))) == "too_large"
    answer = lins.ask("send-message", wish(thread, "好" * longest), id="c2")

    assert answer["data"]["content"]["text"] == "好" * longest
    where = {"conversationId": str(thread.pk), "messageId": answer["data"]["id"]}
    longer = {"content": {"text": "好" * (longest + 1)}}
    assert code_of(lins.ask("edit-message", where | longer, id="c3")) == "too_large"


def test_words_of_a_refusal_are_in_the_language_of_whoever_is_refused(opened, lin, thread):
    words = set()
    for locale in ("en", "zh-hans"):
        User.objects.filter(pk=lin.pk).update(locale=locale)
        words.add(opened(lin).ask("send-message", wish(thread, ""))["error"]["message"])

    assert len(words) == 2


def test_sent_again_it_is_still_one_message(thread, lins):
    first = lins.ask("send-message", wish(thread), id="c1")["data"]
    again = lins.ask("send-message", wish(thread), id="c2")["data"]

    assert again == first | {"dup": True}
    assert Message.objects.count() == 1
    assert [one["event"] for one in [*lins.frames, *lins.quiet(0.5)]].count("new-message") == 1


def test_another_message_under_the_same_name_is_refused(thread, lins):
    lins.ask("send-message", wish(thread))

    assert code_of(lins.ask("send-message", wish(thread, "Bye"), id="c2")) == "idempotency_mismatch"


def test_a_hundred_messages_at_once_are_too_many_on_both_doors_together(site, lin, thread, lins):
    address = f"{site.url}/api/v1/chat/conversations/{thread.pk}/messages"
    headers, began = bearer_of(lin), time.monotonic()
    refused: dict[str, Any] = {}

    for number in range(100):
        answer = lins.ask("send-message", wish(thread, "Hi", f"a{number}"), id=f"c{number}")
        if not answer["ok"]:
            refused["socket"] = answer["error"]
        body = {"content": {"text": "Hi"}, "clientId": f"b{number}"}
        by_http = httpx.post(address, json=body, headers=headers)
        if by_http.status_code != 201:
            refused["http"] = by_http.status_code
        if len(refused) == 2:
            break

    assert refused["http"] == 429
    assert refused["socket"]["code"] == "rate_limited"
    assert refused["socket"]["retry"] is True
    # Both drink from one bucket: forty, and what came in meanwhile.
    seconds = time.monotonic() - began
    assert 40 <= Message.objects.count() <= 40 + seconds * MESSAGES.rate + 1


def test_reading_has_a_pace(thread, lins):
    data = {"conversationId": str(thread.pk), "seq": 1}

    answers = [lins.ask("mark-read", data, id=f"c{number}") for number in range(15)]

    refused = [one["error"] for one in answers if not one["ok"]]
    assert 1 <= len(refused) <= 5
    assert all(one["code"] == "rate_limited" and one["after_ms"] > 0 for one in refused)


def test_nobody_acknowledges_what_they_were_not_sent(opened, lin, wei, thread, said):
    weis = opened(wei.user)
    talk.say(lin, thread, "Hello?", at=timezone.now())
    heard = weis.until("new-message")

    weis.ask("ack", {"u": heard["u"] + 1000})

    own = Participant.objects.get(conversation=thread, user=wei.user)
    assert own.last_delivered_seq == 2
    assert own.last_read_seq == 0
    # And twice is once.
    weis.ask("ack", {"u": heard["u"]}, id="c2")
    told = UserEvent.objects.filter(user=lin, event="message-delivered")
    assert told.count() == 1


def test_every_operation_is_written_down():
    assert set(OPERATIONS_THERE_ARE) == set(document()["$defs"]["client-frames"])
