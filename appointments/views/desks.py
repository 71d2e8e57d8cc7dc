"""The desks and boards of the stores somebody runs."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.models import User
from appointments.views.guards import private
from stores.models import Store

PER_PAGE = 20


@require_safe
@private
@login_required
def desks(request: HttpRequest) -> HttpResponse:
    """Whoever runs one store is led to its desk; whoever runs none finds no such page."""
    assert isinstance(request.user, User)
    rows = Store.objects.managed_by(request.user).order_by("name", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    stores = list(page.object_list)
    if not stores:
        raise Http404
    if len(stores) == 1 and not page.has_other_pages():
        return redirect("appointments:desk", stores[0].pk)
    return render(request, "appointments/desks.html", {"stores": stores, "page": page})
