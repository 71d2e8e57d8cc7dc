"""Conversations over the socket: parse, one call of a service in a thread, answer.

Who is a member is asked anew for each operation, and so is whether the account is still open: a
socket may live longer than either.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone, translation

from accounts.models import User
from booking_site.common import errors
from booking_site.common.actors import Actor
from booking_site.common.pace import Pace, wait_for
from booking_site.common.transactions import run_in_transaction
from chat.api.rendering import conversation_answer, message_answer
from chat.limits import MESSAGES
from chat.models import Message, MessageKind
from chat.presenters.messages import message_data
from chat.selectors.reading import Thread, message_of, thread_of
from chat.services import Draft, edit, mark_delivered, mark_read, post, take_back
from chat.services.sending import words_errors
from notifications.consumers.asking import Data, Refusal, id_in, number_in, text_in
from notifications.consumers.threads import in_thread
from notifications.frames import ephemeral
from notifications.gateways.hints import publish_told
from notifications.selectors.listeners import listeners_of
from notifications.selectors.stream import newest_messages

if TYPE_CHECKING:
    from notifications.consumers.socket import Socket

READS = Pace("reads", rate=1, burst=10)
ACKS = Pace("acks", rate=2, burst=20)
# What is more is not told, and nobody misses it.
TYPING = Pace("typing", rate=1 / 3, burst=1)
STOPPING = Pace("stopping", rate=1 / 3, burst=1)

Work = Callable[[User, datetime], Data]


async def join(socket: "Socket", data: Data) -> Data:
    """How a conversation stands. Its messages come to every socket of its members without this."""
    pk = id_in(data, "conversationId")
    return await _done(socket, data, lambda user, _at: conversation_answer(thread_of(user, pk)))


async def send_message(socket: "Socket", data: Data) -> Data:
    """Answered when it is committed. A repetition is answered with the message that was sent
    before, and ``dup``."""
    pk, draft = id_in(data, "conversationId"), _draft(data)
    return await _done(socket, data, partial(_send, pk, draft), pace=MESSAGES)


def _send(pk: int, draft: Draft, user: User, at: datetime) -> Data:
    _require_short(draft.text)
    posted = post(pk, draft, by=Actor.of(user), at=at)
    if posted.is_new:
        # Nobody can have it yet.
        return message_data(posted.message) | {"status": "sent"}
    return message_answer(posted.message, thread_of(user, pk)) | {"dup": True}


async def edit_message(socket: "Socket", data: Data) -> Data:
    where = id_in(data, "conversationId"), id_in(data, "messageId")
    return await _done(socket, data, partial(_edit, where, _content(data)[0]), pace=MESSAGES)


def _edit(where: tuple[int, int], text: str, user: User, at: datetime) -> Data:
    _require_short(text)
    thread, message = _found(where, user)
    changed = run_in_transaction(partial(edit, message, text, by=Actor.of(user), at=at))
    return message_answer(changed, thread)


async def delete_message(socket: "Socket", data: Data) -> Data:
    where = id_in(data, "conversationId"), id_in(data, "messageId")
    return await _done(socket, data, partial(_delete, where), pace=MESSAGES)


def _delete(where: tuple[int, int], user: User, at: datetime) -> Data:
    thread, message = _found(where, user)
    gone = run_in_transaction(partial(take_back, message, by=Actor.of(user), at=at))
    return message_answer(gone, thread)


def _found(where: tuple[int, int], user: User) -> tuple[Thread, Message]:
    thread = thread_of(user, where[0])
    return thread, message_of(thread, where[1])


async def read(socket: "Socket", data: Data) -> Data:
    pk, seq = id_in(data, "conversationId"), number_in(data, "seq")
    return await _done(socket, data, partial(_read, pk, seq), pace=READS)


def _read(pk: int, seq: int, user: User, at: datetime) -> Data:
    seq = run_in_transaction(partial(mark_read, pk, seq, by=Actor.of(user), at=at))
    return {"conversationId": str(pk), "seq": seq}


async def type_in(socket: "Socket", data: Data) -> Data:
    """Told at most every three seconds, to whoever is there and may hear of one. Kept nowhere."""
    pk, is_typing = id_in(data, "conversationId"), data.get("isTyping", True)
    if not isinstance(is_typing, bool):
        raise Refusal("bad_frame", "isTyping must be true or false")
    return await _done(socket, data, partial(_type, pk, is_typing))


def _type(pk: int, is_typing: bool, user: User, at: datetime) -> Data:
    others = listeners_of(pk, user)
    if not wait_for(TYPING if is_typing else STOPPING, user.pk):
        told = {"conversationId": str(pk), "userId": str(user.pk), "isTyping": is_typing}
        publish_told(others, ephemeral("user-typing", told))
    return {}


async def acknowledge(socket: "Socket", data: Data) -> Data:
    """The client has kept everything up to ``u``: the messages in it are delivered."""
    u = number_in(data, "u")
    since, until = socket.acked, min(u, socket.mine)
    if until > since:
        await _done(socket, data, partial(_deliver, since, until), pace=ACKS)
        socket.acked = max(socket.acked, until)
    return {"u": u}


def _deliver(since: int, until: int, user: User, at: datetime) -> Data:
    newest = newest_messages(user.pk, since, until)
    if newest:
        run_in_transaction(partial(mark_delivered, user.pk, newest, at=at))
    return {}


# --- What all of them share


async def _done(socket: "Socket", data: Data, work: Work, *, pace: Pace | None = None) -> Data:
    """In a thread, by whoever's socket it is: an address or a name in a frame grants nothing."""
    user_id = socket.visitor.user_id
    for name in ("senderId", "userId"):
        if data.get(name) is not None and str(data[name]) != str(user_id):
            raise Refusal("forbidden", f"{name} is not yours")
    return await in_thread(_as_user, user_id, work, pace)


