"""What is plausible about people and pets. Pure arithmetic."""

import json
import re
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


# What people write for a pet, and the animal that boarding places speak of.
ANIMALS = {
    "dog": ("dog", "puppy", "狗", "犬", "汪"),
    "cat": ("cat", "kitten", "猫", "貓", "喵"),
    "rabbit": ("rabbit", "bunny", "兔"),
    "bird": ("bird", "parrot", "鸟", "鳥", "鹦鹉", "鸚鵡"),
}


def animal_of(species: str) -> str:
    """``dog``, ``cat``, ``rabbit`` or ``bird``, whatever language it was written in; ``other`` for
    what is none of them."""
    said = species.casefold()
    words = set(re.findall(r"[a-z]+", said))
    for animal, names in ANIMALS.items():
        if any(name in words if name.isascii() else name in said for name in names):
            return animal
    return "other"
