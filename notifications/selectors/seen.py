"""Who is there, as conversations show it (chat.gateways.presence)."""

from collections.abc import Iterable

from booking_site.common.shared_redis import Down
from chat.gateways.presence import Seen
from notifications.gateways.presence import online_among
from notifications.gateways.shown import still_shown
from notifications.models import LastSeen


def seen(user_ids: Iterable[int]) -> dict[int, Seen]:
    """One query, and two looks into Redis. Who has left a moment ago is still there. Nobody can say
    while Redis is down."""
    ids = list(user_ids)
    last = dict(LastSeen.objects.filter(pk__in=ids).values_list("pk", "at"))
    there = _there(ids)
    return {pk: Seen(None if there is None else pk in there, last.get(pk)) for pk in ids}


def _there(ids: list[int]) -> set[int] | None:
    try:
        return online_among(ids) | still_shown(ids)
    except Down:
        return None
