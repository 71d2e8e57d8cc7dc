"""Eight people at work at once, and every two seconds somebody is killed: a worker, a client.

With Redis, two beats and three Celery workers do the timed work; without, the server's own loop.
Their clocks run thirty times as fast. ``CHAOS_SECONDS`` says how long: 20 in `make test`, 300 in
`make chaos-dispatch`. When all is quiet, everything must add up within ten seconds, and what was
acknowledged must be there.
"""

import faulthandler
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from appointments.models import AppointmentEvent
from tests.appointments.world import hire, online, open_store, register
from tests.support import server
from tests.support.processes import end_with_parent, stop

from . import checker
from .clocks import SPEED, hurried
from .test_random_operations import only_once, those

pytestmark = pytest.mark.django_db(transaction=True)
SECONDS = float(os.environ.get("CHAOS_SECONDS", "20"))
CLIENTS, WORKERS, BEATS = 8, 3, 2
KILL_EVERY = 2.0
QUIET = 10.0
QUIETLY = "--loglevel=WARNING"


def in_a_hurry(since: float) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "tests.races.hurry",
        "HURRY": str(since),
        "TIMED_WORK_INTERVAL": "1",
    }


class Cast:
    """Processes by name; who was killed is played by somebody else."""

    def __init__(self, folder: Path, since: float) -> None:
        self.folder = folder
        self.environment = os.environ | in_a_hurry(since)
        self.environment["DATABASE_URL"] = server.test_database_url()
        self.commands: dict[str, tuple[str, ...]] = {}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.lives: Counter[str] = Counter()

    def enter(self, name: str, *command: str) -> None:
        """``LIFE`` in it says the how manieth this is."""
        self.commands[name] = command
        self.play(name)

    def play(self, name: str) -> None:
        self.lives[name] += 1
        words = [word.replace("LIFE", str(self.lives[name])) for word in self.commands[name]]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", *words],
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=end_with_parent,
            )

    def kill(self, name: str) -> None:
        """As a power cut would; the next one takes over at once."""
        self.running[name].kill()
        self.running[name].wait()
        self.play(name)

    def leave(self) -> None:
        for process in self.running.values():
            process.kill()
        for process in self.running.values():
            stop(process)

    def written(self) -> str:
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("*.log")))


@pytest.fixture
def since() -> float:
    return time.time()


@pytest.fixture
def cast(tmp_path: Path, since: float) -> Iterator[Cast]:
    faulthandler.cancel_dump_traceback_later()
    cast = Cast(tmp_path, since)
    yield cast
    cast.leave()


@pytest.fixture
def killers(
    cast: Cast, tmp_path: Path, since: float, live_uvicorn: server.StartServer
) -> list[Callable[[], None]]:
    """Starts whoever does the timed work; how to kill each of them."""
    if not os.environ["REDIS_URL"]:
        return [_the_server(live_uvicorn, since)]
    app = ("celery", "-A", "booking_site.celery")
    for number in range(BEATS):
        schedule = tmp_path / f"beat-{number}-LIFE"
        cast.enter(f"beat-{number}", *app, "beat", f"--schedule={schedule}", "--pidfile=", QUIETLY)
    alone = ("--pool=solo", "--without-gossip", "--without-mingle", QUIETLY)
    names = [f"worker-{number}" for number in range(WORKERS)]
    for name in names:
        cast.enter(name, *app, "worker", f"--hostname={name}-LIFE@here", *alone)
    return [partial(cast.kill, name) for name in names]


def _the_server(live_uvicorn: server.StartServer, since: float) -> Callable[[], None]:
    environment = in_a_hurry(since)
    running: list[server.Server] = [live_uvicorn(**environment)]

    def kill() -> None:
        running.pop().kill()
        running.append(live_uvicorn(**environment))

    return kill


def fill_the_street(since: float) -> None:
    store = {"opens": "00:00", "closes": "00:00", "accept_timeout_minutes": 1}
    store |= {"online_timeout_minutes": 2, "no_show_after_minutes": 1}
    busy = open_store("busy", **store, queue_timeout_minutes=5, buffer_after_minutes=5)
    quiet = open_store("quiet", **store, queue_timeout_minutes=10, min_advance_minutes=0)
    for n in range(10):
        online(hire(busy if n < 6 else quiet, f"R{n}"), at=hurried(since))
    for n in range(6):
        register(f"C{n}")


def test_whoever_is_killed_nobody_is_lost_and_nothing_happens_twice(
    cast: Cast,
    killers: list[Callable[[], None]],
    tmp_path: Path,
    since: float,
    monkeypatch: pytest.MonkeyPatch,
):
    # Ten seconds of everybody else's.
    monkeypatch.setattr(checker, "PATIENCE", timedelta(seconds=QUIET * SPEED))
    fill_the_street(since)
    ends = time.time() + SECONDS
    ledger = tmp_path / "ledger"
    for number in range(CLIENTS):
        name = f"client-{number}"
        task = {"seed": f"{name}/LIFE", "ledger": str(ledger), "until": ends}
        cast.enter(name, "tests.races.process", "clients", json.dumps(task))
        killers.append(partial(cast.kill, name))

    chance, kills = random.Random(SECONDS), 0
    while time.time() + KILL_EVERY < ends:
        time.sleep(KILL_EVERY)
        chance.choice(killers)()
        kills += 1
    for number in range(CLIENTS):
        assert cast.running[f"client-{number}"].wait(60) == 0, cast.written()[-4000:]
    quiet_since = time.monotonic()
    while (found := checker.faults(hurried(since))) and time.monotonic() - quiet_since < QUIET:
        time.sleep(0.2)
    took = time.monotonic() - quiet_since

    entries = [line.split(maxsplit=2) for line in ledger.read_text().splitlines()]
    _tell(entries, kills, took, found)
    assert found == []
    assert [entry for entry in entries if entry[0] == "error"] == []
    assert "Traceback" not in cast.written(), cast.written()[-6000:]
    _nothing_was_lost(entries)


def _tell(entries: list[list[str]], kills: int, took: float, found: list[str]) -> None:
    times = Counter(AppointmentEvent.objects.values_list("action", flat=True))
    words = Counter(entry[0] for entry in entries)
    print(
        f"\n{connection.vendor}, {SECONDS:.0f} s: {kills} kills; "
        f"{words['done']} things done, {words['refused']} refused; "
        f"{times['assigned']} assignments, {times['timed_out']} not answered, "
        f"{times['requeued']} back in line, {len(those(cancel_reason='queue_timeout'))} let go; "
        f"in order after {took:.1f} s with {len(found)} faults"
    )


def _nothing_was_lost(entries: list[list[str]]) -> None:
    """Of what was acknowledged. Of what was not, each was done once or not at all."""
    done: dict[str, list[int]] = defaultdict(list)
    count: Counter[tuple[str, str]] = Counter()
    for kind, verb, *rest in entries:
        count[kind, verb] += 1
        if kind == "done":
            done[verb].append(int(rest[0]))

    def unknown(*verbs: str) -> int:
        return sum(
            count["begun", verb] - count["done", verb] - count["refused", verb] for verb in verbs
        )

    for verbs, rows in (
        (("join",), those(live=True)),
        (("book",), those(live=False)),
        (("start",), those(started_at__isnull=False)),
        (("complete",), those(completed_at__isnull=False)),
        (("cancel",), those(cancel_reason="changed my mind")),
    ):
        acknowledged = only_once(pk for verb in verbs for pk in done[verb])
        assert acknowledged <= rows, verbs
        assert len(rows - acknowledged) <= unknown(*verbs), verbs
