"""The built-in gateway: a page with two buttons instead of a bank. It signs what it says like
Stripe, with a key of this installation, and comes in by the same door."""

import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from functools import partial
from urllib.parse import urlsplit

from cryptography.fernet import InvalidToken
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking_site.common.ciphers import cipher
from booking_site.common.errors import Conflict
from booking_site.common.transactions import run_in_transaction
from payments.errors import GatewayRefused
from payments.models import ChargeState, Payment, Refund, SandboxCharge, SandboxKey, SandboxRefund
from payments.rules import minor_units

from .base import Door, Gateway, Notice, Outcome, RefundOutcome, State, Way, booking_of
from .stripe_events import HEADER, notice_of, signature_of, signed_event

PURPOSE = "payments.sandbox"
# In the words of Stripe.
EVENTS = {
    ChargeState.PAID: "checkout.session.completed",
    ChargeState.FAILED: "checkout.session.async_payment_failed",
    ChargeState.CLOSED: "checkout.session.expired",
}
REFUNDED = "charge.refunded"


class Sandbox(Gateway):
    name = "sandbox"
    label = _("Sandbox (no real money)")

    def open(self, payment: Payment, way: Way) -> Door:
        run_in_transaction(partial(_charge_for, payment, way.return_url))
        # On whatever host the customer is: a site of its own it is not.
        page = reverse("payments:sandbox", args=[payment.number])
        return Door(url=page, gateway_id=f"sbx_{payment.number}")

    def read(self, headers: Mapping[str, str], body: bytes) -> Notice:
        return notice_of(signed_event(headers, body, signing_secret()))

    def look_up(self, payment: Payment) -> State:
        charge = SandboxCharge.objects.filter(number=payment.number).first()
        if charge is None:
            return State(Outcome.OPEN)
        return State(
            outcome=Outcome(charge.status),
            number=charge.number,
            amount=charge.amount,
            currency=charge.currency,
            booking=charge.booking,
            refunded=refunded_of(charge),
        )

    def close(self, payment: Payment) -> None:
        SandboxCharge.objects.filter(number=payment.number, status=ChargeState.OPEN).update(
            status=ChargeState.CLOSED
        )

    def refund(self, refund: Refund) -> RefundOutcome:
        run_in_transaction(partial(give_back, refund.share.payment.number, refund))
        return RefundOutcome.DONE

    def look_up_refund(self, refund: Refund) -> RefundOutcome:
        known = SandboxRefund.objects.filter(number=refund.number).exists()
        return RefundOutcome.DONE if known else RefundOutcome.UNKNOWN


def press(charge: SandboxCharge, to: ChargeState) -> None:
    """What the customer does on the page. Pressed twice it counts once; raises Conflict where the
    charge is closed, or paid and now to fail."""
    before = [ChargeState.OPEN, ChargeState.FAILED]
    if SandboxCharge.objects.filter(pk=charge.pk, status__in=before).update(status=to):
        charge.status = to
        return
    charge.refresh_from_db()
    if charge.status != to:
        raise Conflict


def give_back(number: str, refund: Refund) -> None:
    """Once for each number; never more than was paid."""
    # Taken in hand: the second of two at once sees the first.
    charge = SandboxCharge.objects.select_for_update().filter(number=number).first()
    if charge is None or charge.status != ChargeState.PAID:
        raise GatewayRefused("nothing was paid")
    if SandboxRefund.objects.filter(number=refund.number).exists():
        return
    if refunded_of(charge) + refund.amount > charge.amount:
        raise GatewayRefused("more than was paid")
    SandboxRefund.objects.create(
        charge=charge, number=refund.number, amount=refund.amount, created_at=timezone.now()
    )


def refunded_of(charge: SandboxCharge) -> Decimal:
    return sum((one.amount for one in charge.refunds.all()), Decimal(0))


def event_of(charge: SandboxCharge, *, kind: str, at: datetime) -> tuple[dict[str, str], bytes]:
    """Headers and body of a callback about it, signed as of ``at``."""
    is_charge = kind == REFUNDED
    thing = {
        "object": "charge" if is_charge else "checkout.session",
        "id": f"sbx_{charge.number}",
        "amount" if is_charge else "amount_total": minor_units(charge.amount, charge.currency),
        "currency": charge.currency.lower(),
        "metadata": {"number": charge.number, "booking": charge.booking},
    }
    event = {
        "id": f"evt_{secrets.token_hex(12)}",
        "object": "event",
        "type": kind,
        "created": int(at.timestamp()),
        "livemode": False,
        "data": {"object": thing},
    }
    body = json.dumps(event).encode()
    return {HEADER: signature_of(body, signing_secret(), int(at.timestamp()))}, body


def signing_secret() -> str:
    """Made when it is first needed, and anew when SECRET_KEY has changed since."""
    key = SandboxKey.objects.first()
    if key is not None:
        with suppress(InvalidToken):
            return cipher(PURPOSE).decrypt(bytes(key.secret)).decode()
        key.delete()
    made = cipher(PURPOSE).encrypt(secrets.token_urlsafe(32).encode())
    # Two at once: the unique key lets one of them be the first.
    key, _is_new = SandboxKey.objects.get_or_create(
        only=1, defaults={"secret": made, "created_at": timezone.now()}
    )
    return cipher(PURPOSE).decrypt(bytes(key.secret)).decode()


def _charge_for(payment: Payment, return_url: str) -> None:
    SandboxCharge.objects.get_or_create(
        number=payment.number,
        defaults={
            "booking": booking_of(payment),
            "subject": payment.subject,
            "amount": payment.amount,
            "currency": payment.currency,
            "return_url": return_url,
            "created_at": timezone.now(),
        },
    )


def way_back(charge: SandboxCharge) -> str:
    """On the host on which the customer is."""
    return urlsplit(charge.return_url).path or "/"
