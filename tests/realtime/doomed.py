"""Processes that are killed while they book and cancel, or talk, at moments that nobody chose.

    python -m tests.races.process tests.realtime.doomed '{"seed": 1, "kills": 40, "late": false}'

Each is a fork with a connection of its own that works until it is killed: at any moment, about the
time of a commit, or by its own hand right before or after one. ``late`` is the control: there the
streams are written after the commit, in a transaction of their own. ``diary``: the file into which
those who talk write what they are about to say, and what was said (doomed_talkers.py). Returned is
how they died.
"""

import os
import random
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import connections, transaction
from django.utils import timezone

from accounts.models import User
from notifications.services import streaming
from tests.races.workload import Worker

from .doomed_talkers import DoomedTalker

HOWS = ("at any moment", "at any moment", "about a commit", "about a commit", "before", "after")
LONGEST_SECONDS = 0.15
# The wrapper of this thread itself, whose methods are replaced in the victims.
connection = connections["default"]


def main(task: dict[str, Any]) -> dict[str, int]:
    # Once before, so that what is loaded by the first booking is loaded in all.
    chance = random.Random(task["seed"])
    _somebody(task, -1).one()
    connection.close()
    ends: Counter[str] = Counter()
    for number in range(task["kills"]):
        how = HOWS[number % len(HOWS)]
        ends[f"{how}: {_one(task, number, how, chance)}"] += 1
    return dict(ends)


def _somebody(task: dict[str, Any], number: int) -> "Doomed | DoomedTalker":
    return DoomedTalker(task, number) if task.get("diary") else Doomed(task, number)


def _one(task: dict[str, Any], number: int, how: str, chance: random.Random) -> str:
    hears, says = os.pipe()
    # Those who die by their own hand do it at one of their first transactions.
    at_commit = chance.choice([1, 1, 2])
    victim = os.fork()
    if not victim:
        os.close(hears)
        _live_and_work(task, number, how, at_commit, partial(os.write, says, b"."))
    os.close(says)
    try:
        if os.read(hears, 1) and how == "at any moment":
            # As often within microseconds as within a whole booking.
            time.sleep(10 ** chance.uniform(-5, -2) if number % 2 else chance.random() * 0.15)
        elif how == "about a commit":
            for _ in range(at_commit):
                os.read(hears, 1)
            time.sleep(10 ** chance.uniform(-6, -2.3))
        if how in ("at any moment", "about a commit"):
            os.kill(victim, signal.SIGKILL)
        _pid, status = os.waitpid(victim, 0)
    finally:
        os.close(hears)
    return "killed" if os.WIFSIGNALED(status) else "finished"


def _live_and_work(
    task: dict[str, Any], number: int, how: str, at_commit: int, say: Callable[[], int]
) -> None:
    try:
        connection.ensure_connection()
        if task["late"]:
            _write_streams_late()
        doomed = _somebody(task, number)
        _watch_commits(how, at_commit, say)
        say()
        ends = time.monotonic() + 20
        while time.monotonic() < ends:
            doomed.one()
            if doomed.errors:
                print(doomed.errors, flush=True)
                break
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def _watch_commits(how: str, at_commit: int, say: Callable[[], int]) -> None:
    seen = 0

    def commit() -> None:
        nonlocal seen
        seen += 1
        if how == "about a commit":
            say()
        if how == "before" and seen == at_commit:
            _die()
        type(connection)._commit(connection)
        if how == "after" and seen == at_commit:
            _die()

    connection._commit = commit  # type: ignore[method-assign]


def _write_streams_late() -> None:
    """As if somebody had thought that this could wait."""

    def after_the_commit(work: Callable[[list[Any]], object], item: Any) -> None:
        transaction.on_commit(partial(in_another, work, item))

    @transaction.atomic
    def in_another(work: Callable[[list[Any]], object], item: Any) -> None:
        work([item])

    streaming.do_last = after_the_commit


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Doomed(Worker):
    """Only ever books and changes their mind."""

    AHEAD = (60, 6 * 24 * 60)

    def __init__(self, task: dict[str, Any], number: int) -> None:
        super().__init__(task, number)
        self.weights = {"book": 3, "cancel": 1, "accept": 1}
        self.look_around()

    def now(self) -> Any:
        return timezone.now()

    def somebody(self) -> tuple[User | None, str]:
        return self.random.choice(self.users), "+8613700000000"
