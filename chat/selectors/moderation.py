"""Conversations for those who look after them."""

from datetime import datetime

from accounts.models import User
from booking_site.common.actors import Actor
from booking_site.common.errors import NotFound
from chat.models import (
    Attachment,
    ChatAction,
    ChatLogEntry,
    Conversation,
    Message,
    MessageReport,
    Participant,
)
from chat.permissions import may_look_after
from chat.rules import READING_LASTS, page_of_numbers

READ_AT_ONCE = 50


def reading_of(entry_id: int, user: User, *, at: datetime) -> ChatLogEntry:
    """What lets this member of staff read: their own entry in the log, which says why, while it
    lasts and they still look after the conversation. Raises NotFound."""
    rows = ChatLogEntry.objects.filter(
        pk=entry_id, action=ChatAction.READ, actor_user=user, at__gt=at - READING_LASTS
    )
    found = rows.select_related("conversation__store", "conversation__appointment").first()
    if found is None or not may_look_after(Actor.of(user), found.conversation):
        raise NotFound
    return found


def messages_for_staff(conversation: Conversation, *, page: int) -> list[Message]:
    """Ascending; page 1 ends with the newest. With what is hidden."""
    low, high = page_of_numbers(first=1, last=conversation.last_seq, page=page, limit=READ_AT_ONCE)
    if low > high:
        return []
    rows = Message.objects.filter(conversation=conversation, seq__range=(low, high))
    return list(rows.with_parts().order_by("seq"))


def pages_of(conversation: Conversation) -> int:
    return max(1, -(-conversation.last_seq // READ_AT_ONCE))


def message_for_staff(conversation: Conversation, message_id: int) -> Message:
    """Raises NotFound."""
    found = Message.objects.with_parts().filter(conversation=conversation, pk=message_id).first()
    if found is None:
        raise NotFound
    found.conversation = conversation
    return found


def attachment_for_staff(conversation: Conversation, key: str) -> Attachment:
    """Of a message of this conversation. Raises NotFound."""
    rows = Attachment.objects.filter(conversation=conversation, key=key, message__isnull=False)
    found = rows.first()
    if found is None:
        raise NotFound
    return found


def people_in(conversation: Conversation) -> list[Participant]:
    """Also those who have left: what they said is still there."""
    rows = Participant.objects.filter(conversation=conversation)
    return list(rows.select_related("user__realtor").order_by("joined_at", "id"))


def reports_of(messages: list[Message]) -> dict[int, list[MessageReport]]:
    """The open ones, by message."""
    ids = [one.pk for one in messages]
    found: dict[int, list[MessageReport]] = {}
    for report in MessageReport.objects.open().filter(message__in=ids).order_by("id"):
        found.setdefault(report.message_id or 0, []).append(report)
    return found
