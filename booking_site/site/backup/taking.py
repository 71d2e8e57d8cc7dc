"""Making a backup: the database, then the uploads, then the proof that both can come back.

First the database: a file of the uploads is there before a row speaks of it, so whatever the dump
speaks of can be copied after it. What is deleted between the two is told as missing.
"""

import os
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.crypto import salted_hmac

from . import uploads
from .checking import check
from .engines import engine
from .errors import BackupError
from .manifest import Manifest, part_of, settle
from .shelf import Shelf

Write = Callable[[str], object]
SHOWN = 5


def take(shelf: Shelf, *, at: datetime, write: Write) -> Manifest:
    """One backup, proved, on the shelf; or none, and whatever went wrong is raised."""
    with shelf.to_myself(), shelf.new(at) as folder:
        manifest = Manifest(folder.name.removesuffix(".part"), started_at=at.isoformat())
        _describe(manifest)
        source = engine()
        manifest.engine, manifest.server = source.name, source.server()
        source.dump(folder / source.file_name, manifest, write)
        manifest.files = len(uploads.pack(folder, write))
        for name in (source.file_name, uploads.ARCHIVE, uploads.LIST):
            os.chmod(folder / name, 0o600)
            settle(folder / name)
            manifest.parts[name] = part_of(folder / name)
        faults, manifest.missing_files = check(folder, manifest, write)
        if faults:
            raise BackupError("it does not prove true: " + "; ".join(faults[:SHOWN]))
        manifest.finished_at = timezone.now().isoformat()
        manifest.write(folder)
    return manifest


def _describe(manifest: Manifest) -> None:
    """What it takes to run on it, besides what is in it; no values of settings, and no keys."""
    manifest.migrations = sorted(
        ".".join(key) for key in MigrationRecorder(connection).applied_migrations()
    )
    manifest.release = release()
    manifest.settings = list(settings.SETTINGS_GIVEN)
    manifest.key_mark = key_mark()


def release() -> str:
    """The version, and the commit where there is a checkout."""
    version = str(settings.SPECTACULAR_SETTINGS["VERSION"])
    command = ["git", "rev-parse", "--short=12", "HEAD"]
    try:
        done = subprocess.run(
            command, cwd=Path(settings.BASE_DIR), capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return version
    return f"{version} {done.stdout.strip()}"


def key_mark() -> str:
    """Tells whether two SECRET_KEYs are the same. What was sealed with another cannot be read."""
    return salted_hmac("booking_site.site.backup", "the same key").hexdigest()[:16]
