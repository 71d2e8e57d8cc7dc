"""Carries hints from any thread into the channel layer.

With Redis it is one PUBLISH in the layer's own format over one connection that stays: the layer's
``group_send`` called from sync code makes a loop and a connection for each call. Without Redis the
one serving process has told us its loop, because the layer in memory is not safe for threads.
"""

import asyncio
import logging
from typing import Any

from channels.layers import get_channel_layer
from django.conf import settings

from booking_site.common.shared_redis import Down, shared_redis
from notifications.gateways.hints import Message

log = logging.getLogger(__name__)

DEFAULT_PREFIX = "asgi"

_loops: set[asyncio.AbstractEventLoop] = set()
# A task that nobody holds may be collected before it has run.
_sending: "set[asyncio.Task[None]]" = set()


def carry(messages: list[Message]) -> None:
    """Never raises: what is lost here is found by the next comparison."""
    try:
        if settings.REDIS_URL:
            _through_redis(messages)
        else:
            _through_the_loops(messages)
    except (*Down, RuntimeError) as error:
        log.warning("hints not sent: %s", type(error).__name__)


def serve_from(loop: asyncio.AbstractEventLoop) -> None:
    """Sockets of this process live in this loop."""
    _loops.add(loop)


def _through_redis(messages: list[Message]) -> None:
    layer: Any = get_channel_layer()
    options: Any = settings.CHANNEL_LAYERS["default"]["CONFIG"]
    prefix = options.get("prefix", DEFAULT_PREFIX)
    with shared_redis().pipeline(transaction=False) as pipeline:
        for group, message in messages:
            pipeline.publish(f"{prefix}__group__{group}", layer.serialize(message))
        pipeline.execute()


def _through_the_loops(messages: list[Message]) -> None:
    for loop in list(_loops):
        if loop.is_closed():
            _loops.discard(loop)
        else:
            loop.call_soon_threadsafe(_send_soon, loop, messages)


def _send_soon(loop: asyncio.AbstractEventLoop, messages: list[Message]) -> None:
    task = loop.create_task(_send(messages))
    _sending.add(task)
    task.add_done_callback(_sending.discard)


async def _send(messages: list[Message]) -> None:
    layer: Any = get_channel_layer()
    for group, message in messages:
        await layer.group_send(group, message)
