"""Sending a message: one row and one number for it, however often it is sent."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from booking_site.common.actors import Actor, ActorKind
from booking_site.common.errors import Invalid, NotFound
from booking_site.common.events import publish
from booking_site.common.lines import is_odd_in_a_text, seems_empty
from booking_site.common.transactions import run_in_transaction
from chat.errors import Archived, Blocked, ClientIdUsed, WordsRefused
from chat.events import MessageSent
from chat.gateways.words import word_filter
from chat.models import (
    Attachment,
    ChatAction,
    Conversation,
    ConversationType,
    Message,
    MessageKind,
    Participant,
)
from chat.rules import LONGEST_CLIENT_ID, STICKERS
from chat.selectors.members import as_members

from .counting import count_after_commit, failures_counted
from .log import note
from .numbering import next_number

BY_PEOPLE = (
    MessageKind.TEXT,
    MessageKind.IMAGE,
    MessageKind.VOICE,
    MessageKind.FILE,
    MessageKind.STICKER,
)


@dataclass(frozen=True)
class Draft:
    """What somebody wants to send. ``attachment``: the key of a file of theirs, for the kinds that
    are files; ``sticker``: a name of chat.rules. ``client_id``: what their device calls it."""

    text: str = ""
    kind: str = MessageKind.TEXT
    sticker: str = ""
    attachment: str = ""
    reply_to_id: int | None = None
    client_id: str | None = None

    @property
    def fingerprint(self) -> str:
        told = {name: value for name, value in asdict(self).items() if name != "client_id"}
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


class AlreadySent(Exception):
    """Under this client_id: the transaction is rolled back, which gives the number back."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True)
class Posted:
    message: Message
    is_new: bool


def post(conversation_id: int, draft: Draft, *, by: Actor, at: datetime) -> Posted:
    """``send`` with its transaction: what most doors call. A repetition gives the message that was
    sent before. Raises as ``send``."""
    work = partial(send, conversation_id, draft, by=by, at=at)
    try:
        with posting(conversation_id, draft, by=by):
            return Posted(run_in_transaction(work), is_new=True)
    except AlreadySent as before:
        return Posted(before.message, is_new=False)


@contextmanager
def posting(conversation_id: int, draft: Draft, *, by: Actor) -> Iterator[None]:
    """Around the transaction of whoever calls ``send`` in one of their own. Raises AlreadySent,
    which is theirs to answer, and NotFound for who is no member before they can keep members
    waiting for the lock."""
    with failures_counted(but=AlreadySent):
        own = Participant.objects.present().filter(conversation=conversation_id, user=_writer(by))
        if not own.exists():
            raise NotFound
        try:
            yield
        except IntegrityError as error:
            # Sent into two conversations at the same moment: each waited for a lock of its own.
            raise_if_used(conversation_id, draft, by=by)
            raise error


def raise_if_used(conversation_id: int, draft: Draft, *, by: Actor) -> None:
    """Whether this name has been used. Raises AlreadySent, ClientIdUsed."""
    if draft.client_id is None:
        return
    before = Message.objects.filter(sender=by.user, client_id=draft.client_id).first()
    if before is None:
        return
    # To MariaDB's collation, "abc" and "ABC" are one name: rather refused than taken for the other.
    named = before.client_id == draft.client_id
    same = before.conversation_id == conversation_id and before.fingerprint == draft.fingerprint
    if not (named and same):
        raise ClientIdUsed
    raise AlreadySent(Message.objects.with_parts().get(pk=before.pk))


# No savepoint of its own: a message stands or falls with the change it is part of.
@transaction.atomic(savepoint=False)
def send(conversation_id: int, draft: Draft, *, by: Actor, at: datetime) -> Message:
    """A member writes. They have read everything up to there. The queries are as many whatever was
    said before. Takes its lock before anything is read, so it is the first thing that a transaction
    does: under REPEATABLE READ who is in it would be those of before.

    Raises NotFound, Invalid, Archived, Blocked, WordsRefused, ClientIdUsed; AlreadySent with the
    first message where the device sends it again.
    """
    user = _writer(by)
    conversation, members = next_number(conversation_id, at=at, writer_id=user.pk)
    own = next((row for row in members if row.user_id == user.pk), None)
    if own is None or not own.user.is_active:
        raise NotFound
    raise_if_used(conversation_id, draft, by=by)
    require_open(conversation, members, writer_id=user.pk)
    text, found = _looked_at(draft)
    message = Message(
        conversation=conversation,
        seq=conversation.last_seq,
        # With the realtor they may be, who gives the name they are shown by.
        sender=own.user,
        client_id=draft.client_id,
        fingerprint=draft.fingerprint,
        kind=draft.kind,
        body=text,
        meta={"sticker": draft.sticker} if draft.sticker else {},
        reply_to=_replied_to(draft, own),
        created_at=at,
    )
    message.save(force_insert=True)
    message.has_files(_attached(message, draft, user))
    read = {"last_read_seq": message.seq, "last_delivered_seq": message.seq, "last_read_at": at}
    Participant.objects.filter(pk=own.pk).update(**read)
    if found:
        note(conversation, ChatAction.FILTERED, message=message, by=by, at=at)
    count_after_commit(message)
    publish(MessageSent(conversation.pk, as_members(members), at, message))
    return message


