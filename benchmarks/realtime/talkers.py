"""Sockets that talk; orders and answers as in crowd.py.

    python -m benchmarks.realtime.talkers '{"port": 8000, "address": "127.0.0.2"}'

Each message says when it was sent, which gives latencies at the sockets of the others.
"""

import asyncio
import json
import secrets
import sys
import time
from collections import Counter

import uvloop

from .crowd import Answer, Crowd, main
from .wire import Wire

NEW, ACK, REFUSED = (
    b'{"event":"new-message","u":',
    b'{"event":"ack","id":"m',
    b'{"event":"message-e',
)
AT = b'"text":"@'


class Talkers(Crowd):
    def reset_talk(self) -> None:
        self.acks: list[float] = []
        self.latencies, self.frames = [], 0
        self.ids: Counter[str] = Counter()
        self.dups = self.refusals = 0

    async def talk(
        self, cookies: list[str], conversations: list[int], seconds: float, rate: float = 0
    ) -> Answer:
        """One message after the other from each, as soon as it is acked; with ``rate`` so many a
        second from all of them together, whoever is late."""
        self.reset_talk()
        self.over = False
        by_cookie = {wire.state["cookie"]: wire for wire in self.wires}
        pairs = [(by_cookie[one], pk) for one, pk in zip(cookies, conversations, strict=True)]
        began = time.monotonic()
        if rate:
            await self._by_the_clock(pairs, rate, seconds)
        else:
            for wire, pk in pairs:
                wire.state["talks_in"] = pk
                self._say(wire, pk)
            await asyncio.sleep(seconds)
        self.over = True
        took, count = time.monotonic() - began, len(self.acks)
        # The last of them are still on their way.
        await asyncio.sleep(1)
        for wire, _pk in pairs:
            wire.state.pop("talks_in", None)
        return {
            "seconds": took,
            "acked": count,
            "acked_in_the_end": len(self.acks),
            "refused": self.refusals,
            "frames": self.frames,
            "acks": sorted(self.acks),
            "latencies": sorted(self.latencies),
        }

    async def same(self, conversation: int, times: int) -> Answer:
        """All sockets send the same message at once, each so many times."""
        self.reset_talk()
        client_id, at = secrets.token_hex(8), time.time()
        for _time in range(times):
            for wire in self.wires:
                self._say(wire, conversation, client_id, at)
        wanted, until = len(self.wires) * times, time.monotonic() + 20
        while len(self.acks) + self.refusals < wanted and time.monotonic() < until:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.5)
        return {"sent": wanted, "ids": len(self.ids), "acked": len(self.acks), "dups": self.dups}

    # --- How it is done

    async def _by_the_clock(
        self, pairs: list[tuple[Wire, int]], rate: float, seconds: float
    ) -> None:
        began = due = time.monotonic()
        number = 0
        while due < began + seconds:
            self._say(*pairs[number % len(pairs)])
            number, due = number + 1, due + 1 / rate
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    def _say(self, wire: Wire, conversation: int, client_id: str = "", at: float = 0) -> None:
        now = time.time()
        wire.state["said"] = now
        data = {
            "conversationId": str(conversation),
            "content": {"text": f"@{at or now} {'x' * 40}"},
            "messageType": "text",
            "clientId": client_id or secrets.token_hex(8),
        }
        wire.say({"event": "send-message", "id": f"m{now}", "data": data})

    def _heard(self, wire: Wire, content: bytes) -> None:
        if content.startswith(NEW):
            self.frames += 1
            said = float(content.partition(AT)[2].partition(b" ")[0] or 0)
            # Its own sockets are told as well; here it is of others.
            if said and said != wire.state.get("said"):
                self.latencies.append(time.time() - said)
        elif content.startswith(ACK):
            frame = json.loads(content)
            self.acks.append(time.time() - float(frame["id"][1:]))
            self.ids[frame["data"]["id"]] += 1
            self.dups += bool(frame["data"].get("dup"))
            self._go_on(wire)
        elif content.startswith(REFUSED):
            self.refusals += 1
            self._go_on(wire)
        else:
            super()._heard(wire, content)

    def _go_on(self, wire: Wire) -> None:
        if "talks_in" in wire.state and not self.over:
            self._say(wire, wire.state["talks_in"])


if __name__ == "__main__":
    uvloop.run(main(json.loads(sys.argv[1]), Talkers))
