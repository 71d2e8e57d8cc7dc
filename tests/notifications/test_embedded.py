"""Without workers the serving process delivers by itself, and lets nothing else wait for it."""

import asyncio
import threading
from datetime import datetime
from typing import Any

import pytest

from booking_site.site import lifespan


@pytest.fixture
def works(monkeypatch, settings) -> Any:
    """What the process is to do beside serving."""
    settings.REDIS_URL, settings.TIMED_WORK_INTERVAL = "", 0.01
    monkeypatch.setattr(lifespan, "close_old_connections", lambda: None)
    return lambda *these: monkeypatch.setattr(lifespan, "WORKS", these)


def serve_until(done: threading.Event) -> None:
    """Starts, serves until then, and stops, as a server would tell it to."""

    async def life() -> None:
        told: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        said: list[str] = []

        async def send(message: dict[str, str]) -> None:
            said.append(message["type"])

        await told.put({"type": "lifespan.startup"})
        running = asyncio.create_task(lifespan.Lifespan()({}, told.get, send))
        assert await asyncio.to_thread(done.wait, 30)
        await told.put({"type": "lifespan.shutdown"})
        await running
        assert said == ["lifespan.startup.complete", "lifespan.shutdown.complete"]

    asyncio.run(life())


def test_a_mail_server_that_takes_its_time_does_not_keep_the_lines_waiting(works):
    rounds, released = [], threading.Event()

    def lines(*, at: datetime) -> None:
        rounds.append(at)
        if len(rounds) == 5:
            released.set()

    def letters(*, at: datetime) -> None:
        assert released.wait(30)

    works(lines, letters)

    serve_until(released)

    assert len(rounds) >= 5


def test_a_round_that_fails_does_not_end_the_rounds(works, caplog):
    rounds, enough = [], threading.Event()

    def letters(*, at: datetime) -> None:
        rounds.append(at)
        if len(rounds) == 3:
            enough.set()
        raise RuntimeError("no luck")

    works(letters)

    serve_until(enough)

    assert "timed work failed" in caplog.text
