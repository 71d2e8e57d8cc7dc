"""The server that is measured and the crowd that connects to it, as processes."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.processes import end_with_parent, spare_port, stop
from tests.support.server import Server

OURS = "booking_site.asgi:application"
STOCK = "benchmarks.realtime.stock:application"
CLIENTS = "benchmarks.realtime.crowd"
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def cpu_of(pid: int) -> float:
    """Seconds of all its threads, in user and in kernel mode."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Measured:
    """A server of which /proc tells what it uses."""

    def __init__(self, folder: Path, application: str = OURS) -> None:
        self.folder, self.application, self.port = folder, application, spare_port()
        self.lives = 0
        self.server = self.start()
        self.server.wait_until_ready()

    def start(self) -> Server:
        self.lives += 1
        log = self.folder / f"server-{self.port}-{self.lives}.log"
        return Server(log, {}, port=self.port, application=self.application)

    def kill_and_start(self) -> None:
        self.server.kill()
        self.server = self.start()

    def cpu(self) -> float:
        return cpu_of(self.server.pid)

    def rss(self) -> int:
        """Bytes."""
        return int(Path(f"/proc/{self.server.pid}/statm").read_text().split()[1]) * PAGE

    def held(self, ports: list[int]) -> list[int]:
        """Of each socket that clients at these ports still have: how many bytes the kernel keeps
        for it."""
        wanted = {f"{port:04X}" for port in ports}
        found = []
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
            _number, local, remote, state, queues, *_rest = line.split()
            is_ours = state == "01" and local.endswith(f":{self.port:04X}")
            if is_ours and remote.rsplit(":", 1)[1] in wanted:
                found.append(int(queues.split(":")[0], 16))
        return found


class Crowd:
    """One process of clients at an address of its own."""

    def __init__(self, port: int, number: int, clients: str) -> None:
        task = json.dumps({"port": port, "address": f"127.0.0.{2 + number}"})
        self.process = subprocess.Popen(
            [sys.executable, "-m", clients, task],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            preexec_fn=end_with_parent,
        )

    def tell(self, do: str, **order: Any) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"do": do, **order}).encode() + b"\n")
        self.process.stdin.flush()

    def answer(self) -> Any:
        assert self.process.stdout
        return json.loads(self.process.stdout.readline())

    def ask(self, do: str, **order: Any) -> Any:
        self.tell(do, **order)
        return self.answer()


@contextmanager
def played(
    folder: Path, application: str = OURS, crowds: int = 1, clients: str = CLIENTS
) -> Iterator[tuple[Measured, list[Crowd]]]:
    """A server and so many crowds, gone at the end."""
    server = Measured(folder, application)
    people = [Crowd(server.port, number, clients) for number in range(crowds)]
    try:
        yield server, people
    finally:
        for crowd in people:
            stop(crowd.process)
        server.server.kill()


class Sampled:
    """The largest resident size while the block runs."""

    def __init__(self, server: Measured) -> None:
        self.server, self.most = server, server.rss()
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Sampled":
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.over.set()
        self.thread.join()

    def _look(self) -> None:
        while not self.over.wait(0.1):
            self.most = max(self.most, self.server.rss())


class Pace:
    """So many steps a second, by the clock: who is late does not slow the others down."""

    def __init__(self, rate: float) -> None:
        self.gap, self.next = 1 / rate, time.monotonic()

    def wait(self) -> None:
        self.next += self.gap
        time.sleep(max(0.0, self.next - time.monotonic()))
