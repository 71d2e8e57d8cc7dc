"""MariaDB: all rows and CHECKSUM TABLE of one snapshot, in one transaction; nobody waits for it.

``mariadb-dump`` opens a snapshot of its own, of another moment than any we could sum up, unless
all tables are locked; on a busy site that stops everybody. So it writes down the structure, which
does not change, and the rows are written here, as it would: statements in the order of the keys.
"""

import gzip
import hashlib
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import Any, BinaryIO

import MySQLdb
from django.conf import settings
from MySQLdb.cursors import SSCursor

from .errors import BackupError
from .manifest import CHUNK, Manifest, Table
from .progress import Progress, size_in_words

Write = Callable[[str], object]
STRUCTURE = (
    "mariadb-dump",
    "--no-data",
    "--single-transaction",
    "--skip-comments",
    "--default-character-set=utf8mb4",
)
BEFORE = b"""SET NAMES utf8mb4;
SET foreign_key_checks = 0, sql_mode = 'NO_AUTO_VALUE_ON_ZERO', time_zone = '+00:00';
SET autocommit = 0;
"""
NUMBERS = {"tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double"}
BYTES = {"binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob"}
STATEMENT_BYTES = 256 * 1024
SCRATCH = "_backup_check"
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
        progress, seen, size = Progress(write, "database"), hashlib.sha256(), 0
        with self._snapshot() as found, gzip.GzipFile(to, "wb", compresslevel=6, mtime=0) as target:
            names = self._names(found)
            for done, statements in self._said(found, names):
                seen.update(statements)
                target.write(statements)
                size += len(statements)
                told = f"{done} of {len(names)} tables, {size_in_words(size)}"
                progress.at(done / max(len(names), 1), told)
            manifest.tables = _tables(found, names)
        manifest.content_size, manifest.content_sha256 = size, seen.hexdigest()
        progress.done(f"{len(names)} tables, {manifest.rows} rows, {size_in_words(size)}")

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
        with self._snapshot() as found:
            for _done, statements in self._said(found, self._names(found)):
                seen.update(statements)
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

    def _connected(self, database: str | None = None, **more: Any) -> Any:
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
            **more,
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
            return sorted(_text(row[0]) for row in cursor.fetchall())

    @contextmanager
    def _snapshot(self) -> Iterator[Any]:
        """Whatever is read in it is of the moment at which it began. Values come as text."""
        with closing(self._connected(conv={})) as found, closing(found.cursor()) as cursor:
            cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SET time_zone = '+00:00'")
            cursor.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT")
            yield found

    # What a dump says

    def _said(self, found: Any, names: list[str]) -> Iterator[tuple[int, bytes]]:
        """Statements, with the number of tables that are done."""
        # After the snapshot has begun: the next number of each table is never behind its rows.
        yield 0, self._structure() + BEFORE
        for number, name in enumerate(names, start=1):
            for statement in _rows(found, self.database, name):
                yield number, statement
            yield number, b"COMMIT;\n"

    def _structure(self) -> bytes:
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE}
        with self._client(STRUCTURE, **pipes) as process:
            assert process.stdout is not None
            return process.stdout.read()

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


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _said(errors: BinaryIO) -> str:
    """The last line, up to where a row could be quoted."""
    errors.seek(0)
    lines = errors.read().decode(errors="replace").strip().splitlines() or ["it said nothing"]
    return lines[-1].split("Duplicate entry")[0][:LONGEST_ERROR]


def _rows(found: Any, database: str, table: str) -> Iterator[bytes]:
    """INSERTs of all rows, in the order of the primary key, a row a line."""
    columns, keys = _columns(found, database, table)
    names = ", ".join(f"`{name}`" for name, _kind in columns)
    kinds = [kind for _name, kind in columns]
    order = f" ORDER BY {', '.join(f'`{key}`' for key in keys)}" if keys else ""
    head = f"INSERT INTO `{table}` ({names}) VALUES\n".encode()
    lines: list[bytes] = []
    size = 0
    with closing(found.cursor(SSCursor)) as cursor:
        cursor.execute(f"SELECT {names} FROM `{table}`{order}")
        for row in cursor:
            values = [_literal(found, *pair) for pair in zip(row, kinds, strict=True)]
            lines.append(b"(" + b",".join(values) + b")")
            size += len(lines[-1])
            if size > STATEMENT_BYTES:
                yield head + b",\n".join(lines) + b";\n"
                lines, size = [], 0
    if lines:
        yield head + b",\n".join(lines) + b";\n"


def _columns(found: Any, database: str, table: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Name and kind of those that are written, and the names of the primary key's."""
    where = f"table_schema = '{database}' AND table_name = '{table}'"
    with closing(found.cursor()) as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns"
            f" WHERE {where} AND extra NOT LIKE '%GENERATED%' ORDER BY ordinal_position"
        )
        columns = [(_text(name), _text(kind)) for name, kind in cursor.fetchall()]
        cursor.execute(
            "SELECT column_name FROM information_schema.statistics"
            f" WHERE {where} AND index_name = 'PRIMARY' ORDER BY seq_in_index"
        )
        return columns, [_text(name) for (name,) in cursor.fetchall()]


def _literal(found: Any, value: Any, kind: str) -> bytes:
    if value is None:
        return b"NULL"
    raw = value.encode() if isinstance(value, str) else bytes(value)
    if kind in NUMBERS:
        return raw
    if kind in BYTES:
        return b"0x" + raw.hex().encode() if raw else b"''"
    return b"'" + found.escape_string(raw) + b"'"


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _tables(found: Any, names: list[str]) -> dict[str, Table]:
    with closing(found.cursor()) as cursor:
        tables = {}
        for name in names:
            cursor.execute(f"CHECKSUM TABLE `{name}`")
            checksum = _text(cursor.fetchone()[1])
            cursor.execute(f"SELECT COUNT(*) FROM `{name}`")
            tables[name] = Table(int(cursor.fetchone()[0]), checksum)
    return tables
