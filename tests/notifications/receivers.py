"""Receivers of webhooks on loopback, as slow, deaf or unwilling as a test needs them; and a
verifier that knows nothing of ours, written from the specification of Standard Webhooks."""

import base64
import binascii
import hashlib
import hmac
import json
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

TOLERANCE = 300


@dataclass(frozen=True)
class Post:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float = field(default_factory=time.monotonic)

    @property
    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.body)
        return told

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


class Handler(BaseHTTPRequestHandler):
    server: "Receiver"
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.posts.append(Post(self.path, headers, self.rfile.read(length)))
        self.server.answer(self)

    def log_message(self, *args: Any) -> None:
        """Nobody reads it."""


class Receiver(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.posts: list[Post] = []
        self.status = 204
        self.headers: dict[str, str] = {}
        self.body = b""
        # Seconds before it says a word.
        self.pause = 0.0
        # Sent instead of an answer, as it is.
        self.raw: bytes | None = None
        # One byte of the answer in so many seconds.
        self.drip = 0.0
        self.closing = threading.Event()

    @property
    def port(self) -> int:
        return self.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks?from=us"

    @property
    def told(self) -> list[dict[str, Any]]:
        return [one.told for one in self.posts]

    def answer(self, handler: Handler) -> None:
        handler.close_connection = True
        self.closing.wait(self.pause)
        for byte in self._answer():
            try:
                handler.wfile.write(bytes([byte]) if self.drip else byte)
            except OSError:
                return
            if self.drip and self.closing.wait(self.drip):
                return

    def _answer(self) -> Any:
        lines = [f"HTTP/1.1 {self.status} So", f"Content-Length: {len(self.body)}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        whole = self.raw
        if whole is None:
            whole = ("\r\n".join(lines) + "\r\n\r\n").encode() + self.body
        return whole if self.drip else [whole]


@contextmanager
def receiver(context: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """``context``: it speaks TLS."""
    with Receiver() as server:
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()


class NotGenuine(Exception):
    """The receiver must not believe it."""


def verify(secret: str, headers: Mapping[str, str], body: bytes, *, now: float) -> None:
    """As the specification tells receivers to: id.timestamp.body under the secret's bytes, any one
    signature of version 1 will do, and nothing older or newer than five minutes."""
    try:
        identity, timestamp = headers["webhook-id"], headers["webhook-timestamp"]
        given = headers["webhook-signature"]
        seconds = int(timestamp)
    except (KeyError, ValueError) as error:
        raise NotGenuine from error
    if abs(now - seconds) > TOLERANCE:
        raise NotGenuine
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{identity}.{timestamp}.".encode() + body
    expected = hmac.new(key, signed, hashlib.sha256).digest()
    for one in given.split(" "):
        version, _comma, text = one.partition(",")
        try:
            found = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            continue
        if version == "v1" and hmac.compare_digest(found, expected):
            return
    raise NotGenuine
