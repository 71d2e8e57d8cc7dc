"""What it costs: the same for a newcomer and for those who have talked for years.

A thread has a hundred thousand messages here, because a million take half a minute to write:

    LONG_THREAD=1000000 pytest tests/chat/test_queries.py
"""

import os
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from chat.models import Conversation, Message, Participant
from chat.selectors.reading import (
    messages_after,
    messages_before,
    messages_page,
    thread_of,
    threads_of,
    unread_of,
)
from chat.selectors.searching import search_messages
from chat.services import mark_read
from tests.callers import data_of
from tests.factories import UserFactory

from .conftest import NOW
from .door import app, at
from .talk import between, group, say

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
MANY = int(os.environ.get("LONG_THREAD", "100000"))
MOST_TO_SEND = 12
TURNING = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


class Asked(CaptureQueriesContext):
    """Statements, without those that only begin and end."""

    @property
    def all(self):
        told = [one["sql"] for one in self.captured_queries]
        return [sql for sql in told if not sql.upper().startswith(TURNING)]


def asked(work):
    with Asked(connection) as queries:
        work()
    return queries.all


def fill(conversation, sender, count):
    """As if so much had been said: in one statement, because a loop would take hours."""
    digits = " UNION ALL ".join(f"SELECT {n} AS d" for n in range(10))
    places = len(str(count - 1))
    number = " + ".join(f"t{n}.d * {10**n}" for n in range(places))
    tables = ", ".join(f"({digits}) t{n}" for n in range(places))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO chat_message (conversation_id, seq, sender_id, fingerprint, kind, body,"
            " meta, created_at)"
            f" SELECT %s, seq, %s, '', 'text', 'Something was said.', '{{}}', %s FROM"
            f" (SELECT {number} + 1 AS seq FROM {tables}) numbers WHERE seq <= %s",
            [conversation.pk, sender.pk, NOW.replace(tzinfo=None), count],
        )
    Conversation.objects.filter(pk=conversation.pk).update(last_seq=count)
    everybody = Participant.objects.filter(conversation=conversation)
    everybody.update(last_read_seq=count, last_delivered_seq=count)


def people(count):
    """Without passwords: to make one takes longer than all the rest."""
    return UserFactory.create_batch(count, password="!")


# --- Sending --------------------------------------------------------------------------------


def test_a_message_costs_the_same_after_five_thousand(lin, wei, mei):
    young, old = (between(lin, other, at=NOW) for other in (wei, mei))
    fill(old, mei, 5000)
    say(lin, young, at=NOW)

    costs = [asked(lambda talk=talk: say(lin, talk, at=NOW)) for talk in (young, old)]

    assert len(costs[0]) == len(costs[1]) <= MOST_TO_SEND, costs[1]
    assert Conversation.objects.get(pk=old.pk).last_seq == 5001


def test_a_message_costs_the_same_among_three_and_among_thirty(lin):
    costs = []
    for count in (2, 29):
        flat = group(lin, *people(count), at=NOW)
        costs.append(asked(lambda flat=flat: say(lin, flat, at=NOW)))

    assert len(costs[0]) == len(costs[1]) <= MOST_TO_SEND, costs[1]


def test_to_have_read_costs_the_same_among_three_and_among_thirty(lin):
    costs = []
    for count in (2, 29):
        others = people(count)
        flat = group(lin, *others, at=NOW)
        seq = say(lin, flat, at=NOW).seq
        by = Actor.of(others[0])
        costs.append(
            asked(partial(run_in_transaction, partial(mark_read, flat.pk, seq, by=by, at=NOW)))
        )

    assert len(costs[0]) == len(costs[1]), costs[1]


# --- Lists ----------------------------------------------------------------------------------


@pytest.fixture
def a_thousand(lin):
    """Lin talks to a thousand people; each has said something."""
    rows = User.objects.bulk_create(
        User(email=f"p{n}@example.com", display_name=f"P {n}") for n in range(1000)
    )
    talks = Conversation.objects.bulk_create(
        Conversation(
            pair_key=f"test:{n}",
            last_seq=1,
            created_at=NOW,
            updated_at=NOW + timedelta(seconds=n),
        )
        for n in range(1000)
    )
    Participant.objects.bulk_create(
        Participant(conversation=talk, user=one, role="customer", joined_at=NOW)
        for talk, other in zip(talks, rows, strict=True)
        for one in (lin, other)
    )
    Message.objects.bulk_create(
        Message(conversation=talk, seq=1, sender=other, body="Hello", created_at=NOW)
        for talk, other in zip(talks, rows, strict=True)
    )


