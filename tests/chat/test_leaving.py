"""Whoever has their account erased leaves neither words nor name in conversations; and everybody
may take along beforehand what there is of them."""

import json
from datetime import timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import User
from accounts.services import erase_account
from booking_site.common.actors import Actor
from booking_site.common.errors import Refusal
from booking_site.common.transactions import run_in_transaction
from booking_site.site.export import export_of
from chat import services
from chat.models import (
    Attachment,
    Block,
    ChatLogEntry,
    Conversation,
    Message,
    MessageReport,
    Participant,
    ParticipantRole,
)
from chat.presenters.notes import said_by_the_site
from chat.selectors.reading import thread_of
from notifications.models import Notification, UserEvent, UserStream
from notifications.timed import run_due
from tests.chat import talk
from tests.chat.conftest import NOW
from tests.factories import UserFactory
from tests.races.together import side_by_side

LATER = NOW + timedelta(hours=1)
NAME, WORDS, FILE = "Zebedee Quux", "canary in the mine", b"canary in a file"


@pytest.fixture
def zeb(db):
    return UserFactory(display_name=NAME, email="zeb@example.com", locale="en")


def leave(user, *, at=LATER):
    run_in_transaction(lambda: erase_account(user, by=Actor.of(user), at=at))


def everything() -> str:
    """All that conversations, streams and lists of notifications hold, as text."""
    models = (Attachment, Conversation, Message, MessageReport, Participant, ChatLogEntry, Block)
    models += (Notification, UserEvent)
    rows = [list(model.objects.values()) for model in models]
    return json.dumps(rows, cls=DjangoJSONEncoder, ensure_ascii=False, default=str)


def files() -> list[Path]:
    return [Path(one.file.path) for one in Attachment.objects.all()]


def uploaded(user, conversation, *, message=None) -> Attachment:
    row = Attachment(
        conversation=conversation,
        uploader=user,
        message=message,
        key=sha256(str(Attachment.objects.count()).encode()).hexdigest()[:32],
        kind="file",
        name=f"{WORDS}.pdf",
        content_type="application/pdf",
        size=len(FILE),
        sha256=sha256(FILE).hexdigest(),
        created_at=NOW,
    )
    row.file.save("x.pdf", ContentFile(FILE), save=False)
    row.save()
    return row


@pytest.fixture
def full(zeb, lin, wei, store):
    """Zeb has said, sent, reported, begun and blocked what there is to say and send."""
    two = talk.between(zeb, lin, at=NOW)
    first = talk.say(zeb, two, WORDS, at=NOW, client_id="c1")
    talk.say(lin, two, "I see", at=NOW, reply_to_id=first.pk)
    uploaded(zeb, two, message=talk.say(zeb, two, WORDS, at=NOW))
    uploaded(zeb, two)
    services.edit(first, f"{WORDS}!", by=Actor.of(zeb), at=NOW)
    group = talk.group(zeb, lin, wei, at=NOW)
    talk.say(zeb, group, WORDS, at=NOW)
    run_in_transaction(lambda: services.add_people(group, [mei()], by=Actor.of(zeb), at=NOW))
    own = services.system_conversation(zeb, at=NOW)
    services.write_to(own, f"Dear {NAME}, {WORDS}", at=NOW)
    seen = thread_of(lin, two.pk)
    report = {"reason": "spam", "at": NOW}
    services.report(seen, message=first, words="Look.", by=Actor.of(lin), **report)
    seen = thread_of(zeb, two.pk)
    services.report(seen, message=None, words=WORDS, by=Actor.of(zeb), **report)
    services.block(wei, by=Actor.of(zeb), at=NOW)
    run_due(at=NOW + timedelta(minutes=30))
    return two, group, own


def mei():
    return UserFactory(display_name="Mei")


def test_their_stream_is_locked_before_its_rows_go(zeb, full):
    """What others write into it at that moment waits, or is there when the rows go."""
    with CaptureQueriesContext(connection) as queries:
        leave(zeb)

    told = [one["sql"] for one in queries.captured_queries]
    rows, stream = UserEvent._meta.db_table, UserStream._meta.db_table
    gone = next(n for n, sql in enumerate(told) if sql.startswith("DELETE") and rows in sql)
    locked = next(n for n, sql in enumerate(told) if sql.startswith("UPDATE") and stream in sql)
    assert locked < gone


def test_neither_name_nor_words_are_found_anywhere(full, zeb, django_capture_on_commit_callbacks):
    before = everything()
    kept = files()
    assert NAME in before
    assert WORDS in before
    assert [one.read_bytes() for one in kept] == [FILE] * 2

    with django_capture_on_commit_callbacks(execute=True):
        leave(zeb)

    after = everything()
    for canary in (NAME, WORDS, sha256(FILE).hexdigest(), "zeb@example.com"):
        assert canary not in after
    assert not any(one.exists() for one in kept)


