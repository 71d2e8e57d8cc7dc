"""What a page with a map may load from elsewhere: the tiles, if the installation has some."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]


def shows_tiles(view: View) -> View:
    """Pictures may come from the host of the tiles; on every other page they may not."""

    @wraps(view)
    def with_tiles(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        host = tile_host()
        seen = csp_update({"img-src": [host]})(view) if host else view
        return seen(request, *args, **named)

    return with_tiles


def tile_host() -> str:
    """With its scheme; empty where there is none, or it is this site."""
    parts = urlsplit(settings.MAP_TILE_URL)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
