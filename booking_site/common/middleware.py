"""Small things every request passes through."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class OneTrailingSlash:
    """API paths have no trailing slash; one is tolerated, so that ``/x/`` answers as ``/x``."""

    PREFIXES = ("/api/v1/", "/house/", "/health/")

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

    PREFIXES = ("/api/v1/", "/accounts/")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(self.PREFIXES):
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response
