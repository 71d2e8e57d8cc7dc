"""The log of conversations."""

from datetime import datetime

from booking_site.common.actors import Actor
from chat.models import ChatAction, ChatLogEntry, Conversation, Message


def note(
    conversation: Conversation,
    action: ChatAction,
    *,
    by: Actor,
    at: datetime,
    message: Message | None = None,
    reason: str = "",
) -> ChatLogEntry:
    return ChatLogEntry.objects.create(
        conversation=conversation,
        message=message,
        action=action,
        actor_kind=by.kind,
        actor_user=by.user,
        reason=reason,
        at=at,
    )
