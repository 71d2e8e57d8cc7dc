"""One session as its teacher sees it: who comes, what they paid, and what can be done."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments import services
from appointments.forms import CallOffForm, DeclineForm
from appointments.models import Session, Status
from appointments.presenters.attendees import attendee, in_order
from appointments.presenters.own_sessions import concerning, session_page
from appointments.selectors.own_sessions import (
    attendees,
    concerned,
    own_session,
    wishes_for,
)
from appointments.session_forms import BlockForm
from appointments.views.console.access import form_page, page
from booking_site.common.callers import actor_of
from booking_site.common.errors import Conflict, Forbidden, Invalid
from booking_site.common.transactions import run_in_transaction
from realtors.models import Realtor
from realtors.services import heartbeat

PAGE = "appointments:console:session"
ON_A_PAGE = 30
Verb = Callable[..., Any]


@page
def session(request: HttpRequest, realtor: Realtor, session_id: int) -> HttpResponse:
    return _page(request, realtor, session_id)


@form_page
def block(request: HttpRequest, realtor: Realtor, session_id: int) -> HttpResponse:
    if request.method != "POST":
        return redirect(PAGE, session_id)
    found = own_session(realtor, session_id, at=timezone.now()).session
    form = BlockForm(request.POST, prefix="block")
    if not form.is_valid():
        return _page(request, realtor, session_id, block=form)
    reason = form.cleaned_data["reason"]
    done = _("Closed to bookings. Who has a seat keeps it.")
    return _carry_out(request, realtor, found, services.block_session, done, reason=reason)


@form_page
def unblock(request: HttpRequest, realtor: Realtor, session_id: int) -> HttpResponse:
    if request.method != "POST":
        return redirect(PAGE, session_id)
    found = own_session(realtor, session_id, at=timezone.now()).session
    done = _("Open again.")
    return _carry_out(request, realtor, found, services.unblock_session, done)


@form_page
def call_off(request: HttpRequest, realtor: Realtor, session_id: int) -> HttpResponse:
    """Everybody who has booked is owed a reason."""
    if request.method != "POST":
        return redirect(PAGE, session_id)
    found = own_session(realtor, session_id, at=timezone.now()).session
    form = CallOffForm(request.POST, prefix="cancel")
    if not form.is_valid():
        return _page(request, realtor, session_id, cancel=form)
    done = _("Called off. Whoever had booked is told, and what was paid goes back.")
    return _carry_out(request, realtor, found, services.call_off_session, done, reason=form.stored)


@form_page
def held(request: HttpRequest, realtor: Realtor, session_id: int) -> HttpResponse:
    if request.method != "POST":
        return redirect(PAGE, session_id)
    found = own_session(realtor, session_id, at=timezone.now()).session
    done = _("Noted that it was held. Whoever was not marked as absent was there.")
    return _carry_out(request, realtor, found, services.complete_session, done)


def _carry_out(
    request: HttpRequest, realtor: Realtor, found: Session, verb: Verb, done: str, **more: Any
) -> HttpResponse:
    """Do it and say so, or say why not. Either way somebody was there."""
    by, at = actor_of(request), timezone.now()

    def work() -> None:
        verb(found, by=by, at=at, **more)
        heartbeat(realtor, by=by, at=at)

    try:
        run_in_transaction(work)
    except (Conflict, Forbidden, Invalid) as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(PAGE, found.pk)


def _page(
    request: HttpRequest,
    realtor: Realtor,
    session_id: int,
    *,
    block: BlockForm | None = None,
    cancel: CallOffForm | None = None,
) -> HttpResponse:
    """``block``, ``cancel``: as they were sent with a mistake. Queries: constant."""
    at = timezone.now()
    counts = own_session(realtor, session_id, at=at)
    found = counts.session
    rows = attendees(found)
    shown = Paginator(in_order(rows, at), ON_A_PAGE).get_page(request.GET.get("page"))
    people = [attendee(one, at) for one in shown]
    for one in people:
        if one["offer"]:
            one["form"] = DeclineForm(auto_id=f"decline-{one['id']}-%s")
    context = {
        **session_page(counts, at),
        "people": people,
        "pages": shown,
        "gone": [attendee(one, at) for one in rows if one.status == Status.CANCELLED][:ON_A_PAGE],
        "wishes": wishes_for(found),
        "concerning": concerning(concerned([found.pk]), found.listing.currency),
        "block_form": block or BlockForm(prefix="block"),
        "cancel_form": cancel or CallOffForm(prefix="cancel"),
        "realtor": realtor,
        "store": realtor.store,
        "now": at,
    }
    return render(request, "console/session.html", context)
