"""With no Redis there are no workers: timed work then runs here, in the serving process."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from appointments.timed import run_due as run_appointments
from booking_site.site import pulse
from booking_site.site.demo.playing import play
from chat.timed import run_due as run_chat
from notifications.timed import run_due as run_notifications
from notifications.timed_pushes import run_due_pushes
from notifications.timed_webhooks import run_due_webhooks
from payments.timed import run_due as run_payments
from reviews.timed import run_due as run_reviews

log = logging.getLogger(__name__)
# Each in a loop of its own: a mail server that takes its time must not keep the lines waiting.
WORKS: tuple[Callable[..., None], ...] = (
    run_appointments,
    run_notifications,
    run_due_pushes,
    run_due_webhooks,
    run_payments,
    run_reviews,
    run_chat,
    pulse.beat,
)


class Lifespan:
    """ASGI lifespan: starts and stops the loops with the server."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        loops: list[asyncio.Task[None]] = []
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                loops = [asyncio.create_task(_run_timed_work(work)) for work in _works()]
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                for loop in loops:
                    loop.cancel()
                await asyncio.gather(*loops, return_exceptions=True)
                await send({"type": "lifespan.shutdown.complete"})
                return


def _works() -> tuple[Callable[..., None], ...]:
    """What runs in this process. The demo's realtors are played here, workers or none."""
    works = () if settings.REDIS_URL else WORKS
    return (*works, play) if settings.DEMO else works


async def _run_timed_work(work: Callable[..., None]) -> None:
    while True:
        await asyncio.sleep(settings.TIMED_WORK_INTERVAL)
        try:
            await sync_to_async(partial(_once, work), thread_sensitive=False)()
        except Exception:
            # One failed round must not end the loop; the next one finds the same due rows.
            log.exception("timed work failed")


def _once(work: Callable[..., None]) -> None:
    close_old_connections()
    try:
        work(at=timezone.now())
    finally:
        close_old_connections()
