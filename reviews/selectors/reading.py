"""Reviews for those who read them, answer them, decide about them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import F, Q

from appointments.models import Appointment, Status
from appointments.permissions import is_customer
from booking_site.common.actors import Actor
from realtors.models import Listing, Realtor
from reviews.models import (
    Review,
    ReviewPhoto,
    ReviewQuerySet,
    ReviewReport,
    ReviewReportQuerySet,
)
from reviews.permissions import may_answer
from stores.models import Store

if TYPE_CHECKING:
    from accounts.models import User

# What has a rating of its own.
Whose = Store | Realtor | Listing

SORTS = {
    "newest": ("-id",),
    "highest": ("-rating", "-id"),
    "lowest": ("rating", "-id"),
}


def review_of(appointment: Appointment) -> Review | None:
    """Hidden or not: whoever opens the appointment sees what became of it."""
    return Review.objects.with_parts().filter(appointment=appointment).first()


def reviews_of(whose: Whose) -> ReviewQuerySet:
    """Those that count in the rating, and that everybody reads."""
    if isinstance(whose, Store):
        return Review.objects.shown().filter(store=whose)
    if isinstance(whose, Listing):
        return Review.objects.shown().filter(listing=whose)
    return Review.objects.shown().filter(realtor=whose)


def sorted_by(reviews: ReviewQuerySet, sort: str) -> ReviewQuerySet:
    """By a name of SORTS."""
    return reviews.order_by(*SORTS[sort])


def newest_of(whose: Whose, *, most: int, parts: bool = False) -> list[Review]:
    """The last ones, the newest first. One query, three with the ``parts`` (aspects, photos), none
    where nobody has said anything."""
    if not whose.review_count:
        return []
    rows = reviews_of(whose)
    rows = rows.with_parts() if parts else rows.with_people()
    return list(rows.order_by("-id")[:most])


def console_of(realtor: Realtor, *, unanswered: bool = False) -> ReviewQuerySet:
    """A realtor's own: what waits for an answer first, the newest first."""
    rows = reviews_of(realtor).with_parts()
    if unanswered:
        rows = rows.filter(replied_at=None)
    return rows.order_by(F("replied_at").asc(nulls_first=True), "-id")


def reviewable(appointments: Iterable[Appointment]) -> set[int]:
    """The ids of those of which something may be said, and nothing was said yet. One query, none
    where nothing was completed."""
    done = [
        one.pk
        for one in appointments
        if one.status == Status.COMPLETED and one.realtor_id is not None
    ]
    if not done:
        return set()
    said = Review.objects.filter(appointment__in=done).values_list("appointment_id", flat=True)
    return set(done) - set(said)


def draft_photos(appointment: Appointment) -> list[ReviewPhoto]:
    """Those sent for a review that is not written yet."""
    return list(ReviewPhoto.objects.unused().filter(appointment=appointment).order_by("pk"))


def photo_for(key: str, by: Actor) -> ReviewPhoto | None:
    """The photo, if this visitor may see it: everybody those of a review that is shown; of one that
    is hidden, or not written yet, its customer only, who may have proven it, and those who
    answer and moderate. Two queries at most for what is public."""
    found = ReviewPhoto.objects.select_related("review__store", "review__realtor", "appointment")
    photo = found.filter(key=key).first()
    if photo is None:
        return None
    review = photo.review
    if review is not None and not review.is_hidden and review.store.is_active:
        return photo
    if is_customer(by, photo.appointment):
        return photo
    return photo if review is not None and may_answer(by, review) else None


def open_reports(user: "User | None" = None) -> ReviewReportQuerySet:
    """What waits for an operator; with ``user``, of the stores whose affairs that user may run."""
    rows = ReviewReport.objects.open()
    if user is None:
        return rows
    stores = Store.objects.managed_by(user).order_by().values("pk")
    return rows.filter(Q(review__store__in=stores))
