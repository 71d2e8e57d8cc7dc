"""The customer goes to the gateway."""

from datetime import datetime
from functools import partial

from appointments.errors import HoldExpired
from booking_site.common.transactions import run_in_transaction
from payments.errors import GatewayDown, GatewayRefused
from payments.gateways import Door, Way, gateway_named
from payments.models import Payment, PaymentState


def visit(payment: Payment, way: Way, *, at: datetime) -> Door:
    """Where they go. Not inside a transaction. Raises HoldExpired once it is no longer open or past
    its time, GatewayDown."""
    if not payment.is_open or payment.expires_at <= at:
        raise HoldExpired
    # Written down first: should this process end before the gateway has answered, it is asked.
    run_in_transaction(partial(_set_out, payment, at))
    try:
        door = gateway_named(payment.gateway).open(payment, way)
    except GatewayRefused as error:
        raise GatewayDown from error
    run_in_transaction(partial(_arrive, payment, door, at))
    return door


def _set_out(payment: Payment, at: datetime) -> None:
    open_ones = Payment.objects.filter(pk=payment.pk, status=PaymentState.OPEN)
    if not open_ones.update(opened_at=at):
        raise HoldExpired


def _arrive(payment: Payment, door: Door, at: datetime) -> None:
    """One that was closed meanwhile is closed there, too, with the next round."""
    rows = Payment.objects.filter(pk=payment.pk)
    if door.gateway_id:
        rows.update(gateway_id=door.gateway_id)
        payment.gateway_id = door.gateway_id
    rows.filter(status=PaymentState.CLOSED).update(next_look_at=at)
