"""The list of one's conversations, and one of them. Looking changes nothing: what was read is said
by the script when it was seen, and by whoever answers."""

from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.models import User
from booking_site.common.errors import NotFound
from chat.models import Participant
from chat.presenters import bubbles, pages
from chat.selectors.lists import beside
from chat.selectors.people import is_blocked_by
from chat.selectors.reading import (
    MESSAGES_LIMIT,
    Thread,
    message_of,
    messages_before,
    rows_of,
    threads_from,
)

from .access import page, user_of

PER_PAGE = 25


@page
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "chat/list.html", listed(request))


@page
def thread(request: HttpRequest, conversation_id: int) -> HttpResponse:
    return shown(request, conversation_id)


def listed(request: HttpRequest) -> dict[str, Any]:
    user, at = user_of(request), timezone.now()
    archived = request.GET.get("archived") == "1"
    rows = rows_of(user, archived=archived)
    found: Page[Participant] = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return {
        "rows": pages.rows_for(threads_from(list(found.object_list)), at=at),
        "page": found,
        "archived": archived,
        "query": "archived=1" if archived else "",
    }


def shown(
    request: HttpRequest,
    conversation_id: int,
    *,
    typed: str = "",
    refusal: str = "",
    reply_to: int | None = None,
    status: int = 200,
) -> HttpResponse:
    """``typed`` and ``refusal``: what was to be sent, and why it was not."""
    user, at = user_of(request), timezone.now()
    opened, others = beside(user, conversation_id)
    said = _said(opened, request, at)
    head = pages.head_of(opened, at=at, shown=said.pop("shown"))
    reply = number_in(request.GET.get("reply", "")) if reply_to is None else reply_to
    context = {
        "head": head,
        "rows": pages.rows_for(others, at=at),
        "current": conversation_id,
        "quote": _quote(opened, reply),
        "typed": typed,
        "refusal": refusal,
        "stickers": bubbles.stickers(),
        "emoji": bubbles.EMOJI,
        "longest": settings.CHAT_MESSAGE_LENGTH,
        "voice_seconds": settings.CHAT_VOICE_SECONDS,
        "marks": pages.marks_of(opened),
        "names": pages.names_of(opened),
        "own": opened.own,
        "last_seq": opened.conversation.last_seq,
        **_closed(opened, user, head),
        **said,
    }
    return render(request, "chat/thread.html", context, status=status)


def _said(opened: Thread, request: HttpRequest, at: Any) -> dict[str, Any]:
    """A page of it, and the way to what came before and after."""
    last, first = opened.conversation.last_seq, opened.own.joined_seq + 1
    before = number_in(request.GET.get("before", "")) or last + 1
    # One more than is shown: it says whether a day begins, and whether there is more.
    rows = messages_before(opened, before, limit=MESSAGES_LIMIT + 1)
    earlier = rows[0] if len(rows) > MESSAGES_LIMIT else None
    rows = rows[1:] if earlier else rows
    return {
        "shown": rows,
        "items": bubbles.items_of(opened, rows, at=at, before=earlier, divided=True),
        "earlier": rows[0].seq if rows and rows[0].seq > first else None,
        "is_newest": before > last,
        "shown_up_to": rows[-1].seq if rows else opened.own.joined_seq,
    }


def _closed(opened: Thread, user: User, head: dict[str, Any]) -> dict[str, Any]:
    """Whether nothing can be written, and why."""
    blocked = bool(head["other_id"]) and is_blocked_by(user, head["other_id"])
    left = opened.conversation.is_direct and not any(row.user.is_active for row in opened.others)
    return {
        "archived": not opened.conversation.is_active,
        "closed": opened.conversation.closed,
        "blocked": blocked,
        "left": left,
        "may_write": opened.conversation.is_active and not (blocked or left or head["is_system"]),
    }


def _quote(opened: Thread, message_id: int | None) -> dict[str, Any] | None:
    if not message_id:
        return None
    try:
        found = message_of(opened, message_id)
    except NotFound:
        return None
    return None if found.is_gone else bubbles.quoted(found)


def number_in(text: str) -> int | None:
    """Of an address; longer ones are nobody's."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None
