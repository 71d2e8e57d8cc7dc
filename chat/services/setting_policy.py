"""Figures and words that operators set for all conversations."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from booking_site.common.actors import Actor
from booking_site.common.errors import Forbidden, Invalid
from booking_site.common.models import SystemConfig
from chat.rules import (
    LONGEST_DAYS,
    LONGEST_UNSEEN_MINUTES,
    LONGEST_WORD,
    MOST_WORDS,
    SHORTEST_RETENTION_DAYS,
)
from chat.selectors.policy import POLICY, WORDS


@dataclass(frozen=True)
class Figures:
    """``retention_days`` 0: words are kept."""

    archive_days: int
    retention_days: int
    unseen_minutes: int


@transaction.atomic
def set_policy(figures: Figures, *, by: Actor, at: datetime) -> bool:
    """From the next round on. Whether anything changed. Raises Forbidden, Invalid."""
    user = _operator(by)
    errors = _wrong(figures)
    if errors:
        raise Invalid(errors=errors)
    return _keep(POLICY, asdict(figures), user=user, at=at)


@transaction.atomic
def set_words(mask: Iterable[str], refuse: Iterable[str], *, by: Actor, at: datetime) -> bool:
    """For what is said from now on. Whether anything changed. Raises Forbidden, Invalid."""
    user = _operator(by)
    lists = {"mask": _clean(mask), "refuse": _clean(refuse)}
    errors = {name: told for name, words in lists.items() if (told := _wrong_words(words))}
    if errors:
        raise Invalid(errors=errors)
    return _keep(WORDS, lists, user=user, at=at)


def _operator(by: Actor) -> User:
    user = by.user
    if user is None or not (user.is_active and user.is_superuser):
        raise Forbidden
    return user


def _wrong(figures: Figures) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    told = {"low": 1, "high": LONGEST_DAYS}
    if not 1 <= figures.archive_days <= LONGEST_DAYS:
        errors["archive_days"] = [_("From %(low)s to %(high)s days, please.") % told]
    told = {"low": SHORTEST_RETENTION_DAYS, "high": LONGEST_DAYS}
    days = figures.retention_days
    if days and not SHORTEST_RETENTION_DAYS <= days <= LONGEST_DAYS:
        sentence = _("From %(low)s to %(high)s days, please, or 0 to keep all.") % told
        errors["retention_days"] = [sentence]
    if not 1 <= figures.unseen_minutes <= LONGEST_UNSEEN_MINUTES:
        told = {"low": 1, "high": LONGEST_UNSEEN_MINUTES}
        errors["unseen_minutes"] = [_("From %(low)s to %(high)s minutes, please.") % told]
    return errors


def _clean(words: Iterable[str]) -> list[str]:
    """Each once, without blanks around it, in the order given."""
    return list(dict.fromkeys(line for one in words if (line := " ".join(one.split()))))


def _wrong_words(words: list[str]) -> list[str]:
    if len(words) > MOST_WORDS:
        return [_("At most %(count)s words, please.") % {"count": MOST_WORDS}]
    long = [one for one in words if len(one) > LONGEST_WORD]
    told = {"count": LONGEST_WORD, "word": long[0][:LONGEST_WORD] if long else ""}
    return [_("At most %(count)s characters each, please: %(word)s…") % told] if long else []


def _keep(key: str, value: dict[str, Any], *, user: User, at: datetime) -> bool:
    """With what it was before in the record of edits, which operators read."""
    row, _is_new = SystemConfig.objects.select_for_update().get_or_create(
        key=key, defaults={"value": {}}
    )
    before = row.value if isinstance(row.value, dict) else {}
    changed = {name: new for name, new in value.items() if before.get(name) != new}
    if not changed:
        return False
    row.value = before | value
    row.save()
    LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(SystemConfig),
        object_id=str(row.pk),
        object_repr=key,
        action_flag=CHANGE,
        action_time=at,
        change_message=_in_words(before, changed),
    )
    return True


def _in_words(before: dict[str, Any], changed: dict[str, Any]) -> str:
    lines = []
    for name, new in changed.items():
        old = before.get(name)
        if isinstance(new, list):
            known = old if isinstance(old, list) else []
            parts = [f"+ {one}" for one in new if one not in known]
            parts += [f"- {one}" for one in known if one not in new]
            lines.append(f"{name}: {', '.join(parts)}")
        else:
            lines.append(f"{name}: {old} → {new}")
    return "; ".join(lines)
