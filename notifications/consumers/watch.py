"""What each process does for its sockets by the clock: finds out what hints have not told.

* every tick (a second) its lease, and a canary through the layer to itself: a hole, or silence,
  means that messages were lost; and who has come or is gone, of which one process tells the others;
* every five the positions of its users: no lost hint stays unnoticed for longer; and whether their
  accounts are as they were;
* every minute whether sign-ins are still there, for what has not been announced; and it writes down
  who is here.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from notifications.consumers.handshake import IS_ACTIVE, STAMPED, ended, stamp_of
from notifications.consumers.threads import in_thread
from notifications.frames import Close
from notifications.gateways import presence
from notifications.gateways.shown import GRACE_TICKS
from notifications.selectors.stream import positions
from notifications.services.presence import note_seen, show_presence

if TYPE_CHECKING:
    from notifications.consumers.hub import Hub

log = logging.getLogger(__name__)

# In ticks of REALTIME_TICK_SECONDS.
COMPARE_EVERY, SIGN_INS_EVERY = 5, 60
# After the last socket has gone: until it has been told that its user is gone, too.
LINGER = GRACE_TICKS + 5
SILENCE = 3
# Of one canary: a layer that hangs holds up nothing else.
LAYER_SECONDS = 1.0
AT_ONCE = 500


class Watch:
    def __init__(self, hub: "Hub") -> None:
        self.hub = hub
        self.group = f"p.{hub.process.name}"
        self._task: asyncio.Task[None] | None = None
        self._sent = self._heard = 0
        self._heard_at = time.monotonic()
        self.repairs = 0
        self._asides: dict[str, asyncio.Future[None]] = {}

    def start(self) -> None:
        if self._task is None or self._task.done():
            self._heard_at = time.monotonic()
            self._task = asyncio.create_task(self._run())

    # --- The canary

    def hear_canary(self, count: int) -> None:
        if count > self._heard + 1:
            self._everybody("canary")
        self._heard = max(self._heard, count)
        self._heard_at = time.monotonic()

    async def _send_canary(self) -> None:
        silence = time.monotonic() - self._heard_at
        if silence > SILENCE * settings.REALTIME_TICK_SECONDS and self._sent > self._heard:
            self._everybody("canary")
            # Once for each silence; the next one that comes through speaks again.
            self._heard, self._heard_at = self._sent, time.monotonic()
        self._sent += 1
        async with asyncio.timeout(LAYER_SECONDS):
            message = {"type": "rt.canary", "count": self._sent}
            await self.hub.layer.group_send(self.group, message)

    def _everybody(self, cause: str) -> None:
        self.repairs += 1
        for socket in self.hub.all():
            socket.look_up(cause)

    # --- The rounds

    async def _run(self) -> None:
        """As long as there is a socket, also one that comes while the lease is given back."""
        while self.hub.sockets:
            await self._rounds()
            await in_thread(presence.end, self.hub.process)

    async def _rounds(self) -> None:
        tick = last = 0
        while self.hub.sockets or tick - last <= LINGER:
            last = tick if self.hub.sockets else last
            for socket in self.hub.all():
                socket.pulse()
            for work in self._due(tick):
                try:
                    await work
                except Exception as error:
                    # The next round finds the same.
                    log.warning("watch: %s", type(error).__name__)
            tick += 1
            await asyncio.sleep(settings.REALTIME_TICK_SECONDS)

    def _due(self, tick: int) -> Iterator[Any]:
        yield self._send_canary()
        yield self._renew()
        yield self._aside("presence", show_presence)
        if tick % COMPARE_EVERY == 0:
            yield self.hub.tidy_subscriptions()
            yield self._compare()
        if tick % SIGN_INS_EVERY == SIGN_INS_EVERY - 1:
            yield self._look_at_sign_ins()
            here = partial(note_seen, list(self.hub.sockets), at=timezone.now())
            yield self._aside("last seen", here)

    async def _aside(self, name: str, work: Callable[[], None]) -> None:
        """What writes may have to wait for others that write; leases and canaries do not. One of
        each at a time."""
        if name not in self._asides:
            task = asyncio.ensure_future(in_thread(work))
            self._asides[name] = task
            task.add_done_callback(partial(self._done_aside, name))

    def _done_aside(self, name: str, task: "asyncio.Future[None]") -> None:
        del self._asides[name]
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.warning("watch: %s: %s", name, type(error).__name__)

    async def _renew(self) -> None:
        process = self.hub.process
        process.stats = {
            "sockets": len(self.hub.all()),
            "users": len(self.hub.sockets),
            "frames": sum(socket.outbox.sent for socket in self.hub.all()),
            "repairs": self.repairs,
        }
        await in_thread(presence.renew, process)

    async def _compare(self) -> None:
        for ids in _parts(list(self.hub.sockets)):
            last, stamps = await in_thread(_look, ids)
            for user_id in ids:
                for socket in list(self.hub.sockets.get(user_id, ())):
                    if stamps.get(user_id) != socket.visitor.stamp:
                        socket.end(*_why(stamps.get(user_id)))
                    else:
                        socket.compare(last.get(user_id, 0))

    async def _look_at_sign_ins(self) -> None:
        sockets = self.hub.all()
        for some in _parts(sockets):
            over = await in_thread(ended, {socket.visitor for socket in some})
            for socket in some:
                if socket.visitor in over:
                    socket.end(Close.SIGNED_OUT, "signed out")


def _look(ids: list[int]) -> tuple[dict[int, int], dict[int, str]]:
    """Positions, and what the accounts are now; blank for one that has closed. Rows, not objects:
    this is asked for everybody every few seconds."""
    rows = User.objects.filter(pk__in=ids).values_list("pk", *STAMPED)
    stamps = {pk: stamp_of(*facts) if facts[IS_ACTIVE] else "" for pk, *facts in rows}
    return positions(ids), stamps


def _why(stamp: str | None) -> tuple[int, str]:
    """A closed account may not come back; a new password or other rights sign in anew."""
    return (Close.SIGNED_OUT, "sign in again") if stamp else (Close.FORBIDDEN, "account closed")


def _parts(rows: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]
