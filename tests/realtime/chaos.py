"""One round of chaos over sockets: who plays, who is killed, and what came of it.

Redis and the servers are this round's own, on ports that stay, so that whoever comes back finds the
next one in the same place.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection

from notifications.models import UserEvent, UserStream
from tests.support.processes import end_with_parent, spare_port, stop
from tests.support.server import Server, test_database_url

WRITERS = 3
PAUSE_SECONDS = 3.0
CUT_SECONDS = 0.7


@dataclass
class Round:
    """What is played. ``lossy``: as LOSSY_LAYER; ``plain``: the control. ``crowd``: the module of
    the clients; those who talk (talkers.py) are asked to hush before the end, and writers are not
    needed. ``faults``: names of the environment by which servers are made worse; ``halfway``: what
    is done by the test itself meanwhile."""

    name: str
    seconds: float
    servers: int = 2
    lossy: str = ""
    plain: bool = False
    with_redis: bool = True
    kill_server_every: float = 6.0
    kill_redis_every: float = 10.0
    cut_database_every: float = 15.0
    patience: float = 30.0
    crowd: str = "tests.realtime.crowd"
    writers: int = WRITERS
    talks: bool = False
    faults: dict[str, str] = field(default_factory=dict)
    halfway: Callable[[], object] = lambda: None


@dataclass
class Outcome:
    kills: Counter[str] = field(default_factory=Counter)
    repairs: Counter[str] = field(default_factory=Counter)
    positions: dict[int, int] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)
    writers: list[dict[str, Any]] = field(default_factory=list)
    logs: str = ""


class Redis:
    """A Redis that may be killed and comes back empty."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, spare_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.sleeps_until = 0.0
        self.start()

    def start(self) -> None:
        command = ["redis-server", "--bind", "127.0.0.1", "--port", str(self.port), "--save", ""]
        command += ["--appendonly", "no", "--databases", "64", "--dir", str(self.folder)]
        with (self.folder / "redis.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, preexec_fn=end_with_parent
            )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.start()

    def fall_asleep(self) -> None:
        """Connections stay open, and nobody answers."""
        self.process.send_signal(signal.SIGSTOP)
        self.sleeps_until = time.monotonic() + PAUSE_SECONDS

    def wake(self) -> None:
        if self.sleeps_until:
            self.process.send_signal(signal.SIGCONT)
            self.sleeps_until = 0.0

    def stop(self) -> None:
        self.wake()
        stop(self.process)


