"""Whoever has not seen a message for a while hears of it, once, by every way they wish; and of
nothing that they have read meanwhile, or that was taken back."""

from datetime import timedelta
from functools import partial

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from accounts.services import erase_account
from booking_site.common.actors import Actor
from chat import services as chat
from chat.models import Participant
from chat.selectors.unseen import unseen
from notifications.models import DeliveryStatus, DropReason, Notification, Nudge, UserEvent
from notifications.services import nudge, register_device, set_preferences
from notifications.timed import run_due
from notifications.timed_pushes import push_due
from notifications.timed_unseen import nudge_due
from tests.appointments.world import NOW
from tests.chat import talk
from tests.factories import UserFactory
from tests.races.together import side_by_side

from .edge import at_the_edge
from .post import html_of
from .test_push import Recording

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
# Ten minutes are what holds until staff say otherwise.
WAIT = 10 * MINUTE


@pytest.fixture
def lin(db):
    return UserFactory(display_name="Lin", email="lin@example.com", locale="en")


@pytest.fixture
def wei(db):
    return UserFactory(provider=True, display_name="Wei", email="wei.w@example.com", locale="en")


@pytest.fixture
def at():
    return NOW


@pytest.fixture
def two(lin, wei, at):
    return talk.between(lin, wei, at=at)


@pytest.fixture
def recorded(monkeypatch):
    monkeypatch.setattr(Recording, "sent", [])
    monkeypatch.setattr(Recording, "error", None)
    monkeypatch.setattr("notifications.timed_pushes.gateway", Recording)
    return Recording


def letters(*, at, to="lin@example.com"):
    mail.outbox.clear()
    run_due(at=at)
    return [letter for letter in mail.outbox if letter.to == [to]]


# Once, and after a while


def test_after_ten_minutes_it_is_told_once_with_the_way_there(two, wei, at):
    talk.say(wei, two, "Is three o'clock fine?", at=at)

    assert letters(at=at + WAIT - MINUTE) == []
    (letter,) = letters(at=at + WAIT)

    assert letter.subject == "Wei wrote to you"
    for text in (letter.body, html_of(letter)):
        assert "1 message waits for you." in text
        assert f"http://127.0.0.1:8000/chat/{two.pk}/" in text
    assert "Wei: Is three o'clock fine?" in letter.body
    assert not letter.attachments
    for text in (letter.body, html_of(letter)):
        assert "/notifications/preferences/" in text
    assert letters(at=at + WAIT + MINUTE) == []
    assert letters(at=at + timedelta(days=1)) == []


def test_what_comes_before_it_is_read_is_not_told_again(two, lin, wei, at):
    talk.say(wei, two, "One", at=at)
    assert len(letters(at=at + WAIT)) == 1
    talk.say(wei, two, "Two", at=at + 2 * WAIT)

    assert letters(at=at + 4 * WAIT) == []


def test_what_comes_after_it_was_read_is(two, lin, wei, at):
    first = talk.say(wei, two, "One", at=at)
    assert len(letters(at=at + WAIT)) == 1
    chat.mark_read(two.pk, first.seq, by=Actor.of(lin), at=at + 2 * WAIT)
    talk.say(wei, two, "Two", at=at + 2 * WAIT)

    assert letters(at=at + 3 * WAIT - MINUTE) == []
    assert len(letters(at=at + 3 * WAIT)) == 1


def test_staff_say_how_long_that_is(two, wei, at, settings):
    settings.CHAT_UNSEEN_MINUTES = 60
    talk.say(wei, two, at=at)

    assert letters(at=at + 59 * MINUTE) == []
    assert len(letters(at=at + 60 * MINUTE)) == 1


def test_all_that_waits_is_counted_and_the_newest_shown(two, wei, at):
    for number in range(3):
        talk.say(wei, two, f"Number {number}", at=at + number * MINUTE)

    (letter,) = letters(at=at + WAIT)

    assert "3 messages wait for you." in letter.body
    assert "Number 2" in letter.body
    assert "Number 1" not in letter.body


