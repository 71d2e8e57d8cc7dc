"""`make run` as somebody has it who has just cloned the project: in a checkout of its own, in which
nothing has been made yet. Only the virtual environment is this one's."""

import contextlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import MySQLdb
import pytest
from django.conf import settings

from tests.support.processes import end_with_parent, spare_port

ROOT = Path(settings.BASE_DIR)
PATIENCE = 300
NOT_CLONED = (".git", ".venv", ".env", "var", "*.mo", "__pycache__", ".*_cache", ".hypothesis")
ACCOUNTS = ("customer", "realtor", "sitter", "worker", "manager", "staff")
FAMILY = "/api/v1/appointment"
# Embedded parts always; MariaDB, Redis and Celery where this run of the tests has them.
SERVICES = bool(os.environ.get("REDIS_URL")) and "mysql" in os.environ.get("DATABASE_URL", "")
PARTS = ["embedded", "services"] if SERVICES else ["embedded"]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What a fresh clone has, and the packages that it would install."""
    checkout = tmp_path / "checkout"
    shutil.copytree(ROOT, checkout, ignore=shutil.ignore_patterns(*NOT_CLONED))
    (checkout / ".venv").symlink_to(sys.prefix)
    return checkout


@pytest.fixture(params=PARTS)
def parts(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """The environment that chooses between the embedded parts and services."""
    if request.param == "embedded":
        yield {}
        return
    with _own_database() as database_url:
        # Workers of the tests have the low numbers of that Redis.
        redis = urlsplit(os.environ["REDIS_URL"])
        number = 32 + int(redis.path.strip("/"))
        redis_url = redis._replace(path=f"/{number}").geturl()
        yield {"DATABASE_URL": database_url, "REDIS_URL": redis_url}


@contextlib.contextmanager
def _own_database() -> Iterator[str]:
    server = urlsplit(os.environ["DATABASE_URL"])
    name = f"make_run_{os.getpid()}"
    connection = MySQLdb.connect(host=server.hostname, port=server.port, user=server.username)
    cursor = connection.cursor()
    cursor.execute(f"CREATE DATABASE {name} COLLATE utf8mb4_unicode_520_ci")
    try:
        yield server._replace(path=f"/{name}").geturl()
    finally:
        cursor.execute(f"DROP DATABASE {name}")
        connection.close()


class Run:
    """One `make run`, with what it has written and the site that it serves."""

    def __init__(self, checkout: Path, environment: dict[str, str]) -> None:
        self.checkout = checkout
        self.database_url = environment.get("DATABASE_URL", "")
        self.port = spare_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = checkout.parent / f"make-run-{self.port}.log"
        plain = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        own = {"PORT": str(self.port), "HOME": str(checkout.parent), "TIMED_WORK_INTERVAL": "0.2"}
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                ["make", "run"],
                cwd=checkout,
                env=plain | own | environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )

    @property
    def written(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def serves(self) -> bool:
        assert self.process.poll() is None, self.written
        try:
            return self.get("/health").status == 200
        except OSError:
            return False

    def get(self, path: str) -> Any:
        return urllib.request.urlopen(self.url + path, timeout=30)

    def post(self, path: str, **body: Any) -> Any:
        request = urllib.request.Request(
            self.url + path,
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)["data"]

    def data(self, path: str) -> Any:
        with self.get(path) as answer:
            return json.load(answer)["data"]

    def letters(self) -> list[str]:
        folder = self.checkout / "var" / "mail"
        return [path.read_text(encoding="utf-8") for path in folder.glob("*")]

    def press_ctrl_c(self) -> None:
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(PATIENCE)

    def left(self) -> list[str]:
        """The command lines of all that it started and that still runs."""
        return _command_lines(self.process.pid)

    def port_is_free(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) != 0

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def execute(self, sql: str) -> list[Any]:
        """In its database, behind its back."""
        if not self.database_url:
            with contextlib.closing(
                sqlite3.connect(self.checkout / "var" / "db.sqlite3", timeout=20)
            ) as database:
                rows = database.execute(sql).fetchall()
                database.commit()
                return rows
        at = urlsplit(self.database_url)
        with contextlib.closing(
            MySQLdb.connect(
                host=at.hostname, port=at.port, user=at.username, database=at.path.strip("/")
            )
        ) as database:
            cursor = database.cursor()
            cursor.execute(sql)
            database.commit()
            return list(cursor.fetchall())


def _command_lines(session: int) -> list[str]:
    """Of the processes in that session; one that is dead and only not yet buried is none."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            # pid (name) state parent group session …; a name may hold blanks and brackets.
            state, _parent, _group, its_session = (
                (folder / "stat").read_text().rpartition(")")[2].split()[:4]
            )
            if int(its_session) == session and state != "Z":
                found.append((folder / "cmdline").read_text().replace("\0", " "))
        except OSError:
            # No process, or one that has just ended.
            continue
    return found


@pytest.fixture
def make_run(clone: Path, parts: dict[str, str]) -> Iterator[Callable[[], Run]]:
    """Start it, and wait until it serves."""
    runs: list[Run] = []

    def started() -> Run:
        run = Run(clone, parts)
        runs.append(run)
        wait_until(run.serves, run)
        return run

    yield started
    for run in runs:
        run.kill()


