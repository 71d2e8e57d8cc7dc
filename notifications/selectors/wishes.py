"""What people want to hear of, and by which way."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from notifications.models import FIXED, KINDS, Channel, NotificationPreference

if TYPE_CHECKING:
    from accounts.models import User

Matrix = dict[str, dict[str, bool]]


@dataclass(frozen=True)
class Wishes:
    """Of some people: what they have said, by (user, kind, channel); the rest is yes."""

    said: dict[tuple[int, str, str], bool]

    def allow(self, user_id: int | None, kind: str, channel: str) -> bool:
        """Whether this person may be told of it so. Who has no account has no wishes."""
        if user_id is None or (kind, channel) in FIXED:
            return True
        return self.said.get((user_id, kind, channel), True)


def wishes_of(user_ids: Iterable[int | None]) -> Wishes:
    """One query for all of them; none for nobody."""
    ids = {pk for pk in user_ids if pk is not None}
    if not ids:
        return Wishes({})
    rows = NotificationPreference.objects.filter(user__in=ids)
    columns = ("user_id", "kind", "channel", "enabled")
    return Wishes({(who, kind, by): yes for who, kind, by, yes in rows.values_list(*columns)})


def matrix_of(user: "User") -> Matrix:
    """Every kind by every channel: ``{"created": {"email": True, …}, …}``."""
    wishes = wishes_of([user.pk])
    return {kind: {by.value: wishes.allow(user.pk, kind, by) for by in Channel} for kind in KINDS}
