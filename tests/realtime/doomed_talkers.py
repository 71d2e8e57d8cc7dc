"""Somebody who talks until they are killed, and keeps a diary that nobody can kill.

A line is written before each message and one after it was answered; what was begun and not answered
is what a device would send again.
"""

import json
import os
import random
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone

from booking_site.common.actors import Actor
from chat.models import Message, Participant
from chat.services import Draft, post


@dataclass(frozen=True)
class Entry:
    user: int
    client_id: str
    text: str
    conversation: int
    pk: int = 0


class DoomedTalker:
    def __init__(self, task: dict[str, Any], number: int) -> None:
        self.number, self.count = number, 0
        self.random = random.Random(f"{task['seed']}/{number}")
        self.errors: list[str] = []
        self.diary = os.open(task["diary"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        rows = Participant.objects.select_related("user", "conversation").order_by("pk")
        self.places = list(rows)

    def one(self) -> None:
        place = self.random.choice(self.places)
        name = f"{self.number}-{self.count}"
        self.count += 1
        entry = Entry(place.user_id, name, f"{name} words", place.conversation_id)
        try:
            self.write(entry)
            self.write(Entry(entry.user, name, entry.text, entry.conversation, said(entry).pk))
        except Exception:
            self.errors.append(traceback.format_exc(limit=-12))

    def write(self, entry: Entry) -> None:
        os.write(self.diary, (json.dumps(vars(entry)) + "\n").encode())


def said(entry: Entry) -> Message:
    """Now, whether or not it has been said before."""
    by = Actor.of(Participant.objects.filter(user=entry.user).select_related("user")[0].user)
    draft = Draft(text=entry.text, client_id=entry.client_id)
    return post(entry.conversation, draft, by=by, at=timezone.now()).message


def entries(diary: Path) -> Iterator[Entry]:
    for line in diary.read_text().splitlines():
        yield Entry(**json.loads(line))
