"""One listing: what it is, what it costs, who offers it, and how to book it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from appointments.presenters import ordering
from appointments.presenters.pages import map_link_to
from appointments.presenters.policy import policy_sentences
from appointments.presenters.stays import page_of
from appointments.stay_forms import NightsForm
from booking_site.site.finding.search import read_search
from booking_site.site.presenters import listings, maps
from booking_site.site.presenters.people import person
from booking_site.site.presenters.saving import heart_of
from booking_site.site.tiles import shows_tiles
from booking_site.site.views.gone import gone
from realtors.models import Listing, ListingKind, ListingQuerySet
from realtors.services import note_viewed
from reviews.presenters import summed_up, told
from reviews.selectors import read_of
from stores.rules import Policy
from stores.selectors import policies_of

NEWEST_REVIEWS = 5


@require_safe
@shows_tiles
def listing(request: HttpRequest, listing_id: int) -> HttpResponse:
    """Whoever runs it sees it before it is published, and after it was taken down."""
    at = timezone.now()
    found = _rows(Listing.objects.open_to_public()).filter(pk=listing_id).first()
    is_public = found is not None
    if found is None and request.user.is_authenticated:
        found = _rows(Listing.objects.run_by(request.user)).filter(pk=listing_id).first()
    if found is None:
        return gone(request)
    store = found.store
    if is_public and request.method == "GET" and request.user.is_authenticated:
        note_viewed(request.user, found, at=at)
    policy = policies_of([store])[store.pk].overridden_by(found)
    summary, newest = read_of(found, most=NEWEST_REVIEWS)
    address = reverse("reviews:of_listing", args=[found.pk])
    context = {
        "listing": found,
        "is_public": is_public,
        "heart": heart_of(found, request.user) if is_public else None,
        "kind": {
            "label": listings.kind_name(found.kind),
            "icon": listings.ICONS[ListingKind(found.kind)],
            "href": reverse(listings.LISTS[ListingKind(found.kind)]),
        },
        "category": found.category.shown_name if found.category else "",
        "price": listings.price_of(found),
        "facts": listings.facts(found),
        "pictures": listings.gallery(found.pictures.all(), found.title),
        "store": store,
        **_where(request, found),
        "person": person(found.realtor, skills=False) if found.realtor else None,
        **_promised(found, policy),
        "summary": summed_up(summary, address=address),
        "reviews": [told(one, at) for one in newest],
        "reviews_url": address,
        **_booking(request, found, at),
    }
    return render(request, "site/listing.html", context)


def _rows(rows: ListingQuerySet) -> ListingQuerySet:
    return rows.select_related("store", "category", "realtor__user").prefetch_related("pictures")


def _where(request: HttpRequest, listing: Listing) -> dict[str, Any]:
    """As seen from a place in the address, if there is one: only the button puts it there."""
    place = read_search(request.GET).place
    return {
        "map": maps.of_one(listing, place=place),
        "way": maps.way_to(listing, place=place),
        "map_link": map_link_to(maps.where(listing), listing.title),
        "forget_place": reverse("site:listing", args=[listing.pk]),
    }


def _promised(listing: Listing, policy: Policy) -> dict[str, Any]:
    """What whoever books it agrees to; of a service also how long it takes and how far they come,
    beside the button."""
    if listing.kind != ListingKind.SERVICE:
        return {"rules": policy_sentences(policy.snapshot(), final_price=listing.price)}
    return {
        "rules": ordering.rules(listing, policy),
        "order": {
            "duration": ordering.takes(listing, policy.default_duration_minutes),
            "area": ordering.area_served(listing),
        },
    }


def _booking(request: HttpRequest, listing: Listing, at: datetime) -> dict[str, Any]:
    """Where it is booked: a course by its sessions, a house by the times at which it is shown, a
    boarding place by its nights, a service by the times of whoever does it. Nights that somebody
    has looked for come along."""
    if listing.kind == ListingKind.COURSE:
        return {"book_href": reverse("appointments:course", args=[listing.pk])}
    if listing.kind == ListingKind.HOUSE:
        return {"book_href": reverse("site:viewing", args=[listing.pk])}
    if listing.kind == ListingKind.BOARDING and listing.realtor_id is not None:
        today = at.astimezone(listing.store.zone).date()
        nights = NightsForm(request.GET.dict(), today=today, both=False).nights
        return {"book_href": page_of(listing, nights)}
    if listing.kind == ListingKind.SERVICE:
        return {"book_href": reverse("appointments:order", args=[listing.pk])}
    if listing.realtor_id is not None:
        return {"book_href": reverse("site:realtor", args=[listing.realtor_id]) + "#times"}
    return {"book_href": reverse("site:store", args=[listing.store_id]) + "#times"}
