"""…/messages: reading, sending, changing, taking back."""

from datetime import timedelta

import pytest
import time_machine

from booking_site.common import pace
from booking_site.common.actors import Actor
from booking_site.common.models import IdempotencyRecord, SystemConfig
from chat import limits
from chat.models import Block, Message
from chat.services import add_people, mark_delivered, mark_read, put_away
from tests.callers import data_of, refusal_of

from .conftest import NOW
from .door import app, at
from .talk import between, group, say

pytestmark = pytest.mark.django_db
FIELDS = {
    *("id", "conversationId", "seq", "clientId", "sender", "messageType", "content", "replyTo"),
    *("attachments", "metadata", "createdAt", "editedAt", "deletedAt", "status"),
}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def path(lin_and_wei):
    return at(lin_and_wei, "messages")


@pytest.fixture
def ten(wei, lin_and_wei):
    return [say(wei, lin_and_wei, f"No. {n}", at=NOW) for n in range(1, 11)]


def text(words="Hello", **more):
    return {"content": {"text": words}, **more}


def seqs(answer):
    return [one["seq"] for one in data_of(answer)]


# --- Reading --------------------------------------------------------------------------------


def test_page_one_is_the_newest_and_its_oldest_comes_first(lin, path, ten):
    answer = app(lin).get(path, limit=4)

    assert seqs(answer) == [7, 8, 9, 10]
    assert answer.json()["pagination"] == {"page": 1, "limit": 4, "total": 10}
    assert seqs(app(lin).get(path, limit=4, page=2)) == [3, 4, 5, 6]
    assert seqs(app(lin).get(path, limit=4, page=3)) == [1, 2]
    assert seqs(app(lin).get(path, limit=4, page=4)) == []
    assert seqs(app(lin).get(path, page=100_000)) == []


def test_before_and_after_a_number(lin, path, ten):
    assert seqs(app(lin).get(path, before=6, limit=3)) == [3, 4, 5]
    assert seqs(app(lin).get(path, after=6, limit=3)) == [7, 8, 9]
    assert seqs(app(lin).get(path, before=1)) == seqs(app(lin).get(path, after=10)) == []
    assert seqs(app(lin).get(path, before=10**17, limit=2)) == [9, 10]


def test_fifty_unless_one_asks_for_others_and_a_hundred_at_most(lin, path):
    assert app(lin).get(path).json()["pagination"]["limit"] == 50
    assert set(refusal_of(app(lin).get(path, limit=101), 400, "invalid")) == {"limit"}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"page": "0"}, "page"),
        ({"page": "x"}, "page"),
        ({"limit": "-1"}, "limit"),
        ({"before": "x"}, "before"),
        ({"before": "-1"}, "before"),
        ({"after": "1" * 30}, "after"),
        ({"before": "5", "after": "1"}, "after"),
    ],
)
def test_what_makes_no_sense_in_a_query_is_400(lin, path, query, field):
    assert set(refusal_of(app(lin).get(path, **query), 400, "invalid")) == {field}


def test_looking_marks_nothing_as_read(lin, lin_and_wei, path, ten):
    app(lin).get(path)

    assert data_of(app(lin).get(at(lin_and_wei)))["unreadCount"] == 10


def test_only_its_author_sees_how_far_a_message_has_come(lin, wei, lin_and_wei, path, ten):
    mark_delivered(lin.pk, {lin_and_wei.pk: 9}, at=NOW)
    mark_read(lin_and_wei.pk, 8, by=Actor.of(lin), at=NOW)

    statuses = [one["status"] for one in data_of(app(wei).get(path, limit=3))]

    assert statuses == ["read", "delivered", "sent"]
    assert {one["status"] for one in data_of(app(lin).get(path))} == {None}


def test_who_came_later_sees_what_was_said_since(lin, wei, mei):
    flat = group(lin, wei, at=NOW)
    before = say(lin, flat, "Before", at=NOW)
    add_people(flat, [mei], by=Actor.of(lin), at=NOW)
    path = at(flat, "messages")

    answer = app(mei).get(path)

    assert (seqs(answer), answer.json()["pagination"]["total"]) == ([3], 1)
    assert seqs(app(mei).get(path, before=3)) == []
    assert seqs(app(mei).get(path, after=0)) == [3]
    assert "Before" not in answer.content.decode()
    refusal_of(app(mei).patch(f"{path}/{before.pk}", text()), 404, "not_found")


# --- Sending --------------------------------------------------------------------------------


