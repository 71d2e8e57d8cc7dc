"""A WebSocket client as small as it can be: ten thousand must fit beside the server on two cores.

It knows what the server of the benchmark sends: frames without a mask, text, ping, close.
"""

import asyncio
import json
import os
import socket
import struct
import time
from collections.abc import Callable
from typing import Any

KEY = "c29ja2V0cy1hdC1iZW5jaA=="
Heard = Callable[["Wire", bytes], None]
Gone = Callable[["Wire"], None]


class Wire(asyncio.Protocol):
    """One socket. ``heard`` gets each text, ``gone`` the end; ``code`` is that of the close."""

    def __init__(self, request: bytes, heard: Heard, gone: Gone) -> None:
        self.request, self.heard, self.gone = request, heard, gone
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        # uvloop's transports are none of asyncio's.
        self.transport: Any = None
        self.buffer = bytearray()
        self.is_open = False
        self.code = 1006
        # Of whoever uses it.
        self.state: dict[str, Any] = {}

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(self.request)

    def connection_lost(self, error: Exception | None) -> None:
        self.is_open = False
        if not self.opened.done():
            self.opened.set_exception(ConnectionError("gone before it was open"))
        self.gone(self)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self.is_open and not self._shake_hands():
            return
        while self._one():
            pass

    def _shake_hands(self) -> bool:
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        if not self.buffer.startswith(b"HTTP/1.1 101"):
            self.abort()
            return False
        del self.buffer[: end + 4]
        self.is_open = True
        if not self.opened.done():
            self.opened.set_result(None)
        return True

    def _one(self) -> bool:
        """The next whole frame, if it is there."""
        buffer = self.buffer
        if len(buffer) < 2:
            return False
        kind, length, start = buffer[0] & 0x0F, buffer[1] & 0x7F, 2
        if length == 126:
            if len(buffer) < 4:
                return False
            length, start = struct.unpack_from("!H", buffer, 2)[0], 4
        elif length == 127:
            if len(buffer) < 10:
                return False
            length, start = struct.unpack_from("!Q", buffer, 2)[0], 10
        if len(buffer) < start + length:
            return False
        content = bytes(buffer[start : start + length])
        del buffer[: start + length]
        if kind == 1:
            self.heard(self, content)
        elif kind == 9:
            self._send(10, content)
        elif kind == 8:
            self.code = struct.unpack("!H", content[:2])[0] if len(content) >= 2 else 1005
            self.abort()
        return True

    def say(self, frame: dict[str, Any]) -> None:
        self._send(1, json.dumps(frame).encode())

    def _send(self, kind: int, content: bytes) -> None:
        if self.transport is None or self.transport.is_closing():
            return
        mask = os.urandom(4)
        head = bytes([0x80 | kind])
        if len(content) < 126:
            head += bytes([0x80 | len(content)])
        else:
            head += bytes([0x80 | 126]) + struct.pack("!H", len(content))
        masked = bytes(byte ^ mask[n & 3] for n, byte in enumerate(content))
        self.transport.write(head + mask + masked)

    def stop_reading(self) -> None:
        self.transport.pause_reading()

    def abort(self) -> None:
        if self.transport is not None:
            self.transport.abort()


def request_of(port: int, cookie: str, query: str = "") -> bytes:
    lines = [
        f"GET /ws{query} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Origin: http://127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {KEY}",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Protocol: rt.v1",
        f"Cookie: {cookie}",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


async def open_wire(
    port: int, request: bytes, heard: Heard, gone: Gone, *, address: str, buffer: int = 0
) -> Wire:
    """From this address of loopback. ``buffer``: bytes that the kernel keeps for a slow reader."""
    own = socket.socket()
    own.setblocking(False)
    own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if buffer:
        own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    loop = asyncio.get_running_loop()
    try:
        own.bind((address, 0))
        async with asyncio.timeout(30):
            await loop.sock_connect(own, ("127.0.0.1", port))
            _transport, wire = await loop.create_connection(
                lambda: Wire(request, heard, gone), sock=own
            )
            await wire.opened
    except BaseException:
        own.close()
        raise
    wire.state["since"] = time.monotonic()
    return wire
