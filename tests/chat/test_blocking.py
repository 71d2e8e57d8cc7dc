"""Wanting to hear nothing more of somebody, and telling staff."""

from datetime import timedelta

import pytest
from django.utils import translation

from booking_site.common.actors import Actor
from booking_site.common.errors import Conflict, Forbidden, Invalid, NotFound
from chat.errors import Blocked
from chat.models import Block, ChatLogEntry, MessageReport
from chat.selectors.reading import messages_page, thread_of
from chat.services import (
    add_people,
    block,
    edit,
    forget,
    leave,
    open_direct,
    open_group,
    report,
    take_back,
    unblock,
)

from .conftest import NOW
from .talk import group, say

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


def test_whoever_is_blocked_begins_nothing_and_brings_nobody_in(lin, wei, mei):
    block(lin, by=Actor.of(mei), at=NOW)
    with pytest.raises(Blocked) as refused:
        open_direct(mei, by=Actor.of(lin), at=NOW)
    assert refused.value.status == 403
    with pytest.raises(Blocked):
        open_group([wei, mei], name="Us", by=Actor.of(lin), at=NOW)
    with pytest.raises(Blocked):
        add_people(group(lin, wei, at=NOW), [mei], by=Actor.of(lin), at=NOW)


@translation.override("en")
def test_only_whoever_blocked_is_told_who_did(lin, wei, lin_and_wei):
    block(wei, by=Actor.of(lin), at=NOW)

    with pytest.raises(Blocked, match="You have blocked this person"):
        say(lin, lin_and_wei, at=NOW)
    with pytest.raises(Blocked, match="You cannot write to this person"):
        say(wei, lin_and_wei, at=NOW)


def test_what_was_said_stays_to_be_read(lin, wei, lin_and_wei):
    say(lin, lin_and_wei, "Hello", at=NOW)
    block(lin, by=Actor.of(wei), at=NOW)

    for one in (lin, wei):
        assert [m.body for m in messages_page(thread_of(one, lin_and_wei.pk))] == ["Hello"]


def test_nobody_puts_new_words_into_an_old_message_after_a_block(lin, wei, lin_and_wei):
    hello = say(lin, lin_and_wei, "Hello", at=NOW)
    block(lin, by=Actor.of(wei), at=NOW)

    with pytest.raises(Blocked):
        edit(hello, "You will hear of me", by=Actor.of(lin), at=LATER)

    hello.refresh_from_db()
    assert (hello.body, hello.edited_at) == ("Hello", None)
    # Saying less is still open to them.
    assert take_back(hello, by=Actor.of(lin), at=LATER).is_gone


def test_in_groups_one_puts_a_message_into_other_words_as_before(lin, wei, mei):
    hello = say(lin, group(mei, lin, wei, at=NOW), "Helo", at=NOW)
    block(lin, by=Actor.of(wei), at=NOW)

    assert edit(hello, "Hello", by=Actor.of(lin), at=LATER).body == "Hello"


def test_in_groups_both_stay_and_both_write(lin, wei, mei):
    flat = group(mei, lin, wei, at=NOW)
    block(lin, by=Actor.of(wei), at=NOW)

    for one in (lin, wei):
        say(one, flat, at=NOW)


def test_twice_is_once_and_it_can_be_undone(lin, wei, lin_and_wei):
    for _ in range(2):
        block(wei, by=Actor.of(lin), at=NOW)
    assert Block.objects.count() == 1

    assert unblock(wei, by=Actor.of(lin))
    assert not unblock(wei, by=Actor.of(lin))
    say(wei, lin_and_wei, at=NOW)


def test_unblocking_undoes_ones_own_block_only(lin, wei, lin_and_wei):
    block(wei, by=Actor.of(lin), at=NOW)
    block(lin, by=Actor.of(wei), at=NOW)

    unblock(lin, by=Actor.of(wei))

    with pytest.raises(Blocked):
        say(wei, lin_and_wei, at=NOW)


def test_nobody_blocks_themselves_and_guests_block_nobody(lin):
    with pytest.raises(Invalid):
        block(lin, by=Actor.of(lin), at=NOW)
    with pytest.raises(Forbidden):
        block(lin, by=Actor.guest(), at=NOW)


def told(user, conversation, message=None, *, reason="abuse", words="", by=None):
    thread = thread_of(user, conversation.pk)
    by = by or Actor.of(user)
    return report(thread, message=message, reason=reason, words=words, by=by, at=NOW)


def test_a_report_keeps_what_was_said_then(lin, wei, lin_and_wei):
    rude = say(wei, lin_and_wei, "You fool", at=NOW)

    made = told(lin, lin_and_wei, rude, words="He is rude.")
    take_back(rude, by=Actor.of(wei), at=LATER)

    made.refresh_from_db()
    assert (made.quoted, made.reporter, made.state) == ("You fool", lin, "open")
    assert ChatLogEntry.objects.get(action="reported").message == rude


def test_what_is_forgotten_while_it_is_reported_is_not_quoted(lin, wei, lin_and_wei):
    rude = say(wei, lin_and_wei, "You fool", at=NOW)
    thread = thread_of(lin, lin_and_wei.pk)
    forget(wei, at=LATER)

    made = report(thread, message=rude, reason="abuse", words="", by=Actor.of(lin), at=LATER)

    assert "fool" not in made.quoted


def test_whoever_is_erased_or_has_left_meanwhile_reports_nothing(lin, wei, mei):
    flat = group(lin, wei, mei, at=NOW)
    threads = {one: thread_of(one, flat.pk) for one in (wei, mei)}
    leave(flat, by=Actor.of(mei), at=NOW)
    type(wei).objects.filter(pk=wei.pk).update(is_active=False)

    for one, thread in threads.items():
        with pytest.raises(NotFound):
            report(thread, message=None, reason="spam", words="Mine", by=Actor.of(one), at=LATER)
    assert not MessageReport.objects.exists()


def test_the_conversation_as_a_whole_can_be_reported_too(lin, lin_and_wei):
    assert told(lin, lin_and_wei).message is None


def test_nobody_has_two_open_reports_of_the_same(lin, wei, lin_and_wei):
    rude = say(wei, lin_and_wei, at=NOW)
    told(lin, lin_and_wei, rude)
    told(lin, lin_and_wei)
    told(wei, lin_and_wei, rude)

    with pytest.raises(Conflict):
        told(lin, lin_and_wei, rude)
    assert MessageReport.objects.count() == 3


@pytest.mark.parametrize("wrong", [{"reason": ""}, {"reason": "boring"}, {"words": "x" * 501}])
def test_a_report_says_why(lin, lin_and_wei, wrong):
    with pytest.raises(Invalid):
        told(lin, lin_and_wei, **wrong)


def test_nobody_reports_for_others(lin, mei, lin_and_wei):
    with pytest.raises(NotFound):
        told(lin, lin_and_wei, by=Actor.of(mei))
