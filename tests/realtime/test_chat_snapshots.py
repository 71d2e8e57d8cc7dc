"""State = snapshot + events, for conversations: whoever keeps a picture of theirs up to date by the
events alone has, after every action, what the API would answer them.

``reduced`` is also what a client has to do with each frame.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone, translation

from accounts.models import User
from appointments import services as appointments
from appointments.models import Appointment
from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from chat import services
from chat.models import Conversation, Message
from chat.presenters.conversations import conversation_data
from chat.presenters.messages import message_data, preview
from chat.presenters.notes import said_by_the_site
from chat.rules import preview_of
from chat.selectors.reading import messages_page, threads_of
from chat.services.moderating import hide, restore
from notifications.frames import durable
from notifications.models import UserEvent
from notifications.selectors.stream import events_after, position_of
from realtors.models import Realtor
from tests.appointments import world
from tests.appointments.orders import order_wish, service
from tests.chat import talk
from tests.factories import manager_of

from .happenings import accepted, booked, cancelled, soon
from .protocol import check

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]

Picture = dict[str, Any]
NOW = timezone.now()
CHAT = {
    "new-message",
    "message-edited",
    "message-deleted",
    "message-read",
    "message-delivered",
    "conversation-updated",
    "order-updated",
}


def snapshot(user: User) -> Picture:
    """As HTTP answers it: all one's conversations, and all one sees in them."""
    with translation.override(user.locale):
        threads = [
            thread
            for archived in (False, True)
            for thread in threads_of(user, {"limit": "100"}, archived=archived).rows
        ]
        return {
            str(one.conversation.pk): {
                "head": conversation_data(one),
                "said": {
                    row.seq: message_data(row, since=one.own.joined_seq)
                    for row in messages_page(one, limit=100)
                },
            }
            for one in threads
        }


class Reader:
    """One user's client, which has looked once and has listened since."""

    def __init__(self, user: User) -> None:
        self.user = user
        # The position first, the state after: what lies between comes twice, and never not.
        self.last = position_of(user.pk).last
        self.picture = snapshot(user)

    def listen(self) -> list[str]:
        """Takes in what has happened; the names of the events."""
        rows = events_after(self.user.pk, self.last)
        for row in rows:
            assert row.u == self.last + 1
            self.last = row.u
            frame = check(json.loads(durable(row.event, row.u, row.payload)))
            with translation.override(self.user.locale):
                self.take_in(frame)
        return [row.event for row in rows]

    def seen(self) -> Picture:
        """With what was said last, and how far that has come."""
        for known in self.picture.values():
            head, said = known["head"], known["said"]
            last = said.get(head["lastSeq"])
            head["messages"] = [last | {"status": self._status(last, head)}] if last else []
        return self.picture

    def _status(self, message: dict[str, Any], head: dict[str, Any]) -> str | None:
        if not message["sender"] or message["sender"]["id"] != str(self.user.pk):
            return None
        others = [one for one in head["participants"] if one["user"]["id"] != str(self.user.pk)]
        for name, status in {"lastReadSeq": "read", "lastDeliveredSeq": "delivered"}.items():
            if others and all(one[name] >= message["seq"] for one in others):
                return status
        return "sent"

    def take_in(self, frame: dict[str, Any]) -> None:
        data = frame.get("data", {})
        match frame["event"]:
            case "conversation-updated" if not data["isMember"]:
                self.picture.pop(data["id"], None)
            case "conversation-updated":
                del data["isMember"]
                known = self.picture.setdefault(data["id"], {"said": {}, "head": {}})
                known["head"] |= data
            case "new-message":
                self._say(data)
            case "message-edited":
                self._change(data["conversationId"], data["seq"], data)
            case "message-deleted":
                self._take_back(data)
            case "message-read":
                self._come(data, "lastReadSeq", "lastDeliveredSeq", read_at=data["readAt"])
            case "message-delivered":
                self._come(data, "lastDeliveredSeq")
            case "order-updated":
                self._renew_order(data)

    def _renew_order(self, data: dict[str, Any]) -> None:
        known = self.picture[data["conversationId"]]
        if known["head"]["metadata"]["orderId"] == data["orderId"]:
            known["head"]["card"] = data["card"]
        for one in known["said"].values():
            if one["content"].get("orderId") == data["orderId"] and "order" in one["metadata"]:
                one["metadata"]["order"] = data["card"]

    def _say(self, data: dict[str, Any]) -> None:
        # Of one that is not known yet the head comes in the same transaction.
        known = self.picture.setdefault(data["conversationId"], {"said": {}, "head": {}})
        known["said"][data["seq"]] = data
        head = known["head"]
        if "lastSeq" not in head:
            return
        sender, seq = data["sender"] and data["sender"]["id"], data["seq"]
        head["_count"]["messages"] += seq - head["lastSeq"]
        head |= {"lastSeq": seq, "updatedAt": data["createdAt"]}
        for one in head["participants"]:
            caught_up = data["metadata"].get("quiet") and one["lastReadSeq"] == seq - 1
            if one["user"]["id"] == sender or caught_up:
                one |= {"lastReadSeq": seq, "lastDeliveredSeq": seq}
            if one["user"]["id"] == sender:
                one["lastReadAt"] = data["createdAt"]
        self._count(head)

    def _change(self, conversation: str, seq: int, data: dict[str, Any]) -> None:
        said = self.picture[conversation]["said"]
        said[seq] = said[seq] | data
        for one in said.values():
            if one["replyTo"] and one["replyTo"]["id"] == data["id"]:
                text = said[seq]["content"].get("text", "")
                one["replyTo"]["content"] = {"text": preview_of(text)}

    def _take_back(self, data: dict[str, Any]) -> None:
        gone = {"id": data["id"], "deletedAt": data["deletedAt"]}
        gone |= {"content": {}, "attachments": [], "metadata": {}}
        if data["hidden"]:
            gone["metadata"] = {"hidden": True}
        self._change(data["conversationId"], data["seq"], gone)
        deleted_at = None if data["hidden"] else NOW
        instead = preview(Message(created_at=NOW, deleted_at=deleted_at, hidden_at=NOW))
        for one in self.picture[data["conversationId"]]["said"].values():
            if one["replyTo"] and one["replyTo"]["id"] == data["id"]:
                one["replyTo"]["content"] = {"text": instead}

    def _come(self, data: dict[str, Any], *names: str, read_at: str = "") -> None:
        head = self.picture[data["conversationId"]]["head"]
        for one in head["participants"]:
            if one["user"]["id"] == data["userId"]:
                one |= {name: max(one[name], data["seq"]) for name in names}
                one |= {"lastReadAt": read_at} if read_at else {}
        self._count(head)

    def _count(self, head: dict[str, Any]) -> None:
        """What follows from how far everybody has come."""
        own = next(one for one in head["participants"] if one["user"]["id"] == str(self.user.pk))
        head["lastReadSeq"] = own["lastReadSeq"]
        head["unreadCount"] = head["lastSeq"] - own["lastReadSeq"]


