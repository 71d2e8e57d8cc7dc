"""A gateway on loopback: answers as it is told to, and remembers what it was asked."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Asked:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass
class Bank:
    """``answer`` is called for every request."""

    answer: Callable[[Asked], Answer] = lambda asked: (500, {}, b"")
    asked: list[Asked] = field(default_factory=list)
    url: str = ""


@contextmanager
def bank() -> Iterator[Bank]:
    open_bank = Bank()

    class Desk(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            place = urlsplit(self.path)
            size = int(self.headers.get("Content-Length") or 0)
            asked = Asked(
                self.command,
                place.path,
                {name: values[0] for name, values in parse_qs(place.query).items()},
                {name.lower(): value for name, value in self.headers.items()},
                self.rfile.read(size),
            )
            open_bank.asked.append(asked)
            status, headers, body = open_bank.answer(asked)
            self.send_response(status)
            for name, value in ({"Content-Type": "application/json"} | headers).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _serve

        def log_message(self, *_told: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    open_bank.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield open_bank
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
