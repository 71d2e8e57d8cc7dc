"""Who may set a realtor's hours and time off, write a listing, and take one down."""

from booking_site.common.actors import Actor, ActorKind
from booking_site.common.errors import Forbidden
from realtors.models import Listing, Realtor
from stores.models import Store


def runs(by: Actor, realtor: Realtor) -> bool:
    """The realtor themself, managers of their store, operators, or the system itself."""
    if by.kind == ActorKind.SYSTEM:
        return True
    if by.user is None:
        return False
    return Realtor.objects.run_by(by.user).filter(pk=realtor.pk).exists()


def require_runner(by: Actor, realtor: Realtor) -> None:
    if not runs(by, realtor):
        raise Forbidden


def runs_listing(by: Actor, listing: Listing) -> bool:
    """Whose it is, managers of its store, operators, or the system itself; also before it is
    written for the first time."""
    if oversees(by, listing.store):
        return True
    realtor = listing.realtor
    if by.user is None or not by.user.is_active or realtor is None:
        return False
    own = realtor.user_id == by.user.pk and realtor.store_id == listing.store_id
    return own and realtor.is_active


def require_listing_runner(by: Actor, listing: Listing) -> None:
    if not runs_listing(by, listing):
        raise Forbidden


def oversees(by: Actor, store: Store) -> bool:
    """Staff of this store, operators, the system itself. Not the provider whose store it is: what
    staff take down, its owner cannot put back."""
    if by.kind == ActorKind.SYSTEM:
        return True
    if by.user is None:
        return False
    return Store.objects.managed_by(by.user).filter(pk=store.pk).exists()


def require_overseer(by: Actor, store: Store) -> None:
    if not oversees(by, store):
        raise Forbidden
