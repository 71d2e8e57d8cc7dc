"""Eight people with two sockets each, while servers and Redis are killed: nobody misses anything.

``CHAOS_SECONDS`` says how long a round is: 20 in `make test`, where one lossy round is played, 300
in `make chaos-realtime`, which plays a clean one as well, on MariaDB with Redis and two servers and
on SQLite with one. The control is plain groups without any repair, and must lose.
"""

import faulthandler
import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from accounts.models import User
from realtors.models import Realtor
from tests.appointments import world
from tests.pages.shops import open_shop

from .chaos import Outcome, Round, play
from .conftest import cookie_of
from .verdict import Verdict, judge, row, table

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "mysql" and not settings.REDIS_URL, reason="two servers need Redis"
    ),
]
SECONDS = float(os.environ.get("CHAOS_SECONDS", "20"))
IS_LONG = SECONDS > 20
LOSSY = "0.2,0.1,0.05"
ALONE: dict[str, Any] = {"servers": 1, "with_redis": False}
KIND: dict[str, Any] = {} if settings.REDIS_URL else ALONE
# What our own code writes when something breaks. The layer's package writes a traceback for each
# connection that Redis took with it.
COMPLAINTS = [
    "Exception in ASGI application",
    "a socket has failed",
    "a message of the layer could not be handled",
    "has failed",
    "timed work failed",
    "Task exception was never retrieved",
]
ROUNDS = [
    Round("clean", SECONDS, **KIND),
    Round("20 % of hints dropped, 10 % doubled, 5 % late", SECONDS, lossy=LOSSY, **KIND),
]


@pytest.fixture
def people(transactional_db: None) -> list[dict[str, Any]]:
    """Three realtors and five customers, signed in."""
    faulthandler.cancel_dump_traceback_later()
    # All round the clock, and everybody is asked first: so there is something to accept.
    store = open_shop("Chaos", opens="00:00", closes="00:00", auto_confirm=False)
    realtors: list[Realtor] = [world.hire(store, f"R{n}") for n in range(3)]
    users: list[User] = [one.user for one in realtors if one.user]
    users += [world.register(f"C{n}") for n in range(5)]
    return [{"user": user.pk, "cookie": cookie_of(user)} for user in users]


def played(round: Round, folder: Path, people: list[dict[str, Any]]) -> tuple[Outcome, Verdict]:
    outcome = play(round, folder / "round", people)
    verdict = judge(outcome)
    print(f"\n{connection.vendor}, {round.seconds:.0f} s, {round.servers} servers")
    print(table([row(round, outcome, verdict)]))
    print(_closes(outcome))
    assert outcome.kills["servers"] > 0
    assert verdict.events > 0
    assert [error for writer in outcome.writers for error in writer["errors"]] == []
    return outcome, verdict


def _closes(outcome: Outcome) -> dict[str, int]:
    """How sockets have ended."""
    found: dict[str, int] = {}
    for client in outcome.told["clients"]:
        for close, count in client["closes"].items():
            found[close] = found.get(close, 0) + count
    return found


@pytest.mark.parametrize(
    "round", ROUNDS if IS_LONG else ROUNDS[1:], ids=["clean", "lossy"] if IS_LONG else ["lossy"]
)
def test_whatever_is_killed_everybody_hears_everything_once_and_in_order(
    round: Round, people: list[dict[str, Any]], tmp_path: Path
):
    outcome, verdict = played(round, tmp_path, people)

    assert verdict.faults == []
    complaints = [line for line in outcome.logs.splitlines() if any(c in line for c in COMPLAINTS)]
    # A socket whose look into the database was cut off ends, and its client comes back.
    cut = outcome.kills["cuts"] > 0
    assert [line for line in complaints if not (cut and "a socket has failed" in line)] == []


def test_plain_groups_lose_under_the_same_chaos(people: list[dict[str, Any]], tmp_path: Path):
    """So the test above can see a loss when there is one."""
    seconds = min(SECONDS, 40)
    control = Round("control: plain groups, no repair", seconds, plain=True, **KIND)
    # Long enough for a server to come up on a machine that is busy.
    control.kill_server_every, control.kill_redis_every, control.patience = 6, 5, 3

    _outcome, verdict = played(control, tmp_path, people)

    assert len(verdict.lost) > 0
    # And it counts right: what is there was written.
    assert verdict.altered == 0
    assert verdict.holes == []
