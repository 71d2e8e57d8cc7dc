"""Staff who hide what its author changes or takes back at the same moment: one thing happens after
the other, and who is told last is told what is so. The control runs the same without the lock, and
tells words that are hidden."""

import threading
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import connection, transaction

from booking_site.common.actors import Actor
from booking_site.common.events import _receivers, subscribe
from booking_site.common.models import SystemConfig
from booking_site.common.transactions import run_in_transaction
from chat import timed
from chat.events import MessageDeleted, MessageEdited, WordsForgotten
from chat.models import ChatLogEntry, Conversation, Message, MessageReport
from chat.presenters.messages import message_data
from chat.selectors.reading import thread_of
from chat.services import (
    changing,
    dismiss_reports,
    edit,
    hide,
    moderating,
    report,
    restore,
    take_back,
)
from chat.services.archiving import archive
from tests.backoffice.places import put
from tests.chat import talk as talking
from tests.factories import RealtorFactory, StoreFactory, UserFactory

from .together import ISOLATIONS, PATIENCE, codes, side_by_side, together

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
A_MOMENT = 0.5


@pytest.fixture(params=ISOLATIONS)
def isolation(request, monkeypatch) -> None:
    """As the product's own setting may say; the threads' connections begin with it."""
    if request.param:
        options = connection.settings_dict["OPTIONS"]
        monkeypatch.setitem(options, "isolation_level", request.param)


@pytest.fixture
def told():
    """By message, the last thing that devices were told of it, as of the commit: the news of a
    transaction that was rolled back was told to nobody."""
    last: dict[int, dict] = {}

    def hear(news):
        data = message_data(news.message)
        transaction.on_commit(lambda: last.__setitem__(news.message.pk, data))

    for kind in (MessageDeleted, MessageEdited):
        subscribe(kind)(hear)
    yield last
    for kind in (MessageDeleted, MessageEdited):
        _receivers[kind].remove(hear)


def people():
    lin, wei = UserFactory(display_name="Lin"), UserFactory(display_name="Wei")
    return lin, wei, UserFactory(operator=True, display_name="Bao")


def said_by(lin, wei):
    return talking.say(wei, talking.between(lin, wei, at=NOW), "Pay my cousin", at=NOW)


def three(message, wei, bao):
    given = {"by": Actor.of(bao), "at": LATER}
    return (
        partial(hide, message, reason="A trick.", **given),
        partial(edit, message, "Pay me", by=Actor.of(wei), at=LATER),
        partial(take_back, message, by=Actor.of(wei), at=LATER),
    )


def history_of(message):
    """What became of it: at most one of hidden and taken back, and the log says which."""
    message.refresh_from_db()
    hidden = list(ChatLogEntry.objects.filter(message=message).values_list("action", flat=True))
    return message.hidden_at is not None, message.deleted_at is not None, hidden


@pytest.mark.parametrize("_round", range(4))
def test_hidden_changed_and_taken_back_at_once_has_one_history(_round, isolation, told):
    lin, wei, bao = people()
    message = said_by(lin, wei)

    outcomes = together(*three(message, wei, bao))

    is_hidden, is_gone, log = history_of(message)
    # Whoever came second of those two found nothing left to do.
    assert is_hidden is not is_gone
    assert log == (["hidden"] if is_hidden else [])
    assert codes(outcomes).count("done") in (1, 2)
    assert (told[message.pk]["content"], told[message.pk]["attachments"]) == ({}, [])
    if is_gone:
        assert message.body == ""


def overtaken(message, wei, bao, monkeypatch, run=run_in_transaction):
    """Wei has read the message to edit it, and thinks about the words until the staff have hidden
    it; or for a moment, when they cannot before Wei is done. Wei's news is told last."""
    has_read, is_hidden = threading.Event(), threading.Event()
    filter_of_words = changing.word_filter

    def think():
        has_read.set()
        is_hidden.wait(A_MOMENT)
        return filter_of_words()

    def hide_what_was_read():
        assert has_read.wait(PATIENCE)
        run(to_hide)
        is_hidden.set()

    monkeypatch.setattr(changing, "word_filter", think)
    to_hide, to_edit, _to_take_back = three(message, wei, bao)
    side_by_side(hide_what_was_read, partial(run, to_edit))


