"""What a backup asks of a database."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from django.db import connection

from .errors import BackupError
from .manifest import Manifest, Table
from .mariadb import MariaDB
from .sqlite import SQLite

Write = Callable[[str], object]


class Engine(Protocol):
    name: str
    file_name: str

    def server(self) -> str:
        """Its version, as far as checksums depend on it."""

    def dump(self, to: Path, manifest: Manifest, write: Write) -> None:
        """Write all of it, compressed; tell tables, rows, checksums and size in the manifest, all
        of the same moment, however many write meanwhile."""

    def scratch(
        self, dump: Path, manifest: Manifest, write: Write
    ) -> AbstractContextManager["Engine"]:
        """A database beside it that is made from the dump, and gone when the block ends."""

    def tables(self) -> dict[str, Table]:
        """As they are now."""

    def content_sha256(self) -> str:
        """Of what a dump of it would say now."""

    def names_in(self, table: str, column: str) -> Iterator[str]:
        """What a column says, without what is empty."""

    def has_tables(self) -> bool: ...

    def replace(self, dump: Path, manifest: Manifest, write: Write) -> None:
        """Let this database be what the dump says, whatever it held."""


def engine() -> Engine:
    """That of the site's own database."""
    if connection.vendor == "sqlite":
        return SQLite(Path(str(connection.settings_dict["NAME"])))
    if connection.vendor == "mysql":
        return MariaDB.of(connection.settings_dict)
    raise BackupError(f"no backups are known of {connection.vendor}")
