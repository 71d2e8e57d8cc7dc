"""The first page: what can be booked here and now, or a booking found again."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from booking_site.site.finding.search import Search, read_search
from booking_site.site.finding.stores import (
    cities_of,
    distances,
    hours_around,
    in_order,
    narrowed,
    stores_matching,
)
from booking_site.site.presenters import choices, recommended
from booking_site.site.presenters.cards import first_door, store_cards
from booking_site.site.presenters.listings import kind_links
from realtors.models import ListingKind
from realtors.selectors import counted_by_kind, people_by_category

SHOWN = 6
HOUSES = 6
SERVING = 3
# So many of those with somebody there are asked whether they serve now.
MOST_ASKED = 6
# The others are found in the list.
MOST_CITIES = 8


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Place and city are in the address; nothing of them is kept."""
    at = timezone.now()
    search = read_search(request.GET).here_only
    everywhere = list(stores_matching(search))
    found = in_order(narrowed(everywhere, search, None, at), search, None, at)
    serving = [one for one in found if getattr(one, "somebody_there", False)][:MOST_ASKED]
    shown = list(dict.fromkeys([*found[:SHOWN], *serving]))
    hours = hours_around(shown, at)
    away = distances(shown, search.place)
    cards = store_cards(shown, at, hours=hours, away=away)
    now = [card for card in cards if card.serves_now][:SERVING]
    counted = counted_by_kind()
    context = {
        # Whose line stands above already need not show it again.
        "cards": [(card, "" if card in now else card.queue) for card in cards[:SHOWN]],
        "now": [card.live for card in now],
        "night": None if now else first_door(shown, hours, at),
        "search": search,
        "kept": search.parts_without("q"),
        "forget": search.but(place=None),
        "categories": choices.categories(people_by_category(), search),
        "kinds": kind_links(counted),
        "cities": choices.cities(cities_of(everywhere), search)[:MOST_CITIES],
        "anything": bool(everywhere),
        **_houses(request, search, counted, at),
    }
    return render(request, "site/home.html", context)


def _houses(
    request: HttpRequest, search: Search, counted: dict[str, int], at: datetime
) -> dict[str, Any]:
    """Guests see what is popular at once. What is for one person takes as long as all the rest of
    the page, so that the page asks for it when it is there."""
    if not counted.get(ListingKind.HOUSE):
        return {}
    if request.user.is_authenticated:
        return {"houses_later": True}
    return {"houses": recommended.popular_houses(city=search.city, at=at, most=HOUSES)}
