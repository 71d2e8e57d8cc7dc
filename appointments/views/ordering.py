"""Ordering a service: a time, which is kept; then where to, for how much, and everything once more
(see order_form)."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from appointments import services
from appointments.models import Hold
from appointments.presenters import ordering as shown
from appointments.presenters import times
from appointments.presenters.ordering import Chosen
from appointments.presenters.week import Week, week_for
from appointments.selectors.pictures import Apart
from appointments.selectors.sessions import policy_of_listing
from appointments.views.guards import counted, kind_refusals, private
from appointments.views.memory import Memory
from appointments.views.order_doors import ELSEWHERE, Doors, service_of, to_times
from appointments.views.order_form import fill_in
from booking_site.common.callers import actor_of, address_of
from booking_site.common.errors import Refusal
from booking_site.common.transactions import run_in_transaction
from realtors.models import Listing


@require_http_methods(["GET", "HEAD", "POST"])
@private
@kind_refusals
@counted
def order(request: HttpRequest, service_id: int) -> HttpResponse:
    """The times of a service. From a conversation one orders in it."""
    talk = request.GET.get("conversation", "")
    if talk.isascii() and talk.isdigit():
        try:
            return redirect(reverse("chat:order", args=[talk, service_id]))
        except NoReverseMatch:
            pass
    service = service_of(service_id)
    return choose(request, service, _own_doors(service))


@require_http_methods(["GET", "HEAD", "POST"])
@private
@kind_refusals
@counted
def order_details(request: HttpRequest, service_id: int) -> HttpResponse:
    """The form; the button books, however often it is pressed."""
    service = service_of(service_id)
    return fill_in(request, service, _own_doors(service))


def choose(request: HttpRequest, service: Listing, doors: Doors) -> HttpResponse:
    """How long, where that is paid for, and when; a pressed time is kept. Who is not signed in is
    led to do that, and back to the form of this time. Queries: about a dozen."""
    at = timezone.now()
    usual = policy_of_listing(service).default_duration_minutes
    minutes = shown.minutes_of(service, usual, request.GET.get("minutes", ""))
    if request.method == "POST":
        return _keep(request, service, doors, minutes, at)
    by_the_hour = shown.lengths(service, usual)
    keep = {"minutes": str(minutes)} if by_the_hour else {}
    week = _week(request, service, doors, minutes, keep, at)
    date = {"date": week.chosen.date.isoformat()} if request.GET.get("date") else {}
    context = {
        "service": service,
        "what": shown.what(service),
        "provider": service.realtor or doors.provider,
        "back": doors.back,
        "week": week,
        "lengths": shown.length_chips(service, usual, minutes, date),
        "hold_url": doors.at_times(**keep),
        "duration": times.duration(minutes),
        "asks": shown.asked_for(service, minutes),
        "area": shown.area_served(service),
        "zone_note": times.zone_note(service.store),
        "rules": shown.rules(service, week.picture.policy),
        **_lost(request, week),
    }
    return render(request, "appointments/order.html", context)


def _own_doors(service: Listing) -> Doors:
    return Doors(
        times=reverse("appointments:order", args=[service.pk]),
        details=reverse("appointments:order_details", args=[service.pk]),
    )


def _week(
    request: HttpRequest,
    service: Listing,
    doors: Doors,
    minutes: int,
    keep: dict[str, str],
    at: datetime,
) -> Week:
    """Who has a time held already sees it as free: choosing again replaces it. Nobody waits in line
    for a service."""
    user_id = request.user.pk
    provider = service.realtor or doors.provider
    return week_for(
        service.store,
        at=at,
        wanted=request.GET.get("date", ""),
        realtor_id=provider.pk if provider else None,
        duration_minutes=minutes,
        listing=service,
        apart=Apart(holds=Q(user=user_id) if user_id else None),
        keep=keep,
    )


def _lost(request: HttpRequest, week: Week) -> dict[str, Any]:
    """What to say to whoever comes back because somebody was faster, and what to offer instead."""
    start = times.read_stamp(request.GET.get("taken", ""))
    slot = week.slot_at(start) if start else None
    taken = None if slot is not None and slot.available else start
    return {
        "taken": taken and times.spoken(taken, week.picture.hours.zone, week.at),
        "late": "late" in request.GET,
        "kept": bool(Memory(request).details),
        "instead": week.free_from(max(taken, week.at)) if taken else [],
    }


def _keep(
    request: HttpRequest, service: Listing, doors: Doors, minutes: int, at: datetime
) -> HttpResponse:
    start = times.read_stamp(request.POST.get("starts_at", ""))
    if start is None:
        messages.warning(request, _("Please choose one of the offered times."))
        return redirect(doors.at_times())
    provider = service.realtor or doors.provider
    chosen = Chosen(service, minutes, start, at, provider)
    if not isinstance(request.user, User):
        messages.info(request, _("Please sign in to order. The time you chose is kept in mind."))
        return redirect_to_login(doors.at_details(chosen))

    def work() -> Hold:
        return services.hold(
            service.store,
            starts_at=start,
            by=actor_of(request),
            at=at,
            duration_minutes=minutes,
            realtor=provider,
            listing=service,
            address=address_of(request),
        )

    try:
        run_in_transaction(work)
    except ELSEWHERE:
        raise
    except Refusal as refusal:
        return to_times(request, doors, chosen, refusal)
    return redirect(doors.at_details(chosen))
