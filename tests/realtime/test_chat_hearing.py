"""Lin, who looks for a flat, and Wei, a realtor, talk over their sockets; on a layer that loses
hints, too.

That every frame has the shape which is written down is what the client looks for by itself.
"""

import pytest
from django.conf import settings
from django.utils import timezone

from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from chat import services
from tests.appointments import world
from tests.chat import talk

from .conftest import on_both_layers

pytestmark = [pytest.mark.django_db(transaction=True), on_both_layers]


@pytest.fixture
def lin(transactional_db):
    return world.register("Lin", phone="+8613800000001", locale="en")


@pytest.fixture
def thread(lin, wei):
    return talk.between(lin, wei.user, at=timezone.now())


@pytest.fixture
def opened(site, sockets):
    """A socket of somebody's that has been welcomed."""

    def open_for(user):
        client = sockets.open(site, user)
        client.welcome()
        return client

    return open_for


@pytest.fixture
def lins(opened, lin, thread):
    return opened(lin)


@pytest.fixture
def weis(opened, wei, thread):
    return opened(wei.user)


def said(thread, text="Is it still free?", client_id="a1", **more):
    return {
        "conversationId": str(thread.pk),
        "content": {"text": text},
        "messageType": "text",
        "clientId": client_id,
        **more,
    }


def test_what_is_said_is_answered_and_heard_by_both(thread, lin, lins, weis):
    answer = lins.ask("send-message", said(thread))

    assert answer["ok"] is True
    sent = answer["data"]
    assert sent["status"] == "sent"
    assert sent["seq"] == 1
    assert sent["clientId"] == "a1"
    for client in (lins, weis):
        frame = client.heard("new-message")
        assert frame["data"] == {key: sent[key] for key in sent if key != "status"}
        assert frame["data"]["sender"]["displayName"] == "Lin"


def test_the_welcome_says_how_much_one_may_say(opened, lin):
    client = opened(lin)

    limits = client.frames[0]["data"]["limits"]

    assert limits["message_length"] == settings.CHAT_MESSAGE_LENGTH
    assert limits["messages_per_minute"] == 100


def test_other_devices_of_whoever_writes_hear_it_too(opened, thread, lin, lins):
    other = opened(lin)

    lins.ask("send-message", said(thread))

    assert other.heard("new-message")["data"]["content"] == {"text": "Is it still free?"}


def test_a_talk_with_answers_changes_and_second_thoughts(thread, lins, weis):
    first = lins.ask("send-message", said(thread))["data"]
    weis.heard("new-message")

    weis.ask("send-message", said(thread, "Yes", "b1", replyToId=first["id"]))
    reply = lins.heard(lambda one: one.get("data", {}).get("clientId") == "b1")["data"]
    assert reply["replyTo"]["content"] == {"text": "Is it still free?"}

    where = {"conversationId": str(thread.pk), "messageId": first["id"]}
    lins.ask("edit-message", where | {"content": {"text": "Is the flat still free?"}})
    edited = weis.heard("message-edited")["data"]
    assert edited["content"] == {"text": "Is the flat still free?"}
    assert edited["editedAt"]

    lins.ask("delete-message", where)
    gone = weis.heard("message-deleted")["data"]
    assert (gone["id"], gone["seq"], gone["hidden"]) == (first["id"], 1, False)
    assert lins.heard("message-deleted")["data"] == gone
    assert weis.numbers == list(range(weis.numbers[0], weis.numbers[0] + len(weis.numbers)))


def test_delivered_and_read_are_told_to_both(thread, lin, wei, lins, weis):
    lins.ask("send-message", said(thread))
    heard = weis.heard("new-message")

    weis.ask("ack", {"u": heard["u"]})
    delivered = lins.heard("message-delivered")["data"]
    weis.ask("mark-read", {"conversationId": str(thread.pk), "seq": 1})
    read = lins.heard("message-read")["data"]

    receipt = {"conversationId": str(thread.pk), "userId": str(wei.user.pk), "seq": 1}
    assert delivered == receipt
    assert read == receipt | {"readAt": read["readAt"]}
    assert weis.heard("message-read")["data"] == read


def test_joining_answers_how_the_conversation_stands(thread, lins, weis):
    weis.ask("send-message", said(thread, "Good morning"))
    lins.heard("new-message")

    head = lins.ask("join-conversation", {"conversationId": str(thread.pk)})["data"]

    assert head["name"] == "Wei"
    assert head["unreadCount"] == 1
    assert head["messages"][0]["content"] == {"text": "Good morning"}


def test_what_happens_to_a_conversation_is_told(thread, lin, wei, lins, weis):
    run_in_transaction(
        lambda: services.mute(thread, muted=True, by=Actor.of(lin), at=timezone.now())
    )
    assert lins.heard("conversation-updated")["data"]["isMuted"] is True

    run_in_transaction(lambda: services.put_away(thread, at=timezone.now()))
    assert lins.until("conversation-updated")["data"]["isActive"] is False
    # Wei hears of the second only.
    assert weis.heard("conversation-updated")["data"]["isActive"] is False


def test_whoever_leaves_a_group_hears_so_and_then_nothing_more(opened, thread, lin, wei, lins):
    bo = world.register("Bo", phone="+8613800000007")
    flat = talk.group(lin, wei.user, bo, at=timezone.now())
    bos, weis = opened(bo), opened(wei.user)

    run_in_transaction(lambda: services.leave(flat, by=Actor.of(bo), at=timezone.now()))
    assert bos.heard("conversation-updated")["data"] == {"id": str(flat.pk), "isMember": False}
    lins.ask("send-message", said(flat))

    weis.heard(lambda one: one.get("data", {}).get("clientId") == "a1")
    assert [one["event"] for one in bos.quiet(1.5) if one["event"] == "new-message"] == []


def test_typing_is_told_to_the_other_and_kept_nowhere(thread, lin, lins, weis):
    for is_typing in (True, True, True, False):
        data = {"conversationId": str(thread.pk), "isTyping": is_typing}
        assert lins.ask("typing", data)["ok"] is True

    told = [one["data"] for one in weis.quiet(1.5) if one["event"] == "user-typing"]

    who = {"conversationId": str(thread.pk), "userId": str(lin.pk)}
    # Once in three seconds; and that she has stopped.
    assert told == [who | {"isTyping": True}, who | {"isTyping": False}]
    assert weis.ask("ping")["data"]["u"] == 1
    assert "user-typing" not in {one["event"] for one in lins.frames}
