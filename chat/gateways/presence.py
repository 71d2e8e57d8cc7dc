"""Who is there: told by whoever serves the sockets (notifications), asked by pages and the API."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Seen:
    """``is_online`` None: nobody can say. ``last_seen``: when they were last connected, if ever."""

    is_online: bool | None = None
    last_seen: datetime | None = None


Lookout = Callable[[Iterable[int]], dict[int, Seen]]
_lookouts: list[Lookout] = []


def told_by(lookout: Lookout) -> None:
    """For the app that knows. It must not raise."""
    _lookouts[:] = [lookout]


def seen(user_ids: Iterable[int]) -> dict[int, Seen]:
    """For each of them. Only of people who share a conversation with whoever is told."""
    ids = list(user_ids)
    known = _lookouts[0](ids) if _lookouts else {}
    return {pk: known.get(pk, Seen()) for pk in ids}
