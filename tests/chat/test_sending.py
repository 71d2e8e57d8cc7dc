"""Sending a message: what it may be, and that it is one however often it is sent."""

from datetime import timedelta

import pytest
from django.db import connection

from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Invalid, NotFound
from booking_site.common.models import SystemConfig
from chat.errors import Archived, Blocked, ClientIdUsed, WordsRefused
from chat.events import MessageSent
from chat.models import ChatLogEntry, Conversation, Message, Participant
from chat.rules import STICKERS
from chat.selectors.reading import thread_of
from chat.services import Draft, add_people, block, post, put_away
from tests.factories import UserFactory

from .conftest import NOW
from .talk import between, group, heard, say

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
LATER = NOW + timedelta(minutes=1)


def rows(conversation):
    return list(Message.objects.filter(conversation=conversation).order_by("seq"))


def last_seq(conversation):
    return Conversation.objects.get(pk=conversation.pk).last_seq


def test_messages_are_numbered_from_one_without_holes(lin, wei, lin_and_wei):
    for who in (lin, wei, lin):
        say(who, lin_and_wei, at=NOW)

    assert [row.seq for row in rows(lin_and_wei)] == [1, 2, 3]
    assert last_seq(lin_and_wei) == 3


def test_each_conversation_has_numbers_of_its_own(lin, wei, mei, lin_and_wei):
    other = between(lin, mei, at=NOW)

    for conversation in (lin_and_wei, other, lin_and_wei):
        say(lin, conversation, at=NOW)

    assert (last_seq(lin_and_wei), last_seq(other)) == (2, 1)


def test_a_refused_message_uses_no_number(lin, lin_and_wei):
    with pytest.raises(NotFound):
        say(lin, lin_and_wei, at=NOW, reply_to_id=10**9)

    assert say(lin, lin_and_wei, at=NOW).seq == 1


def test_whoever_writes_has_read_up_to_there(lin, wei, lin_and_wei):
    say(wei, lin_and_wei, at=NOW)
    say(lin, lin_and_wei, at=LATER)

    own = Participant.objects.get(conversation=lin_and_wei, user=lin)
    assert (own.last_read_seq, own.last_delivered_seq, own.last_read_at) == (2, 2, LATER)
    assert thread_of(wei, lin_and_wei.pk).unread == 1


def test_it_moves_the_conversation_to_the_top(lin, lin_and_wei):
    say(lin, lin_and_wei, at=LATER)

    lin_and_wei.refresh_from_db()
    assert lin_and_wei.updated_at == LATER


def test_all_who_are_there_are_told_once(lin, wei, mei):
    flat = group(lin, wei, mei, at=NOW)

    with heard(MessageSent) as news:
        message = say(wei, flat, "Hello", at=NOW)

    (told,) = news
    assert told.message == message
    assert {one.user_id for one in told.members} == {lin.pk, wei.pk, mei.pk}


# --- What it may be -------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200b", "\u3164", "\u200d\u00a0"])
def test_nothing_to_see_is_no_message(lin, lin_and_wei, text):
    with pytest.raises(Invalid) as refused:
        say(lin, lin_and_wei, text, at=NOW)

    assert set(refused.value.errors) == {"content"}


def test_a_thousand_characters_and_no_more(lin, lin_and_wei):
    assert len(say(lin, lin_and_wei, "好" * 1000, at=NOW).body) == 1000
    with pytest.raises(Invalid):
        say(lin, lin_and_wei, "好" * 1001, at=NOW)


@pytest.mark.parametrize("text", ["a\x07b", "a\u202eb", "a\x00b", "a\u2028b"])
def test_control_characters_are_refused(lin, lin_and_wei, text):
    with pytest.raises(Invalid):
        say(lin, lin_and_wei, text, at=NOW)


@pytest.mark.parametrize(
    "text", ["你好 👋🏽", "two\nlines", "<b>&amp;</b>", "x' OR 1=1 --", "👩\u200d👧"]
)
def test_other_text_is_kept_as_it_was_written(lin, lin_and_wei, text):
    assert Message.objects.get(pk=say(lin, lin_and_wei, text, at=NOW).pk).body == text


