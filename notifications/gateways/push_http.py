"""How push services are spoken to: JSON over HTTPS, and no longer than a few seconds."""

import json
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from .push import PushFailed

LONGEST_ANSWER = 65_536


@dataclass(frozen=True)
class Answer:
    status: int
    body: dict[str, Any]


class _Stay(HTTPRedirectHandler):
    """A key is shown to the service it belongs to, and to nobody it may point to."""

    def redirect_request(self, *args: Any, **options: Any) -> None:
        return None


def post_json(url: str, body: bytes, *, headers: dict[str, str] | None = None) -> Answer:
    """What the service says, be it yes or no. Raises PushFailed when it says nothing."""
    told = {"Content-Type": "application/json", **(headers or {})}
    request = Request(url, data=body, headers=told, method="POST")
    opener = build_opener(_Stay, ProxyHandler())
    try:
        with opener.open(request, timeout=settings.PUSH_TIMEOUT) as answer:
            return Answer(answer.status, _read(answer))
    except HTTPError as error:
        with error:
            return Answer(error.code, _read(error))
    except (URLError, HTTPException, OSError) as error:
        # Not what was asked: an address may hold a signature.
        raise PushFailed(f"no answer: {type(error).__name__}") from error


def required(name: str) -> str:
    """A setting without which this service cannot be used."""
    value = str(getattr(settings, name, ""))
    if not value:
        raise ImproperlyConfigured(f"PUSH_GATEWAY={settings.PUSH_GATEWAY} needs {name}.")
    return value


def as_json(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _read(answer: Any) -> dict[str, Any]:
    try:
        body = json.loads(answer.read(LONGEST_ANSWER))
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
