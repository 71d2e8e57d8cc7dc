"""What either side of an order does with it from where they talk."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy

from appointments import services
from appointments.models import Appointment
from appointments.order_forms import AgreeForm
from appointments.views.agreeing import STEPS, take_step
from booking_site.common.actors import Actor
from booking_site.common.callers import actor_of
from booking_site.common.errors import Conflict, Forbidden, Invalid, NotFound
from booking_site.common.transactions import run_in_transaction
from chat.selectors.about import order_of_talk, people_of
from chat.selectors.reading import thread_of

from .access import THREAD, button, user_of, words_of

Verb = Callable[..., Any]
# What one side does alone, and whether they say why. What they do together: STEPS.
ACTS: dict[str, tuple[Verb, bool]] = {
    "confirm": (services.accept, False),
    "decline": (services.decline, True),
    "start": (services.start, False),
    "complete": (services.complete, False),
    "cancel": (services.cancel, True),
}
DONE = {
    "confirm": gettext_lazy("Confirmed."),
    "decline": gettext_lazy("Declined."),
    "start": gettext_lazy("The work has begun."),
    "complete": gettext_lazy("The work is done."),
    "cancel": gettext_lazy("The order was called off."),
}


@button
def act(request: HttpRequest, conversation_id: int, order_id: int) -> HttpResponse:
    """``do`` with an order that is made here and the caller's; the services say who may what."""
    user = user_of(request)
    conversation = thread_of(user, conversation_id).conversation
    order = order_of_talk(conversation, order_id)
    do = request.POST.get("do", "")
    is_theirs = order is not None and order.is_order and user.pk in people_of(order)
    if order is None or not is_theirs or do not in ACTS | STEPS:
        raise NotFound
    by, at = actor_of(request), timezone.now()
    try:
        said = _done(do, order, _reason(request), by=by, at=at)
    except (Conflict, Forbidden, Invalid) as refusal:
        messages.warning(request, words_of(refusal))
    else:
        messages.success(request, said)
    return redirect(THREAD, conversation_id)


def _done(do: str, order: Appointment, reason: str, *, by: Actor, at: datetime) -> str:
    """What is said then."""
    if do in STEPS:
        return take_step(do, order, reason, by=by, at=at)
    verb, is_explained = ACTS[do]
    why = {"reason": reason} if is_explained else {}
    run_in_transaction(lambda: verb(order, by=by, at=at, **why))
    return str(DONE[do])


def _reason(request: HttpRequest) -> str:
    """As the pages of orders clean it. Raises Invalid."""
    form = AgreeForm(request.POST)
    if not form.is_valid():
        raise Invalid(errors=dict(form.errors))
    reason: str = form.cleaned_data["reason"]
    return reason
