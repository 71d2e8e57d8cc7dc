"""Events as Stripe signs and writes them. The sandbox speaks the same language, so that what reads
them runs in the demo, too."""

import json
import time
from collections.abc import Mapping
from typing import Any

from stripe import SignatureVerificationError, WebhookSignature

from payments.errors import BadSignature
from payments.rules import TOLERANCE_SECONDS, from_minor_units

from .base import Notice

HEADER = "stripe-signature"
# What an event's object is, and where it says how much.
AMOUNTS = {"checkout.session": "amount_total", "payment_intent": "amount", "charge": "amount"}


def signed_event(headers: Mapping[str, str], body: bytes, secret: str) -> dict[str, Any]:
    """The event of a body, over whose very bytes the signature is; not older than five minutes, and
    no more from the future. Raises BadSignature."""
    header = headers.get(HEADER, "")
    try:
        WebhookSignature.verify_header(body, header, secret, TOLERANCE_SECONDS)
        # The library lets the future pass.
        if _moment(header) > time.time() + TOLERANCE_SECONDS:
            raise BadSignature
        event = json.loads(body)
    except (SignatureVerificationError, ValueError, TypeError, RecursionError) as error:
        # A TypeError is the library's at signs that no signature has.
        raise BadSignature from error
    if not isinstance(event, dict) or not isinstance(event.get("id"), str):
        raise BadSignature
    return event


def signature_of(body: bytes, secret: str, moment: int) -> str:
    """The header that Stripe would send with it, ``moment`` in seconds."""
    return WebhookSignature.generate_signature_header(body.decode(), secret, moment)


def notice_of(event: Mapping[str, Any]) -> Notice:
    """``metadata`` holds our number and booking, as they were given with the payment. Without a
    number it is about something else."""
    thing = event.get("data", {}).get("object", {})
    told = thing.get("metadata") or {}
    currency = str(thing.get("currency") or "").upper()
    units = thing.get(AMOUNTS.get(str(thing.get("object")), ""))
    return Notice(
        event_id=str(event["id"]),
        kind=str(event.get("type", "")),
        number=str(told.get("number", "")),
        amount=None if units is None else from_minor_units(int(units), currency),
        currency=currency,
        booking=str(told.get("booking", "")),
        refund_number=str(told.get("refund", "")),
    )


def _moment(header: str) -> int:
    parts = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    return int(parts["t"])