@pytest.mark.parametrize("name", STICKERS)
def test_stickers_are_those_of_the_house(lin, lin_and_wei, name):
    message = say(lin, lin_and_wei, "", at=NOW, kind="sticker", sticker=name)

    assert message.meta == {"sticker": name}


@pytest.mark.parametrize(
    "draft",
    [
        {"kind": "sticker", "sticker": "nobody's"},
        {"kind": "sticker"},
        {"kind": "image"},
        {"kind": "voice"},
        {"kind": "text", "attachment": "abc"},
        {"kind": "system"},
        {"kind": "order"},
        {"kind": "unheard-of"},
        {"client_id": ""},
        {"client_id": "x" * 65},
        {"client_id": "a\nb"},
        {"client_id": "é"},
    ],
)
def test_what_makes_no_sense_is_refused(lin, lin_and_wei, draft):
    with pytest.raises(Invalid):
        say(lin, lin_and_wei, "Hello", at=NOW, **draft)

    assert rows(lin_and_wei) == []


def test_a_file_of_nobody_is_not_there(lin, lin_and_wei):
    with pytest.raises(NotFound):
        say(lin, lin_and_wei, "", at=NOW, kind="image", attachment="f" * 32)


def test_an_answer_names_a_message_of_the_same_conversation(lin, wei, mei, lin_and_wei):
    asked = say(lin, lin_and_wei, "When?", at=NOW)
    assert say(wei, lin_and_wei, "At ten", at=NOW, reply_to_id=asked.pk).reply_to == asked

    other = between(lin, mei, at=NOW)
    with pytest.raises(NotFound) as refused:
        say(lin, other, at=NOW, reply_to_id=asked.pk)
    assert set(refused.value.errors) == {"replyToId"}


def test_nobody_answers_what_was_said_before_they_came(lin, wei, mei):
    flat = group(lin, wei, at=NOW)
    before = say(lin, flat, at=NOW)
    add_people(flat, [mei], by=Actor.of(lin), at=NOW)

    with pytest.raises(NotFound):
        say(mei, flat, at=NOW, reply_to_id=before.pk)


# --- Who may ----------------------------------------------------------------------------------


def test_who_is_not_in_it_writes_nothing(lin, mei, guan, bao, lin_and_wei):
    for by in (Actor.of(mei), Actor.of(guan), Actor.of(bao), Actor.guest(), SYSTEM):
        with pytest.raises(NotFound):
            post(lin_and_wei.pk, Draft(text="Hello"), by=by, at=NOW)
    with pytest.raises(NotFound):
        post(10**9, Draft(text="Hello"), by=Actor.of(lin), at=NOW)
    assert last_seq(lin_and_wei) == 0


def test_a_closed_account_writes_nothing_and_gets_nothing(lin, wei, lin_and_wei):
    wei.is_active = False
    wei.save()

    with pytest.raises(NotFound):
        say(wei, lin_and_wei, at=NOW)
    with pytest.raises(Blocked):
        say(lin, lin_and_wei, at=NOW)


def test_of_two_neither_writes_where_one_has_blocked_the_other(lin, wei, lin_and_wei):
    block(wei, by=Actor.of(lin), at=NOW)

    for who in (lin, wei):
        with pytest.raises(Blocked):
            say(who, lin_and_wei, at=NOW)
    assert rows(lin_and_wei) == []


# --- Once -------------------------------------------------------------------------------------


def test_a_message_sent_again_is_the_message_that_was_sent(lin, lin_and_wei):
    draft = Draft(text="Hello", client_id="phone-1")
    first = post(lin_and_wei.pk, draft, by=Actor.of(lin), at=NOW)

    with heard(MessageSent) as news:
        again = post(lin_and_wei.pk, draft, by=Actor.of(lin), at=LATER)

    assert (first.is_new, again.is_new) == (True, False)
    assert (again.message, again.message.created_at) == (first.message, NOW)
    assert (len(rows(lin_and_wei)), last_seq(lin_and_wei), news) == (1, 1, [])


