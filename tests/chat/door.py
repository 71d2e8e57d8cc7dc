"""The HTTP calls of conversations, as apps of named people make them."""

from typing import Any

from accounts.models import User
from chat.models import Conversation
from tests.callers import Caller

ROOT = "/api/v1/chat"


def at(conversation: Conversation | int | str, *more: Any) -> str:
    """``at(conversation, "messages", 5)``: a path of it."""
    pk = getattr(conversation, "pk", conversation)
    return "/".join((ROOT, "conversations", str(pk), *map(str, more)))


class App(Caller):
    def get(self, path: str, **query: Any) -> Any:
        return super().get(path if path.startswith("/") else f"{ROOT}/{path}", **query)

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        whole = path if path.startswith("/") else f"{ROOT}/{path}"
        return super()._send(method, whole, body, headers)


def app(user: User | None = None) -> App:
    return App(user)
