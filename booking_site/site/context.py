"""What every page knows."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject


def brand(request: HttpRequest) -> dict[str, object]:
    return {"brand_name": settings.BRAND_NAME, "is_demo": settings.DEMO}


def console(request: HttpRequest) -> dict[str, object]:
    """Whether the visitor works somewhere. Asked by the header, of who is signed in: one query."""

    def works() -> bool:
        return getattr(request.user, "realtor", None) is not None

    return {"has_console": SimpleLazyObject(works)}
