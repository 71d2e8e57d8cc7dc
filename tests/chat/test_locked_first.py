"""Whatever changes a conversation locks it before it reads anything: under REPEATABLE READ those in
it would be those of before, and who has left a moment ago would be told words."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking_site.common.actors import Actor
from chat.models import Conversation, Message, MessageReport
from chat.selectors.reading import thread_of
from chat.services import close, dismiss_reports, edit, hide, open_again, report, restore, take_back

from .conftest import NOW
from .talk import say

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def said(lin, wei, lin_and_wei):
    rude = say(wei, lin_and_wei, "You fool", at=NOW)
    thread = thread_of(lin, lin_and_wei.pk)
    report(thread, message=rude, reason="abuse", words="", by=Actor.of(lin), at=NOW)
    return rude


def first_statement(work):
    with CaptureQueriesContext(connection) as queries:
        work()
    told = (one["sql"] for one in queries.captured_queries)
    return next(sql for sql in told if not sql.startswith(("BEGIN", "SAVEPOINT")))


def test_by_its_author_by_a_member_and_by_staff(lin, wei, guan, said):
    by, staff = {"by": Actor.of(wei), "at": LATER}, {"by": Actor.of(guan), "at": LATER}
    why = {"reason": "A trick.", **staff}
    message, thread = Message.objects.get, thread_of(lin, said.conversation_id)
    told = {"reason": "spam", "words": "", "by": Actor.of(lin), "at": LATER}
    # Each as a door would find it: nothing of its conversation is at hand.
    for work in (
        partial(edit, message(pk=said.pk), "You", **by),
        partial(dismiss_reports, MessageReport.objects.get(), **why),
        partial(report, thread, message=None, **told),
        partial(hide, message(pk=said.pk), **why),
        partial(restore, message(pk=said.pk), **why),
        partial(take_back, message(pk=said.pk), **by),
        partial(close, Conversation.objects.get(pk=said.conversation_id), **why),
        partial(open_again, Conversation.objects.get(pk=said.conversation_id), **why),
    ):
        table = connection.ops.quote_name(Conversation._meta.db_table)
        assert first_statement(work).startswith(f"UPDATE {table}"), work.func.__name__
