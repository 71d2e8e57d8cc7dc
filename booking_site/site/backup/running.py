"""A whole run: as many tries as are wanted, a record of each, and letters to those who run the
site."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from booking_site.common.logs import masked
from booking_site.common.models import BackupRun

from .letters import tell_failed, tell_good
from .manifest import Manifest
from .progress import size_in_words
from .shelf import Shelf
from .taking import take

log = logging.getLogger(__name__)
Write = Callable[[str], object]
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Plan:
    tries: int = 3
    pause_seconds: float = 60.0


def shelf() -> Shelf:
    return Shelf(Path(settings.BACKUP_FOLDER))


def run(write: Write, plan: Plan = Plan()) -> Manifest | None:
    """The backup that was made, or None after the last try. Each try is written down; a letter
    says that all have failed, and one that it works again."""
    had_failed = _last_had_failed()
    problem = ""
    for number in range(plan.tries):
        if number:
            write(f"Once more in {plan.pause_seconds:.0f} s.")
            time.sleep(plan.pause_seconds)
        began = timezone.now()
        try:
            manifest = take(shelf(), at=began, write=write)
        except Exception as error:
            problem = masked(f"{type(error).__name__}: {error}")[:300]
            log.error("backup failed, try %d of %d: %s", number + 1, plan.tries, problem)
            _record(began, BackupRun.Outcome.FAILED, error=problem)
            continue
        _finish(manifest, began, write, had_failed=had_failed or number > 0)
        return manifest
    tell_failed(problem, tries=plan.tries, at=timezone.now())
    return None


def _finish(manifest: Manifest, began: datetime, write: Write, *, had_failed: bool) -> None:
    _record(
        began,
        BackupRun.Outcome.GOOD,
        name=manifest.name,
        size_bytes=manifest.size,
        tables=len(manifest.tables),
        rows=manifest.rows,
        files=manifest.files,
        missing_files=len(manifest.missing_files),
    )
    for name in shelf().keep(settings.BACKUP_KEEP):
        write(f"removed {name}: {settings.BACKUP_KEEP} newer ones are kept")
    told = (manifest.name, size_in_words(manifest.size), len(manifest.missing_files))
    log.info("backup %s: %s, %d files missing", *told)
    if had_failed or manifest.missing_files or settings.BACKUP_LETTERS == "all":
        tell_good(manifest, at=timezone.now())


def _record(began: datetime, outcome: BackupRun.Outcome, **facts: object) -> None:
    """A database that is down is why it failed, and no reason to keep quiet about it."""
    try:
        BackupRun.objects.create(
            started_at=began, finished_at=timezone.now(), outcome=outcome, **facts
        )
    except Error as error:
        log.error("backup not recorded: %s", type(error).__name__)
        connection.close()


def _last_had_failed() -> bool:
    try:
        last = BackupRun.objects.order_by("-id").first()
    except Error:
        connection.close()
        return False
    return last is not None and last.outcome == BackupRun.Outcome.FAILED


def next_time(clock: str, *, after: datetime) -> datetime:
    """When it is next this late by the site's clock: ``03:00``. Raises ValueError."""
    zone = ZoneInfo(settings.DEFAULT_TIME_ZONE)
    wanted = datetime.strptime(clock, "%H:%M").time()
    local = after.astimezone(zone)
    moment = datetime.combine(local.date(), wanted, tzinfo=zone)
    while moment <= after:
        moment = datetime.combine(moment.date() + DAY, wanted, tzinfo=zone)
    return moment
