"""One realtor: who they are, what customers say of them, and their own free times."""

from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from appointments.presenters import hours as opening
from appointments.presenters import times
from appointments.presenters.policy import policy_sentences
from appointments.views.guards import kind_refusals
from booking_site.site.finding.listings import offered_by
from booking_site.site.presenters.listings import cards
from booking_site.site.presenters.people import is_on_duty, person
from booking_site.site.presenters.saving import with_hearts
from booking_site.site.presenters.soon import soon
from booking_site.site.presenters.words import LONGEST_INTRODUCTION, city_of
from booking_site.site.views.choosing import lost, week_of
from booking_site.site.views.gone import gone
from realtors.models import Realtor
from reviews.presenters import summed_up, told
from reviews.selectors import read_of

NEWEST_REVIEWS = 5
# The others are found in the lists.
MOST_OFFERS = 12


@require_safe
@kind_refusals
def realtor(request: HttpRequest, realtor_id: int) -> HttpResponse:
    at = timezone.now()
    found = _bookable().filter(pk=realtor_id).first()
    if found is None:
        return gone(request)
    store = found.store
    week = week_of(request, store, at=at, realtor_id=found.pk, people=[found])
    prefetch_related_objects([found], "skills")
    summary, newest = read_of(found, most=NEWEST_REVIEWS)
    policy = week.picture.policy
    context = {
        "realtor": found,
        "person": person(found),
        "long_text": len(found.bio) > LONGEST_INTRODUCTION,
        "on_duty": is_on_duty(found, week.picture, at),
        "store": store,
        "city": city_of(store),
        "open_now": opening.open_now(week.picture.hours, at),
        "week": week,
        "soon": soon(week, None),
        "zone_note": times.zone_note(store),
        "duration": times.duration(policy.default_duration_minutes),
        "rules": policy_sentences(policy.snapshot()),
        "summary": summed_up(summary, address=reverse("reviews:of_realtor", args=[found.pk])),
        "offers": with_hearts(
            cards(
                offered_by(realtor=found)[:MOST_OFFERS],
                at=at,
                with_kind=True,
                policies={store.pk: policy},
            ),
            request.user,
        ),
        "reviews": [told(one, at) for one in newest],
        **lost(request, week),
    }
    return render(request, "site/realtor.html", context)


def _bookable() -> QuerySet[Realtor]:
    return Realtor.objects.bookable().select_related("store", "user")
