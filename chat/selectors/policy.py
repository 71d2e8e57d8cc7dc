"""Figures and words that staff set in the back office (SystemConfig), with the settings behind
them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings

from booking_site.common.models import SystemConfig

# Rows of SystemConfig. chat-policy: {"archive_days": 30, "retention_days": 0, "unseen_minutes": 10}
POLICY = "chat-policy"
# chat-words: {"mask": ["…"], "refuse": ["…"]}
WORDS = "chat-words"


@dataclass(frozen=True)
class ChatPolicy:
    """``retention`` None: words are kept."""

    archive_after: timedelta
    retention: timedelta | None
    unseen_after: timedelta


def chat_policy() -> ChatPolicy:
    """One query."""
    told = _dict_of(POLICY)
    days = _number(told, "retention_days", settings.CHAT_RETENTION_DAYS)
    return ChatPolicy(
        archive_after=timedelta(days=_number(told, "archive_days", settings.CHAT_ARCHIVE_DAYS)),
        retention=timedelta(days=days) if days else None,
        unseen_after=timedelta(
            minutes=_number(told, "unseen_minutes", settings.CHAT_UNSEEN_MINUTES)
        ),
    )


def listed_words() -> tuple[list[str], list[str]]:
    """Those that are masked, and those with which a message is refused. One query."""
    told = _dict_of(WORDS)
    return _words(told.get("mask")), _words(told.get("refuse"))


def _dict_of(key: str) -> dict[str, Any]:
    """What somebody typed: anything else than an object says nothing."""
    value = SystemConfig.objects.filter(key=key).values_list("value", flat=True).first()
    return value if isinstance(value, dict) else {}


def _number(told: dict[str, Any], name: str, default: int) -> int:
    value = told.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 36_500:
        return value
    return default


def _words(value: Any) -> list[str]:
    return (
        [one for one in value if isinstance(one, str) and one.strip()]
        if isinstance(value, list)
        else []
    )
