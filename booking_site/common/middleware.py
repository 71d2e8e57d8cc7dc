"""Small things every request passes through."""

import re
from collections.abc import Callable
from time import perf_counter

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from booking_site.common.meters import HTTP_REQUESTS, HTTP_SECONDS


class Compressed(GZipMiddleware):
    """Texts, to whoever takes them so: a list of the back office shrinks to a tenth. Pictures are
    compressed already. Django pads the answer, so that its length betrays no secret in it."""

    KINDS = ("text/", "application/json", "application/xml", "application/vnd.oai.openapi")

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not response.headers.get("Content-Type", "").startswith(self.KINDS):
            return response
        return super().process_response(request, response)


class Unindented:
    """Pages of the back office without the indentation of its many templates: it is a seventh of
    what is sent. Between two tags a line break is as good as a line break and blanks."""

    GAP = re.compile(rb"(?:(?<=>)|\A)\s*\n\s*(?=<|\Z)")
    # There every blank counts.
    AS_IT_IS = re.compile(
        rb"(<(?:textarea|pre|script)\b.*?</(?:textarea|pre|script)>)", re.S | re.I
    )

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if match is not None and match.namespace == "admin" and is_page and not response.streaming:
            parts = self.AS_IT_IS.split(response.content)
            parts[::2] = [self.GAP.sub(b"\n", part) for part in parts[::2]]
            response.content = b"".join(parts)
        return response


class Measured:
    """Counts requests and their seconds by route, as it stands in urls.py: a path as it was asked
    for may hold a code, and has no end of values."""

    METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
    NO_ROUTE = "(none)"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        route = f"/{match.route}" if match else self.NO_ROUTE
        method = request.method if request.method in self.METHODS else "OTHER"
        HTTP_SECONDS.labels(method, route).observe(perf_counter() - began)
        HTTP_REQUESTS.labels(method, route, f"{response.status_code // 100}xx").inc()
        return response


class OneTrailingSlash:
    """API paths have no trailing slash; one is tolerated, so that ``/x/`` answers as ``/x``."""

    PREFIXES = (
        *("/api/v1/", "/api/websocket/", "/api/reservations/", "/house/"),
        *("/health/", "/metrics/"),
    )

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if path.startswith(self.PREFIXES) and path.endswith("/") and not path.endswith("//"):
            request.path_info = path[:-1]
            request.path = request.path[:-1]
        return self.get_response(request)


class NothingKept:
    """What the API and the account's pages answer is one person's and of this moment: no browser or
    proxy keeps it, unless the view has said otherwise."""

    PREFIXES = ("/api/v1/", "/api/websocket/", "/api/reservations/", "/house/", "/accounts/")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(self.PREFIXES):
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response
