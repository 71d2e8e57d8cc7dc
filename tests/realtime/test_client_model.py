"""Stories that hypothesis makes up: hints are lost, doubled, held back and mixed up, the client
goes and comes back, pages are turned in the middle of it. Whatever the story, the client has seen a
beginning of the stream, each number once and in order, and at the end all of it.

The socket is the product's own; the database and the layer are lists that the story controls.
"""

import asyncio
import json
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from notifications.consumers import operations, socket
from notifications.consumers.handshake import Visitor
from notifications.frames import durable
from notifications.selectors.stream import Position

from .protocol import check

PAGE = 5


@dataclass
class Row:
    u: int
    event: str
    payload: dict[str, Any]


class Story(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.loop = asyncio.new_event_loop()
        # What the database holds, what the layer has under way, and what the client has kept.
        self.stream: list[Row] = []
        self.under_way: list[tuple[int, int, list[str]]] = []
        self.kept: list[int] = []
        self.told_before_the_welcome = False
        self.socket: socket.Socket | None = None
        self.patches = pytest.MonkeyPatch()
        self.patches.setattr(socket, "in_thread", self._in_thread)
        self.patches.setattr(operations, "in_thread", self._in_thread)
        self.patches.setattr(socket, "PAGE", PAGE)
        self.come()

    def teardown(self) -> None:
        if hasattr(self, "loop"):
            if self.socket is not None:
                self.go()
            self.loop.close()
            self.patches.undo()

    async def _in_thread(self, work: Any, *args: Any, **_options: Any) -> Any:
        """The database, as the story has it; others have their turn while one waits for it."""
        await asyncio.sleep(0)
        if work is socket.events_after:
            _user, since = args
            return self.stream[since : since + PAGE]
        # Longer than a look, so that others come between.
        for _turn in range(4):
            await asyncio.sleep(0)
        if work is socket.pace.wait_for:
            return 0
        position = Position(len(self.stream), 1)
        return position if work is operations.position_of else (True, position)

    def run(self, turns: int = 30) -> None:
        async def wait() -> None:
            for _turn in range(turns):
                await asyncio.sleep(0)

        self.loop.run_until_complete(wait())

    def in_loop(self, call: Any, *args: Any) -> None:
        """As the hub and the watch call it."""

        async def called() -> None:
            call(*args)

        self.loop.run_until_complete(called())

    # --- What may happen

    @rule(count=st.integers(1, 4), fate=st.sampled_from(["sent", "lost", "doubled", "reference"]))
    def something_happens(self, count: int, fate: str) -> None:
        first = len(self.stream) + 1
        rows = [Row(first + n, "queue-updated", {"data": _data(first + n)}) for n in range(count)]
        self.stream += rows
        texts = [durable(row.event, row.u, row.payload) for row in rows]
        hint = (first, first + count - 1, [] if fate == "reference" else texts)
        self.under_way += {"lost": [], "doubled": [hint, hint]}.get(fate, [hint])

    @precondition(lambda self: self.under_way)
    @rule(data=st.data())
    def a_hint_arrives(self, data: st.DataObject) -> None:
        """Not always the oldest."""
        place = data.draw(st.integers(0, len(self.under_way) - 1))
        hint = self.under_way.pop(place)
        if self.socket is not None:
            self.in_loop(self.socket.hint, *hint)

    @rule(turns=st.integers(1, 12))
    def time_passes(self, turns: int) -> None:
        self.run(turns)

    @precondition(lambda self: self.socket is not None)
    @rule()
    def positions_are_compared(self) -> None:
        assert self.socket is not None
        self.in_loop(self.socket.compare, len(self.stream))

    @precondition(lambda self: self.socket is not None)
    @rule()
    def the_canary_is_missing(self) -> None:
        self.in_loop(self.socket.look_up, "canary")

    @rule()
    def somebody_comes_while_it_is_missing(self) -> None:
        """Who is not welcomed yet must not be told anything."""
        if self.socket is not None:
            self.go()
        self.come(turns=1)
        if self.socket is not None:
            self.in_loop(self.socket.look_up, "canary")
        self.run()

    @precondition(lambda self: self.socket is not None)
    @rule()
    def the_client_asks_again(self) -> None:
        """Though nothing was wrong."""
        self.ask_for_the_rest()

    @precondition(lambda self: self.socket is not None)
    @rule()
    def go(self) -> None:
        self.incoming.put_nowait({"type": "websocket.disconnect", "code": 1006})
        self.loop.run_until_complete(self.serving)
        self.socket = None

    @precondition(lambda self: self.socket is None)
    @rule()
    def come(self, turns: int = 30) -> None:
        self.welcomed = False
        self.incoming: asyncio.Queue[Any] = asyncio.Queue()
        hub = SimpleNamespace(
            process=None, join=self._join, leave=lambda _one: None, soon=lambda *_all: None
        )

        async def serve() -> None:
            self.socket = socket.Socket(Visitor(7, "stamp"), hub, self._sent)  # type: ignore[arg-type]
            await self.socket.serve(self.incoming.get)

        self.serving = self.loop.create_task(serve())
        self.run(turns)
        self.ask_for_the_rest()

    async def _join(self, _socket: Any) -> None:
        await asyncio.sleep(0)

    async def _sent(self, message: dict[str, Any]) -> None:
        """The client's side: the next is kept, an old one ignored, a hole asked about."""
        await asyncio.sleep(0)
        if message["type"] != "websocket.send":
            return
        frame = check(json.loads(message["text"]))
        self.welcomed |= frame["event"] == "welcome"
        if frame["event"] != "queue-updated":
            return
        # What is raised in here is a client that is gone, to the socket.
        self.told_before_the_welcome |= not self.welcomed
        if frame["u"] == len(self.kept) + 1:
            self.kept.append(frame["u"])
        elif frame["u"] > len(self.kept) + 1:
            self.ask_for_the_rest()

    def ask_for_the_rest(self) -> None:
        asks = {"event": "resume", "id": "r", "data": {"since": len(self.kept)}}
        self.incoming.put_nowait({"type": "websocket.receive", "text": json.dumps(asks)})

    # --- What is always so

    @invariant()
    def a_beginning_was_seen(self) -> None:
        if hasattr(self, "kept"):
            assert self.kept == list(range(1, len(self.kept) + 1))
            assert len(self.kept) <= len(self.stream)
            assert not self.told_before_the_welcome

    @rule()
    def in_the_end_everything_was_seen(self) -> None:
        if self.socket is None:
            self.come()
        self.run(200)
        assert self.socket is not None
        self.in_loop(self.socket.compare, len(self.stream))
        self.run(300 + 20 * len(self.stream))
        assert len(self.kept) == len(self.stream)


def _data(number: int) -> dict[str, Any]:
    return {
        "appointment_code": None,
        "queue_position": number,
        "estimated_wait_minutes": None,
    }


TestStory = Story.TestCase
TestStory.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_control_a_socket_that_trusts_every_hint_is_found_out(monkeypatch):
    """The same stories find the fault of one that sends whatever a hint brings and never asks."""

    def trusting(self: socket.Socket, first: int, last: int, texts: list[str]) -> bool:
        for text in texts:
            self._put_durable(text)
        return True

    monkeypatch.setattr(socket.Socket, "hint", trusting)
    monkeypatch.setattr(socket.Socket, "look_up", lambda *_all: None)

    class Trusting(Story):
        pass

    case = Trusting.TestCase
    case.settings = settings(max_examples=60, stateful_step_count=40, deadline=None, database=None)
    with pytest.raises(AssertionError):
        case("runTest").runTest()
