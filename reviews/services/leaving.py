"""When somebody has their account erased."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from booking_site.common.actors import SYSTEM
from booking_site.common.edits import forget_names
from reviews.models import Review, ReviewAction, ReviewPhoto, ReviewReport

from .noting import note
from .photos import delete_photos


@transaction.atomic
def forget(user: User, *, at: datetime) -> None:
    """Their words, photos and name go; the stars stay, so that nobody's rating changes. Answers
    they gave for a store stay without their name, reports without name and words."""
    written = list(Review.objects.filter(user=user))
    Review.objects.filter(user=user).update(user=None, comment="")
    delete_photos(ReviewPhoto.objects.of_person(user))
    for review in written:
        note(review, ReviewAction.FORGOTTEN, by=SYSTEM, at=at)
    forget_names(Review, [review.pk for review in written])
    Review.objects.filter(replied_by=user).update(replied_by=None)
    ReviewReport.objects.filter(reporter=user).update(reporter=None, words="")
