"""A push service on loopback that says what a test wants it to say, and remembers what it heard."""

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Heard:
    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)


class Service(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.heard: list[Heard] = []
        self.status = 200
        self.answer: Any = {"sendno": "0", "msg_id": "1"}
        self.moved_to = ""
        # Seconds before it says anything.
        self.pause = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Answering(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.heard.append(Heard(self.path, dict(self.headers), self.rfile.read(length)))
        time.sleep(self.server.pause)
        said = self.server.answer
        raw = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(self.server.status)
        if self.server.moved_to:
            self.send_header("Location", self.server.moved_to)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        # Whoever has read as much as they take hangs up.
        with contextlib.suppress(ConnectionError):
            self.wfile.write(raw)

    do_GET = do_POST

    def log_message(self, *args: Any) -> None:
        """Not on the terminal."""


@contextmanager
def push_service() -> Iterator[Service]:
    with Service() as service:
        thread = threading.Thread(target=service.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield service
        finally:
            service.shutdown()
            thread.join()
