"""What a WebSocket handshake gets while nothing is served on one: a refusal."""

from typing import Any


async def refuse(scope: Any, receive: Any, send: Any) -> None:
    """The server answers 403 to a close that comes before any accept."""
    await receive()
    await send({"type": "websocket.close"})
