"""The lists of houses, courses, boarding places and services; all that narrows them is in the
address, so that it can be kept and sent on."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from booking_site.site.finding.listings import ListingSearch, offered_by, read_listing_search
from booking_site.site.presenters import choices, listings, maps, narrowing
from booking_site.site.presenters.saving import with_hearts
from booking_site.site.tiles import shows_tiles
from booking_site.site.views.gone import gone
from booking_site.site.views.nights import searching
from realtors.models import Listing, ListingKind
from realtors.selectors import categories_with_listings, cities_with, counted_by_kind
from stores.models import Store

PER_PAGE = 12


@require_safe
def of_store(request: HttpRequest, store_id: int) -> HttpResponse:
    """Of every kind, the best first."""
    store = Store.objects.open_to_public().filter(pk=store_id).first()
    if store is None:
        return gone(request)
    page: Page[Listing] = Paginator(offered_by(store=store), PER_PAGE).get_page(
        request.GET.get("page")
    )
    cards = listings.cards(page.object_list, at=timezone.now(), with_kind=True)
    cards = with_hearts(cards, request.user)
    return render(request, "site/offers.html", {"store": store, "cards": cards, "page": page})


@require_safe
@shows_tiles
def listing_list(request: HttpRequest, kind: str) -> HttpResponse:
    """Queries: eight at most, and of boarding places with nights six more."""
    counted = [(row, int(getattr(row, "there", 0))) for row in categories_with_listings(kind)]
    search = narrowing.known(
        read_listing_search(request.GET, kind), {row.slug for row, _there in counted}
    )
    cities = cities_with(kind)
    at = timezone.now()
    asked = searching(request, search, at)
    search = asked.search
    page: Page[Listing] = Paginator(asked.rows(), PER_PAGE).get_page(request.GET.get("page"))
    form = narrowing.fields(search)
    on_map = search.view == "map"
    rows, first = list(page.object_list), page.start_index()
    cards = listings.cards(rows, at=at, first=first if on_map else None)
    context = {
        "kind": kind,
        "title": listings.kind_name(kind),
        "list_url": reverse(listings.LISTS[kind]),
        "kinds": listings.kind_links(counted_by_kind(), here=kind),
        "cards": with_hearts(asked.priced(cards, rows), request.user),
        **asked.told(is_empty=not rows),
        "on_map": on_map,
        "map": maps.of_list(rows, place=search.place, first=first) if on_map else None,
        "views": narrowing.views(search, page.number),
        "page": page,
        "total": page.paginator.count,
        "search": search,
        "kept": search.parts_without("q"),
        "fields": form,
        "kept_for_fields": search.parts_without(*(one["name"] for one in form)),
        "kept_for_city": search.parts_without("city"),
        "categories": narrowing.categories(counted, search),
        "cities": choices.cities(cities, search),
        "many_cities": len(cities) > choices.MOST_CITIES,
        "orders": narrowing.orders(search),
        "reaches": choices.reaches(search),
        "chosen": narrowing.chosen(search),
        "taken_back": narrowing.taken_back(search, counted),
        **_from_where(request, search),
        "without_fields": search.but(price_min=None, price_max=None, particulars=()),
    }
    return render(request, "site/listings.html", context)


def _from_where(request: HttpRequest, search: ListingSearch) -> dict[str, Any]:
    """What is said of places beside the list, and where services are recommended."""
    user = request.user if isinstance(request.user, User) else None
    is_services = search.kind == ListingKind.SERVICE
    return {
        "forget_place": search.but(place=None, within=None),
        "own_place": narrowing.own_place(search, user.point) if user else None,
        "for_you_url": reverse("site:services_for_you") if is_services else "",
    }
