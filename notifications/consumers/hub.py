"""All sockets of one event loop, and the one channel by which the layer reaches them.

A process subscribes to the groups of the users that it serves, not once for each socket: so the
queue of the layer, which has no bound, is emptied by one reader that never waits.
"""

import asyncio
import logging
import os
import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from channels.layers import get_channel_layer

from booking_site.common.meters import SOCKET_LAG
from notifications.consumers.carrier import serve_from
from notifications.consumers.threads import in_thread
from notifications.consumers.watch import Watch
from notifications.frames import Close
from notifications.gateways import presence
from notifications.gateways.hints import group_of

if TYPE_CHECKING:
    from notifications.consumers.socket import Socket

log = logging.getLogger(__name__)

# Of subscribing: with the layer down a socket lives by comparing positions.
LAYER_SECONDS = 2.0

_hubs: "dict[asyncio.AbstractEventLoop, Hub]" = {}


def hub_here() -> "Hub":
    """The hub of the running loop, made with its first socket."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        for old in [one for one in _hubs if one.is_closed()]:
            del _hubs[old]
        _hubs[loop] = Hub()
    return _hubs[loop]


class Hub:
    def __init__(self) -> None:
        self.process = presence.Process(_process_name())
        self.sockets: dict[int, set[Socket]] = {}
        self.subscribed: set[int] = set()
        self.layer: Any = get_channel_layer()
        self.channel: str | None = None
        self._joining = asyncio.Lock()
        self._tasks: set[asyncio.Future[Any]] = set()
        self._listening: asyncio.Task[None] | None = None
        self.watch = Watch(self)
        serve_from(asyncio.get_running_loop())

    def all(self) -> "list[Socket]":
        return [socket for theirs in self.sockets.values() for socket in theirs]

    async def join(self, socket: "Socket") -> None:
        self.sockets.setdefault(socket.visitor.user_id, set()).add(socket)
        self.watch.start()
        await self.subscribe(socket.visitor.user_id)

    def leave(self, socket: "Socket") -> None:
        """The subscription stays for a moment: a page that is left is often followed by another."""
        theirs = self.sockets.get(socket.visitor.user_id, set())
        theirs.discard(socket)
        if not theirs:
            self.sockets.pop(socket.visitor.user_id, None)

    def soon(self, work: Callable[..., Any], *args: Any) -> None:
        """In a thread, without anybody waiting for it."""
        task = asyncio.ensure_future(in_thread(work, *args))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- The channel layer

    async def subscribe(self, user_id: int) -> None:
        """Never raises: whoever cannot be subscribed now is by the next round of the watch."""
        if user_id in self.subscribed and self.channel is not None:
            return
        try:
            async with asyncio.timeout(LAYER_SECONDS):
                await self._open_channel()
                await self.layer.group_add(group_of(user_id), self.channel)
                self.subscribed.add(user_id)
        except Exception as error:
            log.warning("not subscribed: %s", type(error).__name__)

    async def tidy_subscriptions(self) -> None:
        """Those who came while the layer was down, and those who have left."""
        for user_id in list(self.sockets.keys() - self.subscribed):
            await self.subscribe(user_id)
        for user_id in list(self.subscribed - self.sockets.keys()):
            # Before the layer is told: whoever comes meanwhile subscribes anew.
            self.subscribed.discard(user_id)
            try:
                async with asyncio.timeout(LAYER_SECONDS):
                    await self.layer.group_discard(group_of(user_id), self.channel)
            except Exception as error:
                log.info("still subscribed: %s", type(error).__name__)
            if user_id in self.sockets:
                await self.subscribe(user_id)

    async def _open_channel(self) -> None:
        async with self._joining:
            if self.channel is None:
                channel = await self.layer.new_channel()
                await self.layer.group_add(self.watch.group, channel)
                self.channel = channel
                self._listening = asyncio.create_task(self._listen(channel))

    async def _listen(self, channel: str) -> None:
        while True:
            message = await self.layer.receive(channel)
            try:
                self._hear(message)
            except Exception:
                log.exception("a message of the layer could not be handled")

    def _hear(self, message: dict[str, Any]) -> None:
        """Nothing in here waits."""
        match message["type"]:
            case "rt.hint":
                self._hint(message)
            case "rt.end":
                self._end(message)
            case "rt.tell":
                for socket in list(self.sockets.get(message["user_id"], ())):
                    socket.tell(message["text"])
            case "rt.canary":
                self.watch.hear_canary(message["count"])

    def _hint(self, message: dict[str, Any]) -> None:
        first, last, texts = message["first"], message["last"], message["texts"]
        for socket in list(self.sockets.get(message["user_id"], ())):
            if socket.hint(first, last, texts):
                SOCKET_LAG.observe(max(0.0, time.time() - message["at"]))

    def _end(self, message: dict[str, Any]) -> None:
        for socket in list(self.sockets.get(message["user_id"], ())):
            if message["session"] in ("", socket.visitor.session):
                reason = (
                    "signed out" if message["code"] == Close.SIGNED_OUT else "no longer allowed"
                )
                socket.end(message["code"], reason)


def _process_name() -> str:
    return f"{os.getpid()}-{secrets.token_hex(4)}"
