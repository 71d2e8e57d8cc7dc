"""A refund's way to the gateway: taken in hand by one worker, and then done, on its way, tried
again later, or left to a person. Every step is one guarded UPDATE."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from appointments.permissions import is_staff
from appointments.services.pools import lock_pool
from booking_site.common.actors import Actor
from booking_site.common.errors import Conflict, Forbidden
from booking_site.common.events import publish
from payments.events import RefundStuck
from payments.gateways import RefundOutcome
from payments.models import Refund, RefundState
from payments.rules import ASK_AFTER_REFUND, LEASE, MOST_ASKED, pause_after

from .refunding import note_done

# Others take the first of them at the same moment.
CANDIDATES = 10
LONGEST_ERROR = 200


@transaction.atomic
def claim_next(*, owner: str, at: datetime) -> Refund | None:
    """The one that has waited longest, in hand for a while. None when none is due. The try counts
    from here, so that a refund that kills its worker is given up like any other."""
    due = Refund.objects.due(at)
    for pk in list(due.values_list("pk", flat=True)[:CANDIDATES]):
        taken = due.filter(pk=pk).order_by()
        if taken.update(lease_owner=owner, lease_until=at + LEASE, attempts=F("attempts") + 1):
            people = ("share__payment__store", "share__appointment", "by")
            return Refund.objects.select_related(*people).get(pk=pk)
    return None


@transaction.atomic
def note_outcome(refund: Refund, outcome: RefundOutcome, *, at: datetime) -> None:
    """What the gateway has said."""
    lock_pool(refund.share.payment.store_id, at=at)
    if outcome == RefundOutcome.DONE:
        note_done(refund, at=at)
    elif outcome == RefundOutcome.FAILED:
        give_up(refund, error="refused by the gateway", at=at)
    elif outcome == RefundOutcome.UNKNOWN:
        # It has never arrived there: sent once more.
        _put_down(refund, status=RefundState.DUE, next_try_at=at, attempts=0)
    elif refund.status == RefundState.SENT and refund.attempts >= MOST_ASKED:
        give_up(refund, error="still on its way", at=at)
    else:
        # Now it counts how often it was asked after.
        again = {} if refund.status == RefundState.SENT else {"attempts": 0, "sent_at": at}
        _put_down(
            refund,
            status=RefundState.SENT,
            next_try_at=at + ASK_AFTER_REFUND,
            gateway_id=refund.gateway_id,
            **again,
        )


def put_off(refund: Refund, *, error: str, at: datetime) -> None:
    """It could not be asked for: later again, or by a person."""
    pause = pause_after(refund.attempts)
    if refund.status == RefundState.SENT:
        pause = ASK_AFTER_REFUND if refund.attempts < MOST_ASKED else None
    if pause is None:
        give_up(refund, error=error, at=at)
    else:
        _put_down(refund, next_try_at=at + pause, last_error=_brief(error))


@transaction.atomic
def give_up(refund: Refund, *, error: str, at: datetime) -> None:
    if _put_down(refund, status=RefundState.FAILED, last_error=_brief(error)):
        publish(RefundStuck(refund_id=refund.pk, at=at))


@transaction.atomic
def send_again(refund: Refund, *, by: Actor, at: datetime) -> None:
    """Staff give one that was given up another chance, under the same number: what the gateway has
    done meanwhile, it does not do again. Raises Forbidden, Conflict."""
    if not is_staff(by, refund.share.payment.store):
        raise Forbidden
    failed = Refund.objects.filter(pk=refund.pk, status=RefundState.FAILED)
    if not failed.update(status=RefundState.DUE, attempts=0, next_try_at=at, last_error=""):
        raise Conflict


def _put_down(refund: Refund, **changes: object) -> bool:
    """Only by whoever has it in hand."""
    own = Refund.objects.filter(pk=refund.pk, lease_owner=refund.lease_owner)
    waiting = own.exclude(status=RefundState.DONE)
    return bool(waiting.update(lease_until=None, lease_owner="", **changes))


def _brief(error: str) -> str:
    return " ".join(error.split())[:LONGEST_ERROR]
