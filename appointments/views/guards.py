"""What every page of a booking has around it: refusals in words, and nothing kept or passed on."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from booking_site.common.api.throttling import EveryCaller
from booking_site.common.errors import NotFound, Refusal, TooMany

View = Callable[..., HttpResponse]


def kind_refusals(view: View) -> View:
    """A refusal that the page has no better words for becomes a page of its own, never a 500."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotFound as refusal:
            raise Http404 from refusal
        except Refusal as refusal:
            return refusal_page(request, refusal)

    return guarded


def counted(view: View) -> View:
    """What is sent counts against the same limit as the API's calls; looking is free."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            throttle = EveryCaller()
            # It reads the method, the user and the address, which every request has.
            if not throttle.allow_request(request, None):  # type: ignore[arg-type]
                raise TooMany(retry_after=max(1, int(throttle.wait() or 1)))
        return view(request, *args, **kwargs)

    return guarded


def private(view: View) -> View:
    """Pages with a code or a token in their address: not stored, not indexed, no referrer.

    The header asks for no referrer at all. Browsers then send ``Origin: null`` with a page's forms,
    which the CSRF check refuses; so the templates of these pages narrow it to ``same-origin`` in
    their head: the address still reaches no other host.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store, private"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        patch_vary_headers(response, ["Cookie"])
        return response

    return guarded


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """What happened, what was kept, what to do next; with the refusal's status."""
    wait = getattr(refusal, "retry_after", None)
    context = {"title": _title(refusal), "message": str(refusal), "wait": _minutes(wait)}
    response = render(request, "appointments/refusal.html", context, status=refusal.status)
    if wait is not None:
        response.headers["Retry-After"] = str(wait)
    return response


def _title(refusal: Refusal) -> str:
    titles = {
        403: _("This is not open to you"),
        409: _("Somebody was faster"),
        429: _("That was a little too often"),
        503: _("We are very busy"),
    }
    return titles.get(refusal.status) or _("That did not work")


def _minutes(seconds: int | None) -> int | None:
    return None if seconds is None or seconds < 60 else -(-seconds // 60)
