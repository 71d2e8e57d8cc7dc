"""Asking after payments of which no callback has told yet."""

from datetime import datetime

from django.db import transaction

from appointments.permissions import is_staff
from booking_site.common.actors import Actor
from booking_site.common.errors import Forbidden
from payments.errors import Mismatch
from payments.gateways import State
from payments.models import Payment, PaymentState
from payments.rules import look_pause

from .opening import close
from .settling import apply_state


@transaction.atomic
def claim_look(payment: Payment, *, at: datetime) -> bool:
    """One of many workers asks, and after a pause the next one. False when somebody has been
    faster. What nobody has taken to the gateway is closed when its time is over."""
    pause = look_pause(payment.looks + 1)
    rows = Payment.objects.filter(pk=payment.pk, next_look_at=payment.next_look_at)
    if not rows.update(looks=payment.looks + 1, next_look_at=None if pause is None else at + pause):
        return False
    if payment.is_open and payment.expires_at <= at:
        was_open = close(payment, at=at)
        if was_open and pause is not None and payment.opened_at is not None:
            Payment.objects.filter(pk=payment.pk).update(next_look_at=at + pause)
    payment.refresh_from_db()
    return payment.opened_at is not None


@transaction.atomic
def note_look(payment: Payment, state: State, *, at: datetime) -> Payment:
    """What the gateway says counts. Where it has closed what we have, there is nothing left to
    ask."""
    apply_state(payment, state, at=at)
    if payment.status != PaymentState.OPEN and state.outcome != "open":
        Payment.objects.filter(pk=payment.pk).update(next_look_at=None)
    return payment


def note_mismatch(payment: Payment, mismatch: Mismatch) -> None:
    """For a person."""
    Payment.objects.filter(pk=payment.pk).update(problem=mismatch.code)


@transaction.atomic
def look_soon(payment: Payment, *, by: Actor, at: datetime) -> None:
    """Staff would like to know: the gateway is asked with the next round. Raises Forbidden."""
    if not is_staff(by, payment.store):
        raise Forbidden
    Payment.objects.filter(pk=payment.pk).update(next_look_at=at, looks=0)
