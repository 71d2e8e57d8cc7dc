"""Sixteen clients in one process, each as the protocol wants one (design 2.6), or a plain one.

    python -m tests.realtime.crowd crowd.json

A client applies only the next number, ignores what it has, and resumes where one is missing; it
comes back wherever its server is killed. Some also leave and come back all the time. When the file
``finish`` appears, with the positions to be reached, all stay until they have them. What each got
is written to ``result``.
"""

import asyncio
import hashlib
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, WebSocketException

LONGEST_PAUSE = 2.0
# As short as a real one may be: a page that waits half a minute would only see less.
FIRST_PAUSE = 0.1
SILENCE = 35.0
RESUME_SECONDS = 5.0


class Client:
    def __init__(self, task: dict[str, Any], one: dict[str, Any], number: int) -> None:
        self.user, self.cookie = one["user"], one["cookie"]
        self.urls: list[str] = task["urls"]
        self.plain: bool = task["plain"]
        self.churns: bool = one["churns"]
        self.chance = random.Random(f"{task['seed']}/{number}")
        # The newest that it has; a plain one begins with what it is told first.
        self.first: int | None = None if self.plain else 0
        self.last = 0
        self.got: list[tuple[int, float, float, str]] = []
        self.doubled = self.connects = self.resumes = 0
        self.odd: list[str] = []
        self.closes: Counter[str] = Counter()
        self.finishing = asyncio.Event()
        self.socket: ClientConnection | None = None

    def parts(self) -> list[Coroutine[Any, Any, None]]:
        """What it does at the same time, all its life."""
        return [self.live()]

    def hush(self) -> bool:
        """It says nothing new from now on. Whether all that it has said is known to be heard."""
        return True

    # --- Coming and going

    async def live(self) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                came = time.monotonic()
                await self.visit()
                if time.monotonic() - came > 1:
                    pause = FIRST_PAUSE
            except (OSError, TimeoutError, InvalidHandshake, WebSocketException) as error:
                self.closes[type(error).__name__] += 1
            await asyncio.sleep(self.chance.uniform(0, pause))
            pause = min(LONGEST_PAUSE, pause * 2)

    async def visit(self) -> None:
        url = self.chance.choice(self.urls)
        self.socket = await connect(
            f"{url}/ws",
            origin=url.replace("ws:", "http:"),  # type: ignore[arg-type]
            additional_headers={"Cookie": self.cookie},
            subprotocols=["rt.v1"],  # type: ignore[list-item]
            compression=None,
            open_timeout=5,
            close_timeout=1,
            proxy=None,
        )
        self.connects += 1
        self.welcomed_at, self.resuming, self.on_wire = 0.0, 0.0, None
        leaving = asyncio.create_task(self.leave()) if self.churns else None
        try:
            while True:
                async with asyncio.timeout(SILENCE):
                    text = await self.socket.recv()
                await self.hear(json.loads(text))
        finally:
            self.closes[str(self.socket.close_code)] += 1
            if leaving:
                leaving.cancel()
            self.socket.transport.abort()
            self.socket = None

    async def leave(self) -> None:
        """A lost network rather than a goodbye."""
        await asyncio.sleep(self.chance.uniform(0.3, 5))
        if not self.finishing.is_set() and self.socket:
            self.socket.transport.abort()

    # --- What is heard

    async def hear(self, frame: dict[str, Any]) -> None:
        event = frame["event"]
        if event == "welcome":
            await self.welcome(frame["data"]["u"])
        elif event == "ack":
            self.resuming, self.on_wire = 0.0, self.asked
        elif event == "message-error":
            self.resuming = 0.0
            await asyncio.sleep(frame["error"]["after_ms"] / 1000)
            await self.resume()
        elif event == "heartbeat":
            if frame["u"] > self.last and not self.plain:
                await self.resume()
        elif event == "reset":
            self.odd.append("was told to begin anew")
        elif "u" in frame:
            self.take(frame)
            if frame["u"] > self.last and not self.plain:
                await self.resume()

    async def welcome(self, position: int) -> None:
        self.welcomed_at, self.on_wire = time.time(), position
        if self.first is None:
            self.first = position
        elif not self.plain and position < self.last:
            self.odd.append(f"had {self.last} and was welcomed at {position}")
        elif not self.plain and position > self.last:
            await self.resume()

    async def resume(self) -> None:
        """Once at a time; what comes until the answer is of no use."""
        assert self.socket
        if time.monotonic() - self.resuming > RESUME_SECONDS:
            self.resuming, self.asked = time.monotonic(), self.last
            self.resumes += 1
            ask = {"event": "resume", "id": "r", "data": {"since": self.last}}
            await self.socket.send(json.dumps(ask))

    def take(self, frame: dict[str, Any]) -> None:
        u = frame["u"]
        if self.plain:
            self.keep(frame)
            return
        # The server promises each socket the very next one.
        if self.on_wire is not None and u != self.on_wire + 1:
            self.odd.append(f"{u} came after {self.on_wire} on one socket")
        self.on_wire = u
        if u == self.last + 1:
            self.last = u
            self.keep(frame)
        elif u <= self.last:
            self.doubled += 1

    def keep(self, frame: dict[str, Any]) -> None:
        self.got.append((frame["u"], time.time(), self.welcomed_at, self.essence(frame)))

    def essence(self, frame: dict[str, Any]) -> str:
        """What is compared with the rows of the database."""
        return digest(frame)

    def told(self) -> dict[str, Any]:
        return {
            "user": self.user,
            "churns": self.churns,
            "first": self.first or 0,
            "got": self.got,
            "doubled": self.doubled,
            "connects": self.connects,
            "resumes": self.resumes,
            "odd": self.odd,
            "closes": self.closes,
        }


def digest(frame: dict[str, Any]) -> str:
    return hashlib.sha1(json.dumps(frame, sort_keys=True).encode()).hexdigest()


async def crowd(task: dict[str, Any], kind: type[Client] = Client) -> None:
    clients = [kind(task, one, number) for number, one in enumerate(task["clients"])]
    lives = [asyncio.create_task(part) for client in clients for part in client.parts()]
    hush, finish = Path(task["hush"]), Path(task["finish"])
    hushed = hush.with_suffix(".done")
    while not finish.exists():
        await asyncio.sleep(0.05)
        for life in lives:
            if life.done():
                life.result()
        if hush.exists() and not hushed.exists():
            quiet = [client.hush() for client in clients]
            if all(quiet):
                hushed.touch()
    wanted = {int(user): u for user, u in json.loads(finish.read_text())["positions"].items()}
    patience, since = json.loads(finish.read_text())["patience"], time.monotonic()
    for client in clients:
        client.finishing.set()
    while time.monotonic() - since < patience:
        if all(client.plain or client.last >= wanted.get(client.user, 0) for client in clients):
            break
        await asyncio.sleep(0.05)
    told = {
        "settled": time.monotonic() - since,
        "clients": [client.told() for client in clients],
    }
    result = Path(task["result"])
    result.with_suffix(".part").write_text(json.dumps(told))
    result.with_suffix(".part").rename(result)
    for life in lives:
        life.cancel()


if __name__ == "__main__":
    asyncio.run(crowd(json.loads(Path(sys.argv[1]).read_text())))
