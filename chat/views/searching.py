"""Finding a conversation by who is in it, and a message by its words."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from booking_site.common.lines import LineFormField
from chat.limits import SEARCHES, keep_pace
from chat.presenters import pages, times
from chat.presenters.conversations import name_for
from chat.presenters.messages import preview
from chat.presenters.people import name_of
from chat.selectors.lists import threads_named
from chat.selectors.searching import Found, search_messages

from .access import page, user_of

LONGEST = 60
SHORTEST = 1


@page
def search(request: HttpRequest) -> HttpResponse:
    words = LineFormField(required=False).clean(request.GET.get("q", ""))[:LONGEST]
    context: dict[str, Any] = {"words": words}
    if len(words) >= SHORTEST:
        user, at = user_of(request), timezone.now()
        keep_pace(SEARCHES, user.pk)
        found = search_messages(user, words, {"page": request.GET.get("page", "")})
        context |= {
            "rows": pages.rows_for(threads_named(user, words), at=at),
            "found": [_told(one, user, at) for one in found.rows],
            "page": found,
            "has_previous": found.number > 1,
            "has_next": found.number * found.limit < found.total,
        }
    return render(request, "chat/search.html", context)


def _told(found: Found, reader: User, at: Any) -> dict[str, Any]:
    message = found.message
    return {
        "conversation_id": message.conversation_id,
        "where": name_for(found.thread),
        "name": _("You") if message.sender_id == reader.pk else name_of(message.sender),
        "text": message.body or preview(message),
        "time": times.short(message.created_at, at),
        "at": message.created_at,
        # With some of what came after it, it stands in the middle of the page.
        "before": message.seq + 20,
        "seq": message.seq,
    }
