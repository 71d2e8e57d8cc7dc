"""The times at which a house can be seen: the first of the three steps that book a viewing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from appointments.presenters import times
from appointments.presenters.policy import policy_sentences
from appointments.presenters.what import house_in_short
from appointments.views.guards import kind_refusals
from booking_site.site.presenters.people import person
from booking_site.site.views.choosing import lost, week_of
from booking_site.site.views.gone import gone
from realtors.models import Listing, ListingKind


@require_safe
@kind_refusals
def viewing(request: HttpRequest, house_id: int) -> HttpResponse:
    """Queries: constant, about a dozen."""
    at = timezone.now()
    houses = Listing.objects.open_to_public().filter(kind=ListingKind.HOUSE)
    found = houses.select_related("store", "realtor__user").filter(pk=house_id).first()
    if found is None:
        return gone(request)
    store = found.store
    week = week_of(request, store, at=at, house=found)
    context = {
        "house": found,
        "what": house_in_short(found),
        "store": store,
        "host": person(found.realtor, skills=False) if found.realtor else None,
        "week": week,
        "zone_note": times.zone_note(store),
        "duration": times.duration(week.picture.policy.default_duration_minutes),
        "rules": policy_sentences(week.picture.policy.snapshot()),
        **lost(request, week),
    }
    return render(request, "site/viewing.html", context)
