"""``manage.py restore``: a backup comes back, or is only checked."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from booking_site.site.backup.checking import check
from booking_site.site.backup.errors import BackupError
from booking_site.site.backup.returning import bring_back, fitting, warnings
from booking_site.site.backup.running import shelf
from booking_site.site.backup.shelf import LATEST


class Command(BaseCommand):
    help = "Brings a backup back: the database and the uploads become what they were."
    # The tables may not be there.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", default=LATEST, help="a name, a folder, or latest")
        parser.add_argument(
            "--yes", action="store_true", help="give up what is in the database now"
        )
        parser.add_argument("--check", action="store_true", help="change nothing, only check it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with shelf().to_myself():
                self._handle(options["name"], yes=options["yes"], check_only=options["check"])
        except BackupError as error:
            raise CommandError(str(error)) from error

    def _handle(self, name: str, *, yes: bool, check_only: bool) -> None:
        folder = shelf().find(name)
        self._say(f"Backup {folder.name}")
        if check_only:
            faults, _missing = check(folder, fitting(folder), self._say)
            if faults:
                raise BackupError("it does not prove true: " + "; ".join(faults))
            self._say("It is complete and can come back.")
            return
        connection.close()
        manifest = bring_back(folder, replacing=yes, write=self._say)
        for line in warnings(manifest):
            self._say(f"Note: {line}.")
        told = f"{len(manifest.tables)} tables, {manifest.rows} rows, {manifest.files} files"
        self._say(f"All is as it was at {manifest.started_at}: {told}.")
        self._say("Next: deploy/start.sh migrate, then start the processes.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
