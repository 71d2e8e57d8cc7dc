"""Many sockets in one process, told what to do by lines of JSON, and answering by such lines.

    python -m benchmarks.realtime.crowd '{"port": 8000, "address": "127.0.0.2"}'

``{"do": "open", …}`` and so on: the methods of Crowd. What a frame tells of the moment at which it
was written (``data.at``) gives latencies.
"""

import asyncio
import json
import random
import resource
import sys
import time
from collections import Counter
from typing import Any

import uvloop

from .wire import Wire, open_wire, request_of

Answer = dict[str, Any]
# Once lost, a client of the storm comes back after up to so long, then twice as long.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 4.0
TOLD, AT = b'{"event":"conversation-updated","u":', b'"at":'


class Crowd:
    def __init__(self, task: dict[str, Any]) -> None:
        self.port, self.address = task["port"], task["address"]
        self.wires: set[Wire] = set()
        self.stuck: set[Wire] = set()
        self.frames = 0
        self.welcomed = self.resumed = 0
        self.latencies: list[float] = []
        self.codes: Counter[int] = Counter()
        self.comes_back = False
        self.coming: set[asyncio.Task[None]] = set()

    # --- What may be asked

    async def open(
        self,
        cookies: list[str],
        each: int,
        at_once: int = 100,
        resume: bool = False,
        queries: list[str] | None = None,
    ) -> Answer:
        """``each`` sockets with each cookie (or query), at most ``at_once`` on their way; ready
        when all have been welcomed and, with ``resume``, told what they had missed."""
        began, gate, failed = time.monotonic(), asyncio.Semaphore(at_once), 0
        before = len(self.wires)

        async def one(cookie: str, query: str) -> None:
            nonlocal failed
            async with gate:
                try:
                    await self._one(cookie, query, resume=resume)
                except (OSError, TimeoutError):
                    failed += 1

        pairs = list(zip(cookies, queries or [""] * len(cookies), strict=True))
        await asyncio.gather(*(one(*pair) for _ in range(each) for pair in pairs))
        return {
            "opened": len(self.wires) - before,
            "failed": failed,
            "seconds": time.monotonic() - began,
        }

    async def wait(self, frames: int, seconds: float) -> Answer:
        """Until so many durable frames have come since the last reset."""
        until = time.monotonic() + seconds
        while self.frames < frames and time.monotonic() < until:
            await asyncio.sleep(0.005)
        return await self.count()

    async def count(self) -> Answer:
        return {
            "open": len([wire for wire in self.wires if wire.is_open]),
            "frames": self.frames,
            "codes": self.codes,
        }

    async def reset(self) -> Answer:
        self.frames, self.latencies, self.codes = 0, [], Counter()
        return {}

    async def measured(self) -> Answer:
        return {"latencies": self.latencies}

    async def resume_all(self, since_ago: int) -> Answer:
        """Each asks for its last so many frames again, one after the other has been answered."""
        began, wires = time.monotonic(), [wire for wire in self.wires if wire.is_open]
        for wire in wires:
            answered = wire.state["answered"] = asyncio.get_running_loop().create_future()
            wire.state["last"] = wire.state["wanted"] - since_ago
            self._resume(wire)
            await asyncio.wait_for(answered, 30)
        return {"resumed": len(wires), "seconds": time.monotonic() - began}

    async def come_back(self) -> Answer:
        """From now on whoever is cut off comes back and resumes."""
        self.comes_back = True
        return {}

    async def behind(self, position: int) -> Answer:
        """How many have not everything up to this number."""
        have = sum(wire.is_open and wire.state["last"] >= position for wire in self.wires)
        return {"have": have, "open": len(self.wires), "codes": self.codes}

    async def stop_reading(self, cookies: list[str]) -> Answer:
        """One socket for each that takes nothing any more once it is welcomed."""
        for cookie in cookies:
            wire = await self._one(cookie, "", resume=False, buffer=4096)
            wire.stop_reading()
            self.wires.discard(wire)
            self.stuck.add(wire)
        names = [wire.transport.get_extra_info("sockname")[1] for wire in self.stuck]
        return {"ports": names}

    async def leave(self) -> Answer:
        self.comes_back = False
        for task in list(self.coming):
            task.cancel()
        for wire in [*self.wires, *self.stuck]:
            wire.abort()
        self.wires.clear()
        self.stuck.clear()
        await asyncio.sleep(0.1)
        return {}

    # --- How it is done

    async def _one(self, cookie: str, query: str, *, resume: bool, buffer: int = 0) -> Wire:
        request = request_of(self.port, cookie, query)
        wire = await open_wire(
            self.port, request, self._heard, self._gone, address=self.address, buffer=buffer
        )
        loop = asyncio.get_running_loop()
        ready = loop.create_future()
        wire.state |= {"cookie": cookie, "query": query, "last": 0, "wanted": 0, "resume": resume}
        wire.state["ready"] = ready
        self.wires.add(wire)
        # What came with the handshake has been heard already, without a state.
        for content in wire.state.pop("early", []):
            self._heard(wire, content)
        try:
            async with asyncio.timeout(60):
                await ready
        except BaseException:
            self.wires.discard(wire)
            wire.abort()
            raise
        return wire

    def _heard(self, wire: Wire, content: bytes) -> None:
        state = wire.state
        if "ready" not in state:
            state.setdefault("early", []).append(content)
            return
        if content.startswith(TOLD):
            self._told(state, content)
        else:
            frame = json.loads(content)
            if frame["event"] == "welcome":
                state["wanted"] = frame["data"]["u"]
                if state["resume"]:
                    state["last"] = max(0, state.get("had", state["wanted"] - 5))
                    self._resume(wire)
                else:
                    state["last"] = state["wanted"]
            elif frame["event"] == "ack":
                state["acked"] = True
            elif frame["event"] == "conversation-updated":
                # The stock consumer writes its JSON with spaces.
                self.frames += 1
        answered = state.get("answered")
        if answered and not answered.done() and state.get("acked") and _has_all(state):
            answered.set_result(None)
        if not state["ready"].done() and _has_all(state):
            state["ready"].set_result(None)

    def _told(self, state: dict[str, Any], content: bytes) -> None:
        """One of town.tell. Without JSON, which would cost us as much as it costs the server."""
        self.frames += 1
        u = int(content[len(TOLD) : content.index(b",", len(TOLD))])
        state["last"] = max(state["last"], u)
        _before, _at, rest = content.partition(AT)
        self.latencies.append(time.time() - float(rest[: rest.index(b",")]))

    def _resume(self, wire: Wire) -> None:
        wire.state["acked"] = False
        wire.say({"event": "resume", "id": "r", "data": {"since": wire.state["last"]}})

    def _gone(self, wire: Wire) -> None:
        self.codes[wire.code] += 1
        ready = wire.state.get("ready")
        if ready and not ready.done():
            ready.set_exception(ConnectionError("gone before it was welcomed"))
        if wire in self.wires and self.comes_back and ready:
            self.wires.discard(wire)
            task = asyncio.ensure_future(self._return(wire))
            self.coming.add(task)
            task.add_done_callback(self.coming.discard)
        else:
            self.wires.discard(wire)

    async def _return(self, old: Wire) -> None:
        """Full jitter, as the protocol asks for."""
        pause, state = FIRST_PAUSE, old.state
        while True:
            await asyncio.sleep(random.uniform(0, pause))
            pause = min(LONGEST_PAUSE, pause * 2)
            try:
                request = request_of(self.port, state["cookie"], state["query"])
                new = await open_wire(
                    self.port, request, self._heard, self._gone, address=self.address
                )
            except (OSError, TimeoutError):
                continue
            own: dict[str, Any] = {"cookie": state["cookie"], "query": state["query"]}
            own |= {"last": state["last"], "had": state["last"], "wanted": 0, "resume": True}
            own["ready"] = asyncio.get_running_loop().create_future()
            # Nobody waits for it: who is gone again comes back again.
            own["ready"].add_done_callback(lambda future: future.exception())
            early = new.state.pop("early", [])
            new.state |= own
            self.wires.add(new)
            for content in early:
                self._heard(new, content)
            return


def _has_all(state: dict[str, Any]) -> bool:
    is_answered = not state["resume"] or state.get("acked")
    return bool(is_answered and state["wanted"] <= state["last"])


async def main(task: dict[str, Any], kind: type[Crowd] = Crowd) -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    crowd = kind(task)
    lines = asyncio.StreamReader(limit=1 << 26)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        order = json.loads(line)
        answer = await getattr(crowd, order.pop("do"))(**order)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    uvloop.run(main(json.loads(sys.argv[1])))
