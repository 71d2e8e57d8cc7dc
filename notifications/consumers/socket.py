"""One socket of ``rt.v1``: its frames come in here, and what concerns its user goes out.

A frame with ``u`` is written only if it is exactly the next one for this socket; whatever else a
hint says, the database is asked. So each client gets everything once and in order, however many
hints are lost, doubled or late.
"""

import asyncio
import json
import logging
import secrets
import time
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseDown

from booking_site.common import pace
from booking_site.common.meters import (
    SOCKET_CLOSES,
    SOCKET_FRAMES,
    SOCKET_HANDSHAKES,
    SOCKET_REPAIRS,
    SOCKETS,
)
from chat.limits import MESSAGES
from notifications.consumers.asking import Refusal
from notifications.consumers.handshake import Refused, Visitor, ended, identify
from notifications.consumers.hub import Hub, hub_here
from notifications.consumers.operations import OPERATIONS
from notifications.consumers.outbox import Outbox
from notifications.consumers.threads import in_thread
from notifications.frames import PROTOCOL, Close, ack, durable, ephemeral, refusal, text_of
from notifications.gateways import presence, shown
from notifications.selectors.stream import PAGE, Position, events_after, position_of

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 25
LONGEST_FRAME = 65_536
LONGEST_ID = 64
# For a client to read half of what it is sent at once.
READ_SECONDS = 15.0
# Who goes on asking though refused is no client of ours.
MOST_REFUSED = 100
# For the last frames and the close of a client that reads; who does not is hung up on.
FAREWELL_SECONDS = 2.0

LIMITS = {
    "frame_bytes": LONGEST_FRAME,
    "operations_per_second": pace.OPERATIONS.rate,
    "operations_at_once": pace.OPERATIONS.burst,
    "sockets": presence.MOST_SOCKETS,
    "messages_per_minute": round(MESSAGES.rate * 60),
}


async def serve_socket(scope: Any, receive: Any, send: Any) -> None:
    """The ASGI application of ``/ws``."""
    first = await receive()
    if first["type"] != "websocket.connect":
        return
    try:
        visitor = await in_thread(identify, scope)
    except Refused as refused:
        SOCKET_HANDSHAKES.labels(str(refused.code)).inc()
        log.info("socket refused: %s", refused.reason)
        await _refuse(scope, send, refused)
        return
    except Exception as error:
        # The database is down, or something in the handshake is odder than we know.
        SOCKET_HANDSHAKES.labels(str(Close.INTERNAL)).inc()
        log.warning("nobody can be identified: %s", type(error).__name__)
        await _refuse(scope, send, Refused(Close.INTERNAL, "please come back"))
        return
    SOCKET_HANDSHAKES.labels("accepted").inc()
    await send({"type": "websocket.accept", "subprotocol": _subprotocol(scope)})
    await Socket(visitor, hub_here(), send).serve(receive)


def _subprotocol(scope: Any) -> str | None:
    return PROTOCOL if PROTOCOL in (scope.get("subprotocols") or []) else None


async def _refuse(scope: Any, send: Any, refused: Refused) -> None:
    await send({"type": "websocket.accept", "subprotocol": _subprotocol(scope)})
    await send({"type": "websocket.close", "code": refused.code, "reason": refused.reason})