def _as_user(user_id: int, work: Work, pace: Pace | None) -> Data:
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise Refusal("forbidden", "this account is closed")
    with translation.override(user.locale):
        wait = wait_for(pace, user_id) if pace is not None else 0
        if wait:
            raise Refusal("rate_limited", str(errors.TooMany.message), after_ms=wait)
        try:
            return work(user, timezone.now())
        except errors.Refusal as refused:
            raise _in_frames(refused) from refused


def _in_frames(refused: errors.Refusal) -> Refusal:
    """By its own code and words; where a field is to blame, what is said of that."""
    seconds = getattr(refused, "retry_after", 0)
    code = "busy" if isinstance(refused, errors.Unavailable) else refused.code
    for said in refused.errors.values():
        return Refusal(code, said[0] if isinstance(said, list) else str(said))
    return Refusal(code, str(refused), after_ms=seconds * 1000)


def _draft(data: Data) -> Draft:
    text, sticker, attachment = _content(data)
    reply_to = data.get("replyToId")
    return Draft(
        text=text,
        kind=text_in(data, "messageType", default=MessageKind.TEXT.value),
        sticker=sticker,
        attachment=attachment,
        reply_to_id=id_in(data, "replyToId") if reply_to is not None else None,
        client_id=text_in(data, "clientId"),
    )


def _content(data: Data) -> tuple[str, str, str]:
    """Text, sticker and file. What else is said of a file is known already."""
    content: Any = data.get("content")
    if isinstance(content, str):
        content = {"text": content}
    if not isinstance(content, dict):
        raise Refusal("bad_frame", "content must be an object")
    text, sticker, attachment = (
        text_in(content, name, default="") for name in ("text", "sticker", "attachmentId")
    )
    return text, sticker, attachment


def _require_short(text: str) -> None:
    """Said before anything else, and by a code of its own."""
    if len(text.strip()) > settings.CHAT_MESSAGE_LENGTH:
        raise Refusal("too_large", words_errors(text, needed=False)["content"][0])
