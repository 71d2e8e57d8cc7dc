"""The realtor or the store answers what a customer said."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.errors import InvalidTransition
from booking_site.common.actors import Actor
from booking_site.common.errors import Invalid
from booking_site.common.events import publish
from reviews.events import ReviewReplied
from reviews.models import Review, ReviewAction
from reviews.permissions import require_answering
from reviews.rules import LONGEST_REPLY, REPLY_CHANGES

from .locking import lock_actor, locked
from .noting import note


class AnsweredMeanwhile(InvalidTransition):
    message = gettext_lazy(
        "Somebody has answered meanwhile; that answer stands above. Send yours again to put it in"
        " its place."
    )


@transaction.atomic
def reply(review: Review, *, text: str, by: Actor, at: datetime, seen: str | None = None) -> Review:
    """One answer, by its realtor or whoever manages the store. It may be put right for a day; the
    customer is told of it once. ``seen``: the answer that stood there when this one was written,
    so that nobody overwrites what they have not read.

    Raises Forbidden, Invalid; InvalidTransition when it is hidden, and later; AnsweredMeanwhile.
    """
    text = text.strip()
    if not text or len(text) > LONGEST_REPLY:
        told = _("Please write something.")
        if text:
            told = _("Please keep it to %(count)s characters.") % {"count": LONGEST_REPLY}
        raise Invalid(errors={"reply": [told]})
    lock_actor(by)
    review = locked(review)
    require_answering(by, review)
    if review.is_hidden:
        raise InvalidTransition(_("This review is not shown any more."))
    first = review.replied_at is None
    if review.replied_at is not None and at - review.replied_at > REPLY_CHANGES:
        raise InvalidTransition(_("An answer can be changed for a day; after that it stands."))
    if review.reply == text:
        return review
    if seen is not None and seen.split() != review.reply.split():
        raise AnsweredMeanwhile
    review.reply, review.replied_by = text, by.user
    if first:
        review.replied_at = at
    review.save(update_fields=["reply", "replied_by", "replied_at"])
    action = ReviewAction.REPLIED if first else ReviewAction.REPLY_CHANGED
    note(review, action, by=by, at=at)
    if first:
        news = ReviewReplied(review_id=review.pk, appointment_id=review.appointment_id, at=at)
        publish(news)
    return review
