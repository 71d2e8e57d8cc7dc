"""A backup is made while people book, and comes back on another machine: the same, row by row and
file by file, and nothing in it contradicts itself."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from appointments.models import Appointment
from booking_site.common.errors import Unavailable
from booking_site.common.models import BackupRun
from booking_site.common.transactions import run_in_transaction
from booking_site.site.backup import uploads
from booking_site.site.backup.manifest import read_manifest
from booking_site.site.backup.running import shelf
from tests.appointments.world import HOUR, book, hire, open_store, register
from tests.races.process import run
from tests.support import server

pytestmark = [pytest.mark.engine, pytest.mark.django_db(transaction=True)]
WRITERS = 2


class Writer(threading.Thread):
    """Books, cancels nothing, comes again when it is told to, and never stops by itself."""

    def __init__(self, store, number: int) -> None:
        super().__init__()
        self.store, self.number, self.made = store, number, 0
        self.enough = threading.Event()
        self.problem: BaseException | None = None

    def run(self) -> None:
        now = timezone.now()
        start = now.replace(minute=0, second=0, microsecond=0) + 24 * HOUR
        try:
            while not self.enough.is_set():
                phone = f"+8613{self.number}{self.made:08}"
                wanted = start + (self.made % 48) * HOUR
                with suppress(Unavailable):
                    run_in_transaction(partial(book, self.store, wanted, phone=phone, at=now))
                    self.made += 1
        except BaseException as error:
            self.problem = error
        finally:
            connection.close()


@contextmanager
def people_booking(store) -> Iterator[list[Writer]]:
    writers = [Writer(store, number) for number in range(WRITERS)]
    for one in writers:
        one.start()
    try:
        yield writers
    finally:
        for one in writers:
            one.enough.set()
            one.join()


@contextmanager
def an_empty_database(folder: Path) -> Iterator[str]:
    """The address of one that holds nothing."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder}/elsewhere.sqlite3"
        return
    name = connection.settings_dict["NAME"] + "_elsewhere"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} COLLATE utf8mb4_unicode_520_ci")
    try:
        yield server.test_database_url().rpartition("/")[0] + f"/{name}"
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name}")


def picture_of(name: str, content: bytes) -> None:
    fang = register(name)
    fang.avatar.save(f"{name}.jpg", ContentFile(content))


def test_a_backup_of_a_busy_site_comes_back_elsewhere_as_it_was(tmp_path, capsys):
    store = open_store(opens="00:00", closes="00:00")
    hire(store, "Wei")
    picture_of("Fang", b"\xff\xd8 a face")
    private = Path(settings.PRIVATE_ROOT) / "chat" / "a.bin"
    private.parent.mkdir(parents=True, exist_ok=True)
    private.write_bytes(bytes(range(256)) * 1000)

    with people_booking(store) as writers:
        while sum(one.made for one in writers) < 4:
            assert not [one.problem for one in writers if one.problem]
        before = sum(one.made for one in writers)
        call_command("backup", tries=1)
        after = sum(one.made for one in writers)
    assert [one.problem for one in writers] == [None] * WRITERS
    assert after > before, "nobody wrote while the backup was made"

    folder = shelf().find("latest")
    manifest = read_manifest(folder)
    kept = manifest.tables[Appointment._meta.db_table].rows
    assert before <= kept <= Appointment.objects.count()
    assert manifest.missing_files == []
    assert "100%" in capsys.readouterr().out
    noted = BackupRun.objects.get()
    assert (noted.outcome, noted.name, noted.rows) == ("good", folder.name, manifest.rows)

    with an_empty_database(tmp_path) as url:
        at = (timezone.now() + timedelta(seconds=1)).isoformat()
        task = {"folder": str(folder), "at": at, "migrated": bool(manifest.migrations)}
        own = {"DATABASE_URL": url, "TEST_FOLDER": str(tmp_path / "other")}
        (there,) = run("tests.backup.elsewhere", [task], **own)

    assert there["was_empty"]
    told = {name: [one.rows, one.checksum] for name, one in manifest.tables.items()}
    assert there["tables"] == told
    assert there["content"] == manifest.content_sha256
    assert there["faults"] == []
    listed = uploads.read_list(folder)
    other = tmp_path / "other"
    (worker,) = {path.name for path in (other / "media").iterdir()}
    for name, checksum in listed.items():
        root, _slash, rest = name.partition("/")
        assert hashlib.sha256((other / root / worker / rest).read_bytes()).hexdigest() == checksum
    assert len(listed) >= 2
