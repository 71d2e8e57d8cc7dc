"""Reviews that should not stand there: reported by anybody, decided by operators."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from appointments.errors import InvalidTransition
from booking_site.common.actors import Actor
from booking_site.common.errors import Conflict, Forbidden, Invalid, NotFound
from reviews.models import ReportReason, ReportState, Review, ReviewAction, ReviewReport
from reviews.permissions import may_answer, require_operator
from reviews.rules import LONGEST_REASON, LONGEST_REPORT

from .locking import lock_actor, lock_places, locked
from .noting import note
from .reckoning import reckon


@transaction.atomic
def report(review: Review, *, reason: str, words: str, by: Actor, at: datetime) -> ReviewReport:
    """Whoever is signed in, of what they may read: nothing changes until somebody decides.

    Raises Forbidden, NotFound, Invalid; Conflict when theirs is still open.
    """
    if by.user is None:
        raise Forbidden
    if reason not in ReportReason.values:
        raise Invalid(errors={"reason": [_("Please choose a reason.")]})
    if len(words) > LONGEST_REPORT:
        message = _("Please keep it to %(count)s characters.") % {"count": LONGEST_REPORT}
        raise Invalid(errors={"words": [message]})
    lock_actor(by)
    review = locked(review)
    if review.is_hidden or not (review.store.is_active or may_answer(by, review)):
        raise NotFound
    try:
        with transaction.atomic():
            made = ReviewReport.objects.create(
                review=review, reporter=by.user, reason=reason, words=words, created_at=at
            )
    except IntegrityError as error:
        raise Conflict(_("You have reported this already; somebody will look at it.")) from error
    note(review, ReviewAction.REPORTED, by=by, at=at, reason=reason)
    return made


@transaction.atomic
def hide(review: Review, *, reason: str, by: Actor, at: datetime) -> Review:
    """It is shown to nobody and counts nowhere; open reports are upheld.

    Raises Forbidden, Invalid; InvalidTransition when it is hidden already.
    """
    require_operator(by)
    _require_reason(reason)
    lock_places(review.store_id, review.realtor_id, review.listing_id)
    changed = (
        Review.objects.shown()
        .filter(pk=review.pk)
        .update(hidden_at=at, hidden_by=by.user, hidden_reason=reason)
    )
    if not changed:
        raise InvalidTransition(_("It is hidden already."))
    review.refresh_from_db()
    _decide(review, ReportState.UPHELD, by=by, at=at)
    note(review, ReviewAction.HIDDEN, by=by, at=at, reason=reason)
    reckon(review)
    return review


@transaction.atomic
def restore(review: Review, *, reason: str, by: Actor, at: datetime) -> Review:
    """It is shown and counts again. Raises Forbidden, Invalid; InvalidTransition when it is."""
    require_operator(by)
    _require_reason(reason)
    lock_places(review.store_id, review.realtor_id, review.listing_id)
    hidden = Review.objects.filter(pk=review.pk, hidden_at__isnull=False)
    if not hidden.update(hidden_at=None, hidden_by=None, hidden_reason=""):
        raise InvalidTransition(_("It is shown already."))
    review.refresh_from_db()
    note(review, ReviewAction.RESTORED, by=by, at=at, reason=reason)
    reckon(review)
    return review


@transaction.atomic
def dismiss_reports(review: Review, *, reason: str, by: Actor, at: datetime) -> Review:
    """Whoever reported it was heard, and it stays. Raises Forbidden, Invalid; InvalidTransition
    when nothing is open."""
    require_operator(by)
    _require_reason(reason)
    if not _decide(review, ReportState.DISMISSED, by=by, at=at):
        raise InvalidTransition(_("There is no open report of it."))
    note(review, ReviewAction.DISMISSED, by=by, at=at, reason=reason)
    return review


def _decide(review: Review, state: ReportState, *, by: Actor, at: datetime) -> int:
    return (
        ReviewReport.objects.open()
        .filter(review=review)
        .update(state=state, is_open=None, decided_at=at, decided_by=by.user)
    )


def _require_reason(reason: str) -> None:
    """The log must say why."""
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Invalid(errors={"reason": [_("Please say why, in a line.")]})