def test_words_hidden_while_their_author_changes_them_are_not_told(isolation, told, monkeypatch):
    lin, wei, bao = people()
    message = said_by(lin, wei)

    overtaken(message, wei, bao, monkeypatch)

    assert history_of(message) == (True, False, ["hidden"])
    assert (message.body, told[message.pk]["content"]) == ("Pay me", {})


def test_without_the_lock_the_same_tells_words_that_are_hidden(told, monkeypatch):
    def not_locked(conversation_id):
        return Conversation.objects.get(pk=conversation_id)

    for module in (changing, moderating):
        monkeypatch.setattr(module, "locked", not_locked)
    lin, wei, bao = people()
    message = said_by(lin, wei)
    # Where there is one writer the transaction is the lock: there each statement is on its own.
    run = statement_by_statement if connection.vendor == "sqlite" else run_in_transaction

    overtaken(message, wei, bao, monkeypatch, run)

    assert history_of(message) == (True, False, ["hidden"])
    assert told[message.pk]["content"] == {"text": "Pay me"}


def statement_by_statement(call):
    """The same work, with no transaction around it."""
    return call.func.__wrapped__(*call.args, **call.keywords)


@pytest.mark.parametrize("_round", range(3))
def test_of_four_who_hide_the_same_one_does_and_it_is_told_once(_round, isolation):
    lin, wei, bao = people()
    message = said_by(lin, wei)
    given = {"reason": "A trick.", "by": Actor.of(bao), "at": LATER}

    outcomes = together(*(partial(hide, message, **given) for _one in range(4)))

    assert codes(outcomes) == ["done", *["invalid_transition"] * 3]
    assert ChatLogEntry.objects.count() == 1
    letters = Message.objects.filter(conversation__pair_key=f"system:{wei.pk}")
    assert letters.count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_a_report_is_decided_once_whoever_decides(_round, isolation):
    lin, wei, bao = people()
    message = said_by(lin, wei)
    thread = thread_of(lin, message.conversation_id)
    told = {"reason": "fraud", "words": "", "by": Actor.of(lin), "at": NOW}
    one = report(thread, message=message, **told)
    given = {"reason": "Because.", "by": Actor.of(bao), "at": LATER}

    together(
        partial(hide, message, **given),
        partial(dismiss_reports, one, **given),
        partial(dismiss_reports, one, **given),
    )

    state = MessageReport.objects.get().state
    letters = Message.objects.filter(conversation__pair_key=f"system:{lin.pk}").count()
    assert state in ("upheld", "dismissed")
    assert letters == 1


@pytest.mark.parametrize("_round", range(3))
def test_words_that_are_forgotten_while_they_are_shown_again_stay_forgotten(_round, isolation):
    SystemConfig.objects.create(key="chat-policy", value={"retention_days": 365})
    lin, wei, bao = people()
    message = said_by(lin, wei)
    given = {"reason": "Because.", "by": Actor.of(bao)}
    hide(message, at=LATER, **given)
    late = NOW + timedelta(days=365)
    heard = []
    subscribe(WordsForgotten)(heard.append)

    try:
        side_by_side(
            partial(timed.forget_old, at=late),
            partial(timed.forget_old, at=late),
            lambda: together(partial(restore, message, at=late, **given)),
        )
    finally:
        _receivers[WordsForgotten].remove(heard.append)

    message.refresh_from_db()
    assert (message.body, message.deleted_at) == ("", late)


@pytest.mark.parametrize("_round", range(3))
def test_a_conversation_is_put_away_once_and_not_over_a_new_word(_round, isolation):
    lin = UserFactory(display_name="Lin")
    wei = UserFactory(provider=True, display_name="Wei")
    realtor = RealtorFactory(store=StoreFactory(), user=wei, name="Wei")
    booked = put(realtor, NOW - timedelta(hours=2), status="completed", user=lin)
    talk = talking.between(lin, wei, about=booked, at=NOW)
    month = timedelta(days=30)
    late = NOW + month
    put_away = partial(archive, talk, after=month, at=late)

    def say():
        return talking.say(lin, talk, "Wait", at=late)

    outcomes = side_by_side(
        *(lambda: together(put_away)[0] for _one in range(3)),
        say,
    )

    row = Conversation.objects.get(pk=talk.pk)
    said = Message.objects.filter(conversation=talk, body="Wait").exists()
    # One or the other: who wrote first keeps it open, who wrote last is told that it is away.
    assert said is row.is_active
    assert outcomes[:3].count(True) == (0 if said else 1)
