"""A private MariaDB and a private Redis on spare ports, gone when the block ends.

Standard library only, because the runner uses it before anything else.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from .processes import end_with_parent, spare_port, stop


class ServiceError(Exception):
    """A service did not start; the message carries the end of its log."""


@contextlib.contextmanager
def mariadb(folder: Path, *, flush_at_commit: int = 0) -> Iterator[str]:
    """Run MariaDB in the folder; gives the DATABASE_URL of an empty utf8mb4 database.

    The folder must be passable for the user ``mysql``, as whom it runs when root starts it.
    ``flush_at_commit`` is InnoDB's: 0 is fast, 1 keeps commits through a kill of the machine.
    """
    data, log, port = folder / "mariadb", folder / "mariadb.log", spare_port()
    # Short, because a socket's path may not be longer than a hundred characters or so.
    sock = data / "m.sock"
    data.mkdir()
    as_user = _account_of_the_server()
    install = ["mariadb-install-db", "--no-defaults", f"--datadir={data}"]
    install += ["--auth-root-authentication-method=normal", "--skip-test-db"]
    if as_user:
        shutil.chown(data, as_user)
        install.append(f"--user={as_user}")
    _run(install)
    command = ["mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={sock}"]
    command += ["--bind-address=127.0.0.1", f"--port={port}", "--max-connections=400"]
    command += [f"--innodb-flush-log-at-trx-commit={flush_at_commit}"]
    command += ["--innodb-buffer-pool-size=512M", "--character-set-server=utf8mb4"]
    command += ["--collation-server=utf8mb4_unicode_520_ci"]
    client = ["mariadb", "--no-defaults", f"--socket={sock}", "--user=root"]
    with _running(command, log, as_user=as_user) as process:
        _wait_until(lambda: _answers([*client, "--execute=SELECT 1"]), process, log)
        _load_time_zones(client)
        _run([*client, "--execute=CREATE DATABASE yuejian COLLATE utf8mb4_unicode_520_ci"])
        yield f"mysql://root@127.0.0.1:{port}/yuejian"


@contextlib.contextmanager
def redis(folder: Path) -> Iterator[str]:
    """Run Redis without files; gives its REDIS_URL. Each test worker takes its own number in it."""
    port, log = spare_port(), folder / "redis.log"
    command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)]
    command += ["--save", "", "--appendonly", "no", "--databases", "64"]
    with _running(command, log) as process:
        _wait_until(lambda: _pongs(port), process, log)
        yield f"redis://127.0.0.1:{port}/0"


def _account_of_the_server() -> str | None:
    """MariaDB refuses to run as root; its Debian package brings a user of its own."""
    if os.getuid() != 0:
        return None
    try:
        return pwd.getpwnam("mysql").pw_name
    except KeyError as error:
        raise ServiceError("root needs a system user named mysql to run MariaDB as") from error


@contextlib.contextmanager
def _running(
    command: list[str], log: Path, *, as_user: str | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=log.parent,
            user=as_user,
            group=as_user,
            extra_groups=[] if as_user else None,
            # A Ctrl-C is for the runner, which then stops its services in order.
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
    try:
        yield process
    finally:
        stop(process)


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        raise ServiceError(f"{command[0]} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def _answers(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _pongs(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(7) == b"+PONG\r\n"
    except OSError:
        return False


def _wait_until(
    ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path, *, seconds: float = 60
) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-30:])
            raise ServiceError(f"{process.args!r} did not start:\n{tail}")
        time.sleep(0.05)


def _load_time_zones(client: list[str]) -> None:
    """Without these tables MariaDB's date functions answer NULL, and nothing says why."""
    statements = subprocess.run(
        ["mariadb-tzinfo-to-sql", str(_zoneinfo())], capture_output=True, check=True
    ).stdout
    loaded = subprocess.run([*client, "mysql"], input=statements, capture_output=True, check=False)
    if loaded.returncode:
        raise ServiceError(f"loading time zones failed: {loaded.stderr.decode(errors='replace')}")


def _zoneinfo() -> Path:
    system = Path("/usr/share/zoneinfo")
    if (system / "Asia" / "Shanghai").exists():
        return system
    package = importlib.util.find_spec("tzdata")
    if package is None or package.origin is None:
        raise ServiceError("neither /usr/share/zoneinfo nor the tzdata package is there")
    return Path(package.origin).parent / "zoneinfo"