def wait_until(true: Callable[[], bool], run: Run) -> None:
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until, run.written
        time.sleep(0.1)


def free_start(run: Run) -> dict[str, Any]:
    days = run.data(f"{FAMILY}/stores/1/slots?days=7")["days"]
    slots = [slot for day in days for slot in day["slots"] if slot["available"]]
    return {"starts_at": slots[-1]["starts_at"]}


def test_it_serves_the_demo_and_keeps_it_and_ends_with_ctrl_c(make_run):
    run = make_run()

    assert f"{run.url}/admin/" in run.written
    for account in ACCOUNTS:
        assert f"{account}@example.com" in run.written
        login = {"login": f"{account}@example.com", "password": "demo-12345"}
        assert run.post("/api/v1/auth/token", **login)["access"]
    for page in ("/", "/stores/1/", "/accounts/login/", "/api/docs/", "/api/schema/"):
        assert run.get(page).status == 200
    style = run.get("/").read().decode().split('rel="stylesheet" href="', 1)[1].split('"')[0]
    assert run.get(style).status == 200
    guest = {
        "customer_name": "Lan",
        "customer_phone": "13800000001",
        "email": "lan@example.com",
    }
    booked = run.post(f"{FAMILY}/appointments", store_id=1, **free_start(run), **guest)

    # Timed work is done: by the server itself, or by the worker and its beat.
    assert any("celery" in line for line in run.left()) == bool(run.database_url)
    held = run.post(f"{FAMILY}/stores/1/holds", **free_start(run))
    of_it = f"FROM appointments_hold WHERE token = '{held['hold_token']}'"
    assert run.execute(f"SELECT 1 {of_it}")
    run.execute(
        "UPDATE appointments_hold SET expires_at = '2026-01-01 00:00:00'"
        f" WHERE token = '{held['hold_token']}'"
    )
    wait_until(lambda: not run.execute(f"SELECT 1 {of_it}"), run)

    # Letters lie in a folder, which it has named, and lead back here.
    assert "var/mail/" in run.written
    page = f"{run.url}/appointments/{booked['appointment_code']}/"
    wait_until(lambda: any(page in letter for letter in run.letters()), run)

    run.press_ctrl_c()
    wait_until(lambda: not run.left(), run)
    assert run.port_is_free()
    assert "Traceback" not in run.written
    again = make_run()
    code = booked["appointment_code"]
    assert again.data(f"{FAMILY}/appointments/{code}")["appointment_code"] == code
    assert "Making the tables" not in again.written


# What it says when it cannot start


def refused(checkout: Path, **environment: str) -> str:
    ended = subprocess.run(
        ["make", "run"],
        cwd=checkout,
        env={"PATH": os.environ["PATH"], "HOME": str(checkout.parent), **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert ended.returncode != 0
    return ended.stderr


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1"])
def test_a_port_that_is_none_is_named(clone: Path, port: str):
    assert f"PORT must be a number from 1 to 65535, not '{port}'." in refused(clone, PORT=port)


def test_a_port_that_is_taken_is_named_with_another_one_to_try(clone: Path):
    with socket.create_server(("127.0.0.1", 0)) as there:
        port = there.getsockname()[1]

        assert f"Port {port} is taken" in refused(clone, PORT=str(port))


def test_a_database_that_is_not_there_is_named(clone: Path):
    url = f"mysql://nobody@127.0.0.1:{spare_port()}/nothing"

    said = refused(clone, PORT=str(spare_port()), DATABASE_URL=url)

    assert "The database of DATABASE_URL cannot be reached" in said


def install_missing(beginning: str, path: str = "") -> subprocess.CompletedProcess[str]:
    """As the scripts call it on a machine that lacks two packages."""
    commands = f"source deploy/dev/common.sh; {beginning}; MISSING=(gcc gettext); install_missing"
    return subprocess.run(
        ["bash", "-c", commands],
        cwd=ROOT,
        env={"PATH": path + os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
    )


INSTALL = "apt-get install -y --no-install-recommends gcc gettext"


def test_who_may_not_install_is_told_the_line_for_an_administrator():
    said = install_missing("id() { echo 1000; }; sudo() { return 1; }")

    assert said.returncode == 1
    assert f"sudo apt-get update && sudo {INSTALL}" in said.stderr


def test_what_cannot_be_installed_is_named_with_the_command_that_would(tmp_path: Path):
    fails = tmp_path / "apt-get"
    fails.write_text("#!/bin/sh\necho 'E: no such package' >&2\nexit 100\n")
    fails.chmod(0o755)

    said = install_missing("id() { echo 0; }", f"{tmp_path}:")

    assert said.returncode == 1
    assert "E: no such package" in said.stderr
    assert said.stderr.rstrip().endswith(f"The command that would: {INSTALL}")


def test_a_system_that_is_not_debian_is_told_what_is_missing():
    said = install_missing("command() { return 1; }")

    assert said.returncode == 1
    assert "what Debian calls gcc gettext" in said.stderr
