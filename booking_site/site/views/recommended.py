"""Houses and services for whoever looks: a page of either, and the beginning of the houses as a
part of the first page."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from booking_site.common.pagination import LARGEST_PAGE
from booking_site.site.finding.search import read_search
from booking_site.site.presenters import recommended

PER_PAGE = 12
SHOWN = 6


@require_safe
@never_cache
def for_you(request: HttpRequest, kind: str) -> HttpResponse:
    """Guests see what is popular and new. ``kind``: houses, or services and boarding places."""
    asked = request.GET.get("page", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    number = min(max(number, 1), LARGEST_PAGE)
    found = recommended.for_whoever(
        request.user, at=timezone.now(), page=number, page_size=PER_PAGE, kind=kind
    )
    # What is shown was cut out already; the numbers below it are reckoned here.
    pages = Paginator(range(found["page"].total), PER_PAGE).get_page(number)
    context = {**found, **recommended.elsewhere(kind), "page": pages}
    return render(request, "site/for_you.html", context)


@require_safe
@never_cache
def part(request: HttpRequest) -> HttpResponse:
    """In the place of what the first page shows while it asks for this; ``city`` as it has it."""
    city = read_search(request.GET).city
    found = recommended.for_whoever(request.user, city=city, at=timezone.now(), page_size=SHOWN)
    return render(request, "site/_houses.html", {"houses": found, "city": city})
