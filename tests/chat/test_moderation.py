"""What staff do with what people say: hide it, show it again, dismiss what was reported, close a
conversation. Each has a reason and stands in the log once."""

from datetime import timedelta

import pytest

from appointments.errors import InvalidTransition
from booking_site.common.actors import Actor
from booking_site.common.errors import Conflict, Invalid, NotFound
from booking_site.common.events import subscribe
from chat.errors import Archived
from chat.events import MessageDeleted, MessageEdited
from chat.models import (
    ChatAction,
    ChatLogEntry,
    Conversation,
    Message,
    MessageReport,
    ReportState,
)
from chat.presenters.messages import message_data, preview
from chat.selectors.reading import messages_page, thread_of
from chat.services import (
    close,
    dismiss_reports,
    edit,
    hide,
    open_again,
    open_direct,
    read_thread,
    report,
    restore,
    system_conversation,
    take_back,
    write_to_person,
)

from .conftest import NOW
from .talk import group, say

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)
SECRET = "Send the deposit to my cousin"
WHY = "A trick."


@pytest.fixture
def said(wei, lin_and_wei):
    return say(wei, lin_and_wei, SECRET, at=NOW)


@pytest.fixture
def told(monkeypatch):
    """News of messages, in the order in which they are published."""
    heard = []
    for kind in (MessageDeleted, MessageEdited):
        subscribe(kind)(heard.append)
    yield heard
    from booking_site.common.events import _receivers

    for kind in (MessageDeleted, MessageEdited):
        _receivers[kind].remove(heard.append)


def reported(who, message, at=NOW, **more):
    words = {"reason": "fraud", "words": "He wants money."} | more
    thread = thread_of(who, message.conversation_id)
    return report(thread, message=message, by=Actor.of(who), at=at, **words)


def letters_to(person):
    """What the site itself has written to somebody."""
    theirs = Message.objects.filter(conversation__pair_key=f"system:{person.pk}")
    return list(theirs.order_by("seq").values_list("body", flat=True))


def steps(conversation):
    rows = ChatLogEntry.objects.filter(conversation=conversation).order_by("pk")
    return list(rows.values_list("action", "reason"))


def test_what_is_hidden_is_read_by_nobody_in_the_conversation(lin, wei, guan, said, told):
    hide(said, reason=WHY, by=Actor.of(guan), at=LATER)

    for who in (lin, wei):
        (shown,) = messages_page(thread_of(who, said.conversation_id))
        data = message_data(shown)
        assert (data["content"], data["attachments"], data["seq"]) == ({}, [], said.seq)
        assert data["deletedAt"] == LATER.isoformat()
        assert data["metadata"] == {"hidden": True}
        assert SECRET not in preview(shown)
    (news,) = told
    assert isinstance(news, MessageDeleted)
    assert SECRET not in str(message_data(news.message))
    assert {one.user_id for one in news.members} == {lin.pk, wei.pk}


def test_the_words_stay_for_staff_until_it_is_shown_again(lin, guan, said, told):
    hide(said, reason=WHY, by=Actor.of(guan), at=LATER)
    said.refresh_from_db()
    assert said.body == SECRET

    restore(said, reason="It was a joke.", by=Actor.of(guan), at=LATER)

    (shown,) = messages_page(thread_of(lin, said.conversation_id))
    assert message_data(shown)["content"] == {"text": SECRET}
    assert isinstance(told[-1], MessageEdited)
    assert steps(said.conversation) == [("hidden", WHY), ("restored", "It was a joke.")]


def test_what_quotes_it_quotes_it_no_more(lin, wei, guan, said):
    answer = say(lin, said.conversation, "What?", at=NOW, reply_to_id=said.pk)

    hide(said, reason=WHY, by=Actor.of(guan), at=LATER)

    shown = messages_page(thread_of(wei, said.conversation_id))[-1]
    assert shown.pk == answer.pk
    assert SECRET not in str(message_data(shown))


def test_its_open_reports_are_upheld_and_who_reported_hears_of_it_once(lin, wei, guan, said):
    one = reported(lin, said)

    hide(said, reason=WHY, by=Actor.of(guan), at=LATER)

    one.refresh_from_db()
    assert (one.state, one.decided_by, one.decided_at) == (ReportState.UPHELD, guan, LATER)
    assert one.open_key is None
    (letter,) = letters_to(lin)
    assert WHY not in letter


