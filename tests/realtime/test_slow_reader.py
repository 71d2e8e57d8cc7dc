"""A client that does not read costs little, is soon gone, and is nobody else's trouble."""

import resource
import socket
import time
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from accounts.models import User
from tests.appointments import world

from .conftest import cookie_of
from .happenings import told

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stack():
    with ExitStack() as stack:
        yield stack


HANDSHAKE = (
    "GET /ws HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nCookie: {cookie}\r\n"
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
MEGABYTE = 1024 * 1024


def stuck(site, user: User, stack: ExitStack) -> socket.socket:
    """A socket whose client shakes hands and then never reads a byte, with the smallest buffer that
    its system gives it."""
    line = stack.enter_context(socket.socket())
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
    line.settimeout(30)
    line.connect(("127.0.0.1", site.port))
    host = urlsplit(site.url).netloc
    line.sendall(HANDSHAKE.format(host=host, origin=site.url, cookie=cookie_of(user)).encode())
    return line


def memory_of(pid: int) -> int:
    with open(f"/proc/{pid}/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize()


ESTABLISHED = "01"


def lines_of(port: int) -> int:
    """Connections that the system holds for the server."""
    with open("/proc/net/tcp") as table:
        rows = [line.split() for line in table.readlines()[1:]]
    own = f":{port:04X}"
    return sum(row[1].endswith(own) and row[3] == ESTABLISHED for row in rows)


def test_it_is_hung_up_on_within_fifteen_seconds(live_uvicorn, sockets, stack):
    site = live_uvicorn()
    slow, quick = world.register("Slow"), world.register("Quick")
    other = sockets.open(site, quick)
    other.welcome()
    before = lines_of(site.port)
    stuck(site, slow, stack)
    memory = memory_of(site.pid)

    began = time.monotonic()
    # Ten megabytes of news, which it does not read: the systems of both sides keep some of them.
    for _turn in range(30):
        told(slow, 100, size=10**3500)
        told(quick)
    while lines_of(site.port) > before and time.monotonic() - began < 40:
        time.sleep(0.1)
    seconds = time.monotonic() - began

    assert lines_of(site.port) <= before
    # Writing the news takes a while by itself; the rest is the server's patience.
    assert seconds <= 15 + 10
    assert memory_of(site.pid) - memory <= 20 * MEGABYTE
    while other.numbers[-1:] != [30]:
        other.receive()
    assert other.numbers == list(range(1, 31))
