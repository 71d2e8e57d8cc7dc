"""A real uvicorn process on the test database, for what a test client cannot show."""

import email
import email.policy
import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from .counting import RUNNING
from .processes import end_with_parent, spare_port, stop

START_SECONDS = 60
IDLE_SECONDS = 20
COUNTING = "tests.support.counting:application"


class Server:
    """One running process of the site; ``url`` and ``ws_url`` end without a slash."""

    def __init__(
        self,
        log: Path,
        environment: dict[str, str],
        *,
        port: int | None = None,
        application: str = "booking_site.asgi:application",
    ) -> None:
        self.port = port or spare_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.ws_url = f"ws://127.0.0.1:{self.port}"
        self.log = log
        command = [sys.executable, "-m", "uvicorn", application]
        command += ["--host", "127.0.0.1", "--port", str(self.port), "--ws", "websockets-sansio"]
        command += ["--ws-max-size", "65536", "--ws-per-message-deflate", "false"]
        command += ["--lifespan", "on", "--no-access-log", "--timeout-graceful-shutdown", "5"]
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=settings.BASE_DIR,
                env=os.environ | environment,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                stop(self.process)
                raise RuntimeError(f"uvicorn did not start:\n{self.written()[-4000:]}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            client.request("GET", "/health")
            return client.getresponse().status > 0
        except OSError:
            return False
        finally:
            client.close()

    def wait_until_idle(self) -> None:
        """Until it answers nobody and holds no socket, so that the tables can be emptied under it.
        Only for one that runs ``COUNTING``."""
        deadline = time.monotonic() + IDLE_SECONDS
        while (running := self._running()) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not running, f"{running} requests or sockets are still open in the server"

    def _running(self) -> int:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            client.request("GET", RUNNING)
            return int(client.getresponse().read())
        finally:
            client.close()

    def written(self) -> str:
        """All that the process has written to its log so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        """End it in order, as a deployment would."""
        stop(self.process)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self.process.kill()
        self.process.wait()


class StartServer(Protocol):
    """Start one more process of the site, with these names on top of its environment."""

    def __call__(self, **environment: str) -> Server: ...


@pytest.fixture
def live_uvicorn(transactional_db: None, tmp_path: Path) -> Iterator[StartServer]:
    """Start servers on the test database; all are stopped when the test ends.

    ``server = live_uvicorn()`` or, with other settings, ``live_uvicorn(HTTP_CONCURRENCY="8")``.
    """
    servers: list[Server] = []

    def start(**environment: str) -> Server:
        database = {"DATABASE_URL": test_database_url(), "DJANGO_SETTINGS_MODULE": "tests.settings"}
        server = Server(tmp_path / f"uvicorn-{len(servers)}.log", database | environment)
        servers.append(server)
        server.wait_until_ready()
        return server

    try:
        yield start
    finally:
        # Before the database fixture empties the tables under them.
        for server in servers:
            server.stop()


@pytest.fixture(scope="session")
def standing_server(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StartServer]:
    """Servers that live as long as the worker, one for each environment that is asked for.

    To start one takes longer than most tests. Whoever uses one must leave it idle.
    """
    with django_db_blocker.unblock():
        database = {"DATABASE_URL": test_database_url(), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    servers: dict[tuple[tuple[str, str], ...], Server] = {}

    def running(**environment: str) -> Server:
        key = tuple(sorted(environment.items()))
        if key not in servers or servers[key].process.poll() is not None:
            log = tmp_path_factory.mktemp("standing") / "uvicorn.log"
            servers[key] = Server(log, database | environment, application=COUNTING)
            servers[key].wait_until_ready()
        return servers[key]

    try:
        yield running
    finally:
        for server in servers.values():
            server.stop()


@pytest.fixture
def site(request: pytest.FixtureRequest, transactional_db: None) -> Iterator[Server]:
    """One server with the tests' settings, that must get through the test without a traceback.

    The tests of a worker share it; not where timed work is done in it (without Redis), which would
    go on behind the tests that come after.
    """
    if settings.REDIS_URL:
        server = request.getfixturevalue("standing_server")()
    else:
        server = request.getfixturevalue("live_uvicorn")()
    before = len(server.written())
    yield server
    if settings.REDIS_URL:
        server.wait_until_idle()
    else:
        server.stop()
    written = server.written()[before:]
    assert "Traceback" not in written, written[-6000:]


@pytest.fixture
def letters() -> Iterator["Letters"]:
    """The mail that servers of this test have sent."""
    box = Letters(Path(settings.EMAIL_FILE_PATH))
    box.burn()
    yield box
    box.burn()


class Letters:
    """Mail lies in files, a process appends to one, and letters are parted by a ruler of dashes."""

    RULER = b"-" * 79

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def burn(self) -> None:
        for path in self.folder.glob("*.log"):
            path.unlink()

    def all(self) -> list[EmailMessage]:
        """Every letter so far, in the order in which it was sent."""
        parse = email.message_from_bytes
        return [
            parse(letter.lstrip(b"\n"), policy=email.policy.default)
            for path in sorted(self.folder.glob("*.log"))
            for letter in path.read_bytes().split(self.RULER)
            if letter.strip()
        ]


def test_database_url() -> str:
    """The DATABASE_URL of the database that this test run made, for another process."""
    now = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{now['NAME']}"
    who = quote(now["USER"], safe="")
    if now["PASSWORD"]:
        who += ":" + quote(now["PASSWORD"], safe="")
    return f"mysql://{who}@{now['HOST']}:{now['PORT']}/{now['NAME']}"
