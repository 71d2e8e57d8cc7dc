"""Which system settings the code reads, and what may stand in each. A setting of another name is
somebody's note: nothing reads it, so it may say anything."""

from collections.abc import Callable
from typing import Any

# What is wrong with a value, in sentences.
Check = Callable[[Any], list[str]]
_checks: dict[str, Check] = {}


def known_setting(key: str, check: Check) -> None:
    """For the apps that read it, or somebody above them."""
    _checks[key] = check


def wrong_with(key: str, value: Any) -> list[str]:
    check = _checks.get(key)
    return check(value) if check else []


def known_keys() -> list[str]:
    return sorted(_checks)