def test_the_author_is_told_that_and_why_and_not_by_whom(wei, guan, said):
    type(wei).objects.filter(pk=wei.pk).update(locale="en")

    hide(said, reason=WHY, by=Actor.of(guan), at=LATER)

    (letter,) = letters_to(wei)
    assert letter.startswith("We have removed a message of yours of March 2, 2026")
    assert WHY in letter
    assert "Guan" not in letter


def test_the_letter_is_in_the_language_of_whom_it_is_for(wei, guan, said, monkeypatch):
    spoken = []
    monkeypatch.setattr(
        "chat.presenters.decisions.override", lambda one: spoken.append(one) or NONE
    )
    type(wei).objects.filter(pk=wei.pk).update(locale="zh-hans")

    hide(said, reason=WHY, by=Actor.of(guan), at=LATER)

    assert spoken == ["zh-hans"]


class _Nothing:
    def __enter__(self):
        return self

    def __exit__(self, *_error):
        return None


NONE = _Nothing()


def test_who_has_left_the_site_is_told_nothing(wei, guan, said):
    type(wei).objects.filter(pk=wei.pk).update(is_active=False)

    hide(said, reason=WHY, by=Actor.of(guan), at=LATER)

    assert letters_to(wei) == []


def test_it_is_hidden_once_and_shown_once(guan, said):
    by = Actor.of(guan)
    with pytest.raises(InvalidTransition):
        restore(said, reason=WHY, by=by, at=LATER)
    hide(said, reason=WHY, by=by, at=LATER)
    with pytest.raises(InvalidTransition) as refused:
        hide(said, reason=WHY, by=by, at=LATER)

    assert (refused.value.code, refused.value.status) == ("invalid_transition", 409)
    assert steps(said.conversation) == [("hidden", WHY)]


def test_what_was_taken_back_is_neither_hidden_nor_shown(wei, guan, said):
    take_back(said, by=Actor.of(wei), at=LATER)

    for act in (hide, restore):
        with pytest.raises(InvalidTransition):
            act(said, reason=WHY, by=Actor.of(guan), at=LATER)


def test_its_author_neither_changes_nor_takes_back_what_is_hidden(wei, guan, said):
    hide(said, reason=WHY, by=Actor.of(guan), at=LATER)

    with pytest.raises(Conflict):
        edit(said, "Nothing", by=Actor.of(wei), at=LATER)
    with pytest.raises(Conflict):
        take_back(said, by=Actor.of(wei), at=LATER)


def test_dismissed_reports_leave_the_message_where_it_is(lin, guan, said):
    one = reported(lin, said)

    assert dismiss_reports(one, reason="Harmless.", by=Actor.of(guan), at=LATER) == 1

    one.refresh_from_db()
    assert one.state == ReportState.DISMISSED
    assert Message.objects.get(pk=said.pk).body == SECRET
    assert len(letters_to(lin)) == 1
    assert steps(said.conversation)[-1] == ("dismissed", "Harmless.")
    with pytest.raises(InvalidTransition):
        dismiss_reports(one, reason="Again.", by=Actor.of(guan), at=LATER)


def test_all_reports_of_the_same_are_dismissed_and_no_others(lin, wei, mei, bao):
    flat = group(lin, wei, mei, at=NOW)
    first, second = (say(wei, flat, text, at=NOW) for text in ("One", "Two"))
    hers, other = reported(lin, first), reported(lin, second)
    reported(mei, first)

    assert dismiss_reports(hers, reason="Harmless.", by=Actor.of(bao), at=LATER) == 2

    assert list(MessageReport.objects.open()) == [other]
    assert [len(letters_to(one)) for one in (lin, mei, wei)] == [1, 1, 0]


def test_after_a_decision_it_can_be_reported_again(lin, guan, said):
    dismiss_reports(reported(lin, said), reason="Harmless.", by=Actor.of(guan), at=LATER)

    assert reported(lin, said, at=LATER).state == ReportState.OPEN


def test_a_closed_conversation_is_read_and_not_written_in(lin, wei, guan, said):
    talk = said.conversation
    thread = thread_of(lin, talk.pk)
    whole = report(thread, message=None, reason="abuse", words="", by=Actor.of(lin), at=NOW)

    closed = close(talk, reason="Insults.", by=Actor.of(guan), at=LATER)

    assert (closed.closed, closed.is_active) == (True, False)
    with pytest.raises(Archived):
        say(lin, talk, at=LATER)
    with pytest.raises(Archived):
        open_direct(wei, by=Actor.of(lin), at=LATER)
    last = messages_page(thread_of(wei, talk.pk))[-1]
    assert message_data(last)["content"]["what"] == "closed"
    whole.refresh_from_db()
    assert whole.state == ReportState.UPHELD
    assert steps(talk)[-1] == ("closed", "Insults.")


