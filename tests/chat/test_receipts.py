"""How far each has come: delivered, read."""

from datetime import timedelta

import pytest

from booking_site.common.actors import Actor
from booking_site.common.errors import NotFound
from chat.events import MessagesDelivered, MessagesRead
from chat.models import Participant
from chat.presenters.messages import status_of
from chat.selectors.reading import messages_page, thread_of, unread_conversations_of, unread_of
from chat.services import leave, mark_delivered, mark_read, mute, put_away

from .conftest import NOW
from .talk import between, group, heard, say

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


def come(user, conversation):
    row = Participant.objects.get(user=user, conversation=conversation)
    return row.last_read_seq, row.last_delivered_seq


@pytest.fixture
def three(lin, lin_and_wei):
    """Lin has said three things to Wei."""
    for _ in range(3):
        say(lin, lin_and_wei, at=NOW)
    return lin_and_wei


def test_what_is_read_is_delivered_and_told_to_both(lin, wei, three):
    with heard(MessagesRead) as news:
        assert mark_read(three.pk, 2, by=Actor.of(wei), at=LATER) == 2

    assert come(wei, three) == (2, 2)
    assert [(one.user_id, one.seq, one.at) for one in news] == [(wei.pk, 2, LATER)]
    assert {one.user_id for one in news[0].members} == {lin.pk, wei.pk}


def test_it_only_grows_and_is_told_once(wei, three):
    mark_read(three.pk, 3, by=Actor.of(wei), at=NOW)

    with heard(MessagesRead) as news:
        for seq in (3, 1, 0):
            assert mark_read(three.pk, seq, by=Actor.of(wei), at=LATER) == 3

    assert (come(wei, three), news) == ((3, 3), [])


def test_nobody_has_read_what_was_not_said_yet(lin, wei, three):
    assert mark_read(three.pk, 10**17, by=Actor.of(wei), at=NOW) == 3
    say(lin, three, at=NOW)

    assert thread_of(wei, three.pk).unread == 1


def test_delivery_is_told_where_two_talk(lin, wei, three):
    with heard(MessagesDelivered) as news:
        mark_delivered(wei.pk, {three.pk: 2}, at=LATER)
        mark_delivered(wei.pk, {three.pk: 1}, at=LATER)

    assert come(wei, three) == (0, 2)
    assert [(one.user_id, one.seq) for one in news] == [(wei.pk, 2)]


def test_delivery_in_groups_and_elsewhere_is_nobodys_business(lin, wei, mei, three):
    flat = group(lin, wei, at=NOW)

    with heard(MessagesDelivered) as news:
        mark_delivered(wei.pk, {flat.pk: 1, 10**9: 1}, at=LATER)
        mark_delivered(mei.pk, {three.pk: 3}, at=LATER)

    assert news == []


def test_who_is_not_in_it_reads_nothing(lin, wei, mei, three):
    flat = group(lin, mei, at=NOW)
    leave(flat, by=Actor.of(mei), at=NOW)

    for pk in (three.pk, flat.pk, 10**9):
        with pytest.raises(NotFound):
            mark_read(pk, 1, by=Actor.of(mei), at=NOW)
    with pytest.raises(NotFound):
        mark_read(three.pk, 1, by=Actor.guest(), at=NOW)


def statuses(user, conversation):
    thread = thread_of(user, conversation.pk)
    return [status_of(message, thread) for message in messages_page(thread)]


def test_its_author_sees_how_far_a_message_has_come(lin, wei, three):
    assert statuses(lin, three) == ["sent"] * 3

    mark_delivered(wei.pk, {three.pk: 2}, at=NOW)
    mark_read(three.pk, 1, by=Actor.of(wei), at=NOW)

    assert statuses(lin, three) == ["read", "delivered", "sent"]
    assert statuses(wei, three) == [None] * 3


def test_in_a_group_it_is_read_when_all_who_are_there_have_read_it(lin, wei, mei):
    flat = group(lin, wei, mei, at=NOW)
    say(lin, flat, at=NOW)
    mark_read(flat.pk, 2, by=Actor.of(wei), at=NOW)
    assert statuses(lin, flat)[-1] == "sent"

    mark_read(flat.pk, 2, by=Actor.of(mei), at=NOW)
    assert statuses(lin, flat)[-1] == "read"


def test_the_header_counts_conversations_with_something_unread(lin, wei, mei, three):
    other = between(mei, wei, at=NOW)
    say(mei, other, at=NOW)
    assert (unread_conversations_of(wei), vars(unread_of(wei))) == (
        2,
        {"conversations": 2, "messages": 4},
    )
    assert unread_conversations_of(lin) == 0

    mark_read(other.pk, 1, by=Actor.of(wei), at=NOW)
    assert unread_conversations_of(wei) == 1


def test_what_is_muted_or_put_away_does_not_ring(lin, wei, mei, three):
    other = between(mei, wei, at=NOW)
    say(mei, other, at=NOW)

    mute(three, muted=True, by=Actor.of(wei), at=NOW)
    put_away(other, at=NOW)

    assert unread_conversations_of(wei) == 0
    assert vars(unread_of(wei)) == {"conversations": 0, "messages": 0}
    assert thread_of(wei, three.pk).unread == 3
