"""What is plausible about people and pets. Pure arithmetic."""

import json
from datetime import date, timedelta
from typing import Any

EARLIEST_BIRTH = date(1900, 1, 1)
EARLIEST_VACCINATION = date(2000, 1, 1)
LATEST_VACCINATION = date(2100, 1, 1)
LARGEST_PREFERENCES = 4096
# MariaDB refuses JSON deeper than 32; nobody needs more than this.
DEEPEST_PREFERENCES = 8


def birth_is_plausible(day: date, *, today: date) -> bool:
    """``today`` is UTC's; east of it somebody may be born tomorrow."""
    return EARLIEST_BIRTH <= day <= today + timedelta(days=1)


def vaccination_is_plausible(day: date) -> bool:
    return EARLIEST_VACCINATION <= day <= LATEST_VACCINATION


def preferences_fit(preferences: dict[str, Any]) -> bool:
    """Small, shallow, and JSON for everybody: no infinite numbers."""
    if not _depth_within(preferences, DEEPEST_PREFERENCES):
        return False
    try:
        text = json.dumps(preferences, allow_nan=False, ensure_ascii=False)
    except ValueError:
        return False
    return len(text.encode()) <= LARGEST_PREFERENCES


def _depth_within(value: Any, levels: int) -> bool:
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        return True
    return levels > 0 and all(_depth_within(item, levels - 1) for item in value)
