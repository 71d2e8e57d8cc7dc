"""What a few typed letters may mean, for the search field of a page with script."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from booking_site.site.finding.listings import listings_named
from booking_site.site.finding.people import categories_named, people_named, stores_named
from booking_site.site.finding.search import read_search
from booking_site.site.presenters.choices import ICONS, OTHER_ICON
from booking_site.site.presenters.people import in_a_result

MOST_STORES, MOST_PEOPLE, MOST_CATEGORIES, MOST_LISTINGS = 4, 3, 3, 3


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """A part of a page. Queries: four, none for nothing."""
    search = read_search(request.GET)
    words = search.words
    context: dict[str, object] = {"text": search.text}
    if words:
        context |= {
            "stores": stores_named(words)[:MOST_STORES],
            "people": [in_a_result(one) for one in people_named(words)[:MOST_PEOPLE]],
            "listings": listings_named(words)[:MOST_LISTINGS],
            "categories": [
                {
                    "label": row.shown_name,
                    "icon": ICONS.get(row.slug, OTHER_ICON),
                    "href": reverse("site:stores") + search.but(text="", category=row.slug),
                }
                for row in categories_named(words)[:MOST_CATEGORIES]
            ],
        }
    response = render(request, "site/_suggestions.html", context)
    # Typed once more within the minute, it need not be asked for again.
    response.headers["Cache-Control"] = "private, max-age=60"
    return response
