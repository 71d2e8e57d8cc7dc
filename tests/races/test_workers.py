"""Real processes do what is due, each thing exactly once, and go on when one of them is killed.

With Redis these are three Celery workers and two beats; without it the serving process.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import pytest
from django.conf import settings
from django.utils import timezone

from appointments import services
from appointments.models import Appointment, Hold, Status
from booking_site.common.transactions import run_in_transaction
from notifications.models import Delivery, DeliveryStatus, Letter, Reminder
from realtors.models import Realtor
from stores.models import Store
from tests.appointments.world import (
    GUEST,
    HOUR,
    MINUTE,
    book,
    hire,
    join,
    online,
    open_store,
    phones,
)
from tests.support import server
from tests.support.processes import end_with_parent, stop
from tests.support.server import Letters, Server, StartServer

pytestmark = pytest.mark.django_db(transaction=True)
# A matter of seconds; five processes start on two busy cores.
SOON_SECONDS = 60
# What was in the hands of a killed worker waits until its lease has run out.
LATEST_SECONDS = 90
# So many more rounds of everybody must change nothing.
QUIET_SECONDS = 4
LANS = "lan@example.com"


class Crew(Protocol):
    """Whoever does the timed work of the site."""

    def lose_one(self) -> None:
        """One process ends at once, as by a power cut."""

    def written(self) -> str:
        """The logs of all of them."""


class Celery:
    """One process of Celery, on the test database."""

    def __init__(self, log: Path, *arguments: str) -> None:
        self.log = log
        own = {
            "DATABASE_URL": server.test_database_url(),
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "TIMED_WORK_INTERVAL": "1",
            "LOG_LEVEL": "INFO",
        }
        command = [sys.executable, "-m", "celery", "--app", "booking_site", "--quiet", *arguments]
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=settings.BASE_DIR,
                env=os.environ | own,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )

    def written(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    @property
    def rounds(self) -> int:
        """How many of the engine's rounds this worker has finished."""
        return sum(
            "appointments.tasks.run_due_work" in line and "succeeded" in line
            for line in self.written().splitlines()
        )


class Workers:
    """More of everything than is needed, so that they stand in each other's way."""

    def __init__(self, folder: Path) -> None:
        self.workers = [
            Celery(
                folder / f"worker-{n}.log",
                *("worker", "--pool", "solo", "--loglevel", "INFO", "--hostname", f"w{n}@test"),
            )
            for n in range(3)
        ]
        self.beats = [
            Celery(
                folder / f"beat-{n}.log",
                *("beat", "--schedule", str(folder / f"schedule-{n}"), "--loglevel", "INFO"),
            )
            for n in range(2)
        ]

    @property
    def all(self) -> list[Celery]:
        return [*self.workers, *self.beats]

    def lose_one(self) -> None:
        """A worker, and a beat with it, after all of them have had a part in the work."""
        wait_for(lambda: all(worker.rounds for worker in self.workers), told=self.written)
        for one in (self.workers[0], self.beats[0]):
            assert one.process.poll() is None, one.written()
            one.process.kill()
            one.process.wait()

    def written(self) -> str:
        return "".join(one.written() for one in self.all)


class Serving:
    """Without Redis the serving process does it; the next one takes its place."""

    def __init__(self, start: StartServer) -> None:
        self.start = start
        self.servers: list[Server] = [self._one()]

    def _one(self) -> Server:
        return self.start(TIMED_WORK_INTERVAL="1")

    def lose_one(self) -> None:
        self.servers[-1].kill()
        self.servers.append(self._one())

    def written(self) -> str:
        return "".join(one.written() for one in self.servers)


@pytest.fixture
def hands(
    transactional_db: None, live_uvicorn: StartServer, tmp_path: Path
) -> Iterator[Callable[[], Crew]]:
    """Start whoever does the timed work here; all are stopped when the test ends."""
    crews: list[Workers] = []

    def begin() -> Crew:
        if not settings.REDIS_URL:
            return Serving(live_uvicorn)
        crews.append(Workers(tmp_path))
        return crews[-1]

    try:
        yield begin
    finally:
        for one in [one for crew in crews for one in crew.all]:
            stop(one.process)


def wait_for(
    happened: Callable[[], bool],
    seconds: float = SOON_SECONDS,
    *,
    told: Callable[[], str] = lambda: "",
) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, told()[-6000:]
        time.sleep(0.2)


def noon_zone(now: datetime) -> str:
    """A time zone in which it is between twelve and one, so that no night is in anybody's way."""
    ahead = 12 - now.astimezone(UTC).hour
    # POSIX counts the other way: "Etc/GMT-8" is eight hours ahead.
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