class Socket:
    """``mine`` is the number of the last durable frame that was put into the outbox; ``acked`` of
    the last that the client says it has kept."""

    def __init__(self, visitor: Visitor, hub: Hub, send: Any) -> None:
        self.visitor, self.hub = visitor, hub
        self.name = secrets.token_hex(8)
        self.mine = self.acked = 0
        # Of the stream, when we came.
        self.position = Position()
        self.refused = 0
        self._send = send
        # Hints that come before we know where we stand are not for nothing.
        self._ready = self._hinted = False
        self._behind = False
        self._catching: asyncio.Task[None] | None = None
        self._ending: asyncio.Future[tuple[int, str]] = asyncio.get_running_loop().create_future()
        self.outbox = Outbox(self._write)

    async def serve(self, receive: Any) -> None:
        """Until one side has had enough."""
        SOCKETS.inc()
        code, reason = Close.INTERNAL, ""
        try:
            if await self._enter():
                code, reason = await self._until_over(receive)
            else:
                code, reason = Close.TOO_MANY, "too many sockets"
        except Refused as refused:
            code, reason = refused.code, refused.reason
        except DatabaseDown as error:
            log.warning("a socket ends: %s", type(error).__name__)
        except Exception:
            log.exception("a socket has failed")
        finally:
            SOCKETS.dec()
            SOCKET_CLOSES.labels(str(code)).inc()
            self.hub.leave(self)
            # Its place is free at once; Redis may take a moment to hear it.
            self.hub.soon(self._give_place_back)
        await self._say_goodbye(code, reason)

    # --- What is told

    def hint(self, first: int, last: int, texts: list[str]) -> bool:
        """News of the layer: put if it is the next, ignored if it is old, else looked up. Whether
        frames were put."""
        if not self._ready:
            self._hinted = True
            return False
        if last <= self.mine:
            return False
        if first == self.mine + 1 and texts:
            for text in texts:
                self._put_durable(text)
            return True
        self.look_up("gap" if first > self.mine + 1 else "reference")
        return False

    def tell(self, text: str) -> None:
        """What has no number and is worth nothing later."""
        if self._ready:
            SOCKET_FRAMES.labels("ephemeral").inc()
            self.put(text, is_ephemeral=True)

    def compare(self, last: int) -> None:
        """The position of the database; a lost hint is found out here."""
        if self._ready and last > self.mine:
            self.look_up("position")

    def look_up(self, cause: str) -> None:
        """Something may be missing: ask the database, as soon as we know from where on."""
        SOCKET_REPAIRS.labels(cause).inc()
        if not self._ready:
            self._hinted = True
            return
        self._behind = True
        if self._catching is None:
            self._catching = asyncio.create_task(self._catch_up())
            self._catching.add_done_callback(self._caught_up)

    def end(self, code: int, reason: str = "") -> None:
        if not self._ending.done():
            self._ending.set_result((code, reason))

    def pulse(self) -> None:
        """By the clock of the process: who does not read is put out, and a line on which nothing
        has been said for long says where it stands."""
        if self.outbox.is_stuck:
            self.end(Close.SLOW_READER, "slow reader")
        elif self._ready and self.outbox.quiet_seconds >= HEARTBEAT_SECONDS:
            SOCKET_FRAMES.labels("heartbeat").inc()
            told = {"event": "heartbeat", "u": self.mine, "data": {"u": self.mine}}
            self.put(text_of(told), is_ephemeral=True)

    def put(self, text: str, *, is_ephemeral: bool = False) -> None:
        if not self.outbox.put(text, ephemeral=is_ephemeral):
            self.end(Close.SLOW_READER, "slow reader")

    def restart_from(self, since: int) -> None:
        """What the client has: everything after it is told again."""
        self.mine = since
        self.look_up("resume")

    def begin_anew(self, position: Position) -> None:
        """What the client lacks is not kept: it loads its state, and hears what comes after."""
        self.put(ephemeral("reset", {"u": position.last, "floor": position.floor}))
        self.mine = position.last

    def _put_durable(self, text: str) -> None:
        self.mine += 1
        SOCKET_FRAMES.labels("durable").inc()
        self.put(text)

    async def _catch_up(self) -> None:
        """One at a time: what happens meanwhile is looked up after it."""
        while self._behind:
            self._behind = False
            since = self.mine
            rows = await in_thread(events_after, self.visitor.user_id, since)
            if rows and rows[0].u > since + 1 and since == self.mine:
                # What came next has been forgotten since.
                return self.begin_anew(await in_thread(position_of, self.visitor.user_id))
            for row in rows:
                # Not faster than it is read: what was missed may be more than the outbox takes.
                if self.outbox.is_crowded and not await self.outbox.wait_until_empty(READ_SECONDS):
                    return self.end(Close.SLOW_READER, "slow reader")
                # Hints that came meanwhile, or a new resume, have moved us.
                if row.u == self.mine + 1:
                    self._put_durable(durable(row.event, row.u, row.payload))
            if len(rows) == PAGE:
                self._behind = True

    def _caught_up(self, task: "asyncio.Task[None]") -> None:
        self._catching = None
        error = None if task.cancelled() else task.exception()
        if error is not None:
            # The client comes again and says what it has.
            log.warning("not caught up: %s", type(error).__name__)
            self.end(Close.INTERNAL, "please come again")
        elif self._behind and not self._ending.done():
            # Asked for between its last look and here.
            self.look_up("reference")

    # --- The parts that run side by side

    async def _enter(self) -> bool:
        """Subscribe first and read after: what happens in between comes twice, and never not."""
        await self.hub.join(self)
        began = time.time()
        allowed, position = await in_thread(self._take_place)
        if allowed is None:
            # Others may be those of a process that has died a moment ago.
            await asyncio.sleep(presence.DOUBT_TICKS * settings.REALTIME_TICK_SECONDS)
            allowed, position = await in_thread(self._take_place, alive_since=began)
        if not allowed:
            return False
        self.position, self.mine = position, position.last
        self._ready = True
        welcome = {
            "protocol": PROTOCOL,
            "user_id": self.visitor.user_id,
            "u": position.last,
            "floor": position.floor,
            "heartbeat": HEARTBEAT_SECONDS,
            "limits": LIMITS | {"message_length": settings.CHAT_MESSAGE_LENGTH},
        }
        self.put(ephemeral("welcome", welcome))
        if self._hinted:
            self.look_up("early")
        return True

    def _take_place(self, **known: float) -> tuple[bool | None, Position]:
        user_id = self.visitor.user_id
        if ended({self.visitor}):
            # Signed out after we had looked, and before we could hear of it.
            raise Refused(Close.SIGNED_OUT, "signed out")
        allowed = presence.enter(self.hub.process, self.name, user_id, **known)
        return allowed, position_of(user_id) if allowed else Position()

    def _give_place_back(self) -> None:
        presence.leave(self.hub.process, self.name, self.visitor.user_id)
        shown.note_left(self.visitor.user_id)

    async def _until_over(self, receive: Any) -> tuple[int, str]:
        parts = {
            asyncio.ensure_future(self._read(receive)),
            asyncio.ensure_future(self._write_out()),
            self._ending,
        }
        try:
            done, _others = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
            return self._ending.result() if self._ending.done() else done.pop().result()
        finally:
            for part in (*parts, *([self._catching] if self._catching else ())):
                part.cancel()
            await asyncio.gather(*parts, return_exceptions=True)

    async def _read(self, receive: Any) -> tuple[int, str]:
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return int(message.get("code") or 1005), "gone"
            if message.get("text") is None:
                return Close.BAD_FRAME, "text frames only"
            if len(message["text"].encode()) > LONGEST_FRAME:
                return Close.TOO_BIG, "too long"
            over = await self._operate(message["text"])
            if over is not None:
                return over

    async def _write_out(self) -> tuple[int, str]:
        try:
            await self.outbox.carry_out()
        except Exception as error:
            # Each server has its own exception for a client that is gone.
            log.debug("client gone: %s", type(error).__name__)
        return 1006, "gone"

    # --- What is asked

    async def _operate(self, text: str) -> tuple[int, str] | None:
        """One frame of the client. An end where it is no frame at all."""
        try:
            frame = json.loads(text)
        except (ValueError, RecursionError):
            return Close.BAD_FRAME, "not JSON"
        if not isinstance(frame, dict):
            return Close.BAD_FRAME, "not an object"
        frame_id = frame.get("id")
        if not _is_id(frame_id):
            return Close.BAD_FRAME, "id must be a short text"
        wait = await in_thread(pace.wait_for, pace.OPERATIONS, self.visitor.user_id)
        if wait:
            self.refused += 1
            if self.refused > MOST_REFUSED:
                return Close.TOO_FAST, "too many operations"
            self.put(refusal(frame_id, "rate_limited", "slow down", retry=True, after_ms=wait))
            return None
        self.refused = 0
        self.put(await self._answer(frame_id, frame))
        return None

    async def _answer(self, frame_id: Any, frame: dict[str, Any]) -> str:
        event, data = frame.get("event"), frame.get("data", {})
        if not isinstance(event, str) or not isinstance(data, dict):
            return refusal(frame_id, "bad_frame", "event must be a text, data an object")
        operation = OPERATIONS.get(event)
        if operation is None:
            return refusal(frame_id, "unsupported", "no such operation")
        try:
            return ack(frame_id, await operation(self, data))
        except Refusal as refused:
            wait = refused.after_ms
            return refusal(frame_id, refused.code, refused.message, retry=bool(wait), after_ms=wait)
        except Exception:
            log.exception("operation %s has failed", event[:32])
            return refusal(frame_id, "internal", "please try again", retry=True, after_ms=1000)

    # --- The end

    async def _write(self, text: str) -> None:
        await self._send({"type": "websocket.send", "text": text})

    async def _say_goodbye(self, code: int, reason: str) -> None:
        """The last frames, then the close; a client that does not read hears neither."""
        if reason == "gone":
            return
        message = {"type": "websocket.close", "code": code, "reason": reason}
        try:
            async with asyncio.timeout(FAREWELL_SECONDS):
                await self._send(message)
        except TimeoutError:
            _abort(self._send)
        except Exception as error:
            log.debug("client gone before its close: %s", type(error).__name__)


def _is_id(value: Any) -> bool:
    """Of those that can be given back: JSON knows halves of signs that UTF-8 does not."""
    if not isinstance(value, str | int | None):
        return False
    try:
        return len(str(value).encode()) <= LONGEST_ID
    except (UnicodeEncodeError, ValueError):
        return False


def _abort(send: Any) -> None:
    """uvicorn would wait for ever until a client that does not read has read. Its transport is not
    in the scope, but the function it gave us is a method of what holds it."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is not None:
        transport.abort()
