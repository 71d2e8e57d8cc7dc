"""How far it is, line by line: logs keep lines, and a terminal shows them as well."""

import time
from collections.abc import Callable

EVERY_SECONDS = 2.0


def size_in_words(count: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


class Progress:
    """One step's lines: its first and last, and one now and then between them."""

    def __init__(self, write: Callable[[str], object], step: str) -> None:
        self._write, self._step = write, step
        self._began = self._said = time.monotonic()
        self._write(f"{step} …")

    def at(self, share: float, told: str) -> None:
        """``share`` of the whole is done, from 0 to 1."""
        now = time.monotonic()
        if now - self._said >= EVERY_SECONDS:
            self._said = now
            self._write(f"{self._step} {min(share, 1):4.0%}  {told}")

    def done(self, told: str) -> None:
        self._write(f"{self._step} 100%  {told}, {time.monotonic() - self._began:.1f} s")