def test_a_long_one_is_shown_in_part(two, wei, at):
    talk.say(wei, two, "a" * 900, at=at)

    (letter,) = letters(at=at + WAIT)

    assert "a" * 70 in letter.body
    assert "a" * 81 not in letter.body


def test_each_conversation_has_its_own(lin, wei, at, two):
    mei = UserFactory(display_name="Mei")
    talk.say(wei, two, at=at)
    talk.say(mei, talk.between(mei, lin, at=at), at=at)

    assert sorted(one.subject for one in letters(at=at + WAIT)) == [
        "Mei wrote to you",
        "Wei wrote to you",
    ]


def test_a_group_is_called_by_its_name(lin, wei, at):
    group = talk.group(wei, lin, name="Flat hunters", at=at)
    talk.say(wei, group, "Hello, all", at=at)

    (letter,) = letters(at=at + WAIT)

    assert letter.subject == "New messages in Flat hunters"
    assert "Wei: Hello, all" in letter.body


def test_the_site_s_own_words_are_told_and_its_notes_are_not(lin, wei, at):
    talk.group(wei, lin, at=at)
    assert letters(at=at + WAIT) == []

    own = at_the_edge(chat.system_conversation, lin, at=at)
    at_the_edge(chat.write_to, own, "We close at noon on Friday.", at=at)

    (letter,) = letters(at=at + WAIT)
    assert "We close at noon on Friday." in letter.body


# Who is not told


def test_whoever_has_read_it_is_not(two, lin, wei, at):
    message = talk.say(wei, two, at=at)
    chat.mark_read(two.pk, message.seq, by=Actor.of(lin), at=at + MINUTE)

    assert letters(at=at + WAIT) == []


def test_nobody_is_told_of_what_they_said_themselves(two, wei, at):
    talk.say(wei, two, at=at)

    assert letters(at=at + WAIT, to=wei.email) == []


def test_whoever_has_muted_it_is_not(two, lin, wei, at):
    chat.mute(two, muted=True, by=Actor.of(lin), at=at)
    talk.say(wei, two, at=at)

    assert letters(at=at + WAIT) == []


def test_of_what_was_put_away_nobody_is(two, wei, at):
    talk.say(wei, two, at=at)
    chat.put_away(two, at=at)

    assert letters(at=at + WAIT) == []


def test_whoever_has_left_the_group_is_not(lin, wei, at):
    group = talk.group(wei, lin, at=at)
    talk.say(wei, group, at=at)
    chat.leave(group, by=Actor.of(lin), at=at)

    assert letters(at=at + WAIT) == []


def test_of_somebody_one_has_blocked_one_hears_nothing(two, lin, wei, at):
    talk.say(wei, two, at=at)
    at_the_edge(chat.block, wei, by=Actor.of(lin), at=at)

    assert letters(at=at + WAIT) == []


def test_of_what_was_taken_back_nobody_hears(two, wei, at):
    chat.take_back(talk.say(wei, two, at=at), by=Actor.of(wei), at=at)

    assert letters(at=at + WAIT) == []


def test_of_what_has_waited_for_days_nobody_hears(two, wei, at):
    talk.say(wei, two, at=at)

    assert letters(at=at + timedelta(days=5)) == []


# What changes while it is on its way


@pytest.fixture
def waiting(two, lin, wei, at, settings, recorded):
    """A letter and a push to Lin, written and not sent."""
    register_device(lin, platform="ios", token="lins", by=Actor.of(lin), at=at)
    message = talk.say(wei, two, "Call me on 555", at=at)
    nudge_due(at=at + WAIT)
    assert sorted(Nudge.objects.values_list("channel", flat=True)) == ["email", "push"]
    return message


def read_it(lin, wei, two, message, at):
    chat.mark_read(two.pk, message.seq, by=Actor.of(lin), at=at)


def take_it_back(lin, wei, two, message, at):
    chat.take_back(message, by=Actor.of(wei), at=at)


