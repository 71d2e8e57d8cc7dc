"""A customer says how it was."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from accounts.models import User
from appointments.errors import InvalidTransition
from appointments.models import Appointment, Status
from booking_site.common.actors import Actor
from booking_site.common.errors import Forbidden, Invalid
from realtors import services as realtors
from realtors.models import Realtor
from reviews.models import Review
from reviews.permissions import require_customer
from reviews.rules import HIGHEST, LONGEST_COMMENT, LOWEST, mean
from stores import services as stores
from stores.models import Store


@transaction.atomic
def write_review(
    appointment: Appointment, *, rating: int, comment: str, by: Actor, at: datetime
) -> Review:
    """Once for a completed appointment, by its customer. Store and realtor have their new ratings
    in the same transaction.

    Raises ProofRequired, Forbidden, Invalid; InvalidTransition before completion and when there is
    one already.
    """
    _check(rating, comment)
    _stand_in_line(appointment)
    # What happened while we stood there.
    appointment.refresh_from_db()
    require_customer(by, appointment)
    if appointment.status != Status.COMPLETED or appointment.realtor_id is None:
        raise InvalidTransition(_("You can say how it was once the appointment is over."))
    if Review.objects.filter(appointment=appointment).exists():
        message = _("You have reviewed this appointment already.")
        raise InvalidTransition(message, errors={"appointment_id": [message]})
    review = Review.objects.create(
        appointment=appointment,
        store_id=appointment.store_id,
        realtor_id=appointment.realtor_id,
        user=appointment.user,
        rating=rating,
        comment=comment,
        created_at=at,
    )
    _reckon(review)
    return review


def _check(rating: int, comment: str) -> None:
    if not LOWEST <= rating <= HIGHEST:
        raise Invalid(errors={"rating": [_("Please choose one to five stars.")]})
    if len(comment) > LONGEST_COMMENT:
        message = _("Please keep it to %(count)s characters.") % {"count": LONGEST_COMMENT}
        raise Invalid(errors={"comment": [message]})


def _stand_in_line(appointment: Appointment) -> None:
    """Lock order: account, store, realtor. Whoever writes at the same moment counts the rows after
    us, and ours among them. An account is erased before this or after it, never beside it: raises
    Forbidden for one that has closed.

    The first statements of the transaction: under REPEATABLE READ what was read before them would
    still show the past. (SQLite has no row locks; there BEGIN IMMEDIATE has put us in line.)
    """
    if appointment.user_id is not None:
        account = User.objects.select_for_update().filter(pk=appointment.user_id, is_active=True)
        if account.values_list("pk", flat=True).first() is None:
            raise Forbidden
    store = Store.objects.select_for_update().filter(pk=appointment.store_id)
    store.values_list("pk", flat=True).first()
    if appointment.realtor_id is not None:
        realtor = Realtor.objects.select_for_update().filter(pk=appointment.realtor_id)
        realtor.values_list("pk", flat=True).first()


def _reckon(review: Review) -> None:
    """From all the rows, so that no error is ever carried on."""
    rating, count = _ratings(store_id=review.store_id)
    stores.set_rating(review.store_id, rating=rating, count=count)
    rating, count = _ratings(realtor_id=review.realtor_id)
    realtors.set_rating(review.realtor_id, rating=rating, count=count)


def _ratings(**whose: int) -> tuple[Decimal, int]:
    found = Review.objects.filter(**whose).aggregate(total=Sum("rating"), count=Count("pk"))
    return mean(found["total"] or 0, found["count"]), found["count"]
