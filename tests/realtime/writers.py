"""Somebody who gives people something to hear: events by the product's own path, and real bookings.

    python -m tests.races.process tests.realtime.writers '{"seed": "w1", "users": […], …}'

With ``url`` the steps are made in a server process (stage.py), which may be killed meanwhile: the
way of SQLite, where nobody else's hints would reach the sockets. What goes wrong is returned.
"""

import http.client
import json
import os
import random
import time
from typing import Any
from urllib.parse import urlsplit

from django.db import OperationalError, close_old_connections, connection
from django.utils import timezone

from accounts.models import User
from booking_site.common.transactions import run_in_transaction
from notifications.services import streaming
from notifications.services.streaming import Happening
from tests.races.workload import Worker

WEIGHTS = {"tell": 70, "change_your_mind": 4, "book": 14, "accept": 6, "cancel": 6}
LONG = "长" * 1200
# MariaDB's numbers for a connection that is gone.
CUT = ("(2006, ", "(2013, ", "(1927, ")


class ChangedMind(Exception):
    pass


def main(task: dict[str, Any]) -> dict[str, Any]:
    chance = random.Random(task["seed"])
    writer = None if task.get("url") else Writer(task)
    steps = 0
    while time.time() < task["until"]:
        time.sleep(min(1.0, chance.expovariate(1 / task["every"])))
        if writer:
            writer.one()
        else:
            ask_for_a_step(task)
        steps += 1
    connection.close()
    return {"steps": steps, "errors": writer.errors if writer else []}


def ask_for_a_step(task: dict[str, Any]) -> None:
    """Whoever is killed while they work leaves nothing or all of it."""
    address = urlsplit(task["url"])
    client = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)
    try:
        client.request("POST", "/chaos/step", json.dumps(task))
        client.getresponse().read()
    except (OSError, http.client.HTTPException):
        time.sleep(0.2)
    finally:
        client.close()


class Writer(Worker):
    AHEAD = (60, 6 * 24 * 60)

    def __init__(self, task: dict[str, Any], number: int = 0) -> None:
        super().__init__(task, number)
        self.weights = dict(WEIGHTS)
        if os.environ.get("PLAIN_GROUPS") == "1":
            # Plain groups carry everything, however long.
            streaming.INLINED_BYTES = 1 << 30
        self.look_around()

    def look_around(self) -> None:
        """Until it has seen all: on a busy machine the first cut comes before that."""
        while True:
            try:
                return super().look_around()
            except OperationalError as error:
                if not str(error).startswith(CUT):
                    raise
                connection.close()
                time.sleep(0.1)

    def one(self) -> str:
        """With a new connection where the old one was cut; what was cut is undone, and no fault."""
        close_old_connections()
        outcome = super().one()
        self.errors = [error for error in self.errors if not any(cut in error for cut in CUT)]
        return outcome

    def now(self) -> Any:
        return timezone.now()

    def somebody(self) -> tuple[User | None, str]:
        """Whoever hears something has an account."""
        return self.random.choice(self.users), "+8613700000000"

    def tell(self) -> str:
        run_in_transaction(self._tell)
        return "done"

    def change_your_mind(self) -> str:
        """A rollback gives the numbers back."""
        try:
            run_in_transaction(lambda: self._tell(then=ChangedMind()))
        except ChangedMind:
            return "done"
        raise AssertionError("nothing was rolled back")

    def _tell(self, then: Exception | None = None) -> None:
        happenings = [self._happening() for _ in range(self.random.choice([1, 1, 1, 2, 5]))]
        if then or self.random.random() < 0.3:
            streaming.append(happenings)
        else:
            for one in happenings:
                streaming.stream(one)
        if then:
            raise then

    def _happening(self) -> Happening:
        content = LONG if self.random.random() < 0.05 else "约" * self.random.randrange(40)
        return Happening(
            user_id=self.random.choice(self.task["users"]),
            event="conversation-updated",
            payload={"data": {"content": content, "by": self.task["seed"]}},
            at=timezone.now(),
        )