def test_that_something_was_said_stays_and_numbers_have_no_holes(full, zeb, lin):
    two, _group, _own = full
    before = list(Message.objects.filter(conversation=two).values_list("seq", "sender_id"))

    leave(zeb)

    after = Message.objects.filter(conversation=two).order_by("seq")
    assert list(after.values_list("seq", "sender_id")) == before
    assert set(after.filter(sender=zeb).values_list("body", "fingerprint", "client_id")) == {
        ("", "", None)
    }
    assert set(after.filter(sender=zeb).values_list("deleted_at", flat=True)) == {LATER}
    assert after.get(sender=lin).body == "I see"


def test_streams_keep_their_numbers_and_the_words_of_others(full, zeb, lin):
    before = list(UserEvent.objects.filter(user=lin).order_by("u").values_list("u", "event"))

    leave(zeb)

    rows = UserEvent.objects.filter(user=lin).order_by("u")
    after = list(rows.values_list("u", "event"))
    assert after[: len(before)] == before
    assert [u for u, _event in after] == list(range(1, len(after) + 1))
    texts = json.dumps([row.payload for row in rows])
    assert "I see" in texts


def test_what_others_were_told_of_others_stays(full, zeb, lin, wei):
    beside = talk.between(wei, lin, at=NOW)
    talk.say(wei, beside, "Nothing to do with Zeb", at=NOW)
    rows = UserEvent.objects.filter(conversation=beside).order_by("user_id", "u")
    before = list(rows.values("user_id", "u", "payload"))

    leave(zeb)

    assert list(rows.values("user_id", "u", "payload")) == before


def test_a_conversation_of_two_is_put_away_and_nobody_writes_there(full, zeb, lin):
    two, _group, _own = full

    leave(zeb)

    thread = thread_of(lin, two.pk)
    assert (thread.conversation.archived_at, thread.others) == (LATER, [])
    with pytest.raises(Refusal):
        talk.say(lin, two, "Are you there?", at=LATER)
    told = UserEvent.objects.filter(user=lin, conversation=two).latest("u")
    assert told.event == "conversation-updated"
    assert told.payload["data"]["isActive"] is False


def test_a_group_goes_on_and_whoever_came_first_looks_after_it(full, zeb, lin):
    _two, group, _own = full

    leave(zeb)

    thread = thread_of(lin, group.pk)
    assert thread.conversation.is_active
    assert zeb.pk not in {row.user_id for row in thread.members}
    (owner,) = [row for row in thread.members if row.role == ParticipantRole.OWNER]
    assert owner.user_id == min(row.user_id for row in thread.members)
    assert talk.say(lin, group, "We go on", at=LATER).seq == thread.conversation.last_seq + 1


@translation.override("en")
def test_notes_say_that_somebody_began_it(full, zeb):
    _two, group, _own = full

    leave(zeb)

    notes = Message.objects.filter(conversation=group, kind="system").order_by("seq")
    assert [said_by_the_site(one) for one in notes] == [
        "Somebody who has left began this group.",
        "Somebody who has left brought in Mei.",
    ]


def test_what_staff_had_hidden_before_stays_hidden(zeb, lin):
    two = talk.between(zeb, lin, at=NOW)
    message = talk.say(zeb, two, at=NOW)
    Message.objects.filter(pk=message.pk).update(hidden_at=NOW)

    leave(zeb)

    message.refresh_from_db()
    assert (message.hidden_at, message.deleted_at, message.body) == (NOW, LATER, "")


def test_the_log_says_that_words_were_deleted(full, zeb):
    leave(zeb)

    logged = ChatLogEntry.objects.filter(action="forgotten").values_list("conversation_id")
    assert sorted(logged) == sorted((one.pk,) for one in full)


def test_reports_stay_without_name_and_words(full, zeb, lin):
    leave(zeb)

    by_lin, by_zeb = MessageReport.objects.order_by("pk")
    assert (by_lin.reporter, by_lin.words, by_lin.quoted) == (lin, "Look.", "")
    assert (by_zeb.reporter, by_zeb.words, by_zeb.state) == (None, "", "open")


def test_blocks_of_both_directions_go(full, zeb, lin):
    services.block(zeb, by=Actor.of(lin), at=NOW)

    leave(zeb)

    assert not Block.objects.exists()


def statements_to_leave_after(count: int) -> int:
    zeb, lin = UserFactory(display_name=NAME), UserFactory(display_name="Lin")
    two = talk.between(zeb, lin, at=NOW)
    Message.objects.bulk_create(
        Message(conversation=two, seq=seq, sender=zeb, body=WORDS, created_at=NOW)
        for seq in range(1, count + 1)
    )
    UserEvent.objects.bulk_create(
        UserEvent(
            user=lin,
            u=1000 + message.seq,
            event="new-message",
            conversation=two,
            payload={"data": frame_of(message)},
            created_at=NOW,
        )
        for message in Message.objects.filter(conversation=two)
    )
    Conversation.objects.filter(pk=two.pk).update(last_seq=count)
    with CaptureQueriesContext(connection) as asked:
        leave(zeb)
    assert WORDS not in everything()
    return len(asked)


