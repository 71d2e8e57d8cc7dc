"""What is not equal is found, what is damaged does not come back, and somebody hears of it."""

import gzip
import io
import re
import shutil
import sqlite3
import tarfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.models import User
from booking_site.common.models import BackupRun
from booking_site.site.backup import running, taking, uploads
from booking_site.site.backup.checking import check
from booking_site.site.backup.errors import BackupError
from booking_site.site.backup.manifest import Manifest, part_of, read_manifest
from booking_site.site.backup.returning import bring_back, fitting
from booking_site.site.backup.running import Plan, next_time, run, shelf
from booking_site.site.backup.taking import take
from tests.appointments.world import clock, open_store, register

pytestmark = [pytest.mark.engine, pytest.mark.django_db(transaction=True)]
ONCE = Plan(tries=1)


def silent(_line: str) -> None: ...


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path):
    settings.BACKUP_FOLDER = tmp_path / "backups"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PRIVATE_ROOT = tmp_path / "private"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def put(name: str, content: bytes = b"a picture") -> Path:
    path = Path(settings.MEDIA_ROOT) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.fixture
def unproved(monkeypatch) -> None:
    """Loading it into a database beside takes a while, and other tests look at that."""
    monkeypatch.setattr(taking, "check", lambda *args: ([], []))


def made() -> tuple[Path, Manifest]:
    manifest = take(shelf(), at=timezone.now(), write=silent)
    return shelf().find(manifest.name), manifest


def without_a_row(folder: Path, dump: str) -> None:
    """The last account is lost from the dump, as if it had never been in it."""
    path = folder / dump
    content = gzip.decompress(path.read_bytes())
    if dump.endswith(".sql.gz"):
        begin = content.index(b"INSERT INTO `accounts_user` (")
        end = content.index(b");\n", begin)
        # Each row is a line.
        content = content[: content.rindex(b",\n(", begin, end)] + content[end + 1 :]
    else:
        plain = folder / "plain"
        plain.write_bytes(content)
        found = sqlite3.connect(plain)
        found.execute("DELETE FROM accounts_user WHERE id = (SELECT max(id) FROM accounts_user)")
        found.commit()
        found.close()
        content = plain.read_bytes()
        plain.unlink()
    path.write_bytes(gzip.compress(content))


def without_a_file(folder: Path) -> None:
    """The archive is written anew without its first file; its list stays."""
    path, kept = folder / uploads.ARCHIVE, io.BytesIO()
    with tarfile.open(path) as old, tarfile.open(fileobj=kept, mode="w") as new:
        for entry in list(old)[1:]:
            new.addfile(entry, old.extractfile(entry))
    path.write_bytes(kept.getvalue())


def signed_again(folder: Path, manifest: Manifest) -> None:
    """So that only the comparison itself can find what was done to the parts."""
    manifest.parts = {name: part_of(folder / name) for name in manifest.parts}


