"""A crowd of HTTP clients that press at the same moment.

Each opens a connection and sends its request but for the last byte; when all are that far, the last
bytes go out together. So the server has all of them in hand before the first is complete.
"""

import asyncio
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

PATIENCE = 120


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def data(self) -> Any:
        return self.json["data"]


@dataclass(frozen=True)
class Press:
    """One POST of a JSON body."""

    url: str
    body: dict[str, Any]
    headers: tuple[tuple[str, str], ...] = ()

    def encoded(self) -> bytes:
        url, body = urlsplit(self.url), json.dumps(self.body).encode()
        lines = [
            f"POST {url.path} HTTP/1.1",
            f"Host: {url.netloc}",
            "Content-Type: application/json",
            "Accept-Language: en",
            f"Content-Length: {len(body)}",
            "Connection: close",
            *(f"{name}: {value}" for name, value in self.headers),
        ]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def at_once(presses: Iterable[Press]) -> list[Answer]:
    """The answers, in the order of the presses."""
    return asyncio.run(_at_once(list(presses)))


async def _at_once(presses: list[Press]) -> list[Answer]:
    go = asyncio.Event()
    ready = [asyncio.Event() for _ in presses]
    tasks = [
        asyncio.create_task(_press(press, mine, go))
        for press, mine in zip(presses, ready, strict=True)
    ]
    everybody = asyncio.gather(*(one.wait() for one in ready))
    failed = asyncio.gather(*tasks)
    await asyncio.wait([everybody, failed], return_when=asyncio.FIRST_COMPLETED, timeout=PATIENCE)
    go.set()
    return await asyncio.wait_for(failed, PATIENCE)


async def _press(press: Press, ready: asyncio.Event, go: asyncio.Event) -> Answer:
    url, request = urlsplit(press.url), press.encoded()
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    try:
        writer.write(request[:-1])
        await writer.drain()
        ready.set()
        await go.wait()
        began = time.monotonic()
        writer.write(request[-1:])
        await writer.drain()
        raw = await reader.read()
        return _parsed(raw, time.monotonic() - began)
    finally:
        writer.close()


def _parsed(raw: bytes, seconds: float) -> Answer:
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    if headers.get("transfer-encoding") == "chunked":
        body = _joined(body)
    return Answer(int(first.split()[1]), headers, body, seconds)


def _joined(chunks: bytes) -> bytes:
    whole = b""
    while chunks:
        size, _, rest = chunks.partition(b"\r\n")
        length = int(size, 16)
        whole, chunks = whole + rest[:length], rest[length + 2 :]
        if not length:
            break
    return whole
