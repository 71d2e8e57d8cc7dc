"""What is plausible about people and pets. Pure arithmetic."""

import re
from datetime import date, timedelta
from typing import Any

from booking_site.common.freeform import fits

EARLIEST_BIRTH = date(1900, 1, 1)
EARLIEST_VACCINATION = date(2000, 1, 1)
LATEST_VACCINATION = date(2100, 1, 1)
LARGEST_PREFERENCES = 4096
DEEPEST_PREFERENCES = 8


def birth_is_plausible(day: date, *, today: date) -> bool:
    """``today`` is UTC's; east of it somebody may be born tomorrow."""
    return EARLIEST_BIRTH <= day <= today + timedelta(days=1)


def vaccination_is_plausible(day: date) -> bool:
    return EARLIEST_VACCINATION <= day <= LATEST_VACCINATION


def preferences_fit(preferences: dict[str, Any]) -> bool:
    """Small, shallow, and JSON for everybody."""
    return fits(preferences, most_bytes=LARGEST_PREFERENCES, deepest=DEEPEST_PREFERENCES)


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