def test_a_flipped_byte_a_lost_row_and_a_lost_file_are_found(tmp_path):
    for name in ("Fang", "Bo", "Lan"):
        register(name)
    put("avatars/a.jpg")
    put("avatars/b.jpg")
    folder, manifest = made()
    dump = next(name for name in manifest.parts if name.startswith("database"))

    flipped = bytearray((folder / dump).read_bytes())
    flipped[len(flipped) // 2] ^= 1
    spoiled = shutil.copytree(folder, tmp_path / "flipped")
    (spoiled / dump).write_bytes(flipped)
    assert check(spoiled, manifest, silent)[0] == [f"{dump} is not what was written"]
    with pytest.raises(BackupError, match="damaged"):
        fitting(spoiled)

    spoiled = shutil.copytree(folder, tmp_path / "row")
    without_a_row(spoiled, dump)
    signed_again(spoiled, manifest)
    faults, _missing = check(spoiled, manifest, silent)
    assert [fault for fault in faults if fault.startswith("table accounts_user differs")]

    spoiled = shutil.copytree(folder, tmp_path / "file")
    without_a_file(spoiled)
    signed_again(spoiled, manifest)
    with pytest.raises(BackupError, match=r"media/avatars/a\.jpg is not in the archive"):
        _read_as(spoiled, manifest)


def _read_as(folder: Path, manifest: Manifest) -> None:
    manifest.write(folder)
    fitting(folder)


def test_what_is_in_the_database_is_given_up_only_when_that_is_said(unproved):
    fang = register("Fang", phone="+8613800000009")
    kept = put("avatars/fang.jpg")
    folder, manifest = made()
    User.objects.filter(pk=fang.pk).update(display_name="Somebody else")
    kept.write_bytes(b"another picture")

    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", folder.name)
    assert User.objects.get(pk=fang.pk).display_name == "Somebody else"

    connection.close()
    bring_back(folder, replacing=True, write=silent)
    assert User.objects.get(pk=fang.pk).display_name == "Fang"
    assert kept.read_bytes() == b"a picture"
    assert read_manifest(folder).tables == manifest.tables


def test_one_of_a_newer_release_or_of_another_database_does_not_come_back(unproved):
    folder, manifest = made()
    manifest.migrations.append("appointments.9999_of_tomorrow")
    manifest.write(folder)
    with pytest.raises(CommandError, match=r"newer release.*9999_of_tomorrow"):
        call_command("restore", folder.name, yes=True)

    manifest.engine = "postgres"
    manifest.write(folder)
    with pytest.raises(CommandError, match="made of postgres"):
        call_command("restore", folder.name, yes=True)
    with pytest.raises(CommandError, match="no backup"):
        call_command("restore", "2020-01-01T000000Z")


def test_files_that_go_or_are_missing_are_told_and_make_no_backup_fail(monkeypatch):
    fang = register("Fang")
    User.objects.filter(pk=fang.pk).update(avatar="avatars/gone.jpg")
    fleeting = put("avatars/fleeting.jpg")
    put("avatars/stays.jpg")
    read = Path.read_bytes

    def vanishing(path: Path) -> bytes:
        if path == fleeting:
            raise FileNotFoundError
        return read(path)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", vanishing)
        folder, manifest = made()

    assert manifest.missing_files == ["media/avatars/gone.jpg"]
    assert list(uploads.read_list(folder)) == ["media/avatars/stays.jpg"]


def test_no_secret_is_in_it_and_nobody_else_may_read_it(unproved, monkeypatch):
    monkeypatch.setattr(settings, "SETTINGS_GIVEN", ["DATABASE_URL", "SECRET_KEY"])
    folder, manifest = made()

    text = (folder / "manifest.json").read_text()
    assert settings.SECRET_KEY not in text
    assert settings.JWT_SIGNING_KEY not in text
    assert manifest.settings == ["DATABASE_URL", "SECRET_KEY"]
    # Tests may run on tables that no migration has made.
    assert not manifest.migrations or "common.0004_backup_runs" in manifest.migrations
    assert folder.stat().st_mode & 0o077 == folder.parent.stat().st_mode & 0o077 == 0


# --- A whole run ------------------------------------------------------------------------------


class Unsteady:
    """Fails so often, then works; what it makes is a name."""

    def __init__(self, failures: int) -> None:
        self.failures = failures

    def __call__(self, on, *, at, write) -> Manifest:
        if self.failures:
            self.failures -= 1
            raise BackupError("no room, says lan@example.com at +8613800000001")
        return Manifest(name=at.strftime("%Y-%m-%dT%H%M%SZ"), started_at=at.isoformat())


def test_what_fails_is_tried_again_written_down_and_told_once(monkeypatch):
    olga = register("Olga", email="olga@example.com", is_superuser=True, is_staff=True, locale="en")
    register("Hua", is_staff=True)
    monkeypatch.setattr(running, "take", Unsteady(4))

    assert run(silent, Plan(tries=3, pause_seconds=0)) is None

    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == ([olga.email], "No backup was made")
    assert "no room" in letter.body
    assert "13800000001" not in letter.body + BackupRun.objects.first().error
    assert BackupRun.objects.filter(outcome="failed").count() == 3

    assert run(silent, Plan(tries=3, pause_seconds=0)) is not None
    assert [one.outcome for one in BackupRun.objects.order_by("id")] == ["failed"] * 4 + ["good"]
    assert [letter.subject for letter in mail.outbox[1:]] == ["A backup was made"]
    assert run(silent, ONCE) is not None
    assert len(mail.outbox) == 2, "that it goes on well is no news"


def test_whoever_is_named_for_alarms_hears_of_them_even_without_a_database(monkeypatch, settings):
    settings.ALERT_EMAILS = ["night-shift@example.com"]
    settings.LANGUAGE_CODE = "en"
    monkeypatch.setattr(running, "take", Unsteady(1))
    monkeypatch.setattr(running, "_record", lambda *args, **more: None)

    with pytest.raises(CommandError, match="no backup was made"):
        call_command("backup", tries=1)

    assert [letter.to for letter in mail.outbox] == [["night-shift@example.com"]]


def test_one_that_does_not_prove_true_is_not_kept(monkeypatch, settings):
    monkeypatch.setattr(taking, "check", lambda *args: (["table of tears differs"], []))

    assert run(silent, ONCE) is None

    assert shelf().all() == []
    assert [path.name for path in Path(settings.BACKUP_FOLDER).iterdir()] == [".lock"]
    assert "table of tears differs" in BackupRun.objects.get().error


def test_the_newest_are_kept_and_what_a_killed_run_left_goes(settings):
    settings.BACKUP_KEEP = 2
    for day in ("01", "02", "03"):
        folder = shelf().folder / f"2026-03-{day}T030000Z"
        folder.mkdir(parents=True)
        Manifest(name=folder.name, started_at="").write(folder)
    left = shelf().folder / "2026-03-04T030000Z.part"
    left.mkdir()

    assert shelf().keep(settings.BACKUP_KEEP) == ["2026-03-01T030000Z"]
    with shelf().to_myself(), shelf().new(clock("03:00")):
        assert not left.exists()
        with pytest.raises(BackupError, match="under way"), shelf().to_myself():
            pass
    assert len(shelf().all()) == 2


def test_once_a_day_by_the_sites_clock():
    # Shanghai is eight hours ahead; it is 08:00 there.
    assert next_time("03:00", after=clock("08:00")) == clock("03:00") + taking_a_day()
    assert next_time("09:30", after=clock("08:00")) == clock("09:30")
    with pytest.raises(ValueError, match="25:00"):
        next_time("25:00", after=clock("08:00"))


def taking_a_day():
    return running.DAY


def test_what_is_done_is_told_line_by_line(capsys, monkeypatch):
    monkeypatch.setattr(taking, "check", lambda *args: ([], []))
    open_store()
    call_command("backup", tries=1)

    out = capsys.readouterr().out
    assert re.search(r"database 100%  \d+ tables, \d+ rows", out)
    assert re.search(r"uploads 100%  0 files", out)
    call_command("backup", list=True)
    assert capsys.readouterr().out.split() == [shelf().find("latest").name]
    call_command("restore", check=True)
    assert "complete and can come back" in capsys.readouterr().out
