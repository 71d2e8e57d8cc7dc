"""How many statements a message costs."""

from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chat.services import Draft
from notifications.consumers import chat_operations
from notifications.models import UserEvent
from tests.appointments import world
from tests.chat import talk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]

OF_THE_TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


@pytest.fixture
def lin(transactional_db):
    return world.register("Lin", phone="+8613800000001")


def statements_of(who, conversation, **draft):
    """Of one operation of the socket, from loading its user on."""
    work = partial(chat_operations._send, conversation.pk, Draft(**draft))
    with CaptureQueriesContext(connection) as captured:
        answer = chat_operations._as_user(who.pk, work, None)
    assert answer["status"] == "sent"
    return [
        one["sql"]
        for one in captured.captured_queries
        if not one["sql"].upper().startswith(OF_THE_TRANSACTION)
    ]


@pytest.mark.parametrize("others", [2, 20])
def test_twelve_at_most_however_many_hear_it(lin, others):
    people = [world.register(f"P{n}", phone=f"+86139000000{n:02}") for n in range(others)]
    flat = talk.group(lin, *people, at=timezone.now())

    statements = statements_of(lin, flat, text="Good morning", client_id="a1")

    assert len(statements) <= 12, "\n".join(statements)
    last = flat.messages.count()
    told = UserEvent.objects.filter(event="new-message", payload__data__seq=last)
    assert told.count() == others + 1


def test_and_one_more_for_what_is_quoted(lin, wei):
    thread = talk.between(lin, wei.user, at=timezone.now())
    first = talk.say(lin, thread, at=timezone.now())

    statements = statements_of(lin, thread, text="So?", client_id="a1", reply_to_id=first.pk)

    assert len(statements) <= 13, "\n".join(statements)
