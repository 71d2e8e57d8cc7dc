"""Whoever comes into a group later sees what is said from then on, and not what was said before:
not in an answer to it either."""

import pytest
from django.test import Client

from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from chat.services import add_people, edit
from notifications.models import UserEvent
from tests.callers import data_of

from .conftest import NOW
from .door import app, at
from .talk import group, say

pytestmark = pytest.mark.django_db
SECRET = "The key lies under the mat"


@pytest.fixture
def answer(lin, wei, mei):
    """Wei answers, when Mei has come, what Lin has said before."""
    flat = group(lin, wei, at=NOW)
    before = say(lin, flat, SECRET, at=NOW)
    run_in_transaction(lambda: add_people(flat, [mei], by=Actor.of(lin), at=NOW))
    return say(wei, flat, "I have found it", at=NOW, reply_to_id=before.pk)


def told(user, answer):
    """Everything that their devices are told of the group, here and from now on."""
    flat = answer.conversation
    calls = (at(flat), at(flat, "messages"), "conversations", "search?q=found")
    found = [data_of(app(user).get(path)) for path in calls]
    found += UserEvent.objects.filter(user=user).order_by("u").values_list("payload", flat=True)
    client = Client()
    client.force_login(user)
    for rest in ("", "messages/?after=0"):
        found.append(client.get(f"/chat/{flat.pk}/{rest}").content.decode())
    return str(found)


def test_an_answer_does_not_quote_to_them_what_was_said_before(lin, wei, mei, answer):
    assert SECRET not in told(mei, answer)
    assert "I have found it" in told(mei, answer)
    for one in (lin, wei):
        assert SECRET in told(one, answer)


def test_nor_when_it_is_put_into_other_words(wei, mei, answer):
    run_in_transaction(lambda: edit(answer, "I have found it!", by=Actor.of(wei), at=NOW))

    (frame,) = UserEvent.objects.filter(user=mei, event="message-edited")
    assert frame.payload["data"]["replyTo"] is None
    (frame,) = UserEvent.objects.filter(user=wei, event="message-edited")
    assert frame.payload["data"]["replyTo"]["content"] == {"text": SECRET}
