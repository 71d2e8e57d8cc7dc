"""Lock order: account, store, realtor, listing, then the review itself.

Whoever changes what counts at the same moment reckons after us, and finds what we did. Taken by the
first statements of a transaction: under REPEATABLE READ what was read before them would still show
the past. (SQLite has no row locks; there BEGIN IMMEDIATE has put us in line.)
"""

from accounts.models import User
from appointments.models import Appointment
from booking_site.common.actors import Actor
from booking_site.common.errors import Forbidden
from realtors.models import Listing, Realtor
from reviews.models import Review
from stores.models import Store


def stand_in_line(appointment: Appointment) -> None:
    """For a customer. An account is erased before this or after it, never beside it: raises
    Forbidden for one that has closed."""
    if appointment.user_id is not None:
        lock_account(appointment.user_id)
    lock_places(appointment.store_id, appointment.realtor_id, appointment.listing_id)


def lock_actor(by: Actor) -> None:
    if by.user is not None:
        lock_account(by.user.pk)


def lock_account(user_id: int) -> None:
    account = User.objects.select_for_update().filter(pk=user_id, is_active=True)
    if account.values_list("pk", flat=True).first() is None:
        raise Forbidden


def lock_places(store_id: int, realtor_id: int | None, listing_id: int | None) -> None:
    """Those whose ratings change."""
    store = Store.objects.select_for_update().filter(pk=store_id)
    store.values_list("pk", flat=True).first()
    if realtor_id is not None:
        realtor = Realtor.objects.select_for_update().filter(pk=realtor_id)
        realtor.values_list("pk", flat=True).first()
    if listing_id is not None:
        listing = Listing.objects.select_for_update().filter(pk=listing_id)
        listing.values_list("pk", flat=True).first()


def locked(review: Review) -> Review:
    """The review as it is now, and stays until we are done."""
    row = Review.objects.select_for_update().filter(pk=review.pk)
    row.values_list("pk", flat=True).first()
    return Review.objects.with_people().get(pk=review.pk)