def test_a_message(lin, wei, lin_and_wei, path, ten):
    body = text("Hello", clientId="phone-1", messageType="text", replyToId=str(ten[0].pk))

    data = data_of(app(lin).post(path, body), 201)

    assert set(data) == FIELDS
    assert (data["conversationId"], data["seq"]) == (str(lin_and_wei.pk), 11)
    assert (data["clientId"], data["messageType"]) == ("phone-1", "text")
    assert (data["content"], data["sender"]["id"]) == ({"text": "Hello"}, str(lin.pk))
    assert data["replyTo"] == {
        "id": str(ten[0].pk),
        "seq": 1,
        "messageType": "text",
        "content": {"text": "No. 1"},
        "sender": {"displayName": "Wei"},
    }
    assert (data["status"], data["createdAt"]) == ("sent", NOW.isoformat())
    assert (data["editedAt"], data["deletedAt"], data["metadata"]) == (None, None, {})
    assert data_of(app(lin).get(path, limit=1)) == [data]


def test_a_sticker(lin, path):
    body = {"content": {"sticker": "ok"}, "messageType": "sticker"}

    data = data_of(app(lin).post(path, body), 201)

    assert (data["messageType"], data["content"]["sticker"]) == ("sticker", "ok")


def test_sent_again_it_is_200_and_the_message_that_was_sent(lin, wei, lin_and_wei, path):
    body = text(clientId="phone-1")
    first = data_of(app(lin).post(path, body), 201)
    mark_read(lin_and_wei.pk, 1, by=Actor.of(wei), at=NOW)

    again = data_of(app(lin).post(path, body), 200)

    assert again == first | {"status": "read"}
    assert Message.objects.count() == 1


def test_other_words_under_the_same_name_are_409(lin, mei, path):
    data_of(app(lin).post(path, text(clientId="phone-1")), 201)
    other = at(between(lin, mei, at=NOW), "messages")

    for where, words in ((path, "Other"), (other, "Hello")):
        answer = app(lin).post(where, text(words, clientId="phone-1"))
        refusal_of(answer, 409, "idempotency_mismatch")


def test_a_repeated_key_is_the_first_answer_again(lin, path):
    one = app(lin).post(path, text(), Idempotency_Key="k")
    again = app(lin).post(path, text(), Idempotency_Key="k")
    other = app(lin).post(path, text("Other"), Idempotency_Key="k")

    assert data_of(one, 201) == data_of(again, 201)
    assert again["Idempotency-Replayed"] == "true"
    refusal_of(other, 409, "idempotency_mismatch")
    assert Message.objects.count() == 1


def test_a_message_sent_before_leaves_no_key_behind(lin, lin_and_wei, path):
    """What was found is no execution: rolled back with the number it had taken."""
    data_of(app(lin).post(path, text(clientId="phone-1")), 201)

    for _ in range(2):
        answer = app(lin).post(path, text(clientId="phone-1"), Idempotency_Key="k")
        data_of(answer, 200)
    assert not IdempotencyRecord.objects.exists()
    lin_and_wei.refresh_from_db()
    assert lin_and_wei.last_seq == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "content"),
        ({"content": None}, "content"),
        ({"content": "Hello"}, "content"),
        ({"content": []}, "content"),
        ({"content": 5}, "content"),
        ({"content": {}}, "content"),
        ({"content": {"text": None}}, "content"),
        ({"content": {"text": ["a"]}}, "content"),
        ({"content": {"text": {"a": 1}}}, "content"),
        ({"content": {"text": True}}, "content"),
        (text(""), "content"),
        (text("\u200b"), "content"),
        (text("a\x07"), "content"),
        (text("x" * 1001), "content"),
        (text(messageType="system"), "messageType"),
        (text(messageType="order"), "messageType"),
        (text(messageType=[]), "messageType"),
        (text(messageType="image"), "content"),
        ({"content": {"sticker": "x"}, "messageType": "sticker"}, "content"),
        (text(clientId=""), "clientId"),
        (text(clientId="x" * 65), "clientId"),
        (text(clientId="a\tb"), "clientId"),
        (text(clientId=["a"]), "clientId"),
        (text(replyToId=[]), "replyToId"),
        (text(replyToId=True), "replyToId"),
    ],
)
def test_what_makes_no_sense_is_400(lin, path, body, field):
    assert set(refusal_of(app(lin).post(path, body), 400, "invalid")) == {field}
    assert not Message.objects.exists()


