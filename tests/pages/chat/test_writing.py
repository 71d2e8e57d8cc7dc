"""Saying something without a script, and as the script does."""

from collections import OrderedDict
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from booking_site.common import pace
from chat import services
from chat.models import Conversation, Message
from tests.appointments.world import NOW
from tests.chat import talk

from .visits import look, own, thread


def test_words_are_sent_and_what_was_there_is_read(
    talking: Conversation, fang: User, wei_user: User, hers: Client
):
    talk.say(wei_user, talking, at=NOW)

    answer = hers.post(thread(talking, "send/"), {"text": "Two lines\r\nof it"})

    assert answer["Location"] == thread(talking)
    assert Message.objects.latest("seq").body == "Two lines\nof it"
    assert own(fang, talking).last_read_seq == 2
    assert "Two lines<br>of it" in look(hers, thread(talking))


def test_a_sticker_is_a_button(talking: Conversation, hers: Client):
    hers.post(thread(talking, "send/"), {"text": "", "sticker": "hello"})

    assert Message.objects.get().meta == {"sticker": "hello"}
    assert 'alt="Hello!"' in look(hers, thread(talking))


def test_a_picture_is_sent_with_words(talking: Conversation, hers: Client, his: Client, picture):
    answer = hers.post(thread(talking, "send/"), {"text": "The kitchen", "file": picture})

    assert answer.status_code == 302, answer.content.decode()
    made = Message.objects.get()
    assert (made.kind, made.body) == ("image", "The kitchen")
    page = look(his, thread(talking))
    key = made.attachments.get().key
    assert f'src="/chat/files/{key}/small/"' in page
    assert "The kitchen" in page


def test_a_file_that_is_none_of_ours_stands_with_the_reason(
    talking: Conversation, hers: Client, program
):
    answer = hers.post(thread(talking, "send/"), {"text": "Look", "file": program})

    assert answer.status_code == 400
    page = answer.content.decode()
    assert 'role="alert"' in page
    assert ">Look</textarea>" in page
    assert not Message.objects.exists()


def test_an_answer_stands_under_what_it_answers(
    talking: Conversation, fang: User, wei_user: User, hers: Client
):
    asked = talk.say(wei_user, talking, "At three?", at=NOW)
    page = look(hers, thread(talking), reply=str(asked.pk))
    assert f'name="reply_to" value="{asked.pk}"' in page

    hers.post(thread(talking, "send/"), {"text": "Yes", "reply_to": str(asked.pk)})

    assert Message.objects.latest("seq").reply_to == asked
    assert f'href="#m{asked.seq}"' in look(hers, thread(talking))


def test_nothing_is_not_sent_and_the_reason_stands_there(talking: Conversation, hers: Client):
    answer = hers.post(thread(talking, "send/"), {"text": "  "})

    assert answer.status_code == 400
    assert "Please write something." in answer.content.decode()


def test_what_is_too_long_is_kept_in_the_field(talking: Conversation, hers: Client):
    text = "long " * 300

    answer = hers.post(thread(talking, "send/"), {"text": text})

    assert answer.status_code == 400
    assert "Please keep it to 1000 characters." in answer.content.decode()
    assert text.strip() in answer.content.decode()


def test_too_many_at_once_wait_and_keep_their_words(
    talking: Conversation, hers: Client, monkeypatch: pytest.MonkeyPatch
):
    # A clock of its own, which stands still, and buckets of its own.
    monkeypatch.setattr(pace.time, "monotonic", lambda: 1000.0)
    monkeypatch.setattr(pace.settings, "REDIS_URL", "")
    monkeypatch.setattr(pace, "_buckets", OrderedDict())

    answers = [hers.post(thread(talking, "send/"), {"text": "Again"}) for _number in range(42)]

    assert [one.status_code for one in answers] == [302] * 40 + [429] * 2
    assert ">Again</textarea>" in answers[-1].content.decode()
    by_script = hers.post(thread(talking, "send/"), {"text": "x"}, headers=JSON)
    assert by_script.json()["error"]["retry_after"] >= 1


JSON = {"accept": "application/json"}


def test_the_script_is_answered_with_the_message_and_twice_is_once(
    talking: Conversation, hers: Client
):
    sent = {"text": "Hello", "client_id": "a-1"}

    first = hers.post(thread(talking, "send/"), sent, headers=JSON)
    again = hers.post(thread(talking, "send/"), sent, headers=JSON)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["seq"] == again.json()["seq"] == 1
    assert 'data-client="a-1"' in first.json()["html"]
    assert Message.objects.count() == 1


def test_a_picture_that_is_sent_twice_is_sent_once(talking: Conversation, hers: Client, picture):
    for status in (201, 200):
        picture.seek(0)
        sent = {"text": "", "file": picture, "client_id": "a-1"}
        answer = hers.post(thread(talking, "send/"), sent, headers=JSON)
        assert answer.status_code == status
    assert Message.objects.count() == 1


def test_the_name_of_another_message_is_refused(talking: Conversation, hers: Client):
    hers.post(thread(talking, "send/"), {"text": "One", "client_id": "a"}, headers=JSON)
    answer = hers.post(thread(talking, "send/"), {"text": "Two", "client_id": "a"}, headers=JSON)

    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "idempotency_mismatch"


def test_a_message_is_changed_and_says_so(talking: Conversation, fang: User, hers: Client):
    said = talk.say(fang, talking, "At tree", at=NOW)
    address = thread(talking, f"{said.pk}/edit/")
    assert ">\nAt tree</textarea>" in look(hers, address)

    assert hers.post(address, {"text": "At three"})["Location"] == thread(talking)

    page = look(hers, thread(talking))
    assert "At three" in page
    assert "changed" in page


def test_later_it_is_too_late(talking: Conversation, fang: User, hers: Client, monday_morning):
    said = talk.say(fang, talking, "Old", at=NOW - timedelta(hours=1))
    page = look(hers, thread(talking))
    assert "take-back" not in page

    refused = hers.post(thread(talking, f"{said.pk}/edit/"), {"text": "New"})

    assert "It is too late to change this message." in refused.content.decode()
    answer = hers.post(thread(talking, f"{said.pk}/take-back/"), follow=True)
    assert "It is too late to change this message." in answer.content.decode()


def test_nobody_writes_in_one_that_was_put_away(talking: Conversation, hers: Client):
    services.put_away(talking, at=NOW)

    page = look(hers, thread(talking))

    assert "data-composer" not in page
    assert "Open it again" in page
    answer = hers.post(thread(talking, "send/"), {"text": "Hi"})
    assert answer.status_code == 409
