"""A message in the shape of contract.md, as the API answers it and as frames carry it."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from chat.models import Attachment, Message, MessageKind, Participant
from chat.rules import STICKERS, may_still_change, preview_of
from chat.selectors.about import is_of_order
from chat.selectors.reading import Thread

from .cards import card_data
from .notes import said_by_the_site
from .people import person_data
from .stickers import sticker_label

BY_SITE = (MessageKind.SYSTEM, MessageKind.ORDER)


def message_data(message: Message, *, since: int = 0) -> dict[str, Any]:
    """In the active language, where the site wrote it. What was taken back has no content, and what
    was said up to ``since``, before its reader came, is not quoted."""
    quoted = quoted_in(message, since=since)
    return {
        "id": str(message.pk),
        "conversationId": str(message.conversation_id),
        "seq": message.seq,
        "clientId": message.client_id,
        "sender": person_data(message.sender) if message.sender else None,
        "messageType": message.kind,
        "content": content_of(message),
        "replyTo": reply_data(quoted) if quoted else None,
        "attachments": []
        if message.is_gone
        else [attachment_data(one) for one in message.attachments.all()],
        "metadata": _metadata(message),
        "createdAt": message.created_at.isoformat(),
        "editedAt": message.edited_at.isoformat() if message.edited_at else None,
        "deletedAt": _gone_at(message),
    }


def quoted_in(message: Message, *, since: int) -> Message | None:
    """What it answers, if that was said after ``since``."""
    quoted = message.reply_to
    return quoted if quoted is not None and quoted.seq > since else None


def content_of(message: Message) -> dict[str, Any]:
    if message.is_gone:
        return {}
    if message.kind in BY_SITE:
        return _by_the_site(message)
    if message.kind == MessageKind.STICKER:
        name = message.meta.get("sticker", "")
        return {"sticker": name, "text": STICKERS.get(name, "")}
    if message.kind == MessageKind.TEXT:
        return {"text": message.body}
    data: dict[str, Any] = {"text": message.body} if message.body else {}
    for one in message.attachments.all():
        file = attachment_data(one)
        data |= {"attachmentId": file["id"], "url": file["url"], "name": one.name, "size": one.size}
        if one.seconds is not None:
            data["duration"] = one.seconds
    return data


def _by_the_site(message: Message) -> dict[str, Any]:
    data: dict[str, Any] = {"text": said_by_the_site(message)}
    if message.meta.get("what"):
        data["what"] = message.meta["what"]
    if message.kind == MessageKind.ORDER:
        data["orderId"] = str(message.meta.get("appointment_id"))
        data["status"] = message.meta.get("status")
    return data


def attachment_data(one: Attachment) -> dict[str, Any]:
    return {
        "id": one.key,
        "kind": one.kind,
        "url": reverse("chat_files:large", args=[one.key]),
        "thumbnailUrl": reverse("chat_files:small", args=[one.key]) if one.small else None,
        "name": one.name,
        "size": one.size,
        "contentType": one.content_type,
        "duration": one.seconds,
        "width": one.width,
        "height": one.height,
    }


def reply_data(message: Message) -> dict[str, Any]:
    """As much as a quotation needs."""
    return {
        "id": str(message.pk),
        "seq": message.seq,
        "messageType": message.kind,
        "content": {"text": preview(message)},
        "sender": {"displayName": person_data(message.sender)["displayName"]}
        if message.sender
        else None,
    }


def preview(message: Message) -> str:
    """One line of it, in the active language: for lists, replies and notifications."""
    if message.is_gone:
        return _gone(message)
    if message.kind in BY_SITE:
        return preview_of(said_by_the_site(message))
    if message.kind == MessageKind.STICKER:
        # In words: not every device can draw the sign that stands for it.
        named, label = _("[Sticker]"), sticker_label(message.meta.get("sticker", ""))
        return f"{named} {label}"
    named = {
        MessageKind.IMAGE: _("[Picture]"),
        MessageKind.VOICE: _("[Voice message]"),
        MessageKind.FILE: _("[File]"),
    }.get(MessageKind(message.kind), "")
    files = message.attachments.all() if message.kind == MessageKind.FILE else ()
    said = (named, *(one.name for one in files), preview_of(message.body))
    return " ".join(part for part in said if part)


def _gone(message: Message) -> str:
    """Its author has little time to take it back: what goes later goes with time, or with them."""
    if message.deleted_at is None:
        return _("Hidden by staff")
    minutes = settings.CHAT_EDIT_MINUTES
    if may_still_change(message.created_at, message.deleted_at, minutes=minutes):
        return _("This message was taken back.")
    return _("This message is not kept any more.")


def status_of(message: Message, thread: Thread) -> str | None:
    """``sent``, ``delivered`` or ``read``, for whoever wrote it; null for the others. Read: by
    everybody who is there. Delivery is known where two talk."""
    if message.sender_id != thread.own.user_id:
        return None
    return status_for(message.seq, thread.others)


def status_for(seq: int, others: list[Participant]) -> str:
    if others and all(one.last_read_seq >= seq for one in others):
        return "read"
    delivered = others and all(one.last_delivered_seq >= seq for one in others)
    return "delivered" if delivered else "sent"


def _gone_at(message: Message) -> str | None:
    gone_at = message.deleted_at or message.hidden_at
    return gone_at.isoformat() if gone_at else None


def _metadata(message: Message) -> dict[str, Any]:
    """``order``: of a message about the order of a service, the card of that as it is now; null for
    whom it is not theirs any more."""
    data: dict[str, Any] = {}
    if is_of_order(message):
        data["order"] = card_data(message.order_now) if message.order_now else None
    if message.meta.get("quiet"):
        data["quiet"] = True
    if message.hidden_at is not None:
        data["hidden"] = True
    return data
