"""Where no socket is served a handshake is refused in order; what `/ws` does: tests/realtime."""

import socket
from urllib.parse import urlsplit

import pytest

from tests.support.server import Server

HANDSHAKE = """GET {path} HTTP/1.1\r
Host: {host}\r
Connection: Upgrade\r
Upgrade: websocket\r
Sec-WebSocket-Version: 13\r
Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
\r
"""


@pytest.mark.parametrize("path", ["/", "/api/v1/me", "/wsx"])
def test_a_handshake_is_refused_without_an_error(site: Server, path: str):
    """That nothing broke is what ``site`` looks for at its end."""
    host = urlsplit(site.url).netloc
    with socket.create_connection(("127.0.0.1", site.port), timeout=30) as client:
        client.sendall(HANDSHAKE.format(path=path, host=host).encode())
        answer = client.recv(4096).decode()

    assert answer.startswith("HTTP/1.1 403")
