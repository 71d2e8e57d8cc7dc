"""With no Redis there are no workers: timed work then runs here, in the serving process."""

import asyncio
import contextlib
import logging
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from appointments.timed import run_due

log = logging.getLogger(__name__)


class Lifespan:
    """ASGI lifespan: starts and stops the loop with the server."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        loop: asyncio.Task[None] | None = None
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                if not settings.REDIS_URL:
                    loop = asyncio.create_task(_run_timed_work())
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                if loop:
                    loop.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await loop
                await send({"type": "lifespan.shutdown.complete"})
                return


async def _run_timed_work() -> None:
    while True:
        await asyncio.sleep(settings.TIMED_WORK_INTERVAL)
        try:
            await sync_to_async(_once, thread_sensitive=False)()
        except Exception:
            # One failed round must not end the loop; the next one finds the same due rows.
            log.exception("timed work failed")


def _once() -> None:
    close_old_connections()
    try:
        run_due(at=timezone.now())
    finally:
        close_old_connections()
