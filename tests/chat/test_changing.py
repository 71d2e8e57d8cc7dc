"""Changing what one has said, and taking it back."""

from datetime import timedelta

import pytest
from django.db import transaction

from booking_site.common.actors import Actor
from booking_site.common.errors import Conflict, Forbidden, Invalid, NotFound
from booking_site.common.models import SystemConfig
from chat.errors import Archived, TooLate, WordsRefused
from chat.events import MessageDeleted, MessageEdited
from chat.models import Message
from chat.presenters.messages import message_data
from chat.selectors.reading import message_of, messages_page, thread_of
from chat.selectors.searching import search_messages
from chat.services import Draft, edit, leave, post, put_away, take_back

from .conftest import NOW
from .talk import group, heard, say

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)
LAST = NOW + timedelta(minutes=15)
TOO_LATE = LAST + timedelta(seconds=1)


@pytest.fixture
def hello(lin, lin_and_wei):
    return say(lin, lin_and_wei, "Helo", at=NOW)


def shown(user, message):
    thread = thread_of(user, message.conversation_id)
    return message_data(message_of(thread, message.pk))


def test_its_author_puts_it_in_other_words(lin, wei, hello):
    with heard(MessageEdited) as news:
        edit(hello, "Hello", by=Actor.of(lin), at=LATER)

    data = shown(wei, hello)
    assert (data["content"], data["seq"]) == ({"text": "Hello"}, 1)
    assert data["editedAt"] == LATER.isoformat()
    assert {one.user_id for one in news[0].members} == {lin.pk, wei.pk}


def test_the_same_words_change_nothing(lin, hello):
    with heard(MessageEdited) as news:
        edit(hello, "Helo", by=Actor.of(lin), at=LATER)

    assert (news, Message.objects.get().edited_at) == ([], None)


def test_it_is_changed_for_a_quarter_of_an_hour(lin, hello):
    edit(hello, "Hello", by=Actor.of(lin), at=LAST)
    for act in (
        lambda: edit(hello, "Hi", by=Actor.of(lin), at=TOO_LATE),
        lambda: take_back(hello, by=Actor.of(lin), at=TOO_LATE),
    ):
        with pytest.raises(TooLate) as refused, transaction.atomic():
            act()
        assert (refused.value.status, refused.value.code) == (409, "too_late")


def test_what_was_taken_back_keeps_its_number_and_says_nothing(lin, wei, lin_and_wei, hello):
    say(wei, lin_and_wei, "What?", at=NOW, reply_to_id=hello.pk)

    with heard(MessageDeleted) as news:
        take_back(hello, by=Actor.of(lin), at=LATER)
        take_back(Message.objects.get(pk=hello.pk), by=Actor.of(lin), at=LATER)

    data = shown(wei, hello)
    assert (data["seq"], data["content"], data["attachments"]) == (1, {}, [])
    assert data["deletedAt"] == LATER.isoformat()
    assert len(news) == 1
    assert "Helo" not in str(messages_and_quotes(wei, lin_and_wei))
    assert Message.objects.get(pk=hello.pk).body == ""


def messages_and_quotes(user, conversation):
    return [message_data(one) for one in messages_page(thread_of(user, conversation.pk))]


def test_what_is_gone_is_not_changed_any_more(lin, hello):
    take_back(hello, by=Actor.of(lin), at=LATER)

    with pytest.raises(Conflict):
        edit(Message.objects.get(), "Hello", by=Actor.of(lin), at=LATER)


def test_sent_again_it_stays_taken_back(lin, lin_and_wei):
    draft = Draft(text="Secret", client_id="1")
    sent = post(lin_and_wei.pk, draft, by=Actor.of(lin), at=NOW).message
    take_back(sent, by=Actor.of(lin), at=LATER)

    again = post(lin_and_wei.pk, draft, by=Actor.of(lin), at=LATER)

    assert not again.is_new
    assert message_data(again.message)["content"] == {}


def test_nobody_changes_what_others_have_said(wei, mei, hello):
    for act in (edit, take_back):
        words = ("Changed",) if act is edit else ()
        with pytest.raises(Forbidden), transaction.atomic():
            act(hello, *words, by=Actor.of(wei), at=LATER)
        for by in (Actor.of(mei), Actor.guest()):
            with pytest.raises(NotFound), transaction.atomic():
                act(hello, *words, by=by, at=LATER)


def test_who_has_left_changes_nothing_more(lin, wei, mei):
    flat = group(lin, wei, at=NOW)
    message = say(wei, flat, at=NOW)
    leave(flat, by=Actor.of(wei), at=NOW)

    with pytest.raises(NotFound):
        edit(message, "Changed", by=Actor.of(wei), at=LATER)


def test_notes_of_the_site_are_nobodys_to_change(lin, wei):
    flat = group(lin, wei, at=NOW)

    with pytest.raises(Forbidden):
        edit(Message.objects.get(conversation=flat), "Changed", by=Actor.of(lin), at=LATER)


def test_what_was_put_away_stays_as_it_is(lin, lin_and_wei, hello):
    put_away(lin_and_wei, at=NOW)

    with pytest.raises(Archived):
        edit(hello, "Hello", by=Actor.of(lin), at=LATER)


@pytest.mark.parametrize("text", ["", "  ", "x" * 1001, "a\x07b"])
def test_other_words_are_words_too(lin, hello, text):
    with pytest.raises(Invalid):
        edit(hello, text, by=Actor.of(lin), at=LATER)


def test_other_words_go_through_the_filter(lin, hello):
    SystemConfig.objects.create(key="chat-words", value={"mask": ["darn"], "refuse": ["casino"]})

    assert edit(hello, "darn", by=Actor.of(lin), at=LATER).body == "****"
    with pytest.raises(WordsRefused):
        edit(hello, "casino", by=Actor.of(lin), at=LATER)


def test_a_sticker_has_no_words(lin, lin_and_wei):
    sticker = say(lin, lin_and_wei, "", at=NOW, kind="sticker", sticker="ok")

    with pytest.raises(Invalid):
        edit(sticker, "Words", by=Actor.of(lin), at=LATER)


def test_what_staff_have_hidden_keeps_its_number_and_is_found_no_more(lin, wei, lin_and_wei, hello):
    Message.objects.filter(pk=hello.pk).update(hidden_at=LATER)

    data = shown(wei, hello)

    assert (data["content"], data["deletedAt"]) == ({}, LATER.isoformat())
    assert data["metadata"]["hidden"]
    assert search_messages(wei, "Helo", {}).rows == []
    with pytest.raises(Conflict):
        edit(hello, "Hello", by=Actor.of(lin), at=LATER)
