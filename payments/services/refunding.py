"""Money goes back: promised here, sent by ``sending``."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from appointments.permissions import is_staff
from appointments.services import note_refunded
from appointments.services.pools import lock_pool
from booking_site.common.actors import SYSTEM, Actor
from booking_site.common.errors import Forbidden, Invalid
from booking_site.common.events import publish
from booking_site.common.money import unit_of
from payments.errors import NothingLeft
from payments.events import RefundDone
from payments.models import (
    NOT_THE_BOOKINGS,
    PaymentShare,
    PaymentState,
    Refund,
    RefundReason,
    RefundState,
    new_number,
)

LONGEST_REASON = 200


@transaction.atomic
def refund_by_staff(
    share: PaymentShare, *, amount: Decimal, reason: str, by: Actor, at: datetime
) -> Refund:
    """A sum of what was paid for a booking, whatever its state. Raises Forbidden, Invalid,
    NothingLeft."""
    lock_pool(share.payment.store_id, at=at)
    if not is_staff(by, share.payment.store):
        raise Forbidden
    words = " ".join(reason.split())
    if not words or len(words) > LONGEST_REASON:
        raise Invalid(errors={"reason": [_("Please say why, in at most 200 characters.")]})
    if amount <= 0 or amount % unit_of(share.payment.currency):
        raise Invalid(errors={"amount": [_("More than nothing, and a sum that can be paid.")]})
    share.refresh_from_db()
    if share.payment.status != PaymentState.PAID:
        raise NothingLeft
    made = give_back(share, amount=amount, reason=RefundReason.STAFF, at=at)
    made.by, made.words = by.user, words
    made.save(update_fields=["by", "words"])
    return made


def give_back(
    share: PaymentShare, *, amount: Decimal, reason: RefundReason, at: datetime
) -> Refund:
    """Promise it; the row says first that so much less is left. Raises NothingLeft where that is
    not there, also when somebody else has promised it since ``share`` was read."""
    raised = share.refunded + amount
    if raised > share.amount or not PaymentShare.objects.filter(
        pk=share.pk, refunded=share.refunded
    ).update(refunded=raised):
        raise NothingLeft
    share.refunded = raised
    return Refund.objects.create(
        share=share,
        number=new_number(),
        amount=amount,
        reason=reason,
        next_try_at=at,
        created_at=at,
    )


def note_done(refund: Refund, *, at: datetime) -> bool:
    """The gateway has it. False when that was known."""
    waiting = Refund.objects.filter(pk=refund.pk).exclude(status=RefundState.DONE)
    if not waiting.update(
        status=RefundState.DONE,
        done_at=at,
        gateway_id=refund.gateway_id,
        last_error="",
        lease_until=None,
        lease_owner="",
    ):
        return False
    refund.status, refund.done_at = RefundState.DONE, at
    if _frees_the_booking(refund):
        by = Actor.of(refund.by) if refund.by is not None else SYSTEM
        note_refunded(refund.share.appointment, by=by, at=at)
    publish(RefundDone(refund_id=refund.pk, at=at))
    return True


def _frees_the_booking(refund: Refund) -> bool:
    """Whether the booking is no longer a paid one: it was called off, or all of it went back."""
    if refund.reason in NOT_THE_BOOKINGS:
        return False
    share = PaymentShare.objects.get(pk=refund.share_id)
    return refund.reason == RefundReason.CANCELLED or share.left == 0
