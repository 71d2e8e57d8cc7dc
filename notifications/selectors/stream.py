"""Reading the streams of users."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models.fields.json import KT

from notifications.models import UserEvent, UserStream

# How many events one look brings; whoever has missed more looks again,
PAGE = 500
# and whoever has missed more than that begins anew.
MOST_MISSED = 5000


@dataclass(frozen=True)
class Position:
    """``last``: the number of the newest event; ``floor``: of the oldest that is kept."""

    last: int = 0
    floor: int = 1

    def knows(self, since: int) -> bool:
        """Whether whoever has everything up to ``since`` can be told the rest."""
        return self.floor - 1 <= since <= self.last and self.last - since <= MOST_MISSED


def position_of(user_id: int) -> Position:
    found = UserStream.objects.filter(pk=user_id).values_list("last_u", "floor_u").first()
    return Position(*found) if found else Position()


def events_after(user_id: int, since: int, *, most: int = PAGE) -> list[UserEvent]:
    """In order. One query, a range of the primary key."""
    rows = UserEvent.objects.filter(user_id=user_id, u__gt=since)
    return list(rows.order_by("u")[:most])


def positions(user_ids: Iterable[int]) -> dict[int, int]:
    """The newest number of each who has a stream."""
    return dict(UserStream.objects.filter(pk__in=user_ids).values_list("pk", "last_u"))


def newest_messages(user_id: int, since: int, until: int) -> dict[int, int]:
    """The greatest number in each conversation of what was told between the two, but of the last
    page of it at most. One query, a range of the primary key."""
    rows = UserEvent.objects.filter(
        user_id=user_id, u__gt=max(since, until - PAGE), u__lte=until, event="new-message"
    )
    newest: dict[int, int] = {}
    for pk, seq in rows.values_list("conversation_id", KT("payload__data__seq")):
        if pk is not None:
            newest[pk] = max(newest.get(pk, 0), int(seq))
    return newest