def frame_of(message: Message) -> dict[str, Any]:
    return {
        "id": str(message.pk),
        "messageType": "text",
        "content": {"text": message.body},
        "attachments": [],
        "deletedAt": None,
        "replyTo": None,
        "sender": {"id": str(message.sender_id), "displayName": NAME, "avatarUrl": None},
    }


def test_it_costs_no_statement_for_each_message(db):
    few, many = statements_to_leave_after(3), statements_to_leave_after(180)

    assert many <= few + 2


# Beside another request of theirs, which has read before who they are


def open_with_lin(before, lin, group):
    talk.between(before, lin, at=LATER)


def lin_opens(before, lin, group):
    talk.between(lin, before, at=LATER)


def begin_a_group(before, lin, group):
    talk.group(before, lin, at=LATER)


def be_brought_into_one(before, lin, group):
    add = partial(services.add_people, group, [before], by=Actor.of(lin), at=LATER)
    run_in_transaction(add)


@pytest.mark.parametrize("act", [open_with_lin, lin_opens, begin_a_group, be_brought_into_one])
def test_what_comes_after_it_is_refused_and_no_name_comes_back(zeb, lin, wei, act):
    group = talk.group(lin, wei, at=NOW)
    before = User.objects.get(pk=zeb.pk)
    leave(zeb)

    with pytest.raises(Refusal):
        act(before, lin, group)

    assert NAME not in everything()


def test_nor_do_words_even_where_they_were_let_in_at_the_same_moment(zeb, lin):
    two = talk.between(zeb, lin, at=NOW)
    before = User.objects.get(pk=zeb.pk)
    leave(zeb)
    Participant.objects.filter(user=zeb).update(left_at=None)
    Conversation.objects.filter(pk=two.pk).update(archived_at=None)

    with pytest.raises(Refusal):
        talk.say(before, two, WORDS, at=LATER)

    assert WORDS not in everything()


@pytest.mark.django_db(transaction=True)
def test_of_what_is_said_while_they_leave_nothing_stays():
    for _round in range(5):
        zeb, lin = UserFactory(display_name=NAME), UserFactory(display_name="Lin")
        two = talk.between(zeb, lin, at=NOW)
        calls = [partial(talk.say, zeb, two, WORDS, at=NOW)] * 3

        outcomes = side_by_side(*calls, partial(leave, zeb))

        assert len(outcomes) == 4
        found = everything()
        assert WORDS not in found
        assert NAME not in found


# Taking along


def told_to(user) -> dict[str, Any]:
    return json.loads(json.dumps(export_of(user), cls=DjangoJSONEncoder))


def test_all_that_one_has_said_is_in_the_export(full, zeb):
    told = told_to(zeb)

    two, group, own = full
    assert [one["id"] for one in told["conversations"]] == [two.pk, group.pk, own.pk]
    assert told["conversations"][0]["with"] == ["Lin"]
    assert [one["text"] for one in told["messages"]] == [f"{WORDS}!", WORDS, WORDS]
    assert [one["name"] for one in told["messages"][1]["attachments"]] == [f"{WORDS}.pdf"]
    assert [one["name"] for one in told["attachments_not_sent"]] == [f"{WORDS}.pdf"]
    assert [one["body"] for one in told["messages_from_the_site"]] == [f"Dear {NAME}, {WORDS}"]
    assert [one["name"] for one in told["blocked_people"]] == ["Wei"]
    assert [one["words"] for one in told["message_reports"]] == [WORDS]


def test_of_others_when_and_by_whom_and_not_what(full, zeb, lin):
    told = told_to(zeb)

    (row,) = told["messages_of_others"]
    assert (row["by"], row["kind"]) == ("Lin", "text")
    assert "I see" not in json.dumps(told)


def test_nothing_of_what_was_said_before_they_came_or_after_they_left(zeb, lin, wei):
    group = talk.group(lin, wei, at=NOW)
    talk.say(lin, group, "Before", at=NOW)
    services.add_people(group, [zeb], by=Actor.of(lin), at=NOW)
    between = talk.say(lin, group, "While", at=NOW + timedelta(minutes=1))
    services.leave(group, by=Actor.of(zeb), at=NOW + timedelta(minutes=2))
    talk.say(lin, group, "After", at=NOW + timedelta(minutes=3))

    told = told_to(zeb)

    assert [one["seq"] for one in told["messages_of_others"]] == [between.seq]
    assert told["conversations"][0]["with"] == []


def test_the_export_costs_the_same_however_much_was_said(zeb, lin, django_assert_num_queries):
    two = talk.between(zeb, lin, at=NOW)
    with CaptureQueriesContext(connection) as few:
        told_to(zeb)
    for _number in range(5):
        talk.say(zeb, two, at=NOW)
        talk.say(lin, two, at=NOW)
    with django_assert_num_queries(len(few)):
        told_to(zeb)
