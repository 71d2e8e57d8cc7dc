"""One conversation, read without a script."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from chat.models import Conversation, Message
from tests.appointments.world import NOW
from tests.chat import talk

from .visits import LIST, MINUTE, look, own, texts, thread


def test_looking_changes_nothing(talking: Conversation, fang: User, wei_user: User, hers: Client):
    talk.say(wei_user, talking, at=NOW)

    page = look(hers, thread(talking))

    assert own(fang, talking).last_read_seq == 0
    assert "New messages" in page
    assert "Mark as read" in page
    for path in ("send/", "read/", "mute/", "leave/"):
        assert hers.get(thread(talking, path))["Location"] == thread(talking)
    assert own(fang, talking).last_read_seq == 0


def test_having_read_is_a_button_and_the_other_side_sees_it(
    talking: Conversation, fang: User, wei_user: User, hers: Client, his: Client
):
    talk.say(wei_user, talking, at=NOW)
    assert 'data-tick="sent"' in look(his, thread(talking))

    hers.post(thread(talking, "read/"), {"seq": "1"})

    assert own(fang, talking).last_read_seq == 1
    assert 'class="tick tick--read"' in look(his, thread(talking))
    assert "New messages</span></li>" not in look(hers, thread(talking))


@pytest.mark.parametrize("seq", ["", "x", "-1", "²", "9" * 40])
def test_a_number_that_is_none_is_refused(talking: Conversation, hers: Client, seq: str):
    assert hers.post(thread(talking, "read/"), {"seq": seq}).status_code == 400


def test_messages_stand_by_day_and_together_under_one_name(
    talking: Conversation, fang: User, wei_user: User, hers: Client
):
    talk.say(wei_user, talking, "Yesterday's", at=NOW - timedelta(days=1))
    talk.say(wei_user, talking, "First", at=NOW)
    talk.say(wei_user, talking, "Second", at=NOW + MINUTE)

    page = look(hers, thread(talking))

    assert [re.search(rf">{name}</span>", page) is not None for name in ("Yesterday", "Today")] == [
        True,
        True,
    ]
    assert page.count("msg--follows") == 1


def test_pages_of_fifty_lead_to_what_was_said_before(
    talking: Conversation, fang: User, hers: Client
):
    for number in range(1, 121):
        talk.say(fang, talking, f"No. {number}", at=NOW)

    newest = look(hers, thread(talking))
    assert texts(newest) == [f"No. {number}" for number in range(71, 121)]
    assert "?before=71" in newest
    middle = look(hers, thread(talking), before="71")
    assert texts(middle) == [f"No. {number}" for number in range(21, 71)]
    oldest = look(hers, thread(talking), before="21")
    assert texts(oldest) == [f"No. {number}" for number in range(1, 21)]
    assert "Earlier messages" not in oldest
    assert "To the newest messages" in oldest


def test_parts_for_the_script_look_as_the_page_does(
    talking: Conversation, fang: User, wei_user: User, hers: Client
):
    for number in range(1, 8):
        talk.say(wei_user, talking, f"No. {number}", at=NOW)

    answer = hers.get(thread(talking, "messages/"), {"after": "5"})

    assert texts(answer.content.decode()) == ["No. 6", "No. 7"]
    assert answer["X-Last-Seq"] == "7"
    # They stand together with the one before them, as in the page.
    assert answer.content.decode().count("msg--follows") == 2
    assert "<html" not in answer.content.decode()
    one = hers.get(thread(talking, "messages/"), {"after": "2", "limit": "1"})
    assert texts(one.content.decode()) == ["No. 3"]
    before = hers.get(thread(talking, "messages/"), {"before": "4", "limit": "2"})
    assert texts(before.content.decode()) == ["No. 2", "No. 3"]
    assert before["X-More"] == "1"
    assert 'id="talk-' in look(hers, "/chat/list/")


def test_what_somebody_has_typed_is_only_text(talking: Conversation, fang: User, hers: Client):
    script = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    User.objects.exclude(pk=fang.pk).update(display_name=script[:50])
    talk.say(fang, talking, f"{script} javascript:alert(1) {{{{ 7*7 }}}}", at=NOW)
    first = Message.objects.get()
    talk.say(fang, talking, "Answer", reply_to_id=first.pk, at=NOW)

    for page in (LIST, thread(talking), f"/chat/search/?q={script[:20]}", "/chat/groups/new/"):
        shown = look(hers, page)
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert 'href="javascript:' not in shown


def test_a_message_that_was_taken_back_keeps_its_place(
    talking: Conversation, fang: User, hers: Client
):
    said = talk.say(fang, talking, "Wrong", at=NOW)

    answer = hers.post(thread(talking, f"{said.pk}/take-back/"), follow=True)

    page = answer.content.decode()
    assert "This message was taken back." in page
    assert "Wrong" not in texts(page)
