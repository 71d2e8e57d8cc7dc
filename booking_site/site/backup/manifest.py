"""What a backup says of itself: enough to know whether all of it is there, and what it needs."""

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .errors import BackupError

FORM = 1
FILE_NAME = "manifest.json"
CHUNK = 1 << 20


@dataclass(frozen=True)
class Table:
    """``checksum``: of its rows; CHECKSUM TABLE on MariaDB, SHA-256 on SQLite."""

    rows: int
    checksum: str


@dataclass(frozen=True)
class Part:
    """One file of the backup."""

    size: int
    sha256: str


@dataclass
class Manifest:
    """``content_sha256``: of the statements of the dump. ``settings``: names of those that
    were set, without values. ``key_mark`` tells whether SECRET_KEY is the same, and not what it
    is. ``missing_files``: that rows speak of and that were not there."""

    name: str
    started_at: str
    finished_at: str = ""
    form: int = FORM
    engine: str = ""
    server: str = ""
    content_size: int = 0
    content_sha256: str = ""
    tables: dict[str, Table] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)
    files: int = 0
    missing_files: list[str] = field(default_factory=list)
    migrations: list[str] = field(default_factory=list)
    release: str = ""
    settings: list[str] = field(default_factory=list)
    key_mark: str = ""

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    @property
    def size(self) -> int:
        return sum(part.size for part in self.parts.values())

    def write(self, folder: Path) -> None:
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        write_durably(folder / FILE_NAME, text.encode())


def read_manifest(folder: Path) -> Manifest:
    """Raises BackupError when there is none that this code can read."""
    try:
        raw: dict[str, Any] = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
        if raw["form"] != FORM:
            raise BackupError(f"{folder.name} has a form ({raw['form']}) that is not known here")
        raw["tables"] = {name: Table(**one) for name, one in raw["tables"].items()}
        raw["parts"] = {name: Part(**one) for name, one in raw["parts"].items()}
        return Manifest(**raw)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{folder} holds no manifest that can be read") from error


def part_of(path: Path) -> Part:
    seen = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(CHUNK):
            seen.update(block)
    return Part(path.stat().st_size, seen.hexdigest())


def broken_parts(folder: Path, manifest: Manifest) -> list[str]:
    """In sentences: which files of the backup are not what they were."""
    found = []
    for name, part in manifest.parts.items():
        path = folder / name
        if not path.is_file():
            found.append(f"{name} is not there")
        elif part_of(path) != part:
            found.append(f"{name} is not what was written")
    return found


def write_durably(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def settle(path: Path) -> None:
    """A file or a folder is on the disk when this returns."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
