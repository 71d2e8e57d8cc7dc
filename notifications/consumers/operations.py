"""What a client may ask over its socket. The shapes stand in frames.schema.json."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from booking_site.common import pace
from notifications.consumers.threads import in_thread
from notifications.selectors.stream import Position, position_of

if TYPE_CHECKING:
    from notifications.consumers.socket import Socket

Operation = Callable[["Socket", dict[str, Any]], Awaitable[dict[str, Any]]]


class Refusal(Exception):
    """An operation that cannot be carried out, by its code; with ``after_ms`` later it can be."""

    def __init__(self, code: str, message: str, *, after_ms: int = 0) -> None:
        super().__init__(code)
        self.code, self.message, self.after_ms = code, message, after_ms


async def resume(socket: "Socket", data: dict[str, Any]) -> dict[str, Any]:
    """The client has everything up to ``since``. What it missed follows the answer; where that is
    not kept any more, or never was, ``reset`` tells it to load its state anew."""
    since, last = _number(data, "since"), socket.mine
    if since == last:
        # Everything that has been written for it is here, and the rest comes by itself.
        return {"u": last, "missed": 0}
    position = Position(last, socket.position.floor)
    if not position.knows(since):
        position = await in_thread(position_of, socket.visitor.user_id)
    if not position.knows(since):
        # After the answer.
        asyncio.get_running_loop().call_soon(socket.begin_anew, position)
        return {"u": position.last, "missed": 0}
    missed = position.last - since
    wait = await in_thread(pace.wait_for, pace.MISSED, socket.visitor.user_id, cost=missed)
    if wait:
        raise Refusal("rate_limited", "you have asked for too much again", after_ms=wait)
    socket.restart_from(since)
    return {"u": position.last, "missed": missed}


async def acknowledge(socket: "Socket", data: dict[str, Any]) -> dict[str, Any]:
    """The client has kept everything up to ``u``."""
    return {"u": _number(data, "u")}


async def ping(socket: "Socket", data: dict[str, Any]) -> dict[str, Any]:
    return {"u": socket.mine}


def _number(data: dict[str, Any], name: str) -> int:
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
        raise Refusal("bad_frame", f"{name} must be a number from 0 on")
    return value


OPERATIONS: dict[str, Operation] = {"resume": resume, "ack": acknowledge, "ping": ping}
