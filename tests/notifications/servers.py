"""A mail server on loopback, as slow, deaf or unwilling as a test needs it."""

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message


class Dialogue(socketserver.StreamRequestHandler):
    """Enough of RFC 5321 for smtplib."""

    server: "MailServer"

    def handle(self) -> None:
        if not self.server.silent:
            self._say("220 here")
        while line := self.rfile.readline():
            command = line.split()[0].upper()
            if command == b"RCPT":
                self._say(self.server.answer_to_recipients)
            elif command == b"DATA":
                self._say("354 go on")
                self.server.take(self._text())
                self._say("250 taken")
            elif command == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _text(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)

    def _say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Dialogue)
        self.letters: list[Message] = []
        self.answer_to_recipients = "250 known"
        # Takes a call and never says a word.
        self.silent = False
        # Seconds that it takes over each letter.
        self.pause = 0.0
        self.calls = 0

    @property
    def port(self) -> int:
        return self.server_address[1]

    @property
    def ids(self) -> list[str]:
        return [str(letter["Message-ID"]) for letter in self.letters]

    def verify_request(self, request: object, client_address: object) -> bool:
        self.calls += 1
        return True

    def take(self, text: bytes) -> None:
        time.sleep(self.pause)
        self.letters.append(message_from_bytes(text))


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
