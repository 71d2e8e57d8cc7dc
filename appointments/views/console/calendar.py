"""A week of one's own, and the address under which a calendar application reads it."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from appointments import services
from appointments.presenters import times
from appointments.presenters.agenda import week_picture
from appointments.selectors.agenda import booked_between, work_time
from appointments.selectors.feeds import feed_of
from appointments.selectors.own_sessions import sessions_within
from appointments.views.console.access import form_page, page
from appointments.views.console.sessions import monday_of
from booking_site.common.callers import actor_of
from booking_site.common.periods import Period, day_start, local_day
from booking_site.common.transactions import run_in_transaction
from realtors.models import Realtor

WEEK = timedelta(days=7)
FEED = "appointments:console:feed"


@page
def calendar(request: HttpRequest, realtor: Realtor) -> HttpResponse:
    """The week that contains ``?week=``, from Monday; without one, or with nonsense, this one."""
    at = timezone.now()
    today = at.astimezone(realtor.store.zone).date()
    first = monday_of(times.read_day(request.GET.get("week", ""), today) or today)
    last = first + WEEK - timedelta(days=1)
    zone = realtor.store.zone
    whole = Period(day_start(first, zone), local_day(last, zone).end)
    picture = week_picture(
        work_time(realtor, first, last),
        booked_between(realtor, first, last),
        at,
        sessions=sessions_within(realtor, whole, at=at),
    )
    context = {
        "realtor": realtor,
        "store": realtor.store,
        "picture": picture,
        "title": _("%(first)s – %(last)s")
        % {"first": times.plain_day(first, today), "last": times.plain_day(last, today)},
        "zone_note": times.zone_note(realtor.store),
        "is_this_week": first == monday_of(today),
        "before": (first - WEEK).isoformat(),
        "after": (first + WEEK).isoformat(),
    }
    return render(request, "console/calendar.html", context)


@form_page
def feed(request: HttpRequest, realtor: Realtor) -> HttpResponse:
    """The new address is shown in the answer to the press and never again; it stands in no address
    bar and in no session."""
    if request.method == "POST" and "close" in request.POST:
        run_in_transaction(lambda: services.close_feed(realtor, by=actor_of(request)))
        messages.success(request, _("Turned off. The old address opens nothing any more."))
        return redirect(FEED)
    address = ""
    at = timezone.now()
    if request.method == "POST":
        by, locale = actor_of(request), get_language() or "zh-hans"
        token = run_in_transaction(lambda: services.open_feed(realtor, locale=locale, by=by, at=at))
        address = request.build_absolute_uri(reverse("appointments:feed", args=[token]))
    found = feed_of(realtor)
    zone = realtor.store.zone
    context = {
        "realtor": realtor,
        "store": realtor.store,
        "feed": found,
        "created": times.spoken(found.created_at, zone, at) if found else "",
        "last_read": times.spoken(found.last_read_at, zone, at)
        if found and found.last_read_at
        else "",
        "address": address,
        # Opens the calendar application of a telephone or computer.
        "webcal": "webcal:" + address.partition(":")[2] if address else "",
    }
    return render(request, "console/feed.html", context)
