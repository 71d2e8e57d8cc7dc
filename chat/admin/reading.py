"""The one page on which staff read what people said. It opens for whoever wrote a reason into the
log, by that very entry, for half an hour; else it asks again."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from booking_site.common.admin.moves import ask, take
from booking_site.common.errors import NotFound
from chat.models import ChatAction, ChatLogEntry
from chat.rules import READING_LASTS, page_holding
from chat.selectors.moderation import (
    READ_AT_ONCE,
    attachment_for_staff,
    message_for_staff,
    messages_for_staff,
    pages_of,
    people_in,
    reading_of,
)
from chat.views.files import handed_out
from chat.views.reading import number_in

from .moves import OF_MESSAGES
from .showing import called, local
from .thread import about_message, lines_of

View = Callable[..., HttpResponse]


def address_of(entry: ChatLogEntry) -> str:
    return reverse("admin:chat_conversation_reading", args=[entry.pk])


def granted(view: View) -> View:
    """For views of a conversation: ``view(request, model_admin, reading, …)``."""

    @wraps(view)
    def guarded(request: HttpRequest, model_admin: Any, grant: int, **rest: Any) -> HttpResponse:
        try:
            reading = reading_of(grant, request.user, at=timezone.now())  # type: ignore[arg-type]
        except NotFound:
            return _asked_again(request, model_admin, grant)
        try:
            return view(request, model_admin, reading, **rest)
        except NotFound as error:
            raise Http404 from error

    return guarded


def _asked_again(request: HttpRequest, model_admin: Any, grant: int) -> HttpResponse:
    """Too late, or somebody else's entry: whoever may look after the conversation says why."""
    entry = ChatLogEntry.objects.filter(pk=grant, action=ChatAction.READ).first()
    seen = entry and model_admin.get_object(request, str(entry.conversation_id))
    if not seen:
        raise Http404
    messages.warning(request, _("Please say why you want to read this conversation."))
    return redirect(reverse("admin:chat_conversation_read_here", args=[seen.pk]))


@require_safe
@granted
def thread(request: HttpRequest, model_admin: Any, reading: ChatLogEntry) -> HttpResponse:
    conversation = reading.conversation
    last = pages_of(conversation)
    page = _page_asked(request, last)
    found = messages_for_staff(conversation, page=page)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": called(conversation),
        "conversation": conversation,
        "people": people_in(conversation),
        "reason": reading.reason,
        "until": local(reading.at + READING_LASTS, conversation),
        "lines": lines_of(found, reading),
        "page": page,
        "pages": last,
        "older": page + 1 if page < last else None,
        "newer": page - 1 if page > 1 else None,
        "back": reverse("admin:chat_conversation_change", args=[conversation.pk]),
        "operator": request.user.is_superuser,
    }
    return TemplateResponse(request, "admin/chat/thread.html", context)


@require_safe
@granted
def file(request: HttpRequest, model_admin: Any, reading: ChatLogEntry, key: str) -> HttpResponse:
    """Of a message, also of one that is hidden."""
    found = attachment_for_staff(reading.conversation, key)
    wanted = request.headers.get("Range", "")
    answer = handed_out(found, small="small" in request.GET, wanted=wanted)
    # Whoever may read for half an hour keeps nothing that lasts longer.
    answer.headers["Cache-Control"] = "no-store"
    return answer


@granted
def message(
    request: HttpRequest, model_admin: Any, reading: ChatLogEntry, message_id: int, step: str
) -> HttpResponse:
    """Hide it, or show it again."""
    found = message_for_staff(reading.conversation, message_id)
    move = next((one for one in OF_MESSAGES if one.name == step), None)
    if move is None:
        raise NotFound
    page = page_holding(found.seq, last=reading.conversation.last_seq, limit=READ_AT_ONCE)
    back = f"{address_of(reading)}?page={page}#said-{found.seq}"
    form = move.asks(request.POST if request.method == "POST" else None)
    if form.is_valid():
        take(move, [found], request, form.cleaned_data)
        return redirect(back)
    return ask(move, model_admin, request, form, [about_message(found)], back=back)


def _page_asked(request: HttpRequest, last: int) -> int:
    return min(max(number_in(request.GET.get("page", "")) or 1, 1), last)


READING_URLS = (
    ("reading/<int:grant>/", "chat_conversation_reading", thread),
    ("reading/<int:grant>/files/<str:key>/", "chat_conversation_file", file),
    (
        "reading/<int:grant>/messages/<int:message_id>/<str:step>/",
        "chat_conversation_message",
        message,
    ),
)
