"""Who has had something waiting for a while that they have not seen."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from chat.models import Block, Message, MessageQuerySet, Participant, ParticipantQuerySet

from .policy import chat_policy

# Of what has lain for longer nobody is told any more. It also keeps the search to conversations
# that were written in lately.
TOLD_WITHIN = timedelta(days=3)
AT_ONCE = 200
MOST_COUNTED = 99


@dataclass(frozen=True)
class Waiting:
    """What somebody has not read: ``own`` is their row, ``last`` the newest of the messages that
    are still there, ``count`` how many these are (MOST_COUNTED and no more)."""

    own: Participant
    last: Message
    count: int


def unseen(*, at: datetime) -> list[Participant]:
    """Those who are to be told now, some of them where they are many: they do not know of a message
    that has waited for as long as staff have said (chat_policy), and have read all that they were
    told of before. Two queries."""
    before = at - chat_policy().unseen_after
    oldest = _said_to(
        conversation=OuterRef("conversation"),
        read=OuterRef("last_read_seq"),
        reader=OuterRef(OuterRef("user")),
    )
    rows = _reachable().filter(
        Exists(oldest.filter(created_at__lte=before)),
        reminded_seq__lte=F("last_read_seq"),
        conversation__updated_at__gte=before - TOLD_WITHIN,
    )
    return list(rows.select_related("conversation", "user").order_by("pk")[:AT_ONCE])


def waiting_for(participant_id: int) -> Waiting | None:
    """As it is now; None when they have read it, it was taken back, or they want to hear nothing of
    it any more. Three queries."""
    rows = _reachable().filter(pk=participant_id)
    own = rows.select_related("conversation", "user").first()
    if own is None:
        return None
    said = _said_to(
        conversation=own.conversation_id, read=own.last_read_seq, reader=own.user_id
    ).order_by("-seq")
    last = said.with_parts().first()
    return Waiting(own, last, said[:MOST_COUNTED].count()) if last else None


def _reachable() -> ParticipantQuerySet:
    """With something unread in a conversation that goes on and is not muted."""
    return Participant.objects.counted().filter(user__is_active=True)


def _said_to(*, conversation: Any, read: Any, reader: Any) -> MessageQuerySet:
    """What ``reader`` has not read and would want to know of: not what was taken back, not what
    somebody says whom they have blocked, and of the site only what has words of its own. Nothing of
    theirs is among it, because whoever writes has read up to there."""
    blocked = Block.objects.filter(blocker=reader, blocked=OuterRef("sender"))
    return Message.objects.filter(
        Q(sender__isnull=False) | ~Q(body=""),
        ~Exists(blocked),
        conversation=conversation,
        seq__gt=read,
        deleted_at=None,
        hidden_at=None,
    )