def test_staff_open_it_again(lin, guan, said):
    talk = said.conversation
    close(talk, reason="Insults.", by=Actor.of(guan), at=LATER)

    assert open_again(talk, reason="They made peace.", by=Actor.of(guan), at=LATER).is_active

    assert say(lin, talk, "Good", at=LATER).seq == talk_of(talk).last_seq
    assert steps(talk)[-1] == ("opened", "They made peace.")


def talk_of(conversation):
    return Conversation.objects.get(pk=conversation.pk)


def test_it_is_closed_once_and_opened_once(guan, lin_and_wei):
    by = Actor.of(guan)
    with pytest.raises(InvalidTransition):
        open_again(lin_and_wei, reason=WHY, by=by, at=LATER)
    close(lin_and_wei, reason=WHY, by=by, at=LATER)
    with pytest.raises(InvalidTransition):
        close(lin_and_wei, reason=WHY, by=by, at=LATER)
    assert [action for action, _why in steps(lin_and_wei)] == ["closed"]


def test_the_site_s_own_conversations_stay_open(lin, bao):
    with pytest.raises(Conflict):
        close(system_conversation(lin, at=NOW), reason=WHY, by=Actor.of(bao), at=LATER)


def test_an_operator_writes_to_somebody_in_the_name_of_the_site(lin, bao):
    message = write_to_person(
        lin, "Your refund is on its way.", reason="A call", by=Actor.of(bao), at=NOW
    )

    (shown,) = messages_page(thread_of(lin, message.conversation_id))
    data = message_data(shown)
    assert (data["content"], data["sender"]) == ({"text": "Your refund is on its way."}, None)
    assert thread_of(lin, message.conversation_id).unread == 1
    entry = ChatLogEntry.objects.get()
    assert (entry.action, entry.message, entry.actor_user) == ("written", message, bao)
    assert entry.reason == "A call"


def test_nothing_is_written_to_a_closed_account_and_nothing_without_words(lin, bao):
    by = Actor.of(bao)
    with pytest.raises(Invalid) as refused:
        write_to_person(lin, "  ", reason=WHY, by=by, at=NOW)
    assert set(refused.value.errors) == {"text"}
    lin.is_active = False
    with pytest.raises(NotFound):
        write_to_person(lin, "Hello", reason=WHY, by=by, at=NOW)
    assert not ChatLogEntry.objects.exists()


def every_act(lin, said):
    """All that needs a reason, each as a call that takes the rest."""
    talk = said.conversation
    return {
        ChatAction.READ: lambda **given: read_thread(talk, **given),
        ChatAction.HIDDEN: lambda **given: hide(said, **given),
        ChatAction.RESTORED: lambda **given: restore(said, **given),
        ChatAction.DISMISSED: lambda **given: dismiss_reports(reported(lin, said), **given),
        ChatAction.CLOSED: lambda **given: close(talk, **given),
        ChatAction.OPENED: lambda **given: open_again(talk, **given),
        ChatAction.WRITTEN: lambda **given: write_to_person(lin, "Hello", **given),
    }


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 201])
def test_nothing_is_done_without_a_reason_of_one_line(lin, bao, said, reason):
    for act in every_act(lin, said).values():
        with pytest.raises(Invalid) as refused:
            act(reason=reason, by=Actor.of(bao), at=LATER)
        assert set(refused.value.errors) == {"reason"}
        MessageReport.objects.all().delete()
    assert not ChatLogEntry.objects.exclude(action="reported").exists()


def test_each_act_has_one_entry_with_who_when_and_why(lin, bao, said):
    for action, act in every_act(lin, said).items():
        before = set(ChatLogEntry.objects.values_list("pk", flat=True))
        act(reason=f"Because\n of {action}", by=Actor.of(bao), at=LATER)
        new = ChatLogEntry.objects.exclude(pk__in=before).exclude(action="reported")
        entry = new.get()
        assert (entry.action, entry.actor_user, entry.at) == (action, bao, LATER)
        assert entry.reason == f"Because of {action}"


def test_the_log_is_only_ever_added_to(guan, lin_and_wei):
    entry = read_thread(lin_and_wei, reason=WHY, by=Actor.of(guan), at=NOW)

    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()
