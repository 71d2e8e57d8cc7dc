"""A client of ``rt.v1`` as an app would be one, in a thread of its own: sync for the tests."""

import json
import time
from collections.abc import Callable
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from .protocol import check

PATIENCE = 20.0

Wanted = str | Callable[[dict[str, Any]], bool]


def fits(frame: dict[str, Any], wanted: Wanted) -> bool:
    return frame["event"] == wanted if isinstance(wanted, str) else wanted(frame)


class Client:
    """One socket. ``frames`` are all that came, in order."""

    def __init__(
        self,
        url: str,
        *,
        cookie: str = "",
        origin: str | None = None,
        ticket: str = "",
        query: str = "",
        protocols: tuple[str, ...] = ("rt.v1",),
    ) -> None:
        offered = [*protocols, *([f"ticket.{ticket}"] if ticket else [])]
        headers = {"Cookie": cookie} if cookie else {}
        self.frames: list[dict[str, Any]] = []
        opened = connect(
            f"{url}/ws{query}",
            origin=origin,  # type: ignore[arg-type]
            additional_headers=headers,
            subprotocols=offered or None,  # type: ignore[arg-type]
            open_timeout=PATIENCE,
            close_timeout=1,
            max_size=None,
            compression=None,
            # Tests say themselves when they have left.
            ping_interval=None,
            proxy=None,
        )
        self.socket: ClientConnection = opened.__enter__()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_error: object) -> None:
        self.socket.close()

    def send(self, event: str, data: Any = None, *, id: Any = "c1") -> None:
        self.send_raw(json.dumps({"event": event, "id": id, "data": data or {}}))

    def send_raw(self, message: str | bytes) -> None:
        self.socket.send(message)

    def receive(self, seconds: float = PATIENCE) -> dict[str, Any]:
        frame = check(json.loads(self.socket.recv(timeout=seconds)))
        self.frames.append(frame)
        return frame

    def until(self, wanted: Wanted, seconds: float = PATIENCE) -> dict[str, Any]:
        """The next frame of this event, or that fits."""
        deadline = time.monotonic() + seconds
        while True:
            frame = self.receive(max(0.01, deadline - time.monotonic()))
            if fits(frame, wanted):
                return frame

    def heard(self, wanted: Wanted, seconds: float = PATIENCE) -> dict[str, Any]:
        """The first such frame, also where it came before the answer to what was asked."""
        came = (frame for frame in self.frames if fits(frame, wanted))
        return next(came, None) or self.until(wanted, seconds)

    def welcome(self) -> dict[str, Any]:
        data: dict[str, Any] = self.until("welcome")["data"]
        return data

    def ask(self, event: str, data: Any = None, *, id: Any = "c1") -> dict[str, Any]:
        """The answer to this operation."""
        self.send(event, data, id=id)
        return self.until(lambda frame: frame.get("id") == id)

    def closed(self, seconds: float = PATIENCE) -> tuple[int, str]:
        """The code and the reason with which the server ends it."""
        deadline = time.monotonic() + seconds
        try:
            while True:
                self.receive(max(0.01, deadline - time.monotonic()))
        except ConnectionClosed as error:
            close = error.rcvd
            return (close.code, close.reason) if close else (1006, "")

    def quiet(self, seconds: float) -> list[dict[str, Any]]:
        """What comes in so long."""
        deadline, came = time.monotonic() + seconds, []
        while (left := deadline - time.monotonic()) > 0:
            try:
                came.append(self.receive(left))
            except TimeoutError:
                break
        return came

    @property
    def numbers(self) -> list[int]:
        durable = (frame for frame in self.frames if frame["event"] != "heartbeat")
        return [frame["u"] for frame in durable if "u" in frame]
