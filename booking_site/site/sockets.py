"""Which paths speak over a socket; a handshake anywhere else is refused."""

from typing import Any

from notifications.consumers.socket import serve_socket

PATH = "/ws"


async def sockets(scope: Any, receive: Any, send: Any) -> None:
    """One tolerated slash at the end, as on the API's paths."""
    if scope["path"] in (PATH, f"{PATH}/"):
        await serve_socket(scope, receive, send)
    else:
        await _refuse(receive, send)


async def _refuse(receive: Any, send: Any) -> None:
    """The server answers 403 to a close that comes before any accept."""
    await receive()
    await send({"type": "websocket.close"})
