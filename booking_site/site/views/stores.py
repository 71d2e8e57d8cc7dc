"""The list of stores: searched, narrowed and sorted, all of it in the address."""

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from appointments.views.guards import kind_refusals
from booking_site.site.finding.people import people_named
from booking_site.site.finding.search import Order, read_search
from booking_site.site.finding.stores import (
    MOST_ASKED,
    cities_of,
    distances,
    hours_around,
    in_order,
    narrowed,
    paint,
    stores_matching,
)
from booking_site.site.presenters import choices
from booking_site.site.presenters.cards import store_cards
from booking_site.site.presenters.people import in_a_result
from realtors.selectors import people_by_category
from stores.models import Store

PER_PAGE = 12
MOST_PEOPLE = 4


@require_safe
@kind_refusals
def store_list(request: HttpRequest) -> HttpResponse:
    """Everything that filters is in the address, so that it can be kept and sent on."""
    at = timezone.now()
    counted = people_by_category()
    search = read_search(request.GET).known({row.slug for row, _people in counted})
    matching = list(stores_matching(search))
    soonest = search.order == Order.SOONEST
    hours = hours_around(matching, at) if search.open_now or soonest else None
    found = narrowed(matching, search, hours, at)
    painted = paint(found[:MOST_ASKED], hours, at) if soonest and hours is not None else None
    rows = in_order(found, search, painted, at)
    page: Page[Store] = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    if painted is not None and any(one.pk not in painted for one in shown):
        painted = None
    away = distances(shown, search.place)
    context = {
        "cards": store_cards(shown, at, hours=hours, painted=painted, away=away),
        "people": [in_a_result(one) for one in people_named(search.words)[:MOST_PEOPLE]]
        if search.text
        else [],
        "page": page,
        "total": page.paginator.count,
        "search": search,
        "kept": search.parts_without("q"),
        "kept_for_city": search.parts_without("city"),
        "categories": choices.categories(counted, search),
        "cities": choices.cities(cities_of(matching), search),
        "many_cities": len(cities_of(matching)) > choices.MOST_CITIES,
        "orders": choices.orders(search),
        "reaches": choices.reaches(search),
        "taken_back": choices.taken_back(search, counted),
        "toggle_open": search.but(open_now=not search.open_now),
        "forget_place": search.but(place=None, within=None),
    }
    return render(request, "site/stores.html", context)
