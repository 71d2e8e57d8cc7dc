"""The filter of words: one class, named by CHAT_WORD_FILTER, that every text goes through before it
is sent. This one knows lists that staff keep; another may ask a service."""

import re
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from chat.selectors.policy import listed_words


@dataclass(frozen=True)
class Verdict:
    """``text`` is what may be sent. ``found``: how many words were changed in it."""

    text: str
    found: int = 0
    is_refused: bool = False


class WordFilter(Protocol):
    def look_at(self, text: str) -> Verdict: ...


class ListedWords:
    """Those to mask become stars; with one of the others the message is refused. Upper and lower
    case are the same."""

    def look_at(self, text: str) -> Verdict:
        masked, refused = listed_words()
        if refused and _any_of(refused).search(text):
            return Verdict(text, is_refused=True)
        if not masked:
            return Verdict(text)
        clean, count = _any_of(masked).subn(lambda found: "*" * len(found[0]), text)
        return Verdict(clean, found=count)


def word_filter() -> WordFilter:
    made: WordFilter = import_string(settings.CHAT_WORD_FILTER)()
    return made


def _any_of(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(one.strip()) for one in words), re.IGNORECASE)
