"""Eight people in ten conversations, with two devices each, who talk while servers and Redis are
killed: whatever was said is there once, and everybody has heard it once and in order.

``CHAOS_SECONDS`` says how long a round is, as in test_chaos_realtime.py; in `make chaos-realtime`
25 people say some ten thousand messages. Each control takes one thing away and must be found out:
the repair of lost hints, the sending again, the look for what was sent before.
"""

import faulthandler
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import User
from booking_site.common.actors import Actor
from booking_site.common.transactions import run_in_transaction
from chat.models import Conversation, ConversationType, Participant
from chat.services import add_people
from tests.appointments import world
from tests.chat import talk

from .chaos import Outcome, Round, play
from .conftest import cookie_of
from .talk_verdict import TalkVerdict, judge_talk, talk_row
from .talkers import essence
from .test_chaos_realtime import ALONE, COMPLAINTS, LOSSY, SECONDS
from .verdict import Verdict, judge, row, table

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "mysql" and not settings.REDIS_URL, reason="two servers need Redis"
    ),
]
PEOPLE = 25 if SECONDS >= 120 else 8
# From one thing that a device says to the next. One may say forty at once, and then a hundred a
# minute, the repetitions and changes included: for long, two devices must be slower.
PAUSE = 1.0 if SECONDS <= 20 else 1.5
TALK: dict[str, Any] = {"crowd": "tests.realtime.talkers", "writers": 0, "talks": True}
KIND: dict[str, Any] = TALK if settings.REDIS_URL else TALK | ALONE

People = list[dict[str, Any]]


@pytest.fixture
def people(transactional_db: None) -> People:
    return circle(PEOPLE)


@pytest.fixture
def few(transactional_db: None) -> People:
    """For the controls, which need not be long."""
    return circle(8)


def circle(count: int) -> People:
    """Who talk by twos and in groups of four and eight; each is in several."""
    faulthandler.cancel_dump_traceback_later()
    at = timezone.now()
    users: list[User] = [world.register(f"T{n}") for n in range(count)]
    conversations: list[tuple[Conversation, list[User]]] = []
    for n in range(count):
        if n % 4 != 2:
            pair = [users[n], users[(n + 1) % count]]
            conversations.append((talk.between(*pair, at=at), pair))
    for members in (*(users[n : n + 4] for n in range(0, count - 3, 2)), users[:8]):
        conversations.append((talk.group(*members, at=at), members))
    own: dict[int, list[int]] = defaultdict(list)
    for conversation, members in conversations:
        for user in members:
            own[user.pk].append(conversation.pk)
    return [
        {
            "user": user.pk,
            "cookie": cookie_of(user),
            "conversations": own[user.pk],
            "pause": PAUSE,
        }
        for user in users
    ]


def played(round: Round, folder: Path, people: People) -> tuple[Outcome, Verdict, TalkVerdict]:
    outcome = play(round, folder / "round", people)
    verdict, talked = judge(outcome, essence), judge_talk(outcome)
    print(f"\n{connection.vendor}, {round.seconds:.0f} s, {round.servers} servers")
    print(table([row(round, outcome, verdict)]))
    print(talk_row(talked))
    refusals = (Counter(one["refusals"]) for one in outcome.told["clients"])
    print(dict(sum(refusals, Counter())))
    assert talked.said > 0
    assert talked.heard > 0
    return outcome, verdict, talked


def somebody_comes_later() -> None:
    """Into the first of the groups, whose first words are not for them."""
    conversation = Conversation.objects.filter(type=ConversationType.GROUP).order_by("pk")[0]
    inside = [row.user for row in conversation.participants.select_related("user")]
    talkers = User.objects.filter(messages__isnull=False).exclude(pk__in=[u.pk for u in inside])
    new = talkers.order_by("pk")[0]
    by, at = Actor.of(inside[0]), timezone.now()
    run_in_transaction(lambda: add_people(conversation, [new], by=by, at=at))


def test_whatever_is_killed_each_message_is_there_once_and_heard_once_by_all(
    people: People, tmp_path: Path
):
    round = Round("20 % of hints dropped, 10 % doubled, 5 % late", SECONDS, lossy=LOSSY, **KIND)
    round.halfway = somebody_comes_later

    outcome, verdict, talked = played(round, tmp_path, people)

    assert outcome.kills["servers"] > 0
    assert verdict.faults == []
    assert talked.faults == []
    assert talked.sent_again > 0
    assert Participant.objects.filter(joined_seq__gt=0).count() == 1
    complaints = [line for line in outcome.logs.splitlines() if any(c in line for c in COMPLAINTS)]
    # A socket whose look into the database was cut off ends, and its client comes back.
    cut = outcome.kills["cuts"] > 0
    assert [line for line in complaints if not (cut and "has failed" in line)] == []


def test_plain_groups_lose_messages_under_the_same_chaos(few: People, tmp_path: Path):
    """So the test above can see a loss when there is one."""
    control = Round("control: plain groups, no repair", 12, plain=True, **KIND)
    control.kill_server_every, control.kill_redis_every, control.patience = 4, 5, 3

    _outcome, verdict, talked = played(control, tmp_path, few)

    assert len(verdict.lost) > 0
    assert len(talked.misheard) > 0
    # And it counts right: what is there was written.
    assert verdict.altered == 0
    assert talked.unkept == talked.broken == []


def test_clients_who_say_everything_only_once_lose_messages(few: People, tmp_path: Path):
    control = Round("control: nothing is sent again", 8, kill_server_every=2.5, **KIND)

    _outcome, _verdict, talked = played(control, tmp_path, [one | {"forgets": True} for one in few])

    assert any("0 times" in one for one in talked.unkept)
    # What the server has is numbered and told nevertheless.
    assert talked.broken == []


def test_a_server_that_does_not_know_what_was_sent_before_doubles(few: People, tmp_path: Path):
    control = Round("control: no names of messages", 8, kill_server_every=4, **KIND)
    control.faults = {"FORGETFUL": "1"}

    _outcome, _verdict, talked = played(control, tmp_path, few)

    assert any("2 times" in one for one in talked.unkept)
    assert talked.broken == []
