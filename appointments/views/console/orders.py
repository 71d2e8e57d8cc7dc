"""A provider's orders, by what is to be done about them."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from appointments.presenters import provider_orders
from appointments.selectors.orders import pending_requests
from appointments.selectors.provider_orders import Shelf, counts_of, on_shelf, orders_of
from appointments.views.console.access import page
from realtors.models import Realtor

A_PAGE = 20


@page
def orders(request: HttpRequest, realtor: Realtor) -> HttpResponse:
    """``?state=``: a Shelf; nonsense is all of them. Queries: constant."""
    at = timezone.now()
    asked = request.GET.get("state", "")
    shelf = Shelf(asked) if asked in list(Shelf) else Shelf.ALL
    everything = orders_of(realtor, at=at)
    found = Paginator(on_shelf(everything, shelf), A_PAGE).get_page(request.GET.get("page"))
    shown = list(found.object_list)
    context = {
        "realtor": realtor,
        "store": realtor.store,
        "shelves": provider_orders.shelves(counts_of(everything), shelf),
        "rows": provider_orders.rows(shown, pending_requests(shown), at),
        "page_obj": found,
        "query": "" if shelf == Shelf.ALL else urlencode({"state": str(shelf)}),
        "is_all": shelf == Shelf.ALL,
    }
    return render(request, "console/orders.html", context)
