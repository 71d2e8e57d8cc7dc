"""What customers say of a store, a realtor and a listing: all of it, with what it comes to."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from realtors.models import Listing, Realtor
from reviews.models import Review
from reviews.presenters import summed_up, told
from reviews.rules import HIGHEST, LOWEST
from reviews.selectors import SORTS, Summary, Whose, reviews_of, sorted_by, summary_of
from stores.models import Store

PER_PAGE = 10
NEWEST = "newest"


@require_safe
def of_store(request: HttpRequest, store_id: int) -> HttpResponse:
    store = get_object_or_404(Store.objects.open_to_public(), pk=store_id)
    page = reverse("site:store", args=[store.pk])
    crumbs = [
        {"label": _("Stores"), "href": reverse("site:stores")},
        {"label": store.name, "href": page},
        {"label": _("Reviews")},
    ]
    return _page(request, store, {"crumbs": crumbs, "book_href": page})


@require_safe
def of_realtor(request: HttpRequest, realtor_id: int) -> HttpResponse:
    bookable = Realtor.objects.bookable().select_related("store")
    realtor = get_object_or_404(bookable, pk=realtor_id)
    store = realtor.store
    page = reverse("site:store", args=[store.pk])
    crumbs = [
        {"label": store.name, "href": page},
        {"label": realtor.name, "href": reverse("site:realtor", args=[realtor.pk])},
        {"label": _("Reviews")},
    ]
    context = {
        "crumbs": crumbs,
        "book_href": f"{page}?{urlencode({'realtor': realtor.pk})}",
        "of_realtor": True,
    }
    return _page(request, realtor, context)


@require_safe
def of_listing(request: HttpRequest, listing_id: int) -> HttpResponse:
    listing = get_object_or_404(Listing.objects.open_to_public(), pk=listing_id)
    page = reverse("site:listing", args=[listing.pk])
    crumbs = [{"label": listing.title, "href": page}, {"label": _("Reviews")}]
    return _page(request, listing, {"crumbs": crumbs, "book_href": page})


def _page(request: HttpRequest, whose: Whose, context: dict[str, Any]) -> HttpResponse:
    """Everything that filters is in the address, so that it can be kept and sent on; what makes no
    sense there is as if it were not."""
    at = timezone.now()
    stars, sort = _stars(request.GET.get("rating", "")), request.GET.get("sort", "")
    sort = sort if sort in SORTS else NEWEST
    rows = reviews_of(whose)
    if stars:
        rows = rows.filter(rating=stars)
    found = sorted_by(rows.with_parts(), sort)
    page: Page[Review] = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    summary = summary_of(whose, aspects=True)
    return render(
        request,
        "reviews/of.html",
        context
        | {
            "name": str(whose),
            "summary": summed_up(summary, address=request.path),
            "reviews": [
                told(one, at, parts=True, reader_id=request.user.pk) for one in page.object_list
            ],
            "page": page,
            "query": _query(stars, sort),
            "filters": _filters(summary, stars, sort),
            "sorts": _sorts(stars, sort),
            "stars": stars,
        },
    )


def _stars(text: str) -> int | None:
    known = {str(stars): stars for stars in range(LOWEST, HIGHEST + 1)}
    return known.get(text)


def _filters(summary: Summary, chosen: int | None, sort: str) -> list[dict[str, Any]]:
    rows: list[tuple[int | None, int]] = [(None, summary.count), *summary.counts]
    return [
        {
            "stars": stars,
            "count": count,
            "href": "?" + _query(stars, sort),
            "chosen": stars == chosen,
        }
        for stars, count in rows
    ]


def _sorts(stars: int | None, chosen: str) -> list[dict[str, Any]]:
    labels = {
        NEWEST: _("Newest first"),
        "highest": _("Best first"),
        "lowest": _("Most critical first"),
    }
    return [
        {"label": labels[name], "href": "?" + _query(stars, name), "chosen": name == chosen}
        for name in SORTS
    ]


def _query(stars: int | None, sort: str) -> str:
    kept = {"rating": stars or "", "sort": "" if sort == NEWEST else sort}
    return urlencode({name: value for name, value in kept.items() if value})
