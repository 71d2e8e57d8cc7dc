"""SQLite: copied by its own backup interface, inside the transaction in which it is summed up."""

import gzip
import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from .manifest import CHUNK, Manifest, Table
from .progress import Progress, size_in_words

Write = Callable[[str], object]
STRUCTURE = "(structure)"
PAGES_AT_ONCE = 1000
# A writer holds it for milliseconds.
WAIT_SECONDS = 60


class SQLite:
    name, file_name = "sqlite", "database.sqlite3.gz"

    def __init__(self, path: Path) -> None:
        self.path = path

    def server(self) -> str:
        # Its checksums are ours and depend on no version.
        return "SQLite 3"

    def dump(self, to: Path, manifest: Manifest, write: Write) -> None:
        progress = Progress(write, "database")
        with TemporaryDirectory(dir=to.parent) as folder:
            copy = Path(folder) / "copy"
            with closing(_opened(self.path)) as source, closing(sqlite3.connect(copy)) as target:
                # Reads the first page: from here on all is of this moment.
                source.execute("BEGIN")
                manifest.tables = _tables(source)
                manifest.content_sha256 = _said(source)
                source.backup(target, pages=PAGES_AT_ONCE, progress=_told_to(progress))
                source.execute("ROLLBACK")
                # One file, without a journal beside it.
                target.execute("PRAGMA journal_mode=DELETE")
            manifest.content_size = copy.stat().st_size
            _pack(copy, to)
        size = size_in_words(manifest.content_size)
        progress.done(f"{len(manifest.tables)} tables, {manifest.rows} rows, {size}")

    @contextmanager
    def scratch(self, dump: Path, manifest: Manifest, write: Write) -> Iterator["SQLite"]:
        progress = Progress(write, "loading beside")
        with TemporaryDirectory(dir=dump.parent) as folder:
            path = Path(folder) / "scratch"
            with gzip.open(dump) as source, path.open("wb") as target:
                shutil.copyfileobj(source, target, CHUNK)
            progress.done(size_in_words(path.stat().st_size))
            yield SQLite(path)

    def tables(self) -> dict[str, Table]:
        with closing(_opened(self.path)) as found:
            found.execute("BEGIN")
            return _tables(found)

    def content_sha256(self) -> str:
        """Of the statements that would make it: pages differ from copy to copy."""
        with closing(_opened(self.path)) as found:
            found.execute("BEGIN")
            return _said(found)

    def names_in(self, table: str, column: str) -> Iterator[str]:
        with closing(_opened(self.path)) as found:
            rows = found.execute(f'SELECT "{column}" FROM "{table}" WHERE "{column}" <> ?', [""])
            yield from (name for (name,) in rows)

    def has_tables(self) -> bool:
        if not self.path.exists():
            return False
        with closing(_opened(self.path)) as found:
            return bool(_names(found))

    def replace(self, dump: Path, manifest: Manifest, write: Write) -> None:
        """In one transaction of SQLite's own: whoever has it open reads the old or the new."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.scratch(dump, manifest, write) as scratch:
            progress = Progress(write, "database")
            with (
                closing(_opened(scratch.path)) as source,
                closing(sqlite3.connect(self.path, timeout=WAIT_SECONDS)) as target,
            ):
                source.backup(target, pages=-1, progress=_told_to(progress))
            progress.done(size_in_words(manifest.content_size))


def _opened(path: Path) -> sqlite3.Connection:
    # None: no transaction begins by itself.
    return sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)


def _told_to(progress: Progress) -> Callable[[int, int, int], None]:
    def tell(_status: int, remaining: int, total: int) -> None:
        progress.at(1 - remaining / max(total, 1), f"{total - remaining} of {total} pages")

    return tell


def _pack(copy: Path, to: Path) -> None:
    with copy.open("rb") as source, gzip.GzipFile(to, "wb", compresslevel=6, mtime=0) as target:
        shutil.copyfileobj(source, target, CHUNK)


def _said(found: sqlite3.Connection) -> str:
    seen = hashlib.sha256()
    for statement in found.iterdump():
        seen.update(statement.encode())
    return seen.hexdigest()


def _names(found: sqlite3.Connection) -> list[str]:
    rows = found.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return [name for (name,) in rows]


def _tables(found: sqlite3.Connection) -> dict[str, Table]:
    structure = found.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name")
    tables = {STRUCTURE: _summed_up(structure)}
    for name in _names(found):
        tables[name] = _summed_up(found.execute(f'SELECT * FROM "{name}" ORDER BY rowid'))
    return tables


def _summed_up(rows: sqlite3.Cursor) -> Table:
    seen, count = hashlib.sha256(), 0
    for row in rows:
        seen.update(repr(row).encode())
        count += 1
    return Table(count, seen.hexdigest())
