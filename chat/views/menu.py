"""What one chooses for oneself in a conversation."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from booking_site.common.callers import actor_of
from booking_site.common.transactions import run_in_transaction
from chat import services
from chat.selectors.reading import thread_of

from .access import THREAD, button, user_of


@button
def mute(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """``muted`` 1 or 0."""
    conversation = thread_of(user_of(request), conversation_id).conversation
    muted, by, at = request.POST.get("muted") == "1", actor_of(request), timezone.now()
    run_in_transaction(lambda: services.mute(conversation, muted=muted, by=by, at=at))
    told = (
        _("Muted: you hear nothing of what is new here.")
        if muted
        else _("You will hear of it again.")
    )
    messages.success(request, told)
    return redirect(THREAD, conversation_id)
