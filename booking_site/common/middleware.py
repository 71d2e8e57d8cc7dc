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
