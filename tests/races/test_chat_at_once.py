"""People who write at the same moment: every message has a number of its own, without holes, and
is one however often it is sent; nobody gets what was said without them.

The controls run the same without what the promise rests on, and find it broken.
"""

import threading
import time
from datetime import UTC, datetime
from functools import partial
from itertools import count

import pytest
from django.db import IntegrityError, connection
from django.db.models import F, Max

from booking_site.common.actors import Actor
from booking_site.common.errors import NotFound, Refusal
from booking_site.common.transactions import run_in_transaction
from chat.models import Conversation, Message, Participant
from chat.rules import pair_key
from chat.selectors.members import members_of
from chat.selectors.reading import messages_after, thread_of
from chat.services import Draft, add_people, leave, open_direct, open_group, post, send
from chat.services.sending import raise_if_used
from notifications.models import UserEvent
from tests.appointments.world import register

from .together import ISOLATIONS, codes, side_by_side, together

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
WRITERS = 8
EACH = 12


class RolledBack(Exception):
    """Something after the message went wrong."""


@pytest.fixture(params=ISOLATIONS)
def isolation(request, monkeypatch):
    """As the product's own setting may say; the threads' connections begin with it."""
    if request.param:
        options = connection.settings_dict["OPTIONS"]
        monkeypatch.setitem(options, "isolation_level", request.param)


@pytest.fixture
def people(db):
    return [register(f"Writer {n}") for n in range(WRITERS)]


@pytest.fixture
def flat(people):
    owner, *others = people
    by = Actor.of(owner)
    return run_in_transaction(lambda: open_group(others, name="Flat", by=by, at=NOW))


def said(conversation):
    rows = Message.objects.filter(conversation=conversation).order_by("seq", "pk")
    return list(rows.values_list("seq", flat=True))


# --- Numbers --------------------------------------------------------------------------------


def writing(user, conversation, *, slips=True):
    """One who sends EACH messages, some in transactions that fail behind them."""

    def one(n):
        def work():
            message = send(conversation.pk, Draft(text=f"{n}"), by=Actor.of(user), at=NOW)
            if slips and n % 4 == 3:
                raise RolledBack
            return message

        try:
            run_in_transaction(work)
        except RolledBack:
            return 0
        return 1

    return lambda: sum(one(n) for n in range(EACH))


def test_numbers_have_no_holes_and_no_doubles_whoever_fails(people, flat, isolation):
    before = flat.last_seq

    outcomes = side_by_side(*(writing(user, flat) for user in people))

    count_of_all = before + sum(outcomes)
    flat.refresh_from_db()
    assert sum(outcomes) == WRITERS * EACH * 3 // 4
    assert said(flat) == list(range(1, count_of_all + 1))
    assert flat.last_seq == count_of_all


def test_a_reader_who_follows_the_numbers_misses_none(people, flat, isolation):
    """What becomes visible becomes visible in order."""
    done, seen = threading.Event(), []

    def follow():
        while True:
            last_look = done.is_set()
            rows = messages_after(thread_of(people[0], flat.pk), seen[-1] if seen else 0)
            seen.extend(row.seq for row in rows)
            if last_look and not rows:
                return

    def all_write():
        try:
            side_by_side(*(writing(user, flat) for user in people))
        finally:
            done.set()

    side_by_side(follow, all_write)

    assert seen == said(flat) == list(range(1, len(seen) + 1))


def by_a_counter_outside(conversation_id, *, at, writer_id=None):
    """The control: a counter that no rollback gives a number back to, as sequences are."""
    members = members_of(conversation_id, writer_id=writer_id)
    members[0].conversation.last_seq = next(_counter)
    return members[0].conversation, members


_counter = count(1)


_looked = threading.local()


def as_was_looked_before(conversation_id, *, at, writer_id=None):
    """The control: what was true before the conversation was locked."""
    rows = Conversation.objects.filter(pk=conversation_id)
    rows.update(last_seq=F("last_seq") + 1)
    members = members_of(conversation_id, writer_id=writer_id)
    if _looked.seq is not None:
        members[0].conversation.last_seq = _looked.seq
    return members[0].conversation, _looked.members or members


def test_the_control_that_looks_first_and_then_writes_gives_numbers_twice(
    people, flat, monkeypatch, isolation
):
    """The key refuses the second one; without it there would be two."""
    monkeypatch.setattr("chat.services.sending.next_number", as_was_looked_before)

    def one(user, n):
        greatest = Message.objects.filter(conversation=flat).aggregate(n=Max("seq"))["n"]
        _looked.seq, _looked.members = greatest + 1, None
        time.sleep(0.005)
        try:
            post(flat.pk, Draft(text=f"{n}"), by=Actor.of(user), at=NOW)
        except IntegrityError:
            return 0
        return 1

    outcomes = side_by_side(
        *(lambda user=user: sum(one(user, n) for n in range(EACH)) for user in people)
    )

    assert sum(outcomes) < WRITERS * EACH


