"""Who may run a store's affairs."""

from booking_site.common.actors import Actor, ActorKind
from booking_site.common.errors import Forbidden
from stores.models import STORE_OF_ONE, Store


def manages(by: Actor, store: Store) -> bool:
    """Manager of this store, operator, the system itself, or the provider whose store it is."""
    if by.kind == ActorKind.SYSTEM:
        return True
    if by.user is None:
        return False
    if Store.objects.managed_by(by.user).filter(pk=store.pk).exists():
        return True
    return owns(by, store)


def owns(by: Actor, store: Store) -> bool:
    """The provider whose store it is, with nobody else in it. One query, none for other stores."""
    return by.user is not None and by.user.is_active and _is_alone_in(store, by.user.pk)


def _is_alone_in(store: Store, user_id: int) -> bool:
    """Independent providers have nobody above them who could set their store's hours. The first
    colleague makes it a place with a manager. ``realtors`` is the other side of Realtor.store: a
    name, not an import, because realtors stand above this app."""
    if not store.slug.startswith(STORE_OF_ONE):
        return False
    return list(store.realtors.values_list("user_id", flat=True)[:2]) == [user_id]


def require_manager(by: Actor, store: Store) -> None:
    if not manages(by, store):
        raise Forbidden
