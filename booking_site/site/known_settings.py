"""What may stand in the system settings that the apps below read (SystemConfig). They themselves
pass over what is odd; here whoever types it is told."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from appointments.selectors.order_policy import LONGEST_HOURS
from appointments.selectors.order_policy import POLICY as ORDER_POLICY
from booking_site.common.site_settings import known_setting
from chat.rules import (
    LONGEST_DAYS,
    LONGEST_UNSEEN_MINUTES,
    LONGEST_WORD,
    MOST_WORDS,
    SHORTEST_RETENTION_DAYS,
)
from chat.selectors.policy import POLICY as CHAT_POLICY
from chat.selectors.policy import WORDS as CHAT_WORDS


@dataclass(frozen=True)
class Figure:
    """A whole number from ``low`` to ``high``; 0 as well, where that means something else."""

    low: int
    high: int
    or_nothing: bool = False

    def holds(self, value: Any) -> bool:
        if not isinstance(value, int) or isinstance(value, bool):
            return False
        return self.low <= value <= self.high or (self.or_nothing and value == 0)


FIGURES = {
    CHAT_POLICY: {
        "archive_days": Figure(1, LONGEST_DAYS),
        "retention_days": Figure(SHORTEST_RETENTION_DAYS, LONGEST_DAYS, or_nothing=True),
        "unseen_minutes": Figure(1, LONGEST_UNSEEN_MINUTES),
    },
    ORDER_POLICY: {"answer_hours": Figure(1, LONGEST_HOURS)},
}
LISTS = ("mask", "refuse")


def _figures_wrong(figures: dict[str, Figure], value: Any) -> list[str]:
    """What is not said stays as the settings of the installation have it."""
    if not isinstance(value, dict):
        return [_("Must be an object.")]
    return [
        _("%(name)s: a whole number from %(low)s to %(high)s, please.")
        % {"name": name, "low": figure.low, "high": figure.high}
        for name, figure in figures.items()
        if name in value and not figure.holds(value[name])
    ]


def _words_wrong(value: Any) -> list[str]:
    if not isinstance(value, dict):
        return [_("Must be an object.")]
    told = {"count": MOST_WORDS, "length": LONGEST_WORD}
    sentence = _("%(name)s: a list of at most %(count)s words of %(length)s characters, please.")
    return [
        sentence % (told | {"name": name})
        for name in LISTS
        if name in value and not _is_list_of_words(value[name])
    ]


def _is_list_of_words(value: Any) -> bool:
    if not isinstance(value, list) or len(value) > MOST_WORDS:
        return False
    return all(isinstance(one, str) and 0 < len(one) <= LONGEST_WORD for one in value)


for _key, _figures in FIGURES.items():
    known_setting(_key, partial(_figures_wrong, _figures))
known_setting(CHAT_WORDS, _words_wrong)