def test_the_control_that_counts_outside_leaves_holes(people, flat, monkeypatch):
    monkeypatch.setattr("chat.services.sending.next_number", by_a_counter_outside)
    monkeypatch.setattr(__name__ + "._counter", count(flat.last_seq + 1))

    side_by_side(*(writing(user, flat) for user in people[:2]))

    numbers = said(flat)
    assert numbers != list(range(1, len(numbers) + 1))


# --- Once -----------------------------------------------------------------------------------


@pytest.fixture
def two(people):
    lin, wei = people[:2]
    return between(lin, wei)


def between(one, other):
    return run_in_transaction(lambda: open_direct(other, by=Actor.of(one), at=NOW)).conversation


def test_thirty_at_once_under_one_name_are_one_message(people, two, isolation):
    draft = Draft(text="Hello", client_id="phone-1")
    call = partial(post, two.pk, draft, by=Actor.of(people[0]), at=NOW)

    outcomes = side_by_side(*[call] * 30)

    assert len({one.message.pk for one in outcomes}) == 1
    assert {one.message.body for one in outcomes} == {"Hello"}
    assert sum(one.is_new for one in outcomes) == 1
    two.refresh_from_db()
    assert (Message.objects.count(), two.last_seq) == (1, 1)


def test_of_different_words_at_once_under_one_name_one_is_sent(people, two, isolation):
    calls = [
        partial(post, two.pk, Draft(text=f"{n}", client_id="1"), by=Actor.of(people[0]), at=NOW)
        for n in range(10)
    ]

    outcomes = side_by_side(*calls)

    assert codes(outcomes) == ["done", *["idempotency_mismatch"] * 9]
    two.refresh_from_db()
    assert (Message.objects.count(), two.last_seq) == (1, 1)


@pytest.mark.parametrize("_round", range(5))
def test_in_two_conversations_at_once_under_one_name_one_is_sent(people, two, _round, isolation):
    """Each waits for a lock of its own: the unique key decides."""
    lin, _wei, mei = people[:3]
    other = between(lin, mei)
    draft = Draft(text="Hello", client_id="phone-1")

    outcomes = side_by_side(
        *(partial(post, talk.pk, draft, by=Actor.of(lin), at=NOW) for talk in (two, other) * 4)
    )

    refused = [one for one in outcomes if isinstance(one, Refusal)]
    assert (len(refused), {one.code for one in refused}) == (4, {"idempotency_mismatch"})
    assert Message.objects.count() == 1
    assert sorted(Conversation.objects.values_list("last_seq", flat=True)) == [0, 1]


@pytest.fixture
def no_unique_key():
    """The table without the key that refuses a second message of one name."""
    constraints = Message._meta.constraints
    key = next(one for one in constraints if one.name == "sent_once")
    # SQLite makes the table anew, from what the model says then.
    Message._meta.constraints = [one for one in constraints if one is not key]
    with connection.schema_editor() as editor:
        if connection.vendor == "mysql":
            # The foreign key stands on it.
            editor.execute("CREATE INDEX stand_in ON chat_message (sender_id)")
        editor.remove_constraint(Message, key)
    yield
    Message.objects.all().delete()
    Message._meta.constraints = constraints
    with connection.schema_editor() as editor:
        editor.add_constraint(Message, key)
        if connection.vendor == "mysql":
            editor.execute("DROP INDEX stand_in ON chat_message")


def test_the_control_without_the_look_and_the_key_sends_many(
    people, two, no_unique_key, monkeypatch
):
    monkeypatch.setattr("chat.services.sending.raise_if_used", lambda *args, **more: None)
    draft = Draft(text="Hello", client_id="phone-1")

    side_by_side(*[partial(post, two.pk, draft, by=Actor.of(people[0]), at=NOW)] * 10)

    two.refresh_from_db()
    assert (Message.objects.count(), two.last_seq) == (10, 10)


def test_the_key_alone_sends_one_too(people, two, monkeypatch, isolation):
    """Without the look inside the transaction the database has the last word."""

    def only_afterwards(conversation_id, draft, *, by):
        if not connection.in_atomic_block:
            raise_if_used(conversation_id, draft, by=by)

    monkeypatch.setattr("chat.services.sending.raise_if_used", only_afterwards)
    draft = Draft(text="Hello", client_id="phone-1")

    outcomes = side_by_side(*[partial(post, two.pk, draft, by=Actor.of(people[0]), at=NOW)] * 10)

    two.refresh_from_db()
    assert sum(one.is_new for one in outcomes) == 1
    assert (Message.objects.count(), two.last_seq) == (1, 1)


