"""The first lock of every change, and what must be settled before anything new is decided."""

from datetime import datetime

from django.db import transaction

from appointments.models import DispatchPool, Hold
from stores.models import Store


def lock_pool(store_id: int) -> None:
    """Stand in line for this store's bookings and assignments. Lock order: pool, then the rest.

    The first statement of its transaction, before anything is read: under REPEATABLE READ what is
    read later would else show the past. That is also why it takes an id, which costs no query.
    SQLite has no row locks; there BEGIN IMMEDIATE has already put us in line.
    """
    if DispatchPool.objects.select_for_update().filter(pk=store_id).first() is None:
        with transaction.atomic():
            DispatchPool.objects.get_or_create(pk=store_id)
        DispatchPool.objects.select_for_update().get(pk=store_id)


def drop_expired_holds(store: Store, at: datetime) -> int:
    """Expired holds of this store go; returns how many there were."""
    gone, _by_model = Hold.objects.expired(at).filter(store=store).delete()
    return gone
