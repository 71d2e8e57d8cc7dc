"""The first page: find a store, or find a booking again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from booking_site.site.views.stores import search_stores, store_cards

SHOWN = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    stores = list(search_stores("")[: SHOWN + 1])
    context = {"cards": store_cards(stores[:SHOWN], at), "more": len(stores) > SHOWN}
    return render(request, "site/home.html", context)
