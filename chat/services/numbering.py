"""Numbers of messages: without holes, and visible in their order."""

from datetime import datetime

from django.db.models import F

from booking_site.common.errors import NotFound
from chat.models import Conversation, Participant
from chat.selectors.members import members_of


def next_number(
    conversation_id: int, *, at: datetime, writer_id: int | None = None
) -> tuple[Conversation, list[Participant]]:
    """Take the next one: ``last_seq`` of the conversation that comes back, with its members as they
    are. The row stays locked until the transaction ends, so the next writer waits, and a rollback
    gives the number back. Two queries. Raises NotFound where nobody is in it."""
    rows = Conversation.objects.filter(pk=conversation_id)
    rows.update(last_seq=F("last_seq") + 1, updated_at=at)
    members = members_of(conversation_id, writer_id=writer_id)
    if not members:
        raise NotFound
    return members[0].conversation, members
