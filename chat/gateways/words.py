"""The filter of words: one class, named by CHAT_WORD_FILTER, that every text goes through before it
is sent. This one knows lists that staff keep; another may ask a service.

Where a filter breaks, nothing goes past it: the message is refused with Unavailable (503), which
devices send again by themselves. A night without chat is a smaller harm than one in which anything
may be said.
"""

import logging
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from django.conf import settings
from django.db import DatabaseError
from django.utils.module_loading import import_string

from booking_site.common.errors import Refusal, Unavailable
from chat.selectors.policy import listed_words

log = logging.getLogger(__name__)
# What a word of the Latin alphabet begins and ends with. Chinese has no blanks between words.
LETTER = r"[0-9A-Za-z\u00c0-\u024f]"


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
    case are the same. A word that begins or ends with a Latin letter is found where nothing else
    of that kind stands before or after it ("ass" is not in "class"), a Chinese one anywhere."""

    def look_at(self, text: str) -> Verdict:
        masked, refused = listed_words()
        if refused and _any_of(tuple(refused)).search(text):
            return Verdict(text, is_refused=True)
        if not masked:
            return Verdict(text)
        clean, count = _any_of(tuple(masked)).subn(lambda found: "*" * len(found[0]), text)
        return Verdict(clean, found=count)


@dataclass(frozen=True)
class Guarded:
    """A filter that may break. What the database says is left to the edge, which tries again."""

    inner: WordFilter

    def look_at(self, text: str) -> Verdict:
        try:
            return self.inner.look_at(text)
        except (Refusal, DatabaseError):
            raise
        except Exception as error:
            # Without the error's own words: they may hold the message.
            log.error("the filter of words is broken: %s", type(error).__name__)
            raise Unavailable from error


def word_filter() -> WordFilter:
    made: WordFilter = import_string(settings.CHAT_WORD_FILTER)()
    return Guarded(made)


@lru_cache(maxsize=4)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """The longer ones first, of those that begin alike."""
    ordered = sorted((one.strip() for one in words), key=len, reverse=True)
    return re.compile("|".join(_pattern(one) for one in ordered), re.IGNORECASE)


def _pattern(word: str) -> str:
    before = rf"(?<!{LETTER})" if re.match(LETTER, word) else ""
    after = rf"(?!{LETTER})" if re.search(f"{LETTER}$", word) else ""
    return f"{before}{re.escape(word)}{after}"
