"""Where backups lie: a folder each, named by its moment. What is being made is called ``.part``, so
that a killed run leaves nothing that looks like a backup."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from .errors import BackupError
from .manifest import FILE_NAME, settle

BEING_MADE = ".part"
LATEST = "latest"


class Shelf:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def to_myself(self) -> Iterator[None]:
        """One backup at a time. Raises BackupError when another is being made."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise BackupError("another backup or restore is under way") from error
            yield

    @contextmanager
    def new(self, at: datetime) -> Iterator[Path]:
        """A folder to fill. It gets its name when the block ends well, and is gone otherwise."""
        for left in self.folder.glob(f"*{BEING_MADE}"):
            shutil.rmtree(left)
        name = at.strftime("%Y-%m-%dT%H%M%SZ")
        making = self.folder / f"{name}{BEING_MADE}"
        making.mkdir(mode=0o700)
        try:
            yield making
            settle(making)
            os.rename(making, self.folder / name)
            settle(self.folder)
        finally:
            shutil.rmtree(making, ignore_errors=True)

    def all(self) -> list[Path]:
        """Complete ones, the oldest first."""
        return sorted(path.parent for path in self.folder.glob(f"2*Z/{FILE_NAME}"))

    def find(self, name: str) -> Path:
        """``latest``, a name in this folder, or a path. Raises BackupError."""
        if name == LATEST:
            known = self.all()
            if not known:
                raise BackupError(f"there is no backup in {self.folder}")
            return known[-1]
        for path in (self.folder / name, Path(name)):
            if (path / FILE_NAME).is_file():
                return path
        raise BackupError(f"there is no backup {name} in {self.folder}")

    def keep(self, count: int) -> list[str]:
        """Remove all but the newest; returns the names of what went."""
        old = self.all()[:-count]
        for path in old:
            # First it stops looking like a backup.
            (path / FILE_NAME).unlink()
            shutil.rmtree(path)
        return [path.name for path in old]