# --- One conversation -------------------------------------------------------------------------


def opening(people):
    lin, wei = people[:2]
    calls = [
        partial(open_direct, other, by=Actor.of(one), at=NOW)
        for one, other in ((lin, wei), (wei, lin)) * 4
    ]
    return together(*calls)


@pytest.mark.parametrize("_round", range(5))
def test_two_who_write_to_each_other_at_once_have_one_conversation(people, _round, isolation):
    outcomes = opening(people)

    assert len({one.conversation.pk for one in outcomes}) == 1
    assert sum(one.is_new for one in outcomes) == 1
    assert (Conversation.objects.count(), Participant.objects.count()) == (1, 2)


def test_the_control_without_a_key_for_the_two_has_many(people, monkeypatch):
    numbers = count(1)
    monkeypatch.setattr(
        "chat.services.conversing.pair_key",
        lambda one, other, about="": f"{pair_key(one, other, about=about)}{next(numbers)}",
    )

    opening(people)

    assert Conversation.objects.count() == 8


# --- Who gets it ------------------------------------------------------------------------------


def coming_and_going(owner, guest, flat, times):
    """The owner brings the guest in, and the guest leaves, again and again."""

    go = partial(leave, flat, by=Actor.of(guest), at=NOW)
    bring = partial(add_people, flat, [guest], by=Actor.of(owner), at=NOW)

    def work():
        for _ in range(times):
            run_in_transaction(go)
            run_in_transaction(bring)

    return work


def wrong_rows(guest, flat):
    """Numbers of messages that the guest's stream tells of although they were not there, or does
    not although they were."""
    there = True
    rows = UserEvent.objects.filter(user=guest, event="new-message", conversation=flat)
    told = {row.payload["data"]["seq"] for row in rows}
    wrong = []
    for row in Message.objects.filter(conversation=flat).order_by("seq"):
        if row.meta.get("what") == "joined" and row.meta["whom_id"] == guest.pk:
            there = True
        if there != (row.seq in told):
            wrong.append(row.seq)
        # Whoever leaves is still told that they have.
        if row.meta.get("what") == "left" and row.meta["by_id"] == guest.pk:
            there = False
    return wrong


def test_who_comes_and_goes_while_others_write_gets_what_was_said_while_there(
    people, flat, isolation
):
    owner, guest, *writers = people

    side_by_side(
        coming_and_going(owner, guest, flat, 8),
        *(writing(user, flat, slips=False) for user in writers[:4]),
    )

    assert wrong_rows(guest, flat) == []
    numbers = said(flat)
    assert numbers == list(range(1, len(numbers) + 1))
    leave(flat, by=Actor.of(guest), at=NOW)
    with pytest.raises(NotFound):
        thread_of(guest, flat.pk)
    with pytest.raises(NotFound):
        post(flat.pk, Draft(text="Hello"), by=Actor.of(guest), at=NOW)


def test_who_leaves_while_they_write_has_written_before_they_left(people, flat, isolation):
    _owner, guest, *writers = people

    def going():
        time.sleep(0.02)
        run_in_transaction(lambda: leave(flat, by=Actor.of(guest), at=NOW))

    def writing_until_gone():
        for n in range(200):
            try:
                post(flat.pk, Draft(text=f"{n}"), by=Actor.of(guest), at=NOW)
            except NotFound:
                return n
        return 200

    side_by_side(going, writing_until_gone, writing(writers[0], flat, slips=False))

    rows = Message.objects.filter(conversation=flat)
    left = next(row.seq for row in rows if row.meta.get("what") == "left")
    assert not rows.filter(sender=guest, seq__gt=left).exists()


def test_the_control_that_knows_members_from_before_tells_who_has_left(
    people, flat, monkeypatch, isolation
):
    monkeypatch.setattr("chat.services.sending.next_number", as_was_looked_before)
    _owner, guest, writer = people[:3]
    looked = threading.Event()
    left = threading.Event()

    def write():
        _looked.seq, _looked.members = None, members_of(flat.pk, writer_id=writer.pk)
        looked.set()
        left.wait(10)
        _looked.members[0].conversation.refresh_from_db()
        _looked.seq = _looked.members[0].conversation.last_seq + 1
        post(flat.pk, Draft(text="Without you"), by=Actor.of(writer), at=NOW)

    def go():
        looked.wait(10)
        run_in_transaction(lambda: leave(flat, by=Actor.of(guest), at=NOW))
        left.set()

    side_by_side(write, go)

    assert wrong_rows(guest, flat) != []
