"""What a client may ask over its socket. The shapes stand in frames.schema.json."""

import asyncio
from typing import TYPE_CHECKING

from booking_site.common import pace
from notifications.consumers import chat_operations as chat
from notifications.consumers.asking import Data, Operation, Refusal, number_in
from notifications.consumers.threads import in_thread
from notifications.selectors.stream import Position, position_of

if TYPE_CHECKING:
    from notifications.consumers.socket import Socket


async def resume(socket: "Socket", data: Data) -> Data:
    """The client has everything up to ``since``. What it missed follows the answer; where that is
    not kept any more, or never was, ``reset`` tells it to load its state anew."""
    since, last = number_in(data, "since"), socket.mine
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


async def ping(socket: "Socket", data: Data) -> Data:
    return {"u": socket.mine}


OPERATIONS: dict[str, Operation] = {
    "resume": resume,
    "ack": chat.acknowledge,
    "ping": ping,
    "join-conversation": chat.join,
    "send-message": chat.send_message,
    "edit-message": chat.edit_message,
    "delete-message": chat.delete_message,
    "mark-read": chat.read,
    "typing": chat.type_in,
}
