"""What is due: refunds to be sent, payments to be asked after. Safe to run twice and at once, and
to be killed at any moment."""

import logging
import time
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from booking_site.common.errors import NotFound
from booking_site.common.transactions import all_in_turn, run_in_transaction
from payments.errors import GatewayDown, GatewayRefused, Mismatch
from payments.gateways import RefundOutcome, gateway_named
from payments.models import Payment, PaymentState, Refund, RefundState
from payments.rules import MOST_TRIES
from payments.services import (
    claim_look,
    claim_next,
    give_up,
    note_look,
    note_mismatch,
    note_outcome,
    put_off,
)

log = logging.getLogger(__name__)
# Whatever is left then waits for the next round.
ROUND_SECONDS = 10.0
MOST_LOOKED_AT = 50


def run_due(*, at: datetime) -> None:
    """Both, each in its turn. Raises an ExceptionGroup when something failed."""
    all_in_turn(partial(piece, at=at) for piece in (reconcile, send_due_refunds))


def send_due_refunds(*, at: datetime) -> None:
    """One after the other: taken in hand in a transaction, asked for in none, and written down in
    another. The gateway knows a repetition by its number."""
    owner, began = uuid4().hex, time.monotonic()
    while (gone := time.monotonic() - began) < ROUND_SECONDS:
        now = at + timedelta(seconds=gone)
        refund = run_in_transaction(partial(claim_next, owner=owner, at=now))
        if refund is None:
            return
        run_in_transaction(_outcome_of(refund, now))


def _outcome_of(refund: Refund, at: datetime) -> "partial[None]":
    """Ask for it, or after it; returns what is to be written down of that."""
    if refund.status == RefundState.DUE and refund.attempts > MOST_TRIES:
        return partial(give_up, refund, error="every try was cut off", at=at)
    try:
        gateway = gateway_named(refund.share.payment.gateway)
        ask = gateway.look_up_refund if refund.status == RefundState.SENT else gateway.refund
        outcome: RefundOutcome = ask(refund)
    except GatewayRefused as error:
        return partial(give_up, refund, error=f"refused: {error}", at=at)
    except NotFound:
        return partial(put_off, refund, error="the gateway is not in use", at=at)
    except Exception as error:
        # One that fails must not keep the others waiting.
        log.warning("refund %s not sent: %s", refund.pk, type(error).__name__)
        return partial(put_off, refund, error=type(error).__name__, at=at)
    return partial(note_outcome, refund, outcome, at=at)


def reconcile(*, at: datetime) -> None:
    """Ask after what no callback has told of, and close what nobody is to pay any more."""
    found = list(Payment.objects.to_be_looked_up(at).with_parts()[:MOST_LOOKED_AT])
    all_in_turn(partial(look_at, payment, at=at) for payment in found)


def look_at(payment: Payment, *, at: datetime) -> None:
    """One payment, now. A gateway that does not answer is asked again after a pause."""
    if not run_in_transaction(partial(claim_look, payment, at=at)):
        return
    try:
        gateway = gateway_named(payment.gateway)
        if payment.status == PaymentState.CLOSED:
            gateway.close(payment)
        state = gateway.look_up(payment)
        run_in_transaction(partial(note_look, payment, state, at=at))
    except Mismatch as mismatch:
        log.error("payment %s does not match: %s", payment.pk, mismatch.code)
        run_in_transaction(partial(note_mismatch, payment, mismatch))
    except (GatewayDown, GatewayRefused, NotFound) as error:
        log.warning("payment %s not looked up: %s", payment.pk, type(error).__name__)
