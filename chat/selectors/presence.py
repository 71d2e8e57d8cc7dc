"""Who is there, as one person may know."""

from collections.abc import Iterable

from django.db.models import Q

from chat.gateways.presence import Seen, seen
from chat.models import Block


def seen_by(viewer_id: int, user_ids: Iterable[int]) -> dict[int, Seen]:
    """For each of those with whom they share a conversation. Of whoever has blocked them, or whom
    they have blocked, nothing is known."""
    ids = set(user_ids)
    rows = Block.objects.filter(
        Q(blocker=viewer_id, blocked__in=ids) | Q(blocked=viewer_id, blocker__in=ids)
    )
    apart = {pk for pair in rows.values_list("blocker", "blocked") for pk in pair} - {viewer_id}
    known = seen(ids - apart)
    return {pk: known.get(pk, Seen()) for pk in ids}