def mute_it(lin, wei, two, message, at):
    chat.mute(two, muted=True, by=Actor.of(lin), at=at)


def block_them(lin, wei, two, message, at):
    at_the_edge(chat.block, wei, by=Actor.of(lin), at=at)


@pytest.mark.parametrize("change", [read_it, take_it_back, mute_it, block_them])
def test_it_is_let_go(waiting, two, lin, wei, at, recorded, change):
    change(lin, wei, two, waiting, at + WAIT)

    assert letters(at=at + WAIT) == []
    push_due(at=at + WAIT)

    assert recorded.sent == []
    rows = Nudge.objects.values_list("status", "last_error")
    assert set(rows) == {(DeliveryStatus.DROPPED, DropReason.UNTRUE)}


def test_whoever_has_left_the_site_hears_nothing_and_leaves_nothing(waiting, lin, at, recorded):
    at_the_edge(erase_account, lin, by=Actor.of(lin), at=at + WAIT)

    assert letters(at=at + WAIT) == []
    push_due(at=at + WAIT)
    assert recorded.sent == []
    assert not Nudge.objects.exists()


def test_other_words_are_what_is_told(waiting, two, wei, at):
    chat.edit(waiting, "Call me on 777", by=Actor.of(wei), at=at + MINUTE)

    (letter,) = letters(at=at + WAIT)

    assert "777" in letter.body
    assert "555" not in letter.body + html_of(letter)


