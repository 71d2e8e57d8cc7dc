"""Changing what one has said, and taking it back: for a while."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.models import User
from booking_site.common.actors import Actor
from booking_site.common.errors import Conflict, Forbidden, Invalid, NotFound
from booking_site.common.events import publish
from chat.errors import Archived, TooLate, WordsRefused
from chat.events import MessageDeleted, MessageEdited
from chat.gateways.words import word_filter
from chat.models import ChatAction, Message, MessageKind, Participant
from chat.rules import may_still_change
from chat.selectors.members import as_members, members_of

from .attaching import delete_attachments
from .conversing import locked
from .log import note
from .sending import require_open, words_errors


@transaction.atomic
def edit(message: Message, text: str, *, by: Actor, at: datetime) -> Message:
    """Other words, by their author. The same words change nothing. Raises NotFound, Forbidden,
    TooLate, Conflict for what was taken back, Invalid, WordsRefused, Archived, Blocked: other words
    are words, too."""
    message, members = _own(message, by, at)
    require_open(message.conversation, members, writer_id=message.sender_id)
    if message.kind == MessageKind.STICKER:
        raise Invalid(errors={"content": [str(Invalid.message)]})
    errors = words_errors(text, needed=message.kind == MessageKind.TEXT)
    if errors:
        raise Invalid(errors=errors)
    verdict = word_filter().look_at(text.strip())
    if verdict.is_refused:
        raise WordsRefused
    if verdict.text == message.body:
        return message
    message.body, message.edited_at = verdict.text, at
    message.save(update_fields=["body", "edited_at"])
    if verdict.found:
        note(message.conversation, ChatAction.FILTERED, message=message, by=by, at=at)
    publish(MessageEdited(message.conversation_id, as_members(members), at, message))
    return message


@transaction.atomic
def take_back(message: Message, *, by: Actor, at: datetime) -> Message:
    """Its words and files go; that something was said stays. Twice is once. Raises NotFound,
    Forbidden, TooLate."""
    if message.deleted_at is not None and by.user_id == message.sender_id:
        return message
    message, members = _own(message, by, at)
    empty(message, at=at)
    publish(MessageDeleted(message.conversation_id, as_members(members), at, message))
    return message


def empty(message: Message, *, at: datetime) -> None:
    """Of its words, its files and what it says; it keeps its number."""
    message.body, message.meta, message.deleted_at = "", {}, at
    message.save(update_fields=["body", "meta", "deleted_at"])
    delete_attachments(message.attachments.all())


def _own(message: Message, by: Actor, at: datetime) -> tuple[Message, list[Participant]]:
    """As it is now, with the members, while the conversation is locked."""
    if by.user is None:
        raise NotFound
    conversation = locked(message.conversation_id)
    members = members_of(conversation.pk, writer_id=by.user.pk)
    if not _is_among(by.user, members):
        raise NotFound
    message = Message.objects.with_parts().get(pk=message.pk)
    message.conversation = conversation
    if message.sender_id != by.user.pk:
        raise Forbidden
    if message.is_gone:
        raise Conflict
    if not conversation.is_active:
        raise Archived
    if not may_still_change(message.created_at, at, minutes=settings.CHAT_EDIT_MINUTES):
        raise TooLate
    return message, members


def _is_among(user: User, members: list[Participant]) -> bool:
    return any(row.user_id == user.pk for row in members)
