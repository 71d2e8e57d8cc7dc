"""The first lock of every change, and what must be settled before anything new is decided."""

from datetime import datetime

from django.db import connection

from appointments.models import DispatchPool, Hold
from stores.models import Store


def lock_pool(store_id: int, *, at: datetime) -> None:
    """Stand in line for this store's bookings and assignments. Lock order: pool, then the rest.

    (The apps below have written hours, time off and stores before their news leads here. Where that
    crosses a booking the database ends one of the two, and the edge does it again.)

    The first statement of its transaction, before anything is read: under REPEATABLE READ what is
    read later would else show the past. That is also why it takes an id, which costs no query.

    One statement that makes the row or writes it again. To look for it with FOR UPDATE and then
    make it would deadlock a new store's first customers: under REPEATABLE READ all of them may
    lock the place where it is missing, and then none of them may fill it.
    SQLite has no row locks; there BEGIN IMMEDIATE has already put us in line.
    """
    named = connection.features.supports_update_conflicts_with_target
    DispatchPool.objects.bulk_create(
        [DispatchPool(store_id=store_id, changed_at=at)],
        update_conflicts=True,
        update_fields=["changed_at"],
        unique_fields=["store"] if named else None,
    )


def drop_expired_holds(store: Store, at: datetime) -> int:
    """Expired holds of this store go; returns how many there were."""
    gone, _by_model = Hold.objects.expired(at).filter(store=store).delete()
    return gone
