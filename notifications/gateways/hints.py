"""Hints to the sockets of a user, from code that knows neither channels nor an event loop.

A hint may be lost, late, doubled or reordered: the streams in the database are the truth, and every
process that serves sockets compares itself with them (notifications.consumers.watch).
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

Message = tuple[str, dict[str, Any]]
Carrier = Callable[[list[Message]], None]

_carriers: list[Carrier] = []


@dataclass(frozen=True)
class News:
    """The numbers ``first`` to ``last`` of a user's stream are there. ``texts``: their frames, or
    none where they are long. ``at``: when the last was written, in seconds of the clock."""

    user_id: int
    first: int
    last: int
    texts: list[str]
    at: float


def group_of(user_id: int) -> str:
    return f"u.{user_id}"


def session_name(*, session_key: str = "", family: str = "") -> str:
    """A sign-in by a name that may be published: a page's session, or an app's family."""
    return hashlib.sha256(f"{session_key}/{family}".encode()).hexdigest()[:32]


def carried_by(carrier: Carrier) -> None:
    """How messages reach the groups; it must not raise, nor take long."""
    _carriers[:] = [carrier]


def publish_news(news: list[News]) -> None:
    """To be called after the commit."""
    _carry([(group_of(one.user_id), {"type": "rt.hint", **asdict(one)}) for one in news])


def publish_end(user_id: int, *, code: int, session: str = "") -> None:
    """Close the user's sockets with this code: those of one sign-in, or all."""
    message = {"type": "rt.end", "user_id": user_id, "code": code, "session": session}
    _carry([(group_of(user_id), message)])


def publish_told(user_ids: Iterable[int], text: str) -> None:
    """A frame without a number for whoever of them is there: it is kept nowhere."""
    _carry(
        [
            (group_of(user_id), {"type": "rt.tell", "user_id": user_id, "text": text})
            for user_id in user_ids
        ]
    )


def _carry(messages: list[Message]) -> None:
    for carrier in _carriers:
        carrier(messages)
