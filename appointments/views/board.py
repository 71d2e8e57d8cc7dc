"""The board on the wall of a store's lobby: public, so codes only."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from appointments.presenters.board import on_the_wall
from appointments.presenters.pages import qr
from appointments.selectors.board import board_of
from stores.models import Store


@require_safe
def board(request: HttpRequest, store_id: int) -> HttpResponse:
    """Now serving, who is next, what is expected; it looks again by itself."""
    at = timezone.now()
    store = get_object_or_404(Store.objects.open_to_public(), pk=store_id)
    page = request.build_absolute_uri(reverse("site:store", args=[store.pk]))
    context = {**on_the_wall(board_of(store, at=at), store, at), "qr": qr(page)}
    response = render(request, "appointments/board.html", context)
    # Of this moment, and for a wall: neither kept nor found by searching.
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