def test_a_letter_that_fails_is_tried_again_under_the_same_id(waiting, at, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr("notifications.timed.Mailer.send", _fails)
        assert letters(at=at + WAIT) == []
    (row,) = Nudge.objects.filter(channel="email")
    assert (row.status, row.attempts) == (DeliveryStatus.PENDING, 1)

    (letter,) = letters(at=row.next_try_at)

    expected = f"<messages.{row.participant_id}.{row.seq}@127.0.0.1>"
    assert letter.extra_headers["Message-ID"] == expected


def _fails(*args):
    raise OSError("no way there")


# By which ways


def test_on_the_site_it_is_told_without_the_words(two, lin, wei, at):
    talk.say(wei, two, "My secret", at=at)
    letters(at=at + WAIT)

    (row,) = Notification.objects.filter(user=lin)
    assert (row.type, row.title, row.link) == (16, "Wei wrote to you", f"/chat/{two.pk}/")
    assert row.content == "1 message waits for you."
    frame = UserEvent.objects.get(user=lin, event="notification").payload
    assert (frame["type"], frame["kind"], frame["detail"]) == (16, "message", {})


def test_by_push_it_says_the_words_and_leads_there(waiting, two, at, recorded):
    push_due(at=at + WAIT)

    (sent,) = recorded.sent
    assert (sent.title, sent.text, sent.token) == ("Wei wrote to you", "Call me on 555", "lins")
    assert sent.extras == {
        "kind": "message",
        "link": f"/chat/{two.pk}/",
        "conversation_id": str(two.pk),
    }
    push_due(at=at + WAIT)
    assert len(recorded.sent) == 1


def test_a_device_that_went_to_somebody_else_hears_nothing(waiting, wei, at, recorded):
    register_device(wei, platform="ios", token="lins", by=Actor.of(wei), at=at)

    push_due(at=at + WAIT)

    assert recorded.sent == []


@pytest.mark.parametrize("channel", ["email", "in_app", "push"])
def test_each_way_can_be_switched_off_by_itself(two, lin, wei, at, recorded, channel):
    register_device(lin, platform="ios", token="lins", by=Actor.of(lin), at=at)
    set_preferences(lin, changes={"message": {channel: False}}, by=Actor.of(lin))
    talk.say(wei, two, at=at)

    told = {
        "email": len(letters(at=at + WAIT)),
        "in_app": Notification.objects.filter(user=lin).count(),
    }
    push_due(at=at + WAIT)
    told["push"] = len(recorded.sent)

    assert told == {"email": 1, "in_app": 1, "push": 1} | {channel: 0}


def test_whoever_wants_none_is_done_with_all_the_same(two, lin, wei, at):
    off = dict.fromkeys(("email", "in_app", "push"), False)
    set_preferences(lin, changes={"message": off}, by=Actor.of(lin))
    talk.say(wei, two, at=at)

    assert letters(at=at + WAIT) == []
    assert Participant.objects.get(user=lin).reminded_seq == 1


def test_whoever_has_no_address_is_told_by_the_others(two, lin, wei, at):
    lin.email, lin.phone = None, "+8613800138077"
    lin.save()
    talk.say(wei, two, at=at)

    assert letters(at=at + WAIT, to="") == []
    assert Notification.objects.filter(user=lin).count() == 1


def test_in_the_reader_s_language(two, lin, wei, at):
    lin.locale = "zh-hans"
    lin.save()
    talk.say(wei, two, "下午三点可以吗？", at=at)

    (letter,) = letters(at=at + WAIT)

    assert letter.extra_headers["Content-Language"] == "zh-hans"
    assert 'lang="zh-hans"' in html_of(letter)
    assert "下午三点可以吗？" in letter.body


def test_what_people_type_is_shown_and_never_run(two, wei, at):
    talk.say(wei, two, "<script>alert(1)</script>", at=at)

    (letter,) = letters(at=at + WAIT)

    assert "<script>alert" not in html_of(letter)
    assert "&lt;script&gt;" in html_of(letter)


# Twice, and at once


def test_what_is_found_twice_is_told_once(two, lin, wei, at):
    talk.say(wei, two, at=at)
    ((row,), (again,)) = unseen(at=at + WAIT), unseen(at=at + WAIT)

    assert at_the_edge(nudge, row, at=at + WAIT)
    assert not at_the_edge(nudge, again, at=at + WAIT)

    assert Nudge.objects.count() == Notification.objects.filter(user=lin).count() == 1


def test_without_the_comparison_the_second_would_be_refused_by_the_database(
    two, lin, wei, at, monkeypatch
):
    """The control: what the test above would find."""
    monkeypatch.setattr("notifications.services.nudging.claim_unseen", lambda row: True)
    talk.say(wei, two, at=at)
    (row,) = unseen(at=at + WAIT)
    at_the_edge(nudge, row, at=at + WAIT)

    with pytest.raises(IntegrityError), transaction.atomic():
        nudge(row, at=at + WAIT)


@pytest.mark.parametrize("change", [read_it, mute_it, take_it_back])
def test_who_needs_it_no_more_when_it_is_written_is_told_nothing(two, lin, wei, at, change):
    message = talk.say(wei, two, at=at)
    (row,) = unseen(at=at + WAIT)
    change(lin, wei, two, message, at + MINUTE)

    assert not at_the_edge(nudge, row, at=at + WAIT)

    assert not Nudge.objects.exists()
    assert Participant.objects.get(user=lin).reminded_seq == 0


@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_tell_everybody_once():
    wei = UserFactory(provider=True, display_name="Wei")
    people = UserFactory.create_batch(4)
    for one in people:
        talk.say(wei, talk.between(wei, one, at=NOW), at=NOW)

    side_by_side(*[partial(run_due, at=NOW + WAIT)] * 4)

    assert set(Nudge.objects.values_list("status", "attempts")) == {("sent", 1)}
    assert sorted(letter.to for letter in mail.outbox) == sorted([one.email] for one in people)
    told = Notification.objects.values_list("user_id", flat=True)
    assert sorted(told) == sorted(one.pk for one in people)


def test_finding_them_costs_the_same_however_many_there_are(
    wei, at, two, django_assert_num_queries
):
    talk.say(wei, two, at=at)
    with django_assert_num_queries(2):
        assert len(unseen(at=at + WAIT)) == 1
    for one in UserFactory.create_batch(5):
        talk.say(wei, talk.between(wei, one, at=at), at=at)
    with django_assert_num_queries(2):
        assert len(unseen(at=at + WAIT)) == 6