def test_it_is_found_even_where_nothing_more_may_be_said(lin, wei, lin_and_wei):
    draft = Draft(text="Hello", client_id="phone-1")
    first = post(lin_and_wei.pk, draft, by=Actor.of(lin), at=NOW)
    block(lin, by=Actor.of(wei), at=NOW)
    put_away(lin_and_wei, at=NOW)

    assert post(lin_and_wei.pk, draft, by=Actor.of(lin), at=NOW).message == first.message
    with pytest.raises(Archived):
        say(lin, lin_and_wei, at=NOW)


def test_other_words_under_the_same_name_are_a_mistake(lin, lin_and_wei):
    say(lin, lin_and_wei, "Hello", at=NOW, client_id="phone-1")

    with pytest.raises(ClientIdUsed) as refused:
        say(lin, lin_and_wei, "Good bye", at=NOW, client_id="phone-1")

    assert (refused.value.status, refused.value.code) == (409, "idempotency_mismatch")
    assert last_seq(lin_and_wei) == 1


def test_the_same_name_in_another_conversation_is_a_mistake(lin, mei, lin_and_wei):
    other = between(lin, mei, at=NOW)
    say(lin, lin_and_wei, "Hello", at=NOW, client_id="phone-1")

    with pytest.raises(ClientIdUsed):
        say(lin, other, "Hello", at=NOW, client_id="phone-1")
    assert last_seq(other) == 0


def test_names_are_everybodys_own(lin, wei, lin_and_wei):
    for who in (lin, wei):
        say(who, lin_and_wei, "Hello", at=NOW, client_id="1")

    assert last_seq(lin_and_wei) == 2


@pytest.mark.parametrize("other", ["ABC", "abc "])
def test_a_name_is_never_taken_for_another_that_looks_like_it(lin, lin_and_wei, other):
    """To a collation they may be one: then the second is refused, and nobody believes it sent."""
    first = say(lin, lin_and_wei, "Hello", at=NOW, client_id="abc")

    try:
        assert say(lin, lin_and_wei, "Hello", at=NOW, client_id=other) != first
    except ClientIdUsed:
        assert connection.vendor == "mysql"


def test_without_a_name_it_is_sent_as_often_as_it_is_sent(lin, lin_and_wei):
    for _ in range(2):
        say(lin, lin_and_wei, "Hello", at=NOW)

    assert last_seq(lin_and_wei) == 2


# --- Words ------------------------------------------------------------------------------------


@pytest.fixture
def words(db):
    SystemConfig.objects.create(
        key="chat-words", value={"mask": ["darn", "讨厌"], "refuse": ["casino"]}
    )


def test_listed_words_become_stars_and_staff_can_see_that_they_did(lin, lin_and_wei, words):
    message = say(lin, lin_and_wei, "Darn, 讨厌!", at=NOW)

    assert message.body == "****, **!"
    entry = ChatLogEntry.objects.get(message=message)
    assert (entry.action, entry.actor_user) == ("filtered", lin)


def test_with_others_the_message_is_refused_and_leaves_nothing(lin, lin_and_wei, words):
    with pytest.raises(WordsRefused) as refused:
        say(lin, lin_and_wei, "To the CASINO", at=NOW)

    assert (refused.value.status, refused.value.code) == (400, "words_refused")
    assert (rows(lin_and_wei), ChatLogEntry.objects.count()) == ([], 0)


def test_without_a_list_every_word_passes(lin, lin_and_wei):
    assert say(lin, lin_and_wei, "darn casino", at=NOW).body == "darn casino"


@pytest.mark.parametrize("value", [0, [], "darn", {"mask": "darn"}, {"mask": [5, "", " "]}])
def test_a_list_that_is_none_filters_nothing(lin, lin_and_wei, value):
    SystemConfig.objects.create(key="chat-words", value=value)

    assert say(lin, lin_and_wei, "darn", at=NOW).body == "darn"


def test_names_and_words_of_people_without_a_name_are_not_shown(lin):
    nobody = UserFactory(display_name="", email="secret@example.com")
    flat = group(nobody, lin, at=NOW)

    assert "secret" not in str(Message.objects.get(conversation=flat).meta)
