"""Document 1's page to try the socket out by hand; routed in debug and demo only."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def tryout(request: HttpRequest) -> HttpResponse:
    """Everything on it is done by its script, through the API as any app does it."""
    return render(request, "site/tryout.html")
