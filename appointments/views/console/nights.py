"""The nights of one's boarding places: who is there, what is free, and when one is away."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from appointments.presenters import times
from appointments.presenters.months import DAY, month_after, month_name, month_of, read_month
from appointments.presenters.own_nights import month_picture
from appointments.selectors.own_stays import occupancy, own_places, without_a_sitter
from appointments.views.console.access import page
from realtors.models import Realtor

# To where one can turn.
FURTHEST = timedelta(days=731)


@page
def boarding(request: HttpRequest, realtor: Realtor) -> HttpResponse:
    """The month ``?month=2026-03``, of one ``?place=`` or of all; nonsense is this month, and all
    of them. Queries: constant."""
    at = timezone.now()
    today = at.astimezone(realtor.store.zone).date()
    earliest, latest = today - FURTHEST, today + FURTHEST
    asked_month = read_month(request.GET.get("month", ""), earliest=earliest, latest=latest)
    first = asked_month or month_of(today)
    following = month_after(first, 1)
    places = list(own_places(realtor))
    for one in places:
        one.store, one.realtor = realtor.store, realtor
    asked = request.GET.get("place", "")
    place = next((one for one in places if str(one.pk) == asked), None)
    shown = [place] if place else places
    nights = occupancy(shown, first, following - DAY, at=at)
    context = {
        "realtor": realtor,
        "store": realtor.store,
        "places": places,
        "place": place,
        "picture": month_picture(nights, shown, today) if nights else None,
        "title": month_name(first),
        "zone_note": times.zone_note(realtor.store),
        "is_this_month": first == month_of(today),
        "month": f"{first:%Y-%m}",
        "before": _query(first - DAY, asked if place else ""),
        "this": urlencode({"place": asked}) if place else "",
        "after": _query(following, asked if place else ""),
        # Of a time when a place could do without: nobody can book it before it has one.
        "without": without_a_sitter(realtor.store) if not places else [],
    }
    return render(request, "console/boarding.html", context)


def _query(month: date, place: str) -> str:
    return urlencode({"month": f"{month:%Y-%m}"} | ({"place": place} if place else {}))
