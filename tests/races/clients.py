"""Somebody who comes, works, changes their mind and may be killed at any moment.

    python -m tests.races.process clients '{"seed": 1, "ledger": "…", "until": 1750000000}'

What is begun and what was acknowledged is written to a ledger, line by line, before the next step.
"""

import os
import time
from typing import Any

from django.db import connection
from django.utils import timezone

from booking_site.common.errors import Refusal

from .workload import Worker

WEIGHTS = {
    "join": 24,
    "accept": 12,
    "start": 14,
    "complete": 14,
    "sign_of_life": 20,
    "book": 6,
    "cancel": 5,
    "come_or_go": 5,
    "decline": 4,
    "reassign": 3,
    "hold": 2,
    "reschedule": 2,
    "no_show": 1,
}


def main(task: dict[str, Any]) -> int:
    client = Client(task, 0)
    client.look_around()
    steps = 0
    while time.time() < task["until"]:
        client.one()
        steps += 1
    connection.close()
    return steps


class Client(Worker):
    def __init__(self, task: dict[str, Any], number: int) -> None:
        super().__init__(task, number)
        self.weights = WEIGHTS
        self.ledger = os.open(task["ledger"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def now(self) -> Any:
        return timezone.now()

    def write(self, *words: object) -> None:
        os.write(self.ledger, (" ".join(map(str, words)) + "\n").encode())

    def acknowledged(self, verb: str, work: Any) -> str:
        self.write("begun", verb)
        try:
            outcome = super().acknowledged(verb, work)
        except Refusal as refusal:
            self.write("refused", verb, refusal.code)
            raise
        self.write("done", *self.done[-1])
        return outcome

    def one(self) -> str:
        outcome = super().one()
        for error in self.errors:
            self.write("error", error.replace("\n", " | "))
        self.errors.clear()
        return outcome
