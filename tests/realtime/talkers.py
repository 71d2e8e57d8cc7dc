"""Clients that talk: each as the protocol wants one that sends (design 2.6), or one that does not.

    python -m tests.realtime.talkers crowd.json

What they say stays with them until it is acked: one after the other, over the socket or now and
then by HTTP, again after each welcome, and some frames twice. They read, type, change what they
have said and take it back. When the file ``hush`` appears they say nothing new.
"""

import asyncio
import http.client
import json
import sys
from collections import Counter, deque
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from websockets.exceptions import WebSocketException

from .crowd import Client, crowd, digest

ANSWER_SECONDS = 5.0
TWICE, BY_HTTP = 0.05, 0.1
READS, ACKS, TYPES, CHANGES, TAKES_BACK = 0.2, 0.1, 0.1, 0.05, 0.03
LONG = "长" * 900
CSRF = "c" * 32


@dataclass
class Said:
    """One message. ``acks``: each id and number under which the server has answered."""

    client_id: str
    conversation: int
    text: str
    acks: list[list[int]] = field(default_factory=list)
    tries: int = 0


class Talker(Client):
    def __init__(self, task: dict[str, Any], one: dict[str, Any], number: int) -> None:
        super().__init__(task, one, number)
        self.name = f"{number}"
        self.conversations: list[int] = one["conversations"]
        self.pause: float = one["pause"]
        self.forgets: bool = one.get("forgets", False)
        self.said: list[Said] = []
        self.waiting: deque[Said] = deque()
        self.mine: dict[str, Said] = {}
        self.heard: dict[int, list[int]] = {}
        self.refusals: Counter[str] = Counter()
        self.hushed, self.there, self.something = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.answer: asyncio.Future[dict[str, Any] | None] | None = None
        self.saying: set[asyncio.Task[None]] = set()

    def parts(self) -> list[Coroutine[Any, Any, None]]:
        return [self.live(), self.talk(), self.carry()]

    def hush(self) -> bool:
        self.hushed.set()
        return not self.waiting

    # --- Talking

    async def talk(self) -> None:
        while True:
            await asyncio.sleep(self.chance.expovariate(1 / self.pause))
            if self.hushed.is_set():
                return
            client_id = f"{self.name}-{len(self.said)}"
            words = LONG if self.chance.random() < 0.03 else "话" * self.chance.randrange(1, 20)
            said = Said(client_id, self.chance.choice(self.conversations), f"{client_id} {words}")
            self.said.append(said)
            self.mine[client_id] = said
            self.waiting.append(said)
            self.something.set()

    async def carry(self) -> None:
        """One after the other, so that a refusal leaves their order as it is."""
        while True:
            await self.something.wait()
            if not self.waiting:
                self.something.clear()
                continue
            said = self.waiting[0]
            said.tries += 1
            by_http = not self.forgets and self.chance.random() < BY_HTTP
            is_over = await (self.by_http(said) if by_http else self.by_socket(said))
            if is_over or self.forgets:
                self.waiting.popleft()

    async def by_socket(self, said: Said) -> bool:
        """Whether it is acked. Nothing of it is believed without the ack."""
        if not self.forgets:
            await self.there.wait()
        self.answer = asyncio.get_running_loop().create_future()
        data = {
            "conversationId": str(said.conversation),
            "content": {"text": said.text},
            "messageType": "text",
            "clientId": said.client_id,
        }
        for _time in range(1 + (self.chance.random() < TWICE)):
            await self.say("send-message", data, said.client_id)
        if self.forgets:
            return True
        try:
            frame = await asyncio.wait_for(self.answer, ANSWER_SECONDS)
        except TimeoutError:
            frame = None
        return frame is not None and await self.answered(said, frame)

    async def answered(self, said: Said, frame: dict[str, Any]) -> bool:
        if frame["ok"]:
            return bool(said.acks)
        return await self.refused(said, frame["error"]["code"], frame["error"]["after_ms"])

    async def by_http(self, said: Said) -> bool:
        try:
            status, answer = await asyncio.to_thread(self.post, said)
        except (OSError, ValueError, http.client.HTTPException):
            await asyncio.sleep(0.1)
            return False
        if status in (200, 201):
            self.acked(said, answer["data"])
            return True
        return await self.refused(said, str(status), 0 if status < 429 else 300)

    def post(self, said: Said) -> tuple[int, Any]:
        address = urlsplit(self.chance.choice(self.urls))
        client = http.client.HTTPConnection(address.hostname or "", address.port, timeout=5)
        body = {"content": {"text": said.text}, "messageType": "text", "clientId": said.client_id}
        headers = {
            "Content-Type": "application/json",
            "Cookie": f"{self.cookie}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
        }
        try:
            path = f"/api/v1/chat/conversations/{said.conversation}/messages"
            client.request("POST", path, json.dumps(body), headers)
            answer = client.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            client.close()

    async def refused(self, said: Said, code: str, after_ms: int) -> bool:
        """For now, or for good: then it is no use to send it again."""
        self.refusals[code] += 1
        if after_ms:
            await asyncio.sleep(min(2.0, after_ms / 1000))
            return False
        self.odd.append(f"{said.client_id} was refused: {code}")
        return True

    def acked(self, said: Said, data: dict[str, Any]) -> None:
        said.acks.append([int(data["id"]), data["seq"]])

    async def say(self, event: str, data: dict[str, Any], id: str) -> None:
        if self.socket is not None and self.there.is_set():
            # Whoever reads will notice that it is gone.
            with suppress(OSError, WebSocketException):
                await self.socket.send(json.dumps({"event": event, "id": id, "data": data}))

    def soon(self, event: str, data: dict[str, Any]) -> None:
        task = asyncio.create_task(self.say(event, data, "x"))
        self.saying.add(task)
        task.add_done_callback(self.saying.discard)

    # --- Coming and going, and what is heard

    async def visit(self) -> None:
        try:
            await super().visit()
        finally:
            self.there.clear()
            if self.answer is not None and not self.answer.done():
                self.answer.set_result(None)

    async def welcome(self, position: int) -> None:
        await super().welcome(position)
        self.there.set()

    async def hear(self, frame: dict[str, Any]) -> None:
        name = frame.get("id")
        if name in (None, "r"):
            return await super().hear(frame)
        said = self.mine.get(str(name))
        if said is None:
            if not frame["ok"]:
                self.refusals[f"{name}: {frame['error']['code']}"] += 1
            return None
        if frame["ok"]:
            self.acked(said, frame["data"])
        # The answer to a frame that was sent twice comes when the next waits for its own.
        is_awaited = bool(self.waiting) and self.waiting[0] is said
        if is_awaited and self.answer is not None and not self.answer.done():
            self.answer.set_result(frame)

    def keep(self, frame: dict[str, Any]) -> None:
        super().keep(frame)
        if self.chance.random() < ACKS and not self.hushed.is_set():
            self.soon("ack", {"u": frame["u"]})
        if frame["event"] == "new-message":
            data = frame["data"]
            self.heard.setdefault(int(data["conversationId"]), []).append(data["seq"])
            if not self.hushed.is_set() and self.there.is_set():
                self.react(data)

    def react(self, data: dict[str, Any]) -> None:
        about = {"conversationId": data["conversationId"]}
        if self.chance.random() < READS:
            self.soon("mark-read", about | {"seq": data["seq"]})
        if self.chance.random() < TYPES:
            self.soon("typing", about | {"isTyping": True})
        said = self.mine.get(data["clientId"] or "")
        if said is not None:
            change = about | {"messageId": data["id"]}
            if self.chance.random() < CHANGES:
                self.soon("edit-message", change | {"content": {"text": f"{said.text}!"}})
            elif self.chance.random() < TAKES_BACK:
                self.soon("delete-message", change)

    def essence(self, frame: dict[str, Any]) -> str:
        return essence(frame)

    def told(self) -> dict[str, Any]:
        return super().told() | {
            "said": [asdict(one) for one in self.said],
            "heard": self.heard,
            "refusals": self.refusals,
        }


def essence(frame: dict[str, Any]) -> str:
    """Without words: those that are taken back are taken out of what was told as well. They are
    compared with what was said (talk_verdict.py)."""
    data = frame.get("data", {})
    if "message" not in frame["event"] or "id" not in data:
        return digest(frame)
    wanted = ("id", "conversationId", "seq", "clientId", "messageType", "createdAt")
    told = {one: data.get(one) for one in wanted}
    return digest({"event": frame["event"], "u": frame["u"]} | told)


if __name__ == "__main__":
    asyncio.run(crowd(json.loads(Path(sys.argv[1]).read_text()), Talker))
