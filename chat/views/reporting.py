"""Telling staff of what should not have been said."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from booking_site.common.callers import actor_of
from booking_site.common.errors import Conflict
from booking_site.common.transactions import run_in_transaction
from chat import services
from chat.forms import ReportForm
from chat.limits import count_report
from chat.models import Message
from chat.presenters import bubbles, pages
from chat.selectors.reading import Thread, message_of, thread_of

from .access import THREAD, form_page, user_of
from .reading import number_in


@form_page
def report(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Of one ``message``, or of all of it."""
    opened = thread_of(user_of(request), conversation_id)
    sent = request.POST if request.method == "POST" else request.GET
    message_id = number_in(sent.get("message", ""))
    message = message_of(opened, message_id) if message_id is not None else None
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        _send(request, opened, message, form)
        return redirect(THREAD, conversation_id)
    context = {
        "form": form,
        "message": bubbles.quoted(message) if message else None,
        "head": pages.head_of(opened, at=timezone.now()),
    }
    return render(request, "chat/report.html", context)


def _send(request: HttpRequest, opened: Thread, message: Message | None, form: ReportForm) -> None:
    at, by, said = timezone.now(), actor_of(request), form.cleaned_data
    count_report(opened.own.user_id, at)
    try:
        run_in_transaction(
            lambda: services.report(
                opened, message=message, reason=said["reason"], words=said["words"], by=by, at=at
            )
        )
    except Conflict as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("Thank you. Somebody will look at it."))
