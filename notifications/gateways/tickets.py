"""Tickets for clients without a cookie: good for one handshake within thirty seconds.

Kept under a digest, so that whoever reads the store holds no ticket, and taken out by the first who
brings it.
"""

import hashlib
import json
import secrets
import threading
import time
from dataclasses import asdict, dataclass

from cryptography.fernet import InvalidToken
from django.conf import settings

from booking_site.common.ciphers import cipher
from booking_site.common.errors import Unavailable
from booking_site.common.shared_redis import Down, shared_redis

LIFE_SECONDS = 30
BYTES = 32
# Of 32 bytes in base64 without padding.
LENGTH = 43

_lock = threading.Lock()
_kept: dict[str, tuple[float, bytes]] = {}


@dataclass(frozen=True)
class Ticket:
    """For whom, and in which sign-in: a page's session by its key, or an app's family."""

    user_id: int
    session_key: str = ""
    family: str = ""


def issue(ticket: Ticket) -> str:
    """Raises Unavailable when there is nowhere to keep it."""
    text = secrets.token_urlsafe(BYTES)
    # It holds the key of a session.
    content = cipher("ticket").encrypt(json.dumps(asdict(ticket)).encode())
    _put(_name(text), content)
    return text


def redeem(text: str) -> Ticket | None:
    """None for what is none, is too old, or was used. Raises Unavailable."""
    if len(text) != LENGTH:
        return None
    content = _take(_name(text))
    if content is None:
        return None
    try:
        return Ticket(**json.loads(cipher("ticket").decrypt(content, ttl=LIFE_SECONDS)))
    except InvalidToken:
        return None


def _name(text: str) -> str:
    return "rt:ticket:" + hashlib.sha256(text.encode()).hexdigest()


def _put(name: str, content: bytes) -> None:
    if settings.REDIS_URL:
        try:
            shared_redis().set(name, content, ex=LIFE_SECONDS)
        except Down as error:
            raise Unavailable from error
        return
    now = time.monotonic()
    with _lock:
        for old in [key for key, (until, _content) in _kept.items() if until < now]:
            del _kept[old]
        _kept[name] = (now + LIFE_SECONDS, content)


def _take(name: str) -> bytes | None:
    if settings.REDIS_URL:
        try:
            found: bytes | None = shared_redis().getdel(name)  # type: ignore[assignment]
        except Down as error:
            raise Unavailable from error
        return found
    with _lock:
        until, content = _kept.pop(name, (0.0, b""))
    return content if until >= time.monotonic() else None