def _writer(by: Actor) -> User:
    if by.kind != ActorKind.USER or by.user is None or not by.user.is_active:
        raise NotFound
    return by.user


def require_open(
    conversation: Conversation, members: list[Participant], *, writer_id: int | None
) -> None:
    """``members``: as they stand to the writer (members_of). Raises Archived, Blocked."""
    if not conversation.is_active or conversation.type == ConversationType.SYSTEM:
        raise Archived
    if not conversation.is_direct:
        return
    others = [row for row in members if row.user_id != writer_id]
    for other in others:
        if other.is_blocked:  # type: ignore[attr-defined]
            raise Blocked(_("You have blocked this person. Unblock them to write to them."))
        if other.has_blocked or not other.user.is_active:  # type: ignore[attr-defined]
            raise Blocked
    if not others:
        raise Blocked


def _looked_at(draft: Draft) -> tuple[str, int]:
    """The words that may be sent, and how many the filter has changed."""
    check_shape(draft)
    text = draft.text.strip()
    if not text:
        return "", 0
    verdict = word_filter().look_at(text)
    if verdict.is_refused:
        raise WordsRefused
    return verdict.text, verdict.found


def check_shape(draft: Draft) -> None:
    """What can be said of it before anything is locked. Raises Invalid."""
    errors: dict[str, list[str]] = {}
    client_id = draft.client_id
    if draft.kind not in BY_PEOPLE:
        errors["messageType"] = [_("Choose one of: %(kinds)s.") % {"kinds": ", ".join(BY_PEOPLE)}]
    if client_id is not None and not (
        0 < len(client_id) <= LONGEST_CLIENT_ID and client_id.isascii() and client_id.isprintable()
    ):
        message = _("Use 1 to %(count)s printable characters.") % {"count": LONGEST_CLIENT_ID}
        errors["clientId"] = [message]
    if draft.kind == MessageKind.STICKER and draft.sticker not in STICKERS:
        errors["content"] = [_("There is no such sticker.")]
    if draft.kind in (MessageKind.IMAGE, MessageKind.VOICE, MessageKind.FILE):
        if not draft.attachment:
            errors["content"] = [_("Upload the file first, and name it by its id.")]
    elif draft.attachment:
        errors["content"] = [_("Only pictures, voices and files have an attachment.")]
    errors |= words_errors(draft.text, needed=draft.kind == MessageKind.TEXT)
    if errors:
        raise Invalid(errors=errors)


def words_errors(text: str, *, needed: bool) -> dict[str, list[str]]:
    longest = settings.CHAT_MESSAGE_LENGTH
    if needed and seems_empty(text):
        return {"content": [_("Please write something.")]}
    if len(text.strip()) > longest:
        return {"content": [_("Please keep it to %(count)s characters.") % {"count": longest}]}
    if any(is_odd_in_a_text(sign) for sign in text):
        return {"content": [_("Must not hold control characters.")]}
    return {}


def _replied_to(draft: Draft, own: Participant) -> Message | None:
    if draft.reply_to_id is None:
        return None
    rows = Message.objects.filter(
        pk=draft.reply_to_id, conversation=own.conversation_id, seq__gt=own.joined_seq
    )
    found = rows.select_related("sender__realtor").first()
    if found is None:
        raise NotFound(errors={"replyToId": [str(NotFound.message)]})
    return found


def _attached(message: Message, draft: Draft, user: User) -> list[Attachment]:
    """The file becomes this message's, if it is the writer's own, of this conversation and kind,
    and has not been sent."""
    if not draft.attachment:
        return []
    waiting = Attachment.objects.unsent().filter(
        key=draft.attachment,
        uploader=user,
        conversation=message.conversation_id,
        kind=message.kind,
    )
    if not waiting.update(message=message):
        raise NotFound(errors={"content": [str(NotFound.message)]})
    return list(Attachment.objects.filter(message=message))
