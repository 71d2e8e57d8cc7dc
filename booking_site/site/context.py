"""What every page knows."""

from django.conf import settings
from django.http import HttpRequest


def brand(request: HttpRequest) -> dict[str, object]:
    return {"brand_name": settings.BRAND_NAME, "is_demo": settings.DEMO}
