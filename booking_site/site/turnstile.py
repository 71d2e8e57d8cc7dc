"""Lets a bounded number of requests work at once; the rest waits in line, unharmed.

Without it 200 simultaneous requests open 200 database connections, more than MariaDB grants. A body
is read before a place is taken: a client that sends half of one keeps nobody but itself waiting.
"""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from typing import IO, Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from booking_site.common.api.envelope import error_body
from booking_site.common.errors import Invalid

# Of a body so much lies in memory, the rest in a file that has no name.
IN_MEMORY = 1_048_576
CHUNK = 65_536
# What a form with fields and file names may weigh beyond the file it carries. More than JSON may
# have, so that the parser of the API says itself what is too large for it.
OVERHEAD = 4 * 1_048_576
# Bytes a second that earn a body more time: a picture from a slow phone is no attack.
SLOWEST = 50_000
# Whoever asks whether this process lives, or how it fares, must hear of it when all places are
# taken, and the one must not wait for the other.
APART = {"/health": 2, "/metrics": 1}


class TooLarge(Invalid):
    """The body is larger than the largest upload."""

    status = 413


class TooSlow(Invalid):
    """The body did not arrive in time."""

    status = 408


class HungUp(Exception):
    """The client left before its request was whole; nobody waits for an answer."""


class Turnstile:
    """ASGI wrapper with HTTP_CONCURRENCY places per process, and a few apart for who watches it."""

    def __init__(self, application: Any) -> None:
        self.application = application
        self.places = asyncio.Semaphore(settings.HTTP_CONCURRENCY)
        self.apart = {path: asyncio.Semaphore(places) for path, places in APART.items()}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            async with _whole_body(receive) as body:
                places = self._places_for(scope["path"])
                async with places:
                    await self.application(scope, _replayed(body, receive), send)
        except HungUp:
            return
        except (TooLarge, TooSlow) as refusal:
            await _refuse(refusal, scope, send)

    def _places_for(self, path: str) -> asyncio.Semaphore:
        return self.apart.get(path.rstrip("/"), self.places)


@asynccontextmanager
async def _whole_body(receive: Any) -> AsyncIterator[IO[bytes]]:
    """The body from its beginning. Raises TooLarge, TooSlow, HungUp.

    HTTP_BODY_SECONDS are all there is for it, and a second more per SLOWEST bytes that came.
    """
    with closing(tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)) as body:
        try:
            async with asyncio.timeout(settings.HTTP_BODY_SECONDS) as limit:
                await _read(receive, body, limit)
        except TimeoutError as error:
            raise TooSlow(errors={"body": [_("It came too slowly.")]}) from error
        body.seek(0)
        yield body


async def _read(receive: Any, body: IO[bytes], limit: asyncio.Timeout) -> None:
    """Of what is too large the rest is read and thrown away while the time lasts: most clients
    send all of it before they look for the answer."""
    began = asyncio.get_running_loop().time()
    largest = settings.UPLOAD_MAX_BYTES + OVERHEAD
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise HungUp
        chunk = message.get("body", b"")
        size += len(chunk)
        more = message.get("more_body", False)
        if size <= largest:
            body.write(chunk)
            limit.reschedule(began + settings.HTTP_BODY_SECONDS + size / SLOWEST)
    if size > largest:
        raise TooLarge(errors={"body": [_("Too large.")]})


def _replayed(body: IO[bytes], receive: Any) -> Any:
    """A ``receive`` that hands out the body, and after it what the connection says."""
    done = False

    async def again() -> Any:
        nonlocal done
        if done:
            return await receive()
        chunk = body.read(CHUNK)
        done = len(chunk) < CHUNK
        return {"type": "http.request", "body": chunk, "more_body": not done}

    return again


async def _refuse(refusal: Invalid, scope: Any, send: Any) -> None:
    """The contract's envelope, or a page for whoever sent a page's form, in the language of the
    request; the connection ends with it."""
    request = HttpRequest()
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    request.META["HTTP_ACCEPT_LANGUAGE"] = headers.get(b"accept-language", "")
    with translation.override(translation.get_language_from_request(request)):
        # Lazy sentences become text here, in the language of the request.
        if "text/html" in headers.get(b"accept", "") and not _is_api(scope["path"]):
            kind, answer = b"text/html; charset=utf-8", _page(refusal).encode()
        else:
            envelope = error_body(refusal.code, str(refusal.message), refusal.errors)
            kind = b"application/json"
            answer = json.dumps(envelope, ensure_ascii=False, default=str).encode()
    start = {
        "type": "http.response.start",
        "status": refusal.status,
        "headers": [
            (b"content-type", kind),
            (b"content-length", str(len(answer)).encode()),
            (b"connection", b"close"),
        ],
    }
    await send(start)
    await send({"type": "http.response.body", "body": answer})


def _is_api(path: str) -> bool:
    return f"{path}/".startswith(("/api/", "/house/"))


def _page(refusal: Invalid) -> str:
    reasons = [str(reason) for field in refusal.errors.values() for reason in field]
    told = {"reason": " ".join(reasons), "language": translation.get_language()}
    return render_to_string("refused.html", told)
