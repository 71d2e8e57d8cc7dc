"""A store or a person who cannot be booked (any more)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def gone(request: HttpRequest) -> HttpResponse:
    """Not found, and what to do now. It does not say whether there ever was one."""
    return render(request, "site/gone.html", status=404)
