"""The log of reviews."""

from datetime import datetime

from booking_site.common.actors import Actor
from reviews.models import Review, ReviewAction, ReviewLogEntry


def note(
    review: Review, action: ReviewAction, *, by: Actor, at: datetime, reason: str = ""
) -> ReviewLogEntry:
    return ReviewLogEntry.objects.create(
        review=review,
        action=action,
        actor_kind=by.kind,
        actor_user=by.user,
        reason=reason,
        at=at,
    )
