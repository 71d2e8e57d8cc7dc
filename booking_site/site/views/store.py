"""One store: what it is, when it is open, who is there, and the times to choose from."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from appointments.presenters import hours as opening
from appointments.presenters import times
from appointments.presenters.pages import map_link
from appointments.presenters.policy import policy_sentences
from appointments.presenters.week import Week
from appointments.selectors.waits import LiveLine, live_lines
from appointments.views.guards import kind_refusals
from booking_site.common.api.inputs import row_id
from booking_site.common.errors import NotFound
from booking_site.site.presenters.people import to_choose
from booking_site.site.presenters.soon import soon
from booking_site.site.presenters.words import LONGEST_INTRODUCTION, city_of
from booking_site.site.views.choosing import lost, week_of
from booking_site.site.views.gone import gone
from realtors.models import Listing
from reviews.presenters import summed_up, told
from reviews.selectors import read_of
from stores.models import Store

NEWEST_REVIEWS = 3
# More people than this are chosen from a list instead of a row of chips.
MOST_CHIPS = 8


@require_safe
@kind_refusals
def store(request: HttpRequest, store_id: int) -> HttpResponse:
    at = timezone.now()
    found = _with_staff(request).filter(pk=store_id).first()
    if found is None:
        return gone(request)
    named = request.GET.get("realtor", "")
    try:
        realtor_id = row_id(named) if named else None
    except NotFound:
        return redirect("site:store", store_id)
    keep = {"realtor": str(realtor_id)} if realtor_id else {}
    week = week_of(request, found, at=at, realtor_id=realtor_id, keep=keep)
    realtor = next((one for one in week.picture.realtors if one.pk == realtor_id), None)
    if realtor_id is not None and realtor is None:
        return redirect("site:store", store_id)
    # The picture knows who works when; what the page shows of them besides is looked up here.
    prefetch_related_objects(week.picture.realtors, "skills")
    summary, newest = read_of(found, most=NEWEST_REVIEWS)
    context = {
        "store": found,
        "runs_it": getattr(found, "runs_it", False),
        "week": week,
        "soon": None if realtor else soon(week, _line(week)),
        "realtor": realtor,
        "people": [to_choose(one, week, chosen=one == realtor) for one in week.picture.realtors],
        "many_people": len(week.picture.realtors) > MOST_CHIPS,
        "offers": getattr(found, "offers", 0),
        "anyone": f"?date={week.chosen.date.isoformat()}#times",
        "summary": summed_up(summary, address=reverse("reviews:of_store", args=[found.pk])),
        "reviews": [told(one, at) for one in newest],
        **_facts(found, week),
        **lost(request, week),
    }
    return render(request, "site/store.html", context)


def _facts(store: Store, week: Week) -> dict[str, Any]:
    """What stands over the door, and the house's rules."""
    hours, today = week.picture.hours, week.today
    policy = week.picture.policy
    return {
        "city": city_of(store),
        "map_link": map_link(store),
        "long_text": len(store.description) > LONGEST_INTRODUCTION,
        "open_now": opening.open_now(hours, week.at),
        "zone_note": times.zone_note(store),
        "hours_today": opening.written(hours.intervals(today)),
        "ordinary_week": opening.ordinary_week(hours, today),
        "special_days": opening.special_rows(hours, today),
        "rules": policy_sentences(policy.snapshot()),
        "duration": times.duration(policy.default_duration_minutes),
    }


def _with_staff(request: HttpRequest) -> QuerySet[Store]:
    """Stores, which say in the same query how much is offered there, and whether the visitor runs
    them."""
    there = Listing.objects.open_to_public().filter(store=OuterRef("pk")).order_by()
    count = there.values("store").annotate(n=Count("pk")).values("n")
    rows = Store.objects.open_to_public().annotate(offers=Coalesce(Subquery(count), 0))
    if not isinstance(request.user, User):
        return rows
    run = Store.objects.managed_by(request.user).filter(pk=OuterRef("pk"))
    return rows.annotate(runs_it=Exists(run))


def _line(week: Week) -> LiveLine | None:
    """The live line, where the strip shows today; whoever looks at another week wants a time."""
    if week.today not in {day.date for day in week.days}:
        return None
    painted = {week.store.pk: week.picture}
    return live_lines([week.store], at=week.at, pictures=painted)[week.store.pk]
