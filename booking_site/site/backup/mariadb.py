"""MariaDB: its own dump, and CHECKSUM TABLE of the same moment.

A dump sees one snapshot; so does a connection of ours. Both begin while all tables are locked for
reading, which takes as long as the dump takes to start: writers wait some hundredths of a second
(where a busy machine makes it seconds they hear 503 and come again), and nobody waits while the
tables are read.
"""

import gzip
import hashlib
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import Any, BinaryIO

import MySQLdb
from django.conf import settings

from .errors import BackupError
from .manifest import CHUNK, Manifest, Table
from .progress import Progress, size_in_words

Write = Callable[[str], object]
DUMP = (
    "mariadb-dump",
    "--single-transaction",
    "--order-by-primary",
    "--skip-dump-date",
    "--skip-comments",
    "--hex-blob",
    "--default-character-set=utf8mb4",
)
SCRATCH = "_backup_check"
# So long a dump may wait for whoever has just written.
LOCK_SECONDS = 10
# Error text of the client: the statement it stopped at would follow.
LONGEST_ERROR = 200


@dataclass(frozen=True)
class MariaDB:
    database: str
    user: str
    password: str
    host: str
    port: int
    ssl: tuple[tuple[str, str], ...] = ()

    name, file_name = "mariadb", "database.sql.gz"

    @classmethod
    def of(cls, known: dict[str, Any]) -> "MariaDB":
        """The site's, by an account that may make a database beside it."""
        other = bool(settings.BACKUP_DATABASE_USER)
        return cls(
            database=str(known["NAME"]),
            user=settings.BACKUP_DATABASE_USER if other else known["USER"],
            password=settings.BACKUP_DATABASE_PASSWORD if other else known["PASSWORD"],
            host=known["HOST"] or "localhost",
            port=int(known["PORT"] or 3306),
            ssl=tuple(sorted(known.get("OPTIONS", {}).get("ssl", {}).items())),
        )

    def server(self) -> str:
        """Between versions CHECKSUM TABLE may differ."""
        version: str = self._one("SELECT VERSION()")
        return "MariaDB " + ".".join(version.split("-")[0].split(".")[:2])

    def dump(self, to: Path, manifest: Manifest, write: Write) -> None:
        progress = Progress(write, "database")
        with closing(self._connected()) as snapshot, ExitStack() as ending:
            names = self._names(snapshot)
            _wake_up(DUMP[0])
            with self._nobody_writes(names):
                process = ending.enter_context(self._dumping())
                assert process.stdout is not None
                first = _until_tables_come(process.stdout)
                cursor = snapshot.cursor()
                cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                cursor.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT")
            content = _copied(first, process.stdout, to, len(names), progress)
            manifest.content_size, manifest.content_sha256 = content
            manifest.tables = _tables(snapshot, names)
        size = size_in_words(manifest.content_size)
        progress.done(f"{len(names)} tables, {manifest.rows} rows, {size}")

    @contextmanager
    def scratch(self, dump: Path, manifest: Manifest, write: Write) -> Iterator["MariaDB"]:
        beside = replace(self, database=self.database + SCRATCH)
        try:
            self._drop(beside.database)
            self._do(
                f"CREATE DATABASE `{beside.database}` CHARACTER SET utf8mb4"
                " COLLATE utf8mb4_unicode_520_ci"
            )
        except MySQLdb.OperationalError as error:
            raise BackupError(
                f"{self.user} may not make the database {beside.database}, in which a backup is"
                f" checked: GRANT ALL ON `{beside.database}`.* TO …, or BACKUP_DATABASE_USER"
            ) from error
        try:
            beside._load(dump, manifest, Progress(write, "loading beside"))
            yield beside
        finally:
            self._drop(beside.database)

    def tables(self) -> dict[str, Table]:
        with closing(self._connected()) as found:
            return _tables(found, self._names(found))

    def content_sha256(self) -> str:
        seen = hashlib.sha256()
        with self._dumping() as process:
            assert process.stdout is not None
            while block := process.stdout.read(CHUNK):
                seen.update(block)
        return seen.hexdigest()

    def names_in(self, table: str, column: str) -> Iterator[str]:
        with closing(self._connected()) as found, closing(found.cursor()) as cursor:
            cursor.execute(f"SELECT `{column}` FROM `{table}` WHERE `{column}` <> ''")
            yield from (name for (name,) in cursor.fetchall())

    def has_tables(self) -> bool:
        with closing(self._connected()) as found:
            return bool(self._names(found))

    def replace(self, dump: Path, manifest: Manifest, write: Write) -> None:
        with closing(self._connected()) as found:
            names, cursor = self._names(found), found.cursor()
            cursor.execute("SET SESSION foreign_key_checks = 0")
            for name in names:
                cursor.execute(f"DROP TABLE `{name}`")
        self._load(dump, manifest, Progress(write, "database"))

    # Connections

    def _connected(self, database: str | None = None) -> Any:
        where = {"unix_socket": self.host} if self.host.startswith("/") else {"host": self.host}
        secure = {"ssl": dict(self.ssl)} if self.ssl else {}
        return MySQLdb.connect(
            user=self.user,
            password=self.password,
            port=self.port,
            database=self.database if database is None else database,
            charset="utf8mb4",
            autocommit=True,
            **where,
            **secure,
        )

    def _one(self, statement: str) -> Any:
        with closing(self._connected("")) as found, closing(found.cursor()) as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0]

    def _do(self, statement: str) -> None:
        with closing(self._connected("")) as found, closing(found.cursor()) as cursor:
            cursor.execute(statement)

    def _drop(self, database: str) -> None:
        assert database.endswith(SCRATCH)
        self._do(f"DROP DATABASE IF EXISTS `{database}`")

    def _names(self, found: Any) -> list[str]:
        with closing(found.cursor()) as cursor:
            cursor.execute("SHOW FULL TABLES WHERE table_type = 'BASE TABLE'")
            return sorted(row[0] for row in cursor.fetchall())

    @contextmanager
    def _nobody_writes(self, names: list[str]) -> Iterator[None]:
        with closing(self._connected()) as found, closing(found.cursor()) as cursor:
            cursor.execute(f"SET SESSION lock_wait_timeout = {LOCK_SECONDS}")
            if names:
                cursor.execute("LOCK TABLES " + ", ".join(f"`{name}` READ" for name in names))
            yield
            cursor.execute("UNLOCK TABLES")

    # Clients

    @contextmanager
    def _client(self, command: tuple[str, ...], **pipes: Any) -> Iterator[subprocess.Popen[bytes]]:
        """Its password is in a file that only we may read. Raises BackupError when it fails."""
        with NamedTemporaryFile("w", suffix=".cnf") as secret, TemporaryFile() as errors:
            secret.write(self._defaults())
            secret.flush()
            name, *options = command
            line = [name, f"--defaults-file={secret.name}", *options, self.database]
            try:
                process = subprocess.Popen(line, stderr=errors, **pipes)
            except FileNotFoundError as error:
                raise BackupError(f"{name} is not installed (Debian: mariadb-client)") from error
            try:
                with process:
                    yield process
            except BaseException:
                process.kill()
                process.wait()
                raise
            if process.returncode:
                raise BackupError(f"{name} failed: {_said(errors)}")

    def _dumping(self) -> Any:
        return self._client(DUMP, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)

    def _load(self, dump: Path, manifest: Manifest, progress: Progress) -> None:
        command = ("mariadb", "--default-character-set=utf8mb4", "--batch")
        with self._client(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
            assert process.stdin is not None
            done = 0
            try:
                with gzip.open(dump) as source, process.stdin as target:
                    while block := source.read(CHUNK):
                        target.write(block)
                        done += len(block)
                        progress.at(done / manifest.content_size, size_in_words(done))
            except BrokenPipeError:
                # It has ended, and has said why.
                process.wait()
        progress.done(size_in_words(done))

    def _defaults(self) -> str:
        where = "socket" if self.host.startswith("/") else "host"
        known = {"user": self.user, "password": self.password, where: self.host}
        known |= {f"ssl-{name}": value for name, value in self.ssl}
        known |= {"port": str(self.port)}
        lines = [f"{name}={_quoted(value)}" for name, value in known.items()]
        return "\n".join(["[client]", *lines, ""])


def _wake_up(name: str) -> None:
    """From the disk, before anybody waits for it to start. Raises BackupError without it."""
    try:
        subprocess.run([name, "--version"], stdout=subprocess.DEVNULL, check=False)
    except FileNotFoundError as error:
        raise BackupError(f"{name} is not installed (Debian: mariadb-client)") from error


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _said(errors: BinaryIO) -> str:
    """The last line, up to where a row could be quoted."""
    errors.seek(0)
    lines = errors.read().decode(errors="replace").strip().splitlines() or ["it said nothing"]
    return lines[-1].split("Duplicate entry")[0][:LONGEST_ERROR]


def _until_tables_come(output: BinaryIO) -> bytes:
    """What comes first. A table among it means that the dump has its snapshot."""
    first = b""
    while b"CREATE TABLE" not in first:
        block = output.read1(CHUNK)  # type: ignore[attr-defined]
        if not block:
            break
        first += block
    return first


def _copied(
    first: bytes, output: BinaryIO, to: Path, tables: int, progress: Progress
) -> tuple[int, str]:
    """Compress what comes; returns its size and checksum."""
    seen, size, begun = hashlib.sha256(), 0, 0
    with gzip.GzipFile(to, mode="wb", compresslevel=6, mtime=0) as target:
        block = first
        while block:
            seen.update(block)
            target.write(block)
            size += len(block)
            begun += block.count(b"\nCREATE TABLE ")
            progress.at(begun / max(tables, 1), f"{begun} of {tables}, {size_in_words(size)}")
            block = output.read(CHUNK)
    return size, seen.hexdigest()


def _tables(found: Any, names: list[str]) -> dict[str, Table]:
    with closing(found.cursor()) as cursor:
        tables = {}
        for name in names:
            cursor.execute(f"CHECKSUM TABLE `{name}`")
            checksum = cursor.fetchone()[1]
            cursor.execute(f"SELECT COUNT(*) FROM `{name}`")
            tables[name] = Table(cursor.fetchone()[0], str(checksum))
    return tables
