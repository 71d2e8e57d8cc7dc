"""``manage.py backup``: the database and the uploads, checked, into BACKUP_FOLDER."""

import signal
import threading
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from booking_site.site.backup.progress import size_in_words
from booking_site.site.backup.running import Plan, next_time, run, shelf


class Command(BaseCommand):
    help = "Makes a backup of the database and the uploads, checks it, and keeps the newest."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tries", type=int, default=3, help="how often it is tried")
        parser.add_argument("--pause", type=float, default=60.0, help="seconds between tries")
        parser.add_argument("--list", action="store_true", help="only name those that are there")
        parser.add_argument(
            "--every-day",
            metavar="HH:MM",
            nargs="?",
            const=settings.BACKUP_AT,
            help="stay, and make one a day at this time (BACKUP_AT)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            for path in shelf().all():
                self.stdout.write(path.name)
            return
        plan = Plan(max(options["tries"], 1), options["pause"])
        if options["every_day"]:
            self._every_day(options["every_day"], plan)
        elif not self._once(plan):
            raise CommandError("no backup was made")

    def _once(self, plan: Plan) -> bool:
        made = run(self._say, plan)
        if made is None:
            return False
        self._say(f"Backup {made.name}: {size_in_words(made.size)} in {shelf().folder}")
        for name in made.missing_files[:20]:
            self._say(f"a row speaks of a file that was not there: {name}")
        return True

    def _every_day(self, clock: str, plan: Plan) -> None:
        """Until SIGTERM or SIGINT. One that fails does not end it: letters and figures tell."""
        stopped = threading.Event()

        def stop(_signum: int, _frame: FrameType | None) -> None:
            stopped.set()

        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, stop)
        while not stopped.is_set():
            try:
                moment = next_time(clock, after=timezone.now())
            except ValueError as error:
                raise CommandError(f"--every-day takes a time like 03:00, not {clock!r}") from error
            self._say(f"The next backup is made at {moment.isoformat()}.")
            connection.close()
            while not stopped.is_set() and timezone.now() < moment:
                # Short sleeps: a clock that was set is noticed.
                stopped.wait(min(30, max((moment - timezone.now()).total_seconds(), 0)))
            if not stopped.is_set():
                self._once(plan)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