@pytest.fixture
def lin(transactional_db):
    return world.register("Lin", phone="+8613800000001", locale="zh-hans")


@pytest.fixture
def wei(store):
    return world.hire(store, "Wei")


@pytest.fixture
def bo(transactional_db):
    return world.register("Bo", phone="+8613800000007", locale="en")


@dataclass
class Scene:
    """Lin and Wei talk about Lin's appointment; both and Bo are in a group. Bo reads English."""

    lin: User
    wei: Realtor
    ming: Realtor
    bo: User
    guan: User
    appointment: Appointment
    pair: Conversation
    flat: Conversation
    first: Message
    reply: Message

    @property
    def people(self) -> list[User]:
        return [self.lin, self.wei.user, self.ming.user, self.bo]


@pytest.fixture
def scene(store, wei, lin, bo):
    ming = world.hire(store, "Ming")
    guan = manager_of(store)
    appointment = booked(store, lin, realtor=wei)
    at = timezone.now()
    pair = talk.between(lin, wei.user, about=appointment, at=at)
    flat = talk.group(lin, wei.user, bo, at=at)
    first = talk.say(lin, pair, "Is it still free?", at=at)
    reply = talk.say(wei.user, pair, "It is", at=at, reply_to_id=first.pk)
    talk.say(bo, flat, "Good morning", at=at)
    return Scene(lin, wei, ming, bo, guan, appointment, pair, flat, first, reply)


def do(work, *args, by=None, **options):
    """As a request does it, at this moment."""
    actor = {"by": Actor.of(by)} if by is not None else {}
    return run_in_transaction(lambda: work(*args, **actor, at=timezone.now(), **options))


def _reassigned(one: Scene) -> None:
    do(appointments.reassign, one.appointment, by=one.guan, realtor=one.ming, reason="x")


def _moved(one: Scene) -> None:
    do(appointments.reschedule, one.appointment, by=one.lin, starts_at=soon(1))


def _hidden(one: Scene) -> None:
    do(hide, one.first, by=one.guan, reason="rude")


def _shown_again(one: Scene) -> None:
    _hidden(one)
    do(restore, one.first, by=one.guan, reason="it was not")


def _put_away(one: Scene) -> None:
    do(services.put_away, one.pair)


def _taken_out(one: Scene) -> None:
    _put_away(one)
    talk.between(one.lin, one.wei.user, about=one.appointment, at=timezone.now())


def _written_by_the_site(one: Scene) -> None:
    own = do(services.system_conversation, one.lin)
    do(services.write_to, own, "Welcome.")


def _back_again(one: Scene) -> None:
    do(services.leave, one.flat, by=one.bo)
    talk.say(one.lin, one.flat, "Bo is gone", at=timezone.now())
    do(services.add_people, one.flat, [one.bo], by=one.lin)
    talk.say(one.lin, one.flat, "Bo is back", at=timezone.now())


def _late_comer(one: Scene) -> None:
    """Who came later hears nothing of what was said before."""
    early = talk.say(one.lin, one.flat, "Ming is late", at=timezone.now())
    do(services.add_people, one.flat, [one.ming.user], by=one.bo)
    do(services.edit, early, "Ming is coming", by=one.lin)
    talk.say(one.ming.user, one.flat, "Here", at=timezone.now())
    do(services.take_back, early, by=one.lin)