def test_a_page_of_a_thousand_conversations_costs_what_a_page_of_one_does(lin, wei, mei, request):
    say(wei, between(mei, wei, at=NOW), at=NOW)
    one = asked(lambda: threads_of(mei, {}))
    by_http = asked(lambda: data_of(app(mei).get("conversations")))

    request.getfixturevalue("a_thousand")

    page = threads_of(lin, {"limit": "100"})
    assert (page.total, len(page.rows), page.rows[0].unread) == (1000, 100, 1)
    assert page.rows[0].conversation.pair_key == "test:999"
    assert len(asked(lambda: threads_of(lin, {"limit": "100"}))) == len(one)
    many = asked(lambda: data_of(app(lin).get("conversations", limit=100)))
    assert len(many) == len(by_http), many


def test_what_waits_in_a_thousand_conversations_is_one_query(lin, a_thousand):
    assert vars(unread_of(lin)) == {"conversations": 1000, "messages": 1000}
    assert len(asked(lambda: unread_of(lin))) == 1


# --- A long thread --------------------------------------------------------------------------------


def plan_of(sql):
    """What the database says of how it would go about it."""
    explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    with connection.cursor() as cursor:
        cursor.execute(explain + sql)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def assert_by_number(sql):
    """The messages are a range of the key (conversation, seq), and nothing is sorted."""
    plan = plan_of(sql)
    if connection.vendor == "sqlite":
        first = plan[0]["detail"]
        assert first.startswith("SEARCH chat_message USING INDEX"), plan
        assert "conversation_id=? AND seq>? AND seq<?" in first, plan
        assert not any("TEMP B-TREE" in row["detail"] for row in plan), plan
    else:
        assert (plan[0]["key"], plan[0]["type"]) == ("one_message_per_number", "range"), plan
        assert "filesort" not in (plan[0]["Extra"] or ""), plan
        assert int(plan[0]["rows"]) <= 200, plan


def test_a_thread_of_very_many_messages_costs_what_a_short_one_does(lin, wei, mei):
    short, long = (between(lin, other, at=NOW) for other in (wei, mei))
    say(wei, short, at=NOW)
    fill(long, mei, MANY)
    reads = {
        "the newest page": lambda thread: messages_page(thread),
        "a page far back": lambda thread: messages_page(thread, page=MANY // 100),
        "before": lambda thread: messages_before(thread, thread.count // 2 + 2),
        "after": lambda thread: messages_after(thread, thread.count // 2),
    }

    threads = [thread_of(lin, talk.pk) for talk in (short, long)]
    costs = [asked(lambda pk=talk.pk: thread_of(lin, pk)) for talk in (short, long)]
    assert len(costs[0]) == len(costs[1])
    assert (threads[1].count, threads[1].last.seq) == (MANY, MANY)
    for name, read in reads.items():
        first, *more = asked(lambda read=read: read(threads[1]))
        # The rows, and their files.
        assert len(more) == 1, name
        assert_by_number(first)
    rows = messages_page(threads[1], page=MANY // 100, limit=100)
    assert [rows[0].seq, rows[-1].seq] == [1, 100]

    costs = [
        asked(lambda talk=talk: data_of(app(lin).get(at(talk, "messages"))))
        for talk in (short, long)
    ]
    assert len(costs[0]) == len(costs[1])
    sends = [asked(lambda talk=talk: say(lin, talk, at=NOW)) for talk in (short, long)]
    assert len(sends[0]) == len(sends[1]) <= MOST_TO_SEND


def test_a_search_looks_at_the_newest_ten_thousand_of_a_hundred_thousand(lin, mei):
    long = between(lin, mei, at=NOW)
    fill(long, mei, 100_000)
    Message.objects.filter(conversation=long, seq__in=(90_000, 90_001)).update(body="Needle")

    page = search_messages(lin, "needle", {})

    assert [(one.message.seq, page.total) for one in page.rows] == [(90_001, 1)]
    costs = asked(lambda: search_messages(lin, "needle", {}))
    assert len(costs) <= 8, costs
    searching = next(sql for sql in costs if "chat_message" in sql and "LIKE" in sql.upper())
    plan = plan_of(searching)
    if connection.vendor == "sqlite":
        assert "conversation_id=? AND seq>? AND seq<?" in plan[0]["detail"], plan
    else:
        assert plan[0]["key"] == "one_message_per_number", plan
