"""Requests that arrive slowly, or never whole, keep nobody else waiting."""

import asyncio
import hashlib
import json
import socket
import tempfile
import urllib.request

import pytest

from booking_site.site import turnstile
from booking_site.site.turnstile import Turnstile


@pytest.fixture(autouse=True)
def one_place(settings):
    settings.HTTP_CONCURRENCY = 1
    settings.HTTP_BODY_SECONDS = 5.0


def part(body: bytes = b"", *, more: bool = False):
    return {"type": "http.request", "body": body, "more_body": more}


class Client:
    """One request; ``parts`` come at once, and after them nothing until ``hang_up``."""

    def __init__(self, *parts, path="/x", language="en", accept=""):
        self.parts = asyncio.Queue()
        for one in parts:
            self.parts.put_nowait(one)
        headers = [(b"accept-language", language.encode()), (b"accept", accept.encode())]
        self.scope = {"type": "http", "path": path, "headers": headers}
        self.sent = []

    def hang_up(self):
        self.parts.put_nowait({"type": "http.disconnect"})

    async def send(self, message):
        self.sent.append(message)

    async def ask(self, door):
        await door(self.scope, self.parts.get, self.send)
        return self

    @property
    def status(self):
        return self.sent[0]["status"]

    @property
    def refusal(self):
        return json.loads(self.sent[1]["body"])


async def digest_of_body(scope, receive, send):
    """Reads all of the body and answers with its digest."""
    seen, more = hashlib.sha256(), True
    while more:
        message = await receive()
        seen.update(message["body"])
        more = message["more_body"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": seen.hexdigest().encode()})


async def among_others(door, *others, act):
    """What ``act`` gives while the others are still at the door."""
    waiting = [asyncio.create_task(other.ask(door)) for other in others]
    await asyncio.sleep(0.01)
    try:
        return await asyncio.wait_for(act, timeout=2)
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


def test_half_sent_requests_take_no_place():
    async def scene():
        door = Turnstile(digest_of_body)
        half = [Client(part(b"{", more=True)) for _ in range(5)]
        return await among_others(door, *half, act=Client(part(b"whole")).ask(door))

    assert asyncio.run(scene()).status == 200


@pytest.mark.parametrize("path", ["/health", "/metrics", "/metrics/"])
def test_who_watches_is_answered_when_every_place_is_taken(path):
    async def busy_unless_watched(scope, receive, send):
        if scope["path"] == "/x":
            await asyncio.sleep(60)
        await digest_of_body(scope, receive, send)

    async def scene():
        door = Turnstile(busy_unless_watched)
        act = Client(part(), path=path).ask(door)
        return await among_others(door, Client(part()), Client(part()), act=act)

    assert asyncio.run(scene()).status == 200


def test_a_body_that_does_not_come_is_refused_in_the_envelope(settings):
    settings.HTTP_BODY_SECONDS = 0.05
    late = asyncio.run(_ask(Client(part(b"{", more=True))))

    assert late.status == 408
    assert (late.refusal["success"], late.refusal["code"]) == (False, "invalid")
    assert (b"connection", b"close") in late.sent[0]["headers"]


def test_bytes_that_trickle_in_win_no_more_time_than_they_are_worth(settings):
    settings.HTTP_BODY_SECONDS = 0.2

    async def scene():
        client = Client()

        async def trickle():
            while True:
                client.parts.put_nowait(part(b"x", more=True))
                await asyncio.sleep(0.02)

        drip = asyncio.create_task(trickle())
        try:
            return await asyncio.wait_for(client.ask(Turnstile(digest_of_body)), timeout=2)
        finally:
            drip.cancel()

    assert asyncio.run(scene()).status == 408


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_body_larger_than_any_upload_is_refused_in_the_language_of_the_request(
    settings, language
):
    settings.UPLOAD_MAX_BYTES = 1000
    chunks = [part(b"x" * 1_000_000, more=True) for _ in range(5)]

    large = asyncio.run(_ask(Client(*chunks, part(), language=language)))

    assert (large.status, set(large.refusal["errors"])) == (413, {"body"})
    assert large.refusal["errors"]["body"][0].isascii() == (language == "en")
    assert large.refusal["error"].isascii() == (language == "en")


@pytest.mark.parametrize("size", [0, 1, turnstile.CHUNK, turnstile.CHUNK + 1, 3_000_000])
def test_the_body_arrives_as_it_was_sent(size):
    body = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    pieces = [part(body[at : at + 50_001], more=True) for at in range(0, size, 50_001)]

    whole = asyncio.run(_ask(Client(*pieces, part())))

    assert whole.sent[1]["body"] == hashlib.sha256(body).hexdigest().encode()


def test_a_large_body_lies_in_a_file(monkeypatch):
    spooled = []
    real = tempfile.SpooledTemporaryFile

    def remembered(**options):
        spooled.append(real(**options))
        return spooled[-1]

    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", remembered)

    async def look(scope, receive, send):
        assert spooled[0]._rolled
        await digest_of_body(scope, receive, send)

    async def scene():
        return await Client(part(b"x" * 1_100_000)).ask(Turnstile(look))

    assert asyncio.run(scene()).status == 200
    assert spooled[0].closed


def test_after_the_body_the_application_hears_of_a_client_that_left():
    heard = []

    async def listener(scope, receive, send):
        heard.append(await receive())
        heard.append(await receive())

    async def scene():
        client = Client(part(b"x"))
        client.hang_up()
        await client.ask(Turnstile(listener))

    asyncio.run(scene())
    assert [message["type"] for message in heard] == ["http.request", "http.disconnect"]


def test_who_hangs_up_before_the_end_is_not_served():
    async def scene():
        client = Client(part(b"x", more=True))
        client.hang_up()
        return await client.ask(Turnstile(digest_of_body))

    assert asyncio.run(scene()).sent == []


async def _ask(client):
    return await client.ask(Turnstile(digest_of_body))


def test_a_real_server_lives_through_half_sent_requests(live_uvicorn):
    server = live_uvicorn(HTTP_CONCURRENCY="2")
    head = (
        b"POST /api/v1/auth/token HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
    )
    half = [socket.create_connection(("127.0.0.1", server.port), timeout=5) for _ in range(4)]
    try:
        for one in half:
            one.sendall(head)
        for path in ("/health", "/api/v1/appointment/stores"):
            with urllib.request.urlopen(server.url + path, timeout=5) as answer:
                assert answer.status == 200
    finally:
        for one in half:
            one.close()
    server.stop()
    assert "Traceback" not in server.written(), server.written()[-4000:]


@pytest.mark.parametrize("path", ["/accounts/profile/picture/", "/api/v1/me/avatar"])
def test_a_browser_is_told_on_a_page_and_an_app_in_the_envelope(settings, path):
    settings.UPLOAD_MAX_BYTES = 10
    body = part(b"x" * (turnstile.OVERHEAD + 11))
    sender = Client(body, path=path, accept="text/html,*/*")

    asyncio.run(sender.ask(Turnstile(digest_of_body)))

    assert sender.status == 413
    if path.startswith("/api/"):
        assert set(sender.refusal["errors"]) == {"body"}
    else:
        page = sender.sent[1]["body"].decode()
        assert page.startswith("<!doctype html>")
        assert "Nothing was changed." in page
