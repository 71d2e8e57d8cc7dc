"""Wanting to hear nothing more of somebody, and who that is."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from booking_site.common.callers import actor_of
from booking_site.common.errors import NotFound
from booking_site.common.transactions import run_in_transaction
from chat import services
from chat.presenters.people import name_of
from chat.selectors.people import blocked_by
from chat.selectors.reading import thread_of

from .access import THREAD, form_page, page, user_of

BLOCKS = "chat:blocks"


@form_page
def block(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Whoever is in it with one. Asked first."""
    opened = thread_of(user_of(request), conversation_id)
    if not opened.conversation.is_direct or not opened.others:
        raise NotFound
    other = opened.others[0].user
    name = name_of(other)
    if request.method != "POST":
        return render(request, "chat/block.html", {"name": name, "id": conversation_id})
    by, at = actor_of(request), timezone.now()
    run_in_transaction(lambda: services.block(other, by=by, at=at))
    messages.success(request, _("%(name)s cannot write to you any more.") % {"name": name})
    return redirect(THREAD, conversation_id)


@page
def blocks(request: HttpRequest) -> HttpResponse:
    rows = [
        {"id": one.blocked_id, "name": name_of(one.blocked), "picture_url": one.blocked.avatar_url}
        for one in blocked_by(user_of(request))
    ]
    return render(request, "chat/blocks.html", {"rows": rows})


@form_page
def unblock(request: HttpRequest, user_id: int) -> HttpResponse:
    """``next``: where they were."""
    if request.method == "POST":
        found = [one for one in blocked_by(user_of(request)) if one.blocked_id == user_id]
        if not found:
            raise NotFound
        other, by = found[0].blocked, actor_of(request)
        run_in_transaction(lambda: services.unblock(other, by=by))
        messages.success(request, _("%(name)s can write to you again.") % {"name": name_of(other)})
    after = request.POST.get("next", "")
    leads = after.startswith("/") and url_has_allowed_host_and_scheme(after, allowed_hosts=None)
    return redirect(after if leads else BLOCKS)
