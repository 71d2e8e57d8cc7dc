"""Bringing a backup back. Nothing of what is there is touched before all of the backup was read."""

from collections.abc import Callable
from pathlib import Path

from . import uploads
from .checking import differences, unknown_migrations
from .engines import engine
from .errors import BackupError
from .manifest import Manifest, broken_parts, read_manifest
from .taking import SHOWN, key_mark

Write = Callable[[str], object]


def bring_back(folder: Path, *, replacing: bool, write: Write) -> Manifest:
    """The database and the uploads become what they were. ``replacing``: whatever is in the
    database now is given up. Raises BackupError."""
    manifest = fitting(folder)
    target = engine()
    if target.has_tables() and not replacing:
        raise BackupError("the database is not empty; with --yes what is in it is given up")
    target.replace(folder / target.file_name, manifest, write)
    faults = uploads.unpack(folder, write)
    write("comparing …")
    faults += differences(target, manifest)
    if faults:
        raise BackupError("it is not what it was: " + "; ".join(faults[:SHOWN]))
    return manifest


def fitting(folder: Path) -> Manifest:
    """A backup that is whole, of this kind of database, and not of a newer release."""
    manifest = read_manifest(folder)
    here = engine()
    if manifest.engine != here.name:
        raise BackupError(f"it was made of {manifest.engine}, and this is {here.name}")
    newer = unknown_migrations(manifest)
    if newer:
        raise BackupError(
            "it was made by a newer release, whose tables this one does not know: "
            + ", ".join(newer[:SHOWN])
        )
    faults = broken_parts(folder, manifest) or uploads.faults_of_archive(folder)
    if faults:
        raise BackupError("it is damaged: " + "; ".join(faults[:SHOWN]))
    return manifest


def warnings(manifest: Manifest) -> list[str]:
    """What to know besides, in sentences."""
    found = []
    if manifest.key_mark != key_mark():
        found.append(
            "SECRET_KEY is another than it was: secrets of webhooks and second factors that were"
            " sealed with it cannot be read"
        )
    if manifest.missing_files:
        found.append(f"{len(manifest.missing_files)} files were missing when it was made")
    return found
