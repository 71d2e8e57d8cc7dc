"""Photos of reviews: kept for an appointment until its review is written, and gone with it."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from appointments.models import Appointment
from booking_site.common.actors import Actor
from booking_site.common.errors import Invalid
from booking_site.common.files import delete_after_commit, keep
from booking_site.common.pictures import Picture
from reviews.models import ReviewPhoto
from reviews.permissions import require_customer
from reviews.rules import MOST_PHOTOS, PHOTOS_KEPT

from .locking import stand_in_line
from .reviewable import require_reviewable

SWEPT_AT_ONCE = 200


@transaction.atomic
def add_photo(
    appointment: Appointment, *, pictures: Sequence[Picture], by: Actor, at: datetime
) -> ReviewPhoto:
    """For the review that its customer is about to write; ``pictures`` are the large and the small
    one of gateways.pictures. The names tell nothing.

    Raises as ``write_review``, Invalid when there are MOST_PHOTOS already, Unavailable.
    """
    stand_in_line(appointment)
    require_room(appointment, by=by)
    large, small = pictures
    photo = ReviewPhoto(
        appointment=appointment,
        key=secrets.token_hex(16),
        width=large.width,
        height=large.height,
        created_at=at,
    )
    for field, picture in ((photo.picture, large), (photo.small, small)):
        name = field.field.generate_filename(photo, f"{secrets.token_hex(16)}.jpg")
        field.name = keep(field.storage, name, picture.jpeg)
    photo.save()
    return photo


def require_room(appointment: Appointment, *, by: Actor) -> None:
    """For one photo more. Ask before the work of decoding a picture; ``add_photo`` asks again, in
    line. Raises as it does."""
    require_reviewable(appointment, by=by)
    count = ReviewPhoto.objects.filter(appointment=appointment).count()
    if count >= MOST_PHOTOS:
        message = _("At most %(count)s photos, please.") % {"count": MOST_PHOTOS}
        raise Invalid(errors={"photos": [message]})


@transaction.atomic
def set_photos(
    appointment: Appointment,
    *,
    dropped: Iterable[str],
    added: Iterable[Sequence[Picture]],
    by: Actor,
    at: datetime,
) -> list[str]:
    """Of those sent before drop these, and add some: the keys of all, in that order. Raises as
    ``add_photo``."""
    stand_in_line(appointment)
    require_reviewable(appointment, by=by)
    unwanted = ReviewPhoto.objects.unused().filter(appointment=appointment, key__in=list(dropped))
    delete_photos(unwanted.select_for_update())
    keys = [photo.key for photo in ReviewPhoto.objects.unused().filter(appointment=appointment)]
    new = [add_photo(appointment, pictures=pictures, by=by, at=at) for pictures in added]
    return [*keys, *(photo.key for photo in new)]


@transaction.atomic
def remove_photo(photo: ReviewPhoto, *, by: Actor, at: datetime) -> None:
    """Of a review that is not written yet. Raises ProofRequired, Forbidden."""
    require_customer(by, photo.appointment)
    delete_photos(ReviewPhoto.objects.unused().filter(pk=photo.pk).select_for_update())


def drop_unused(appointment: Appointment) -> None:
    """What was uploaded for this appointment and is not wanted after all."""
    unused = ReviewPhoto.objects.unused().filter(appointment=appointment)
    delete_photos(unused.select_for_update())


@transaction.atomic
def sweep_photos(*, at: datetime) -> int:
    """Those whose review was never sent; how many there were."""
    old = ReviewPhoto.objects.unused().filter(created_at__lt=at - PHOTOS_KEPT)
    # Held from here on: a review that takes one meanwhile waits, and finds it gone.
    return delete_photos(old.order_by("pk").select_for_update()[:SWEPT_AT_ONCE])


def delete_photos(photos: Iterable[ReviewPhoto]) -> int:
    """Rows now, files after the commit."""
    gone = list(photos)
    for photo in gone:
        for field in (photo.picture, photo.small):
            delete_after_commit(field.storage, field.name or "")
    ReviewPhoto.objects.filter(pk__in=[photo.pk for photo in gone]).delete()
    return len(gone)
