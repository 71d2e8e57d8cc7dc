"""The written protocol, for every frame that a test sees."""

import json
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from notifications.frames import SCHEMA


@cache
def document() -> dict[str, Any]:
    return json.loads(SCHEMA.read_text())


def check(frame: dict[str, Any], side: str = "server") -> dict[str, Any]:
    """The frame, if it is one of those that ``side`` may send and has its shape."""
    shapes = document()["$defs"][f"{side}-frames"]
    assert frame.get("event") in shapes, frame
    own = {**document(), "$ref": f"#/$defs/{side}-frames/{frame['event']}"}
    errors = [error.message for error in Draft202012Validator(own).iter_errors(frame)]
    assert errors == [], (errors, frame)
    return frame
