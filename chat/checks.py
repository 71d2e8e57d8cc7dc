"""What `manage.py check` says of the parts that settings name, before a message meets them."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

# What each must be able to do (gateways/words.py, gateways/scanning.py).
PARTS = {"CHAT_WORD_FILTER": "look_at", "CHAT_FILE_SCANNER": "clean"}


@register()
def named_parts_exist(**_options: Any) -> list[CheckMessage]:
    return [
        Error(
            f"{setting} is {getattr(settings, setting)!r}, which is no class with {method}().",
            hint="Name one as module.Class, or take it out of the environment.",
            id="chat.E001",
        )
        for setting, method in PARTS.items()
        if not _can(getattr(settings, setting), method)
    ]


def _can(path: str, method: str) -> bool:
    try:
        return callable(getattr(import_string(path), method, None))
    except ImportError:
        return False
