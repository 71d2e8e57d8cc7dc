"""How a conversation reads to staff who have said why: with what is hidden, and what is wrong."""

from collections.abc import Sequence
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from chat.models import Attachment, ChatLogEntry, Message
from chat.presenters.messages import BY_SITE, preview
from chat.presenters.notes import said_by_the_site
from chat.presenters.stickers import sticker_label
from chat.rules import STICKERS
from chat.selectors.moderation import reports_of

from .moves import OF_MESSAGES
from .showing import local


def lines_of(messages: Sequence[Message], reading: ChatLogEntry) -> list[dict[str, Any]]:
    reports = reports_of(list(messages))
    return [_line(one, reading, len(reports.get(one.pk, ()))) for one in messages]


def _line(message: Message, reading: ChatLogEntry, reports: int) -> dict[str, Any]:
    is_note = message.kind in BY_SITE
    return {
        "seq": message.seq,
        "who": str(message.sender) if message.sender else _("the site"),
        "when": local(message.created_at, reading.conversation),
        "is_note": is_note,
        "is_hidden": message.hidden_at is not None,
        "words": words_of(message),
        "sticker": _picture(message),
        "quoting": preview(message.reply_to) if message.reply_to else "",
        "files": _files(message, reading),
        "marks": _marks(message, reading, reports),
        "moves": [] if is_note and not message.body else _moves(message, reading),
    }


def words_of(message: Message) -> str:
    """Also of what is hidden: whoever may show it again must know what it is."""
    if message.kind in BY_SITE:
        return said_by_the_site(message)
    name = message.meta.get("sticker", "")
    return sticker_label(name) if name else message.body


def _picture(message: Message) -> str:
    """Of a sticker, the address."""
    name = message.meta.get("sticker", "")
    return static(f"img/stickers/{name}.svg") if name in STICKERS else ""


def about_message(message: Message) -> dict[str, Any]:
    """For the page that asks."""
    return {
        "pk": message.pk,
        "name": str(message.sender) if message.sender else _("the site"),
        "words": words_of(message) or ", ".join(one.name for one in message.attachments.all()),
        "place": local(message.created_at, message.conversation),
    }


def _marks(message: Message, reading: ChatLogEntry, reports: int) -> list[str]:
    marks = []
    if message.deleted_at is not None:
        when = local(message.deleted_at, reading.conversation)
        marks.append(_("Taken back, or too old: %(when)s") % {"when": when})
    elif message.hidden_at is not None:
        when = local(message.hidden_at, reading.conversation)
        marks.append(_("Hidden by staff: %(when)s") % {"when": when})
    if message.edited_at is not None:
        when = local(message.edited_at, reading.conversation)
        marks.append(_("Changed: %(when)s") % {"when": when})
    if reports:
        marks.append(_("Open reports: %(count)s") % {"count": reports})
    return marks


def _files(message: Message, reading: ChatLogEntry) -> list[dict[str, Any]]:
    return [_file(one, reading) for one in message.attachments.all()]


def _file(one: Attachment, reading: ChatLogEntry) -> dict[str, Any]:
    url = reverse("admin:chat_conversation_file", args=[reading.pk, one.key])
    return {
        "kind": one.kind,
        "name": one.name,
        "size": one.size,
        "url": url,
        "small": f"{url}?small" if one.small else url,
    }


def _moves(message: Message, reading: ChatLogEntry) -> list[dict[str, Any]]:
    return [
        {
            "label": move.label,
            "url": reverse(
                "admin:chat_conversation_message", args=[reading.pk, message.pk, move.name]
            ),
        }
        for move in OF_MESSAGES
        if move.suits(message)
    ]
