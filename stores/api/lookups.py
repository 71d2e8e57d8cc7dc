"""From ids in paths, queries and bodies to stores the caller may see."""

from rest_framework.request import Request

from booking_site.common.api.inputs import not_there, row_id
from booking_site.common.callers import actor_of
from stores.models import ApiKey, SpecialDay, Store
from stores.permissions import require_manager
from stores.selectors import stores_visible_to


def store_of(request: Request, store_id: str, *, field: str | None = None) -> Store:
    """Raises NotFound, also for what is no id (for ``field`` of a body)."""
    rows = stores_visible_to(request.user)
    store = rows.filter(pk=row_id(store_id, field=field)).first()
    if store is None:
        raise not_there(field)
    return store


def special_day_of(store: Store, day_id: str) -> SpecialDay:
    """Raises NotFound, also for another store's day."""
    rows = SpecialDay.objects.filter(store=store).prefetch_related("intervals")
    special = rows.filter(pk=row_id(day_id)).first()
    if special is None:
        raise not_there()
    special.store = store
    return special


def run_store_of(request: Request, store_id: str) -> Store:
    """Raises NotFound, and Forbidden for who does not run it."""
    store = store_of(request, store_id)
    require_manager(actor_of(request), store)
    return store


def api_key_of(store: Store, key_id: str) -> ApiKey:
    """Raises NotFound, also for another store's key."""
    key = ApiKey.objects.filter(store=store, pk=row_id(key_id)).first()
    if key is None:
        raise not_there()
    key.store = store
    return key
