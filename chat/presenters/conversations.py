"""A conversation in the shape of contract.md, as one member sees it."""

from typing import Any

from django.utils.translation import gettext as _

from chat.models import Conversation, ConversationType, Participant
from chat.selectors.reading import Thread

from .cards import card_of
from .messages import message_data, status_of
from .people import name_of, person_data


def conversation_data(thread: Thread) -> dict[str, Any]:
    last, since = thread.last, thread.own.joined_seq
    newest = [message_data(last, since=since) | {"status": status_of(last, thread)}] if last else []
    return {**head_data(thread), "messages": newest}


def head_data(thread: Thread) -> dict[str, Any]:
    """All but what was said last."""
    conversation = thread.conversation
    return {
        **facts_of(conversation, thread.members),
        "name": name_for(thread),
        "card": card_for(thread),
        "_count": {"messages": thread.count},
        "unreadCount": thread.unread,
        "isMuted": thread.own.is_muted,
        "lastSeq": conversation.last_seq,
        "lastReadSeq": thread.own.last_read_seq,
        "updatedAt": conversation.updated_at.isoformat(),
    }


def facts_of(conversation: Conversation, members: list[Participant]) -> dict[str, Any]:
    """What is the same for all its members."""
    return {
        "id": str(conversation.pk),
        "name": conversation.name,
        "type": conversation.type,
        "isActive": conversation.is_active,
        "metadata": {
            "serviceId": str(conversation.listing_id) if conversation.listing_id else None,
            "orderId": str(conversation.appointment_id) if conversation.appointment_id else None,
        },
        "participants": [participant_data(row) for row in members],
        "createdAt": conversation.created_at.isoformat(),
        "updatedAt": conversation.updated_at.isoformat(),
    }


def participant_data(row: Participant) -> dict[str, Any]:
    return {
        "user": person_data(row.user),
        "role": row.role,
        "joinedAt": row.joined_at.isoformat(),
        "lastReadAt": row.last_read_at.isoformat() if row.last_read_at else None,
        "lastReadSeq": row.last_read_seq,
        "lastDeliveredSeq": row.last_delivered_seq,
    }


def name_for(thread: Thread) -> str:
    """A group's own; else the name of whom one talks to."""
    if thread.conversation.type == ConversationType.SYSTEM:
        return _("From the site")
    if thread.conversation.name:
        return thread.conversation.name
    others = thread.others
    return name_of(others[0].user) if others else _("Somebody who has left")


def card_for(thread: Thread) -> dict[str, Any] | None:
    """Of the appointment, for the two whose it is now: whoever it was taken from sees no more of
    it."""
    return card_of(thread.conversation.appointment, thread.own.user_id)
