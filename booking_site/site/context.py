"""What every page knows."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from appointments.views.console.access import has_console
from stores.models import Store

# As many as a menu holds; operators find the rest in the back office.
MOST_STORES = 4


def brand(request: HttpRequest) -> dict[str, object]:
    return {"brand_name": settings.BRAND_NAME, "is_demo": settings.DEMO}


def console(request: HttpRequest) -> dict[str, object]:
    """Whether the header leads to the console; asked where somebody is signed in. No query."""
    return {"has_console": SimpleLazyObject(lambda: has_console(request))}


def stores(request: HttpRequest) -> dict[str, object]:
    """The stores whose desk and board the header leads to; asked where staff are signed in. One
    query then."""
    return {"own_stores": SimpleLazyObject(lambda: _own_stores(request))}


def _own_stores(request: HttpRequest) -> list[Store]:
    """One more than are shown says that there are more."""
    if not isinstance(request.user, User):
        return []
    rows = Store.objects.managed_by(request.user).filter(is_active=True)
    return list(rows.only("pk", "name").order_by("name", "pk")[: MOST_STORES + 1])
