"""The site as the chaos serves it: ``uvicorn tests.realtime.stage:application``.

* ``POST /chaos/step`` has this process make a step of a writer (writers.py);
* each look into the database is written down in the file that CHAOS_REPAIRS names, by its cause;
* PLAIN_GROUPS=1 is the control: sockets pass on what the layer brings, as plain groups of Channels
  do, and nobody ever looks into the database for what is missing;
* FORGETFUL=1 is another: messages lose the name that their device has given them.
"""

import asyncio
import json
import os
from typing import Any

from django.db import OperationalError

from booking_site.asgi import application as site
from booking_site.common.meters import SOCKET_REPAIRS
from chat.services import Draft
from notifications.consumers.socket import Socket
from notifications.consumers.threads import in_thread
from notifications.services import streaming

_writers: dict[str, Any] = {}
_at_work = asyncio.Lock()


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "http" and scope["path"] == "/chaos/step":
        task = json.loads((await receive())["body"])
        status = 204
        async with _at_work:
            try:
                await in_thread(_step, task)
            except OperationalError:
                # Its connection was cut while it looked around.
                status = 503
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})
    else:
        await site(scope, receive, send)


def _step(task: dict[str, Any]) -> None:
    from .writers import Writer

    seed = task["seed"]
    if seed not in _writers:
        # Its next life does something else.
        _writers[seed] = Writer(task | {"seed": f"{seed}/{os.getpid()}"})
    writer = _writers[seed]
    writer.one()
    if writer.errors:
        raise AssertionError(writer.errors.pop())


def _written_down(path: str) -> None:
    ledger = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    labels = SOCKET_REPAIRS.labels

    def write(cause: str) -> Any:
        os.write(ledger, f"{cause}\n".encode())
        return labels(cause)

    SOCKET_REPAIRS.labels = write  # type: ignore[method-assign]


def _pass_on(socket: Socket, first: int, last: int, texts: list[str]) -> bool:
    if socket._ready:
        for text in texts:
            socket.put(text)
    return socket._ready


def _forgetful() -> None:
    """As if nobody had thought of messages that are sent again."""
    begin = Draft.__init__

    def nameless(self: Draft, *args: Any, **facts: Any) -> None:
        begin(self, *args, **facts)
        object.__setattr__(self, "client_id", None)

    Draft.__init__ = nameless  # type: ignore[method-assign]


if os.environ.get("CHAOS_REPAIRS"):
    _written_down(os.environ["CHAOS_REPAIRS"])
if os.environ.get("PLAIN_GROUPS") == "1":
    Socket.hint = _pass_on  # type: ignore[method-assign]
    Socket.look_up = lambda self, cause: None  # type: ignore[method-assign]
    # They carry everything, however long.
    streaming.INLINED_BYTES = 1 << 30
if os.environ.get("FORGETFUL") == "1":
    _forgetful()
