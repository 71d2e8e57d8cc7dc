"""What was said long ago is forgotten, where staff have set so: words and files go, numbers and the
log stay."""

from datetime import timedelta

import pytest

from booking_site.common.actors import Actor
from booking_site.common.events import _receivers, subscribe
from booking_site.common.models import SystemConfig
from chat import timed
from chat.events import WordsForgotten
from chat.models import Attachment, ChatLogEntry, Message, MessageReport
from chat.presenters.messages import message_data, preview
from chat.selectors.reading import messages_page, thread_of
from chat.services import dismiss_reports, hide, report, retention, system_conversation, write_to
from chat.services.retention import forget_words

from .conftest import NOW
from .talk import group, say

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)
AFTER = NOW + YEAR
SECRET = "My door code is 4711"


@pytest.fixture
def a_year(db):
    SystemConfig.objects.create(key="chat-policy", value={"retention_days": 365})


@pytest.fixture
def forgotten():
    """What is published, so that devices and streams forget it too."""
    heard = []
    subscribe(WordsForgotten)(heard.append)
    yield heard
    _receivers[WordsForgotten].remove(heard.append)


def bodies(talk):
    return list(
        Message.objects.filter(conversation=talk).order_by("seq").values_list("body", flat=True)
    )


def test_words_are_kept_where_nobody_has_set_otherwise(lin, lin_and_wei):
    say(lin, lin_and_wei, SECRET, at=NOW)

    assert timed.forget_old(at=AFTER + YEAR) == 0
    assert bodies(lin_and_wei) == [SECRET]


def test_old_words_are_gone_for_everybody_and_younger_ones_stay(
    lin, wei, lin_and_wei, a_year, forgotten
):
    old = say(lin, lin_and_wei, SECRET, at=NOW)
    say(wei, lin_and_wei, "Thanks", at=NOW + timedelta(seconds=1), reply_to_id=old.pk)

    assert timed.forget_old(at=AFTER) == 1

    assert bodies(lin_and_wei) == ["", "Thanks"]
    first, second = messages_page(thread_of(wei, lin_and_wei.pk))
    assert (first.seq, first.deleted_at) == (1, AFTER)
    assert (message_data(first)["content"], message_data(first)["attachments"]) == ({}, [])
    assert SECRET not in str(message_data(second))
    assert preview(first) == "This message is not kept any more."
    (news,) = forgotten
    assert news.message_ids == (old.pk,)
    assert {one.user_id for one in news.members} == {lin.pk, wei.pk}


def test_files_and_stickers_go_too(lin, lin_and_wei, a_year):
    sticker = say(lin, lin_and_wei, "", kind="sticker", sticker="hello", at=NOW)
    with_file = say(lin, lin_and_wei, "", kind="sticker", sticker="key", at=NOW)
    Attachment.objects.create(
        conversation=lin_and_wei,
        uploader=lin,
        message=with_file,
        key="a" * 32,
        kind="file",
        name="plan.pdf",
        content_type="application/pdf",
        size=4,
        sha256="0" * 64,
        created_at=NOW,
    )

    assert timed.forget_old(at=AFTER) == 2

    sticker.refresh_from_db()
    assert sticker.meta == {}
    assert not Attachment.objects.exists()


def test_what_is_hidden_is_forgotten_like_the_rest(wei, guan, lin_and_wei, a_year):
    said = say(wei, lin_and_wei, SECRET, at=NOW)
    hide(said, reason="A trick.", by=Actor.of(guan), at=NOW)

    timed.forget_old(at=AFTER)

    said.refresh_from_db()
    assert (said.body, said.deleted_at) == ("", AFTER)


def test_what_the_site_wrote_goes_and_what_it_noted_stays(lin, wei, a_year):
    flat = group(lin, wei, at=NOW)
    letter = write_to(system_conversation(lin, at=NOW), "You owe 20", at=NOW)

    timed.forget_old(at=AFTER)

    letter.refresh_from_db()
    assert letter.body == ""
    (note,) = messages_page(thread_of(wei, flat.pk))
    assert message_data(note)["content"]["what"] == "began"


def test_what_a_report_quotes_is_kept_until_it_is_decided(lin, wei, guan, lin_and_wei, a_year):
    said = say(wei, lin_and_wei, SECRET, at=NOW)
    thread = thread_of(lin, lin_and_wei.pk)
    told = {"reason": "fraud", "words": "He lies.", "by": Actor.of(lin), "at": NOW}
    one = report(thread, message=said, **told)

    timed.forget_old(at=AFTER)
    assert MessageReport.objects.get().quoted == SECRET

    dismiss_reports(one, reason="Old.", by=Actor.of(guan), at=AFTER)
    timed.forget_old(at=AFTER)
    one.refresh_from_db()
    assert (one.quoted, one.words, one.reason) == ("", "", "fraud")


def test_the_log_stays(wei, guan, lin_and_wei, a_year):
    hide(say(wei, lin_and_wei, SECRET, at=NOW), reason="A trick.", by=Actor.of(guan), at=NOW)
    before = list(ChatLogEntry.objects.values())

    timed.forget_old(at=AFTER)

    assert list(ChatLogEntry.objects.values()) == before


def test_twice_is_once(lin, lin_and_wei, a_year, forgotten):
    say(lin, lin_and_wei, SECRET, at=NOW)

    assert timed.forget_old(at=AFTER) == 1
    assert timed.forget_old(at=AFTER + timedelta(days=2)) == 0
    assert Message.objects.get().deleted_at == AFTER
    assert len(forgotten) == 1


def test_many_are_forgotten_in_batches_each_on_its_own(
    lin, wei, mei, lin_and_wei, a_year, forgotten, monkeypatch
):
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    other = group(lin, mei, at=NOW)
    for number in range(5):
        say(lin, lin_and_wei, f"Number {number}", at=NOW)
    say(mei, other, "Another", at=NOW)

    assert timed.forget_old(at=AFTER) == 6
    assert [len(one.message_ids) for one in forgotten] == [2, 2, 1, 1]
    assert not Message.objects.exclude(body="").exists()


def test_a_round_that_was_cut_off_is_finished_by_the_next(lin, lin_and_wei, a_year, monkeypatch):
    monkeypatch.setattr(retention, "AT_ONCE", 1)
    monkeypatch.setattr(timed, "MOST_BATCHES", 1)
    for number in range(3):
        say(lin, lin_and_wei, f"Number {number}", at=NOW + timedelta(seconds=number))
    late = AFTER + timedelta(minutes=1)

    assert [timed.forget_old(at=late) for _round in range(4)] == [1, 1, 1, 0]


def test_somebody_who_lets_it_run_longer_loses_nothing_that_is_young(lin, lin_and_wei, a_year):
    """The same conversation, found by two at once: the second finds nothing left."""
    say(lin, lin_and_wei, SECRET, at=NOW)
    say(lin, lin_and_wei, "Today", at=AFTER)

    assert forget_words(lin_and_wei, before=NOW, at=AFTER) == 1
    assert forget_words(lin_and_wei, before=NOW, at=AFTER) == 0
    assert bodies(lin_and_wei) == ["", "Today"]