class Due:
    """One of everything whose time has come, each in a store of its own and made in one step, so
    that workers who are awake already find either nothing or all of it."""

    def __init__(self, name: str, phones: Iterable[str]) -> None:
        self.name, self.phones = name, iter(phones)
        self.now = timezone.now()
        self.hour = self.now.replace(minute=0, second=0, microsecond=0)
        self.held, self.line = self._store("hold"), self._store("line")
        self.holder = hire(self.held, "Holder")
        hire(self.line, "Nobody")
        self.asking = self._store("offer")
        self.asked = [hire(self.asking, name) for name in ("First", "Second")]
        # Confirmed at once: a booking of the past that waits for an answer is due, too.
        self.missing = self._store("missing", auto_confirm=True)
        hire(self.missing, "Missing")
        self.reminding = self._store("reminding", auto_confirm=True)
        hire(self.reminding, "Reminding", email=f"reminding-{name}@example.com")

    def _store(self, what: str, **policy: bool) -> Store:
        zone = noon_zone(self.now)
        return open_store(f"{what}-{self.name}", opens="07:00", closes="19:00", zone=zone, **policy)

    def come(self) -> "Due":
        """A hold ran out under somebody's eyes, an offer and a wait are over, a visit was missed,
        and somebody is to be reminded."""
        ten_ago, later = self.now - 10 * MINUTE, self.hour + 3 * HOUR
        run_in_transaction(partial(services.hold, self.held, starts_at=later, by=GUEST, at=ten_ago))
        self.waiter = self._comes(book, self.held, later, at=ten_ago + MINUTE)
        for realtor in self.asked:
            run_in_transaction(partial(online, realtor, at=ten_ago))
        self.offered = self._comes(join, self.asking, at=self.now - 6 * MINUTE)
        self.tired = self._comes(join, self.line, at=self.now - 121 * MINUTE)
        start, soon = self.hour - 2 * HOUR, self.hour + 2 * HOUR
        self.missed = self._comes(book, self.missing, start, at=start - 2 * HOUR)
        lan = {"email": LANS, "locale": "en"}
        self.reminded = self._comes(book, self.reminding, soon, at=soon - 4 * HOUR, **lan)
        return self

    def _comes(self, how: Callable[..., Appointment], *wish: Any, **more: Any) -> Appointment:
        return run_in_transaction(partial(how, *wish, phone=next(self.phones), **more))

    def done(self) -> dict[str, bool]:
        """Which of these have happened, at least once."""
        letters = Delivery.objects.filter(event__appointment=self.reminded, letter=Letter.REMINDER)
        return {
            "hold": not Hold.objects.filter(store=self.held).exists()
            and _of(self.waiter).realtor_id == self.holder.pk,
            "offer": "timed_out" in logged(self.offered),
            "line": _of(self.tired).status == Status.CANCELLED,
            "missing": _of(self.missed).status == Status.NO_SHOW,
            "reminding": list(letters.values_list("status", flat=True))
            == [DeliveryStatus.SENT] * 2,
        }

    def counts(self) -> dict[str, object]:
        """What would differ if something had happened twice."""
        return {
            "waiter": logged(self.waiter)["assigned"],
            "offered": (logged(self.offered)["timed_out"], self.offered.offers.count()),
            "asked next": Realtor.objects.filter(
                pk__in=[one.pk for one in self.asked], away_since__isnull=False
            ).count(),
            "tired": (logged(self.tired)["cancelled"], _of(self.tired).cancel_reason),
            "missed": logged(self.missed)["no_show"],
            "reminded": Reminder.objects.filter(appointment=self.reminded).count(),
            "letters": Counter(
                Delivery.objects.filter(
                    event__appointment=self.reminded, letter=Letter.REMINDER
                ).values_list("role", "attempts")
            ),
        }


ONCE = {
    "waiter": 1,
    "offered": (1, 2),
    "asked next": 1,
    "tired": (1, "queue_timeout"),
    "missed": 1,
    "reminded": 1,
    "letters": {("customer", 1): 1, ("realtor", 1): 1},
}


def _of(appointment: Appointment) -> Appointment:
    return Appointment.objects.get(pk=appointment.pk)


def logged(appointment: Appointment) -> Counter[str]:
    return Counter(appointment.log.values_list("action", flat=True))


def post(letters: Letters) -> Counter[str]:
    """How often each letter came, by its Message-ID."""
    return Counter(str(letter["Message-ID"]) for letter in letters.all())


def test_what_is_due_happens_once_and_goes_on_after_a_kill(hands, letters):
    first = Due("first", phones(9)).come()
    assert not any(first.done().values())

    crew = hands()
    wait_for(lambda: all(first.done().values()), told=crew.written)
    time.sleep(QUIET_SECONDS)
    assert first.counts() == ONCE

    crew.lose_one()
    second = Due("second", phones(9, first=500)).come()
    wait_for(lambda: all(second.done().values()), LATEST_SECONDS, told=crew.written)
    time.sleep(QUIET_SECONDS)

    assert second.counts() == ONCE
    assert first.counts() == ONCE
    unsent = Delivery.objects.filter(status=DeliveryStatus.PENDING)
    wait_for(lambda: not unsent.exists(), LATEST_SECONDS, told=crew.written)
    sent = Delivery.objects.filter(status=DeliveryStatus.SENT).count()
    assert (len(post(letters)), set(post(letters).values())) == (sent, {1})
    assert "Traceback" not in crew.written(), crew.written()[-6000:]
