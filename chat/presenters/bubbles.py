"""Messages as the pages show them, with what stands between them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy

from accounts.models import User
from chat.gateways.pictures import SMALL_SIDE
from chat.models import Message, MessageKind, Participant
from chat.presenters import times
from chat.presenters.messages import BY_SITE, attachment_data, preview, quoted_in, status_for
from chat.presenters.notes import said_by_the_site
from chat.presenters.orders import shown_order
from chat.presenters.people import name_of
from chat.presenters.stickers import sticker_label
from chat.rules import STICKERS, may_still_change
from chat.selectors.reading import Thread

# Of one person, so soon after each other, messages stand together under one name.
TOGETHER = timedelta(minutes=5)
STATUSES = {
    "sent": gettext_lazy("Sent"),
    "delivered": gettext_lazy("Delivered"),
    "read": gettext_lazy("Read"),
}
EMOJI = [
    *("😀", "😂", "😊", "😍", "🤔", "😅", "😢", "😮", "😴", "😎"),
    *("👍", "👎", "👌", "🙏", "👏", "💪", "👋", "✌️", "❤️", "🎉"),
    *("🌟", "🔥", "☀️", "🌧️", "☕", "🍜", "🏠", "🔑", "🚗", "🚇"),
    *("📍", "📷", "📄", "💰", "⏰", "📅", "✅", "❓"),
]


def stickers() -> list[dict[str, Any]]:
    return [_sticker(name) for name in STICKERS]


def _sticker(name: str) -> dict[str, Any]:
    """One that is gone from the list is a word."""
    src = f"img/stickers/{name}.svg" if name in STICKERS else ""
    return {"name": name, "src": src, "label": sticker_label(name)}


def items_of(
    thread: Thread,
    messages: Iterable[Message],
    *,
    at: datetime,
    before: Message | None = None,
    divided: bool = False,
) -> list[dict[str, Any]]:
    """Messages with what stands between them: the first of a day begins it (``day``), and
    ``divided`` the first unread one of others says so (``fresh``). ``before``: what came before
    them, which a person's next message stands together with."""
    items, read_up_to = [], thread.own.last_read_seq
    previous, others = before, thread.others
    for message in messages:
        item = _message(message, thread.own, others, at)
        day = times.day_of(message.created_at, at)
        if previous is None or times.day_of(previous.created_at, at)["key"] != day["key"]:
            item["day"] = day
        elif previous is not None:
            item["follows"] = _together(previous, message)
        if divided and message.seq > read_up_to and not item["own"]:
            item["fresh"], divided = True, False
            item["follows"] = False
        items.append(item)
        previous = message
    return items


def _together(previous: Message, message: Message) -> bool:
    return (
        message.sender_id is not None
        and previous.sender_id == message.sender_id
        and message.created_at - previous.created_at < TOGETHER
    )


def _message(
    message: Message, own: Participant, others: list[Participant], at: datetime
) -> dict[str, Any]:
    is_own, gone = message.sender_id == own.user_id, message.is_gone
    item: dict[str, Any] = {
        "id": message.pk,
        "seq": message.seq,
        "conversation_id": message.conversation_id,
        "client_id": message.client_id if is_own else None,
        "own": is_own,
        "kind": message.kind,
        "by_site": message.kind in BY_SITE,
        "name": name_of(message.sender) if message.sender else "",
        "face": face_for(message.sender),
        "text": "",
        "time": times.clock(message.created_at),
        "at": message.created_at,
        "edited": message.edited_at is not None and not gone,
        "gone": preview(message) if gone else "",
        "status": status_for(message.seq, others) if is_own else "",
    }
    if is_own:
        item["said_status"] = STATUSES[item["status"]]
        item["changeable"] = not gone and may_still_change(
            message.created_at, at, minutes=settings.CHAT_EDIT_MINUTES
        )
    if not gone:
        item |= _content(message, quoted_in(message, since=own.joined_seq))
        item |= shown_order(message, own.user_id, at)
    return item


def _content(message: Message, answered: Message | None) -> dict[str, Any]:
    if message.kind in BY_SITE:
        # What the site has written to somebody is a message; the rest are notes in between.
        written = message.kind == MessageKind.SYSTEM and bool(message.body)
        return {"text": said_by_the_site(message), "written": written}
    if message.kind == MessageKind.STICKER:
        return {"sticker": _sticker(message.meta.get("sticker", ""))}
    return {
        "text": message.body,
        "files": [_file(attachment_data(one)) for one in message.attachments.all()],
        "reply": _reply(answered) if answered else None,
    }


def _file(data: dict[str, Any]) -> dict[str, Any]:
    return data | {
        "shown_size": filesizeformat(data["size"]),
        "length": times.length(data["duration"]),
        "box": _box(data["width"], data["height"]),
    }


def _box(width: int | None, height: int | None) -> dict[str, int] | None:
    """The room of the small picture, kept before the picture is there: in pixels of the page."""
    if not width or not height:
        return None
    scale = min(1.0, SMALL_SIDE / max(width, height))
    return {"width": max(1, round(width * scale)), "height": max(1, round(height * scale))}


def _reply(message: Message) -> dict[str, Any]:
    return {"seq": message.seq, "name": name_of(message.sender), "text": preview(message)}


def quoted(message: Message) -> dict[str, Any]:
    """What an answer stands under, while it is written."""
    return {"id": message.pk, **_reply(message)}


def face_for(user: User | None) -> dict[str, Any]:
    if user is None:
        return {"icon": "bell"}
    picture = user.avatar_url if user.is_active else None
    return {"name": name_of(user), "seed": user.pk, "picture_url": picture}
