"""Parts of the pages, for the scripts: what came meanwhile looks as if it had always been there."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from chat.presenters import bubbles
from chat.selectors.lists import muted_with_unread
from chat.selectors.reading import (
    MESSAGES_LIMIT,
    messages_after,
    messages_before,
    thread_of,
    unread_conversations_of,
)

from .access import page, user_of
from .reading import listed, number_in


@page
def rows(request: HttpRequest) -> HttpResponse:
    current = number_in(request.GET.get("current", ""))
    return render(request, "chat/_rows.html", listed(request) | {"current": current})


@page
def messages(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """``after``: the next ones, up to ``limit``. ``before``: those that came before. Headers say up
    to which number there is something, and whether more came before these."""
    opened, at = thread_of(user_of(request), conversation_id), timezone.now()
    limit = min(number_in(request.GET.get("limit", "")) or MESSAGES_LIMIT, MESSAGES_LIMIT)
    before, after = (number_in(request.GET.get(name, "")) for name in ("before", "after"))
    if before is not None:
        found = messages_before(opened, before, limit=limit + 1)
        previous = found[0] if len(found) > limit else None
        found = found[1:] if previous else found
    else:
        after = after or 0
        # With the one before them, beside which they stand.
        found = messages_after(opened, max(after - 1, 0), limit=limit + 1)
        previous = found[0] if found and found[0].seq <= after else None
        found = found[1:] if previous else found[:limit]
    context = {
        "items": bubbles.items_of(opened, found, at=at, before=previous),
        "conversation_id": conversation_id,
    }
    answer = render(request, "chat/_messages.html", context)
    answer.headers["X-Last-Seq"] = str(opened.conversation.last_seq)
    answer.headers["X-More"] = "1" if before is not None and previous is not None else "0"
    return answer


@page
def unread(request: HttpRequest) -> HttpResponse:
    """For the number in the header; and which conversations are not to ring."""
    user = user_of(request)
    muted = [str(pk) for pk in muted_with_unread(user)]
    return JsonResponse({"conversations": unread_conversations_of(user), "muted": muted})
