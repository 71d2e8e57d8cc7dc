"""Stripe Checkout: the customer pays on a page of Stripe's."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, TypeVar

import stripe
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from payments.errors import GatewayDown, GatewayRefused, WrongReceiver
from payments.models import Payment, Refund
from payments.rules import from_minor_units, minor_units

from .base import Door, Gateway, Notice, Outcome, RefundOutcome, State, Way, booking_of
from .stripe_events import notice_of, signed_event

T = TypeVar("T")
REFUNDS = {
    "succeeded": RefundOutcome.DONE,
    "failed": RefundOutcome.FAILED,
    "canceled": RefundOutcome.FAILED,
}
FAILED_INTENTS = ("requires_payment_method", "canceled")


class StripeCheckout(Gateway):
    name = "stripe"
    label = _("Card (Stripe)")

    def __init__(self) -> None:
        self.client = stripe.StripeClient(
            settings.STRIPE_SECRET_KEY,
            base_addresses={"api": settings.STRIPE_URL},
            http_client=stripe.RequestsClient(timeout=settings.PAYMENT_TIMEOUT),
            max_network_retries=0,
        )

    def open(self, payment: Payment, way: Way) -> Door:
        session = self._session(payment, way.return_url)
        return Door(url=str(session.url or way.return_url), gateway_id=str(session.id))

    def read(self, headers: Mapping[str, str], body: bytes) -> Notice:
        event = signed_event(headers, body, settings.STRIPE_WEBHOOK_SECRET)
        # Events of test accounts come under the same address when somebody has mixed up the keys.
        if bool(event.get("livemode")) != ("_live_" in settings.STRIPE_SECRET_KEY):
            raise WrongReceiver
        return notice_of(event)

    def look_up(self, payment: Payment) -> State:
        params: Any = {"expand": ["payment_intent.latest_charge"]}
        found = _asked(
            lambda: self.client.v1.checkout.sessions.retrieve(payment.gateway_id, params)
        )
        session: dict[str, Any] = found.to_dict()
        currency = str(session["currency"]).upper()
        charge = (session.get("payment_intent") or {}).get("latest_charge") or {}
        told = session.get("metadata") or {}
        return State(
            outcome=_outcome(session),
            number=str(told.get("number", "")),
            amount=from_minor_units(int(session["amount_total"]), currency),
            currency=currency,
            booking=str(told.get("booking", "")),
            refunded=from_minor_units(int(charge.get("amount_refunded") or 0), currency),
        )

    def close(self, payment: Payment) -> None:
        # Refused where it is paid or closed already.
        with suppress(GatewayRefused):
            _asked(lambda: self.client.v1.checkout.sessions.expire(payment.gateway_id))

    def refund(self, refund: Refund) -> RefundOutcome:
        payment = refund.share.payment
        params: Any = {"expand": ["payment_intent"]}
        session = _asked(
            lambda: self.client.v1.checkout.sessions.retrieve(payment.gateway_id, params)
        ).to_dict()
        intent = str(session["payment_intent"]["id"])
        wanted: Any = {
            "payment_intent": intent,
            "amount": minor_units(refund.amount, payment.currency),
            "metadata": {"number": payment.number, "refund": refund.number},
        }
        options: Any = {"idempotency_key": refund.number}
        made = self._made_before(refund, intent)
        if made is None:
            made = _asked(lambda: self.client.v1.refunds.create(wanted, options))
        refund.gateway_id = str(made.id)
        return REFUNDS.get(str(made.status), RefundOutcome.PENDING)

    def _made_before(self, refund: Refund, intent: str) -> Any:
        """Stripe forgets idempotency keys after a day; a person may send it again much later."""
        params: Any = {"payment_intent": intent, "limit": 100}
        for one in _asked(lambda: self.client.v1.refunds.list(params)).data:
            if (one.to_dict().get("metadata") or {}).get("refund") == refund.number:
                return one
        return None

    def look_up_refund(self, refund: Refund) -> RefundOutcome:
        if not refund.gateway_id:
            return RefundOutcome.UNKNOWN
        found = _asked(lambda: self.client.v1.refunds.retrieve(refund.gateway_id))
        return REFUNDS.get(str(found.status), RefundOutcome.PENDING)

    def _session(self, payment: Payment, return_url: str) -> Any:
        """Made once for each number: a repetition gets the same one. It is closed by us, since
        Stripe lets none end within half an hour."""
        told = {"number": payment.number, "booking": booking_of(payment)}
        item = {
            "quantity": 1,
            "price_data": {
                "currency": payment.currency.lower(),
                "unit_amount": minor_units(payment.amount, payment.currency),
                "product_data": {"name": payment.subject},
            },
        }
        wanted: Any = {
            "mode": "payment",
            "line_items": [item],
            "client_reference_id": payment.number,
            "metadata": told,
            "payment_intent_data": {"metadata": told},
            "success_url": return_url,
            "cancel_url": return_url,
        }
        options: Any = {"idempotency_key": payment.number}
        return _asked(lambda: self.client.v1.checkout.sessions.create(wanted, options))


def _outcome(session: dict[str, Any]) -> Outcome:
    if session.get("payment_status") == "paid":
        return Outcome.PAID
    if session.get("status") == "expired":
        return Outcome.CLOSED
    intent = session.get("payment_intent") or {}
    if session.get("status") == "complete" and intent.get("status") in FAILED_INTENTS:
        return Outcome.FAILED
    return Outcome.OPEN


def _asked(call: Callable[[], T]) -> T:
    try:
        return call()
    except stripe.InvalidRequestError as error:
        raise GatewayRefused(str(error.code or error.user_message or "refused")) from error
    except stripe.StripeError as error:
        raise GatewayDown from error
