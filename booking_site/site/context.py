"""What every page knows."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from appointments.views.console.access import has_console


def brand(request: HttpRequest) -> dict[str, object]:
    return {"brand_name": settings.BRAND_NAME, "is_demo": settings.DEMO}


def console(request: HttpRequest) -> dict[str, object]:
    """Whether the header leads to the console; asked where somebody is signed in. No query."""
    return {"has_console": SimpleLazyObject(lambda: has_console(request))}