def test_a_content_that_is_no_object_is_said_of_its_field(lin, path):
    refused = refusal_of(app(lin).post(path, {"content": "Hello"}), 400, "invalid")

    assert refused == {"content": ["Must be a JSON object."]}


@pytest.mark.parametrize("named", ["x", "-1", "1e3", "9" * 30, 10**9])
def test_an_answer_to_what_is_not_there_is_404(lin, path, named):
    refused = refusal_of(app(lin).post(path, text(replyToId=named)), 404, "not_found")

    assert set(refused) == {"replyToId"}


def test_a_file_of_nobody_is_404(lin, path):
    body = {"content": {"attachmentId": "f" * 32, "url": "/x"}, "messageType": "file"}

    assert set(refusal_of(app(lin).post(path, body), 404, "not_found")) == {"content"}


def test_what_a_rule_refuses(lin, wei, lin_and_wei, path):
    SystemConfig.objects.create(key="chat-words", value={"refuse": ["casino"], "mask": ["darn"]})
    refusal_of(app(lin).post(path, text("Casino")), 400, "words_refused")
    assert data_of(app(lin).post(path, text("Darn")), 201)["content"] == {"text": "****"}

    Block.objects.create(blocker=wei, blocked=lin, created_at=NOW)
    refusal_of(app(lin).post(path, text()), 403, "forbidden")
    put_away(lin_and_wei, at=NOW)
    refusal_of(app(lin).post(path, text()), 409, "conversation_archived")


def test_forty_at_once_and_then_a_hundred_a_minute(lin, wei, path, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(pace.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(pace.settings, "REDIS_URL", "")
    for _ in range(limits.MESSAGES.burst):
        data_of(app(lin).post(path, text()), 201)

    refused = app(lin).post(path, text())

    refusal_of(refused, 429, "rate_limited")
    assert refused["Retry-After"] == "1"
    data_of(app(wei).post(path, text()), 201)
    now[0] += 0.7
    data_of(app(lin).post(path, text()), 201)
    refusal_of(app(lin).post(path, text()), 429, "rate_limited")


# --- Changing -------------------------------------------------------------------------------


def test_its_author_changes_it_and_takes_it_back(lin, wei, path, clock):
    message = say(lin, between(lin, wei, at=NOW), "Helo", at=NOW)
    own = f"{path}/{message.pk}"

    data = data_of(app(lin).patch(own, text("Hello")))
    assert (data["content"], data["editedAt"]) == ({"text": "Hello"}, NOW.isoformat())
    assert data["status"] == "sent"
    gone = data_of(app(lin).delete(own))
    assert (gone["content"], gone["deletedAt"], gone["seq"]) == ({}, NOW.isoformat(), 1)
    data_of(app(lin).delete(own))
    refusal_of(app(lin).patch(own, text("Again")), 409, "conflict")


def test_not_after_a_quarter_of_an_hour(lin, lin_and_wei, path, clock):
    message = say(lin, lin_and_wei, at=NOW)
    clock.shift(timedelta(minutes=15, seconds=1))

    refusal_of(app(lin).patch(f"{path}/{message.pk}", text("Hi")), 409, "too_late")
    refusal_of(app(lin).delete(f"{path}/{message.pk}"), 409, "too_late")


def test_others_words_are_not_ones_own(lin, wei, lin_and_wei, path):
    message = say(wei, lin_and_wei, at=NOW)

    refusal_of(app(lin).patch(f"{path}/{message.pk}", text("Hi")), 403, "forbidden")
    refusal_of(app(lin).delete(f"{path}/{message.pk}"), 403, "forbidden")


@pytest.mark.parametrize("body", [{}, {"content": "Hi"}, {"content": {}}, {"content": {"text": 0}}])
def test_other_words_come_as_content(lin, lin_and_wei, path, body):
    message = say(lin, lin_and_wei, at=NOW)

    answer = app(lin).patch(f"{path}/{message.pk}", body)

    if body.get("content") == {"text": 0}:
        # A number is written out, as everywhere.
        assert data_of(answer)["content"] == {"text": "0"}
    else:
        assert set(refusal_of(answer, 400, "invalid")) == {"content"}


def test_a_message_of_another_conversation_is_not_there(lin, mei, lin_and_wei, path):
    other = say(lin, between(lin, mei, at=NOW), at=NOW)

    for pk in (other.pk, "x", 10**9, "9" * 30):
        refusal_of(app(lin).patch(f"{path}/{pk}", text()), 404, "not_found")
        refusal_of(app(lin).delete(f"{path}/{pk}"), 404, "not_found")
