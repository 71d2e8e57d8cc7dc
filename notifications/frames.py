"""The frames of ``rt.v1`` as the server writes them; ``schema.json`` beside this says their shapes.

A frame is one JSON object. Durable ones carry ``u``, the number in the user's stream.
"""

import json
from pathlib import Path
from typing import Any

PROTOCOL = "rt.v1"
SCHEMA = Path(__file__).with_name("frames.schema.json")

# Longer ones are not sent through the channel layer: whoever needs them reads them.
INLINED_BYTES = 2048


def text_of(frame: dict[str, Any]) -> str:
    """As it goes over the wire."""
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":"))


def durable(event: str, u: int, payload: dict[str, Any]) -> str:
    return text_of({"event": event, "u": u, **payload})


def ephemeral(event: str, data: dict[str, Any]) -> str:
    return text_of({"event": event, "data": data})


def ack(frame_id: Any, data: dict[str, Any]) -> str:
    return text_of({"event": "ack", "id": frame_id, "ok": True, "data": data})


def refusal(
    frame_id: Any, code: str, message: str, *, retry: bool = False, after_ms: int = 0
) -> str:
    """The answer to an operation that cannot be carried out."""
    error = {"code": code, "message": message, "retry": retry, "after_ms": after_ms}
    return text_of({"event": "message-error", "id": frame_id, "ok": False, "error": error})


class Close:
    """Why the server ends a socket. 4400 to 4409 and 4426: do not come back as you are; the others:
    come back, after 4401 with a new sign-in or ticket."""

    INTERNAL = 1011
    RESTART = 1012
    TOO_BIG = 1009
    BAD_FRAME = 4400
    SIGNED_OUT = 4401
    FORBIDDEN = 4403
    TOO_MANY = 4409
    UPGRADE = 4426
    TOO_FAST = 4429
    RESYNC = 4500
    SLOW_READER = 4508
