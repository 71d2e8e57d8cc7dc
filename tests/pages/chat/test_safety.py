"""Wanting to hear no more of somebody, and telling staff."""

from django.test import Client

from accounts.models import User
from chat.models import Block, Conversation, MessageReport
from tests.appointments.world import NOW
from tests.chat import talk

from .visits import look, thread


def test_whoever_was_blocked_does_not_write_any_more(
    talking: Conversation, fang: User, wei_user: User, hers: Client, his: Client
):
    assert "Block Wei?" in look(hers, thread(talking, "block/"))
    hers.post(thread(talking, "block/"))

    assert Block.objects.get().blocked == wei_user
    assert "You have blocked this person." in look(hers, thread(talking))
    answer = his.post(thread(talking, "send/"), {"text": "Hey"})
    assert answer.status_code == 403
    assert "You cannot write to this person." in answer.content.decode()
    assert "Unblock Wei" in look(hers, "/chat/blocks/")

    back = {"next": thread(talking)}
    answer = hers.post(f"/chat/blocks/{wei_user.pk}/remove/", back)
    assert answer["Location"] == thread(talking)
    assert not Block.objects.exists()
    assert "You have blocked nobody" in look(hers, "/chat/blocks/")


def test_unblocking_leads_to_no_other_site(talking: Conversation, wei_user: User, hers: Client):
    hers.post(thread(talking, "block/"))

    answer = hers.post(f"/chat/blocks/{wei_user.pk}/remove/", {"next": "//evil.example/"})

    assert answer["Location"] == "/chat/blocks/"


def test_a_message_and_a_conversation_are_reported(
    talking: Conversation, wei_user: User, hers: Client
):
    said = talk.say(wei_user, talking, "Send money first", at=NOW)
    address = thread(talking, "report/")
    assert "Send money first" in look(hers, address, message=str(said.pk))
    assert "Please choose a reason." in hers.post(address, {}).content.decode()

    hers.post(address, {"message": said.pk, "reason": "fraud", "words": "He wants money"})
    hers.post(address, {"reason": "abuse"})

    one, whole = MessageReport.objects.order_by("pk")
    assert (one.message, one.reason, one.quoted) == (said, "fraud", "Send money first")
    assert whole.message is None
    again = hers.post(address, {"reason": "abuse"}, follow=True).content.decode()
    assert "You have reported this already" in again
