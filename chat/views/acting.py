"""What either side of an order does with it from where they talk."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments import services
from booking_site.common.callers import actor_of
from booking_site.common.errors import Conflict, Forbidden, Invalid, NotFound
from booking_site.common.lines import is_odd_in_a_line
from booking_site.common.transactions import run_in_transaction
from chat.selectors.about import order_of_talk, people_of
from chat.selectors.reading import thread_of

from .access import THREAD, button, user_of, words_of

LONGEST_REASON = 200
Verb = Callable[..., Any]
# What is done, and whether somebody says why.
ACTS: dict[str, tuple[Verb, bool]] = {
    "confirm": (services.accept, False),
    "decline": (services.decline, True),
    "start": (services.start, False),
    "complete": (services.complete, False),
    "cancel": (services.cancel, True),
    "ask": (services.ask_to_cancel, True),
    "agree": (partial(services.answer_cancel_request, agree=True), False),
    "refuse": (partial(services.answer_cancel_request, agree=False), True),
    "take_back": (services.take_back_request, False),
}
DONE = {
    "confirm": gettext_lazy("Confirmed."),
    "decline": gettext_lazy("Declined."),
    "start": gettext_lazy("The work has begun."),
    "complete": gettext_lazy("The work is done."),
    "cancel": gettext_lazy("The order was called off."),
    "ask": gettext_lazy("The other side has been asked."),
    "agree": gettext_lazy("You both agreed: the order is called off."),
    "refuse": gettext_lazy("You do not agree. The people who look after this site decide."),
    "take_back": gettext_lazy("The order stands."),
}


@button
def act(request: HttpRequest, conversation_id: int, order_id: int) -> HttpResponse:
    """``do`` with an order that is made here and the caller's; the services say who may what."""
    user = user_of(request)
    conversation = thread_of(user, conversation_id).conversation
    order = order_of_talk(conversation, order_id)
    do = request.POST.get("do", "")
    if order is None or not order.is_order or user.pk not in people_of(order) or do not in ACTS:
        raise NotFound
    verb, is_explained = ACTS[do]
    by, at = actor_of(request), timezone.now()
    try:
        said = {"reason": _reason(request, order_id, do)} if is_explained else {}
        run_in_transaction(lambda: verb(order, by=by, at=at, **said))
    except (Conflict, Forbidden, Invalid) as refusal:
        messages.warning(request, words_of(refusal))
    else:
        messages.success(request, str(DONE[do]))
    return redirect(THREAD, conversation_id)


def _reason(request: HttpRequest, order_id: int, do: str) -> str:
    """On one line. Raises Invalid."""
    text = " ".join(request.POST.get(f"reason-{order_id}-{do}", "").split())
    if len(text) > LONGEST_REASON or any(is_odd_in_a_line(sign) for sign in text):
        message = _("At most %(count)s characters.") % {"count": LONGEST_REASON}
        raise Invalid(errors={"reason": [message]})
    return text
