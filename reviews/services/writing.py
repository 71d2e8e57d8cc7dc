"""A customer says how it was."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from django.db import transaction
from django.utils.translation import gettext as _

from appointments.models import Appointment
from booking_site.common.actors import Actor
from booking_site.common.errors import Invalid
from booking_site.common.events import publish
from reviews.events import ReviewWritten
from reviews.models import Aspect, Review, ReviewAction, ReviewAspect, ReviewPhoto
from reviews.rules import HIGHEST, LONGEST_COMMENT, LOWEST, MOST_PHOTOS

from .locking import stand_in_line
from .noting import note
from .photos import drop_unused
from .reckoning import reckon
from .reviewable import require_reviewable

NOTHING: Mapping[str, int] = MappingProxyType({})


@transaction.atomic
def write_review(
    appointment: Appointment,
    *,
    rating: int,
    comment: str,
    by: Actor,
    at: datetime,
    aspects: Mapping[str, int] = NOTHING,
    photos: Sequence[str] = (),
) -> Review:
    """Once for a completed appointment, by its customer. Store, realtor and listing have their new
    ratings in the same transaction. ``aspects``: stars by Aspect; ``photos``: keys of photos that
    were added for this appointment, in the order in which they are to be shown.

    Raises ProofRequired, Forbidden, Invalid; InvalidTransition before completion and when there is
    one already.
    """
    _check(rating, comment, aspects, photos)
    stand_in_line(appointment)
    realtor = require_reviewable(appointment, by=by)
    review = Review.objects.create(
        appointment=appointment,
        store_id=appointment.store_id,
        realtor=realtor,
        listing_id=appointment.listing_id,
        user=appointment.user,
        rating=rating,
        comment=comment,
        created_at=at,
    )
    ReviewAspect.objects.bulk_create(
        ReviewAspect(review=review, aspect=one, stars=aspects[one])
        for one in Aspect.values
        if one in aspects
    )
    _take_photos(review, photos)
    note(review, ReviewAction.WRITTEN, by=by, at=at)
    reckon(review)
    publish(ReviewWritten(review_id=review.pk, appointment_id=appointment.pk, at=at))
    return review


def _check(rating: int, comment: str, aspects: Mapping[str, int], photos: Sequence[str]) -> None:
    stars = _("Please choose one to five stars.")
    if not LOWEST <= rating <= HIGHEST:
        raise Invalid(errors={"rating": [stars]})
    if len(comment) > LONGEST_COMMENT:
        message = _("Please keep it to %(count)s characters.") % {"count": LONGEST_COMMENT}
        raise Invalid(errors={"comment": [message]})
    if set(aspects) - set(Aspect.values):
        raise Invalid(errors={"aspects": [_("There is no such aspect.")]})
    if not all(LOWEST <= one <= HIGHEST for one in aspects.values()):
        raise Invalid(errors={"aspects": [stars]})
    if len(photos) > MOST_PHOTOS:
        message = _("At most %(count)s photos, please.") % {"count": MOST_PHOTOS}
        raise Invalid(errors={"photos": [message]})


def _take_photos(review: Review, keys: Sequence[str]) -> None:
    """Those that are named; what was uploaded besides is dropped."""
    added = ReviewPhoto.objects.unused().filter(appointment=review.appointment).select_for_update()
    found = {photo.key: photo for photo in added}
    wanted = list(dict.fromkeys(keys))
    if set(wanted) - set(found):
        raise Invalid(errors={"photos": [_("This photo is not there any more.")]})
    for place, key in enumerate(wanted):
        photo = found[key]
        photo.review, photo.position = review, place
        photo.save(update_fields=["review", "position"])
    drop_unused(review.appointment)
