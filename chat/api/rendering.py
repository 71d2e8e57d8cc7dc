"""From rows to what the API answers with."""

from collections.abc import Iterable
from typing import Any

from chat.gateways.presence import Seen
from chat.models import Block, Message, MessageReport
from chat.presenters.conversations import conversation_data, name_for
from chat.presenters.messages import message_data, status_of
from chat.presenters.people import person_data
from chat.selectors.presence import seen_by
from chat.selectors.reading import Thread
from chat.selectors.searching import Found


def conversations_answer(threads: list[Thread]) -> list[dict[str, Any]]:
    """Of one person, with who is there, asked once for all of them."""
    people = {row.user_id for thread in threads for row in thread.members}
    there = seen_by(threads[0].own.user_id, people) if threads else {}
    return [_with_presence(thread, there) for thread in threads]


def conversation_answer(thread: Thread) -> dict[str, Any]:
    return conversations_answer([thread])[0]


def message_answer(message: Message, thread: Thread) -> dict[str, Any]:
    told = message_data(message, since=thread.own.joined_seq)
    return told | {"status": status_of(message, thread)}


def messages_answer(messages: Iterable[Message], thread: Thread) -> list[dict[str, Any]]:
    return [message_answer(one, thread) for one in messages]


def found_answer(found: Found) -> dict[str, Any]:
    thread = found.thread
    return {
        "message": message_answer(found.message, thread),
        "conversation": {"id": str(thread.conversation.pk), "name": name_for(thread)},
    }


def report_answer(made: MessageReport) -> dict[str, Any]:
    return {
        "id": str(made.pk),
        "conversationId": str(made.conversation_id),
        "messageId": str(made.message_id) if made.message_id else None,
        "reason": made.reason,
        "words": made.words,
        "state": made.state,
        "createdAt": made.created_at.isoformat(),
    }


def block_answer(block: Block) -> dict[str, Any]:
    return {"user": person_data(block.blocked), "createdAt": block.created_at.isoformat()}


def _with_presence(thread: Thread, there: dict[int, Seen]) -> dict[str, Any]:
    data = conversation_data(thread)
    for row, shown in zip(thread.members, data["participants"], strict=True):
        shown["presence"] = presence_data(there[row.user_id])
    return data


def presence_data(one: Seen) -> dict[str, Any]:
    return {
        "online": one.is_online,
        "lastSeen": one.last_seen.isoformat() if one.last_seen else None,
    }
