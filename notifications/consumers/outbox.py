"""What is on its way to one client. A client that does not read must cost little and soon be gone.

The channel layer's own queue in front of us has no bound, so whoever empties it never waits for the
socket: frames are put here, and a task of their own carries them out.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

MOST_FRAMES, MOST_BYTES = 256, 512 * 1024
# One frame that cannot be written for so long: nobody reads.
WRITE_SECONDS = 10.0

Write = Callable[[str], Awaitable[None]]


class Outbox:
    """Frames in the order in which they were put."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._clock = asyncio.get_running_loop().time
        self._frames: deque[str] = deque()
        self._bytes = 0
        self._filled = asyncio.Event()
        self._emptied = asyncio.Event()
        self._emptied.set()
        self._began: float | None = None
        self.sent = 0
        self.last_sent_at = self._clock()

    @property
    def is_crowded(self) -> bool:
        """Half full: what may be lost is lost first."""
        return len(self._frames) * 2 > MOST_FRAMES or self._bytes * 2 > MOST_BYTES

    @property
    def is_stuck(self) -> bool:
        """One frame has been on its way for too long. Asked by the clock of the process: a timer
        for each frame would cost as much as the frame."""
        return self._began is not None and self._clock() - self._began > WRITE_SECONDS

    @property
    def quiet_seconds(self) -> float:
        """Since the last frame was written."""
        return self._clock() - self.last_sent_at

    def put(self, text: str, *, ephemeral: bool = False) -> bool:
        """False when it is full. What is ephemeral is left out when it is crowded, and no word
        said."""
        if ephemeral and self.is_crowded:
            return True
        # Characters of a frame take one to four bytes on the wire; the strings take as much here.
        size = len(text)
        if len(self._frames) >= MOST_FRAMES or self._bytes + size > MOST_BYTES:
            return False
        self._frames.append(text)
        self._bytes += size
        self._emptied.clear()
        self._filled.set()
        return True

    async def carry_out(self) -> None:
        """Write frame after frame, for ever. Raises what the server raises for a client that is
        gone."""
        while True:
            await self._filled.wait()
            while self._frames:
                # Seen as long as it is not written: an empty outbox is one that was read.
                text = self._frames[0]
                self._began = self._clock()
                await self._write(text)
                self._frames.popleft()
                self._bytes -= len(text)
                self.sent += 1
                self.last_sent_at, self._began = self._clock(), None
            self._filled.clear()
            self._emptied.set()

    async def wait_until_empty(self, seconds: float) -> bool:
        """Whether it got empty in that time."""
        try:
            async with asyncio.timeout(seconds):
                await self._emptied.wait()
        except TimeoutError:
            return False
        return True
