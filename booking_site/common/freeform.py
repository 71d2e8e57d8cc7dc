"""Objects of JSON whose contents are somebody else's affair: small, shallow, and JSON for all."""

import json
from typing import Any


def fits(value: dict[str, Any], *, most_bytes: int, deepest: int) -> bool:
    """MariaDB refuses JSON deeper than 32; infinite numbers and half a sign are none to others."""
    if not _depth_within(value, deepest):
        return False
    try:
        text = json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except ValueError:
        return False
    return len(text) <= most_bytes


def _depth_within(value: Any, levels: int) -> bool:
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        return True
    return levels > 0 and all(_depth_within(item, levels - 1) for item in value)
