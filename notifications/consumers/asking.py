"""What clients send, read with care: numbers, texts, ids, and saying no to the rest."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from notifications.consumers.socket import Socket

Data = dict[str, Any]
Operation = Callable[["Socket", Data], Awaitable[Data]]

LARGEST = 2**63 - 1


class Refusal(Exception):
    """An operation that cannot be carried out, by its code; with ``after_ms`` later it can be."""

    def __init__(self, code: str, message: str, *, after_ms: int = 0) -> None:
        super().__init__(code)
        self.code, self.message, self.after_ms = code, message, after_ms


def number_in(data: Data, name: str) -> int:
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST:
        raise Refusal("bad_frame", f"{name} must be a number from 0 on")
    return value


def id_in(data: Data, name: str) -> int:
    """A number or a text of digits, as ids are everywhere. What cannot be one names nothing."""
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise Refusal("bad_frame", f"{name} must be an id")
    if isinstance(value, str):
        is_one = value.isascii() and value.isdigit() and len(value) <= len(str(LARGEST))
        value = int(value) if is_one else -1
    # Nothing has the number 0.
    return value if 0 <= value <= LARGEST else 0


def text_in(data: Data, name: str, *, default: str | None = None) -> str:
    """Without halves of signs, which JSON knows and UTF-8 does not."""
    value = data.get(name)
    if value is None and default is not None:
        return default
    if not isinstance(value, str) or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise Refusal("bad_frame", f"{name} must be a text")
    return value
