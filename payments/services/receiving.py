"""A callback comes in. It is a hint: once it is known for the gateway's own, the gateway is asked
how things stand, and that counts."""

import logging
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256

from django.db import IntegrityError, transaction

from appointments.services.pools import lock_pool
from booking_site.common.errors import Refusal, TooMany
from booking_site.common.limits import Limit, use_up
from booking_site.common.transactions import run_in_transaction
from payments.errors import BadSignature, GatewayDown, Mismatch, UnknownNumber
from payments.gateways import Gateway, Notice, RefundOutcome, Reply, State, gateway_named
from payments.models import GatewayNotice, Payment, Refund

from .refunding import note_done
from .settling import apply_state, require_match

log = logging.getLogger(__name__)
# Whoever sends forgeries, or what is about nothing of ours, must not fill the log of notices.
FORGERIES_KEPT = Limit("payments.forgeries", 200, timedelta(hours=1))
REPEATED, NOT_OURS = "repeated", "not_ours"


def receive(name: str, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Reply | None:
    """Not inside a transaction. ``headers`` with names in small letters, ``body`` as it came in.

    Gives what the gateway wants to hear, None where anything good will do. Raises NotFound for a
    gateway that is not in use, BadSignature, Mismatch, GatewayDown (it is to come again).
    """
    gateway = gateway_named(name)
    entry = GatewayNotice(gateway=name, digest=sha256(body).hexdigest(), received_at=at)
    try:
        notice = _read(gateway, headers, body)
        entry.kind = notice.kind[:60]
        entry.event_id = notice.event_id[:120] or entry.digest
        if _is_counted(entry):
            _write_down(entry, why=REPEATED)
        elif not notice.number:
            _write_down(entry, why=NOT_OURS)
        else:
            _follow(gateway, notice, entry, at=at)
    except (BadSignature, Mismatch) as refusal:
        _write_down_refused(entry, refusal)
        raise
    return gateway.reply(heard=True)


def _follow(gateway: Gateway, notice: Notice, entry: GatewayNotice, *, at: datetime) -> None:
    rows = Payment.objects.with_parts().filter(number=notice.number, gateway=gateway.name)
    payment = rows.first()
    if payment is None:
        raise UnknownNumber
    entry.payment = payment
    require_match(payment, notice)
    refund = _refund_of(payment, notice)
    state, arrived = _asked(gateway, payment, refund)
    work = partial(_count, entry, payment, state, refund if arrived else None, at=at)
    if not run_in_transaction(work):
        entry.pk = None
        _write_down(entry, why=REPEATED)


def _read(gateway: Gateway, headers: Mapping[str, str], body: bytes) -> Notice:
    """What is signed and yet has another form than theirs matches nothing of ours."""
    try:
        return gateway.read(headers, body)
    except Refusal:
        raise
    except Exception as error:
        log.exception("a notice of %s could not be read", gateway.name)
        raise Mismatch from error


def _asked(gateway: Gateway, payment: Payment, refund: Refund | None) -> tuple[State, bool]:
    """How things stand, and whether that refund has arrived."""
    try:
        state = gateway.look_up(payment)
        return state, refund is not None and (gateway.look_up_refund(refund) == RefundOutcome.DONE)
    except Refusal:
        raise
    except Exception as error:
        log.exception("%s gave no answer that could be read", gateway.name)
        raise GatewayDown from error


def _count(
    entry: GatewayNotice, payment: Payment, state: State, refund: Refund | None, *, at: datetime
) -> bool:
    """The notice and its effect stand or fall together. False when the same one has been counted by
    somebody else meanwhile."""
    lock_pool(payment.store_id, at=at)
    entry.pk, entry.accepted, entry.counted_key = None, True, _key_of(entry)
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError:
        return False
    apply_state(payment, state, at=at)
    if refund is not None:
        note_done(refund, at=at)
    return True


def _refund_of(payment: Payment, notice: Notice) -> Refund | None:
    if not notice.refund_number:
        return None
    rows = Refund.objects.select_related("share__payment", "share__appointment")
    return rows.filter(number=notice.refund_number, share__payment=payment).first()


def _key_of(entry: GatewayNotice) -> str:
    return f"{entry.gateway}:{entry.event_id}"


def _is_counted(entry: GatewayNotice) -> bool:
    return GatewayNotice.objects.filter(counted_key=_key_of(entry)).exists()


def _write_down(entry: GatewayNotice, *, why: str) -> None:
    entry.accepted, entry.counted_key, entry.refusal = False, None, why
    run_in_transaction(partial(entry.save, force_insert=True))


def _write_down_refused(entry: GatewayNotice, refusal: Refusal) -> None:
    log.warning("notice of %s refused: %s", entry.gateway, refusal.code)
    entry.pk = None
    with suppress(TooMany):
        if entry.payment_id is None:
            # Each kind by itself, so that forgeries do not keep out what the gateway has said.
            kind = f"{entry.gateway}/{refusal.code}"
            use_up([(FORGERIES_KEPT, kind)], at=entry.received_at)
        else:
            _mark(entry.payment_id, refusal)
        _write_down(entry, why=refusal.code)


def _mark(payment_id: int, refusal: Refusal) -> None:
    """For a person: the gateway itself says something else than we do."""
    Payment.objects.filter(pk=payment_id).update(problem=refusal.code)
