"""Whether the realtor takes live customers now, and signs of life."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from appointments.views.console.access import HOME, button
from booking_site.common.callers import actor_of
from booking_site.common.transactions import run_in_transaction
from realtors import services
from realtors.models import Presence, Realtor


@button
def presence(request: HttpRequest, realtor: Realtor) -> HttpResponse:
    wanted = request.POST.get("presence", "")
    if wanted not in Presence.values:
        messages.warning(request, _("Please choose online, busy or offline."))
        return redirect(HOME)
    by, at = actor_of(request), timezone.now()
    run_in_transaction(lambda: services.set_presence(realtor, Presence(wanted), by=by, at=at))
    said = {
        Presence.ONLINE: _("You are online."),
        Presence.BUSY: _("You are busy: nobody new is sent to you."),
        Presence.OFFLINE: _("You are offline. What had not begun goes to others."),
    }
    messages.success(request, said[Presence(wanted)])
    return redirect(HOME)


@button
def alive(request: HttpRequest, realtor: Realtor) -> HttpResponse:
    """The button "I am here", and what script sends by itself (``auto``) while somebody uses the
    page. Only a person ends being away: a page left open did not answer either."""
    auto = bool(request.POST.get("auto"))
    was_away = realtor.away_since is not None
    if not (auto and was_away):
        by, at = actor_of(request), timezone.now()
        run_in_transaction(lambda: services.heartbeat(realtor, by=by, at=at))
    if auto:
        return HttpResponse(status=204)
    if was_away:
        messages.success(request, _("Good to have you back."))
    return redirect(HOME)
