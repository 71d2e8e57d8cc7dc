"""To whom it is told that somebody is writing, or has come and gone."""

from django.db.models import Q

from accounts.models import User
from booking_site.common.errors import NotFound
from chat.models import Block, ConversationType, Participant
from chat.selectors.members import members_of


def listeners_of(conversation_id: int, user: User) -> list[int]:
    """The others in one of the user's conversations in which people write, but for those who have
    blocked them or whom they have blocked. One query. Raises NotFound."""
    rows = members_of(conversation_id, writer_id=user.pk)
    if user.pk not in {row.user_id for row in rows}:
        raise NotFound
    conversation = rows[0].conversation
    if not conversation.is_active or conversation.type == ConversationType.SYSTEM:
        return []
    return [
        row.user_id
        for row in rows
        if row.user_id != user.pk and row.user.is_active and not (row.has_blocked or row.is_blocked)  # type: ignore[attr-defined]
    ]


def acquainted(user_ids: list[int]) -> dict[int, set[int]]:
    """Of each those with whom they share a conversation now, but for whom they have blocked or who
    has blocked them. Two queries."""
    rows = Participant.objects.present().filter(
        conversation__participants__user__in=user_ids,
        conversation__participants__left_at=None,
    )
    pairs = rows.order_by().values_list("conversation__participants__user", "user").distinct()
    apart = Block.objects.filter(Q(blocker__in=user_ids) | Q(blocked__in=user_ids))
    blocked = set(apart.values_list("blocker", "blocked"))
    found: dict[int, set[int]] = {}
    for one, other in pairs:
        if one != other and not {(one, other), (other, one)} & blocked:
            found.setdefault(one, set()).add(other)
    return found