class Stage:
    """Everybody who plays in one round."""

    def __init__(self, round: Round, folder: Path, stack: ExitStack) -> None:
        self.round, self.folder = round, folder
        self.outcome = Outcome()
        self.chance = random.Random(f"{round.name}/{round.seconds}")
        self.environment = {
            "DATABASE_URL": test_database_url(),
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "REDIS_URL": "",
        }
        self.redis: Redis | None = None
        if round.with_redis:
            self.redis = Redis(folder)
            stack.callback(self.redis.stop)
            self.environment["REDIS_URL"] = self.redis.url
        if round.plain:
            self.environment["PLAIN_GROUPS"] = "1"
        self.environment |= round.faults
        self.ports = [spare_port() for _ in range(round.servers)]
        self.servers = [self.serve(number) for number in range(round.servers)]
        stack.callback(lambda: [server.kill() for server in self.servers])
        for server in self.servers:
            server.wait_until_ready()

    def serve(self, number: int) -> Server:
        """The next life of this server, which may not be ready yet."""
        life = self.outcome.kills["servers"]
        own = {"CHAOS_REPAIRS": str(self.folder / "repairs"), "LOSSY_LAYER": self.round.lossy}
        return Server(
            self.folder / f"server-{number}-{life}.log",
            self.environment | own,
            port=self.ports[number],
            application="tests.realtime.stage:application",
        )

    def begin(self, people: list[dict[str, Any]], until: float) -> None:
        """``people``: a user's id and the cookie of their session."""
        crowd = {
            "seed": self.round.name,
            "urls": [f"ws://127.0.0.1:{port}" for port in self.ports],
            "plain": self.round.plain,
            "clients": [one | {"churns": churns} for churns in (False, True) for one in people],
            "hush": str(self.folder / "hush"),
            "finish": str(self.folder / "finish"),
            "result": str(self.folder / "result"),
        }
        (self.folder / "crowd.json").write_text(json.dumps(crowd))
        self.crowd = self.run(self.round.crowd, str(self.folder / "crowd.json"))
        users = [one["user"] for one in people]
        self.writers = []
        for number in range(self.round.writers):
            task = {"seed": f"w{number}", "users": users, "until": until, "every": 0.15}
            if not self.redis or number == 0:
                task["url"] = f"http://127.0.0.1:{self.ports[0]}"
            words = ("tests.realtime.writers", json.dumps(task))
            self.writers.append(self.run("tests.races.process", *words))

    def run(self, *words: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=settings.BASE_DIR,
            env=os.environ | self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            preexec_fn=end_with_parent,
        )

    # --- Killing

    def kill_until(self, ends: float) -> None:
        """By the clock, but never quite: with the interval up to a quarter off."""
        due = {"server": self.round.kill_server_every}
        if self.redis:
            due["redis"] = self.round.kill_redis_every
        if connection.vendor == "mysql":
            due["database"] = self.round.cut_database_every
        hurt = {
            "server": self.kill_server,
            "redis": self.hurt_redis,
            "database": self.cut_connections,
        }
        next_at = {what: time.monotonic() + every / 2 for what, every in due.items()}
        halves = [(time.time() + ends) / 2]
        while time.time() < ends:
            time.sleep(0.05)
            now = time.monotonic()
            if halves and time.time() > halves[0]:
                halves.clear()
                self.round.halfway()
            if self.redis and self.redis.sleeps_until and now > self.redis.sleeps_until:
                self.redis.wake()
            for what, every in due.items():
                if now > next_at[what]:
                    next_at[what] = now + every * self.chance.uniform(0.75, 1.25)
                    hurt[what]()
        if self.redis:
            self.redis.wake()

    def kill_server(self) -> None:
        number = self.chance.randrange(len(self.servers))
        self.servers[number].kill()
        self.outcome.kills["servers"] += 1
        self.servers[number] = self.serve(number)

    def hurt_redis(self) -> None:
        """Twice a kill, then a sleep."""
        assert self.redis
        self.redis.wake()
        hurt = self.outcome.kills["redis"] + self.outcome.kills["sleeps"]
        if hurt % 3 == 2:
            self.redis.fall_asleep()
            self.outcome.kills["sleeps"] += 1
        else:
            self.redis.kill()
            self.outcome.kills["redis"] += 1

    def cut_connections(self) -> None:
        """What a database that restarts does to everybody who is connected; ours stays."""
        over = time.monotonic() + CUT_SECONDS
        with connection.cursor() as cursor:
            # None lives longer than a look or a transaction: so again and again.
            while time.monotonic() < over:
                cursor.execute(
                    "SELECT id FROM information_schema.processlist"
                    " WHERE db = DATABASE() AND id <> CONNECTION_ID()"
                )
                for (number,) in cursor.fetchall():
                    with suppress(OperationalError):
                        cursor.execute("KILL CONNECTION %s", [number])
        self.outcome.kills["cuts"] += 1

    # --- The end

    def hush(self) -> None:
        """Nobody says anything new; what was said and not acked is still sent again."""
        (self.folder / "hush").touch()
        # Of those who are said to be too fast some have much to say yet.
        hushed, until = self.folder / "hush.done", time.monotonic() + 3 * self.round.patience
        while not hushed.exists() and time.monotonic() < until and self.crowd.poll() is None:
            time.sleep(0.05)

    def settle(self) -> Outcome:
        """Everybody has stopped; the clients get what is still on its way."""
        for writer in self.writers:
            answer = writer.communicate(timeout=60)[0].decode()
            assert writer.returncode == 0, answer
            self.outcome.writers.append(json.loads(answer.split("answer: ")[-1]))
        for server in self.servers:
            server.wait_until_ready()
        if self.round.talks:
            self.hush()
        positions = dict(UserStream.objects.values_list("pk", "last_u"))
        finish = {"positions": positions, "patience": self.round.patience}
        (self.folder / "finish.part").write_text(json.dumps(finish))
        (self.folder / "finish.part").rename(self.folder / "finish")
        self.crowd.communicate(timeout=self.round.patience + 30)
        assert self.crowd.returncode == 0, "the clients have failed"
        for server in self.servers:
            server.kill()
        self.outcome.positions = positions
        self.outcome.told = json.loads((self.folder / "result").read_text())
        repairs = self.folder / "repairs"
        if repairs.exists():
            self.outcome.repairs = Counter(repairs.read_text().split())
        logs = sorted(self.folder.glob("server-*.log"))
        self.outcome.logs = "\n".join(path.read_text(errors="replace") for path in logs)
        return self.outcome


@contextmanager
def staged(round: Round, folder: Path) -> Iterator[Stage]:
    folder.mkdir()
    with ExitStack() as stack:
        stage = Stage(round, folder, stack)
        try:
            yield stage
        finally:
            for process in (*getattr(stage, "writers", ()), getattr(stage, "crowd", None)):
                if process is not None and process.poll() is None:
                    process.kill()
                    process.wait()


def play(round: Round, folder: Path, people: list[dict[str, Any]]) -> Outcome:
    with staged(round, folder) as stage:
        ends = time.time() + round.seconds
        stage.begin(people, ends)
        stage.kill_until(ends)
        return stage.settle()


def holes() -> list[str]:
    """Streams whose numbers are not exactly those from their floor to their position."""
    found = []
    for stream in UserStream.objects.all():
        numbers = list(
            UserEvent.objects.filter(user_id=stream.pk).order_by("u").values_list("u", flat=True)
        )
        if numbers != list(range(stream.floor_u, stream.last_u + 1)):
            found.append(f"stream of {stream.pk}: {len(numbers)} rows up to {stream.last_u}")
    begun = UserStream.objects.values("pk")
    found += [
        f"{pk} has events and no stream"
        for pk in UserEvent.objects.exclude(user_id__in=begun).values_list("user_id", flat=True)
    ]
    return found
