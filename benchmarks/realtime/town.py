"""People with sessions, and news for them. Needs Django set up and its tables made."""

import time
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.models import User
from booking_site.common.transactions import run_in_transaction
from notifications.consumers.carrier import carry
from notifications.services.streaming import Happening, append

# With its names and numbers a frame of 200 bytes.
CONTENT = "x" * 110


class People:
    """``ids`` and the ``cookies`` of their sessions, in one order."""

    def __init__(self, count: int) -> None:
        password, first = make_password("correct-horse-7"), User.objects.count()
        User.objects.bulk_create(
            [
                User(email=f"b{first + n}@example.com", display_name=f"B{n}", password=password)
                for n in range(count)
            ],
            batch_size=500,
        )
        users = list(User.objects.order_by("-pk")[:count])
        store = import_module(settings.SESSION_ENGINE).SessionStore()
        until = timezone.now() + timedelta(days=1)
        rows = [
            Session(
                session_key=get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789"),
                session_data=store.encode(
                    {
                        SESSION_KEY: str(user.pk),
                        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                        HASH_SESSION_KEY: user.get_session_auth_hash(),
                    }
                ),
                expire_date=until,
            )
            for user in users
        ]
        Session.objects.bulk_create(rows, batch_size=500)
        self.ids = [user.pk for user in users]
        self.cookies = [f"{settings.SESSION_COOKIE_NAME}={row.session_key}" for row in rows]

    def __len__(self) -> int:
        return len(self.ids)


def tell(user_ids: list[int], content: str = CONTENT, times: int = 1) -> None:
    """So many events for each, in one transaction, by the product's own path."""
    began = time.time()

    def write() -> None:
        at, payload = timezone.now(), _payload(began, content)
        append(
            Happening(pk, "conversation-updated", payload, at)
            for pk in user_ids
            for _ in range(times)
        )

    run_in_transaction(write)


def tell_stock(user_ids: list[int]) -> None:
    """The same frame to the same groups, for the stock consumer to send on."""
    frame = {"event": "conversation-updated", "u": 1000, **_payload(time.time(), CONTENT)}
    carry([(f"u.{pk}", {"type": "rt.stock", "frame": frame}) for pk in user_ids])


def _payload(at: float, content: str) -> dict[str, Any]:
    return {"data": {"at": at, "content": content}}


def database_figures() -> dict[str, int]:
    """What MariaDB has counted since it began."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW GLOBAL STATUS WHERE Variable_name IN ('Com_select', 'Connections')")
        return {name: int(value) for name, value in cursor.fetchall()}


STATEMENTS = ("Com_select", "Com_insert", "Com_update", "Com_delete", "Com_commit")


def database_statements() -> dict[str, int]:
    """What it has been asked since it began, by kind."""
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW GLOBAL STATUS WHERE Variable_name IN {STATEMENTS}")
        return {name: int(value) for name, value in cursor.fetchall()}


def database_process() -> int:
    """The number of its process on this machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT @@pid_file, @@datadir")
        name, folder = cursor.fetchone()
    return int((Path(folder) / name).read_text())
