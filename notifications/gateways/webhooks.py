"""Receivers of webhooks: one signed message over one connection, to an address that the guard has
looked at, in a time that has an end."""

import base64
import hmac
import http.client
import io
import socket
import ssl
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from notifications.keys import key_of

from .webhooks_guard import AddressRefused, Place, look_up

CONNECT_SECONDS = 5.0
# Looking up, connecting, sending and hearing the answer, all of it.
TOTAL_SECONDS = 15.0
# What a receiver says beyond its status is read, so that it may finish, and forgotten.
MOST_READ = 64 * 1024
GONE = 410
VERSION = "v1"


@dataclass(frozen=True)
class Message:
    """``sent_at`` is this try's, in seconds; ``secrets`` the newest first."""

    url: str
    id: str
    sent_at: int
    body: bytes
    secrets: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """What became of it. ``error`` is empty when the receiver has it, and never in its words."""

    status: int | None = None
    error: str = ""

    @property
    def is_gone(self) -> bool:
        return self.status == GONE


def post(message: Message) -> Answer:
    """Send it once. Never raises for what a receiver does, and follows nothing: a redirect is a
    failure. Not inside a transaction. Environment variables that name proxies are not read."""
    until = time.monotonic() + TOTAL_SECONDS
    try:
        status = _exchange(look_up(message.url), message, until)
    except AddressRefused:
        return Answer(error="the address may not be used, or its name is not known")
    except TimeoutError:
        return Answer(error="no answer in time")
    except http.client.HTTPException as error:
        # Its text would be the receiver's own.
        return Answer(error=f"no proper answer ({type(error).__name__})")
    except OSError as error:
        return Answer(error=f"{type(error).__name__}: {error.strerror or error}")
    return Answer(status) if 200 <= status < 300 else Answer(status, _refusal(status))


def headers_of(message: Message) -> dict[str, str]:
    """Those of Standard Webhooks."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "Yuejian-Webhooks/1",
        "Connection": "close",
        "webhook-id": message.id,
        "webhook-timestamp": str(message.sent_at),
        "webhook-signature": signatures(message),
    }


def signatures(message: Message) -> str:
    """One for each valid secret, so that a receiver may know either."""
    signed = b".".join((message.id.encode(), str(message.sent_at).encode(), message.body))
    found = (hmac.digest(key_of(secret), signed, sha256) for secret in message.secrets)
    return " ".join(f"{VERSION},{base64.b64encode(one).decode()}" for one in found)


def tls_context() -> ssl.SSLContext:
    return ssl.create_default_context()


def _refusal(status: int) -> str:
    return f"HTTP {status}" + (", a redirect" if 300 <= status < 400 else "")


def _exchange(place: Place, message: Message, until: float) -> int:
    line = _Connection(place, until)
    try:
        line.request("POST", place.target, message.body, headers_of(message))
        answer = line.getresponse()
        # It has said what it thinks; that it does not finish speaking takes nothing away.
        with suppress(OSError, http.client.HTTPException):
            answer.read(MOST_READ)
        return answer.status
    finally:
        line.hang_up()


class _Connection(http.client.HTTPConnection):
    """To one of the addresses that were judged; Host and the certificate's name stay the name's."""

    def __init__(self, place: Place, until: float) -> None:
        super().__init__(place.host, place.port)
        self.default_port = 443 if place.scheme == "https" else 80
        self.place, self.until = place, until
        self._socket: socket.socket | None = None

    def connect(self) -> None:
        self._socket = _connected(self.place.addresses, self.place.port, self.until)
        if self.place.scheme == "https":
            self._socket.settimeout(_left(self.until))
            self._socket = tls_context().wrap_socket(self._socket, server_hostname=self.host)
        self.sock: Any = _Timed(self._socket, self.until)

    def hang_up(self) -> None:
        if self._socket is not None:
            self._socket.close()


def _connected(addresses: Sequence[str], port: int, until: float) -> socket.socket:
    """One after the other, each with its share of what is left: the first may lead nowhere."""
    until = min(until, time.monotonic() + CONNECT_SECONDS)
    for left in range(len(addresses), 0, -1):
        try:
            place = (addresses[-left], port)
            return socket.create_connection(place, timeout=_left(until) / left)
        except OSError:
            if left == 1:
                raise
    raise OSError("no address")


class _Timed:
    """A socket on which all that is left to do ends at one moment. With the timeout of a socket
    alone, one byte every few seconds keeps a worker for ever."""

    def __init__(self, line: socket.socket, until: float) -> None:
        self._line, self._until = line, until

    def sendall(self, data: Any) -> None:
        self._line.settimeout(_left(self._until))
        self._line.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_TimedReader(self._line, self._until))

    def close(self) -> None:
        """http.client closes it before the answer is read; ``hang_up`` does it after."""


class _TimedReader(io.RawIOBase):
    def __init__(self, line: socket.socket, until: float) -> None:
        self._line, self._until = line, until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._line.settimeout(_left(self._until))
        return self._line.recv_into(buffer)


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