def _ordered(one: Scene) -> Appointment:
    """In the conversation about the visit."""
    cleaning = service(one.appointment.store, provider=one.wei, duration_minutes=60)
    wish = order_wish(cleaning, one.lin, soon(2))
    return do(services.order_in, one.pair, wish, by=one.lin)


def _order_called_off(one: Scene) -> None:
    made = _ordered(one)
    do(appointments.accept, made, by=one.wei.user)
    do(appointments.ask_to_cancel, made, by=one.wei.user)
    do(appointments.answer_cancel_request, made, by=one.lin, agree=True)


ACTIONS: dict[str, Callable[[Scene], object]] = {
    "saying something": lambda one: talk.say(one.lin, one.pair, at=timezone.now()),
    "answering": lambda one: talk.say(
        one.lin, one.pair, "So?", reply_to_id=one.reply.pk, at=timezone.now()
    ),
    "a sticker": lambda one: talk.say(
        one.bo, one.flat, "", kind="sticker", sticker="thanks", at=timezone.now()
    ),
    "changing what is quoted": lambda one: do(services.edit, one.first, "Is it?", by=one.lin),
    "taking back what is quoted": lambda one: do(services.take_back, one.first, by=one.lin),
    "reading": lambda one: do(services.mark_read, one.pair.pk, 9, by=one.lin),
    "reading in a group": lambda one: do(services.mark_read, one.flat.pk, 9, by=one.wei.user),
    "having it delivered": lambda one: do(services.mark_delivered, one.lin.pk, {one.pair.pk: 9}),
    "muting": lambda one: do(services.mute, one.flat, muted=True, by=one.lin),
    "beginning a group": lambda one: talk.group(one.bo, one.lin, name="Two", at=timezone.now()),
    "beginning to talk": lambda one: talk.between(one.bo, one.lin, at=timezone.now()),
    "bringing somebody in": _late_comer,
    "renaming": lambda one: do(services.rename, one.flat, name="Home", by=one.lin),
    "leaving": lambda one: do(services.leave, one.flat, by=one.lin),
    "leaving and coming back": _back_again,
    "putting away": _put_away,
    "taking out again": _taken_out,
    "hiding": _hidden,
    "showing again": _shown_again,
    "writing as the site": _written_by_the_site,
    "accepting the appointment": lambda one: accepted(one.appointment),
    "moving it": _moved,
    "cancelling it": lambda one: cancelled(one.appointment, Actor.of(one.lin)),
    "giving it to another realtor": _reassigned,
    "ordering": _ordered,
    "calling an order off": _order_called_off,
    "declining it": lambda one: do(appointments.decline, one.appointment, by=one.wei.user),
}


@pytest.mark.parametrize("name", ACTIONS)
def test_after_every_action_the_picture_is_the_fresh_one(scene, name):
    readers = [Reader(one) for one in scene.people]

    ACTIONS[name](scene)

    heard = [reader.listen() for reader in readers]
    # That it was heard at all: the test is blind to what changes nothing.
    assert set().union(*heard) & CHAT, heard
    for reader in readers:
        assert reader.seen() == snapshot(reader.user)


def test_whoever_comes_later_hears_nothing_of_before(scene):
    reader = Reader(scene.ming.user)

    _late_comer(scene)

    told = events_after(scene.ming.user.pk, reader.last)
    assert "late" not in str([row.payload for row in told])
    assert "coming" not in str([row.payload for row in told])
    assert reader.listen()


def test_a_client_that_leaves_frames_out_is_found_out(scene):
    """The control: the comparison can fail."""
    reader = Reader(scene.lin)
    do(services.rename, scene.flat, name="Home", by=scene.lin)
    talk.say(scene.lin, scene.pair, at=timezone.now())
    reader.last = position_of(scene.lin.pk).last - 1

    reader.listen()

    assert reader.seen() != snapshot(scene.lin)


def test_a_long_message_in_chinese_takes_less_than_four_kilobytes(scene):
    talk.say(scene.lin, scene.pair, "好" * 1000, at=timezone.now())

    with connection.cursor() as cursor:
        size = (
            "length(cast(payload as blob))" if connection.vendor == "sqlite" else "length(payload)"
        )
        cursor.execute(f"select max({size}) from notifications_userevent")
        assert 3000 < cursor.fetchone()[0] < 4096


def test_everybody_reads_the_site_in_their_own_language(scene):
    do(services.rename, scene.flat, name="Home", by=scene.lin)

    def note_for(user):
        rows = UserEvent.objects.filter(user=user, event="new-message").order_by("-u")
        return rows[0].payload["data"]["content"]["text"]

    with translation.override("en"):
        assert note_for(scene.bo) == said_by_the_site(scene.flat.messages.get(seq=3))
    with translation.override(scene.lin.locale):
        assert note_for(scene.lin) == said_by_the_site(scene.flat.messages.get(seq=3))
