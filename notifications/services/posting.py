"""A webhook's way: written with its news, taken in hand by one worker, and then sent, tried again
later, or given up. As with letters (services.delivering) every step is one guarded UPDATE."""

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from appointments.models import Appointment
from booking_site.common.actors import Actor
from booking_site.common.errors import Conflict
from notifications.gateways.webhooks import Answer
from notifications.models import (
    OffReason,
    OutboxEvent,
    WebhookDelivery,
    WebhookDeliveryQuerySet,
    WebhookEndpoint,
    WebhookStatus,
)
from notifications.rules import (
    FAILING_FOR,
    LEASE,
    MOST_WEBHOOK_TRIES,
    NOTICE_PAUSE,
    webhook_pause_after,
)
from stores.permissions import require_manager

# Others take the first of them at the same moment.
CANDIDATES = 10
FACTS = (
    "code",
    "store_id",
    "realtor_id",
    "listing_id",
    "check_in",
    "check_out",
    "status",
    "payment_status",
)
# Of orders only: by which number, and for how much. No address.
OF_ORDERS = ("order__number", "final_price", "currency")
# Of news of money.
OF_MONEY = ("payment_id", "refund_id")


@dataclass(frozen=True)
class Without:
    """Whose turn it is not: these endpoints, all of these stores, and of ``ailing`` stores those
    endpoints that did not take the last one; with ``failing`` False, those of no store."""

    endpoints: Collection[int] = ()
    stores: Collection[int] = ()
    ailing: Collection[int] = ()
    failing: bool = True

    def left_of(self, due: WebhookDeliveryQuerySet) -> WebhookDeliveryQuerySet:
        due = due.exclude(endpoint__in=list(self.endpoints))
        due = due.exclude(endpoint__store__in=list(self.stores))
        if not self.failing:
            return due.filter(endpoint__failing_since=None)
        return due.exclude(
            endpoint__failing_since__isnull=False, endpoint__store__in=list(self.ailing)
        )


class SwitchedOff(Conflict):
    message = _("This webhook is switched off. Switch it on first.")


class OnItsWay(Conflict):
    message = _("This message has not had its last try yet.")


def enqueue(event: OutboxEvent) -> None:
    """A row for each endpoint that wants to hear of it, in the transaction of the news. One query
    where there is none, five where there are any."""
    endpoints = WebhookEndpoint.objects.active().filter(store__appointments=event.appointment_id)
    wanted = [one for one in endpoints if one.wants(event)]
    if wanted:
        facts = _facts_of(event)
        _write([_pending(event, endpoint, facts) for endpoint in wanted])


@transaction.atomic
def claim_next_webhook(
    *, owner: str, at: datetime, without: Without = Without()
) -> WebhookDelivery | None:
    """Take the one in hand that has waited longest. None when nothing is due. The try counts from
    here, so that one that kills its worker is given up like any other."""
    due = without.left_of(WebhookDelivery.objects.free(at).filter(endpoint__is_active=True))
    for pk in list(due.order_by("next_try_at", "pk").values_list("pk", flat=True)[:CANDIDATES]):
        taken = (
            WebhookDelivery.objects.free(at)
            .filter(pk=pk)
            .update(lease_owner=owner, lease_until=at + LEASE, attempts=F("attempts") + 1)
        )
        if taken:
            return WebhookDelivery.objects.with_parts().get(pk=pk)
    return None


@transaction.atomic
def note_answer(delivery: WebhookDelivery, *, answer: Answer, at: datetime) -> bool:
    """What the receiver made of it. False when it was taken over by another meanwhile, who sends it
    under the same id."""
    if not answer.error:
        WebhookEndpoint.objects.filter(pk=delivery.endpoint_id, failing_since__isnull=False).update(
            failing_since=None
        )
        return _close(
            delivery,
            status=WebhookStatus.SENT,
            sent_at=at,
            last_status_code=answer.status,
            last_error="",
        )
    for_good = _note_failure(delivery.endpoint_id, answer, at)
    pause = webhook_pause_after(delivery.attempts, luck=random.random())
    told = {"last_status_code": answer.status, "last_error": answer.error[:200]}
    if for_good or pause is None:
        return _close(delivery, status=WebhookStatus.DEAD, **told)
    return _close(delivery, next_try_at=at + pause, **told)


def give_up(delivery: WebhookDelivery, *, error: str) -> bool:
    """Without another try: it cannot be written, or every try was cut off."""
    return _close(delivery, status=WebhookStatus.DEAD, last_error=error[:200])


def drop_for_switched_off() -> int:
    """What waits for endpoints that nobody listens at. In a transaction of its own, and not where
    they are switched off: a booking that writes for one at that moment holds both rows."""
    waiting = WebhookDelivery.objects.filter(status=WebhookStatus.PENDING)
    ids = list(waiting.filter(endpoint__is_active=False).values_list("pk", flat=True)[:1000])
    return waiting.filter(pk__in=ids).update(
        status=WebhookStatus.DROPPED, lease_until=None, lease_owner=""
    )


@transaction.atomic
def replay(delivery: WebhookDelivery, *, by: Actor, at: datetime) -> WebhookDelivery:
    """Whoever runs the store has it sent again, under the same id and with all its tries. Raises
    Forbidden, and Conflict when it is on its way or its endpoint is switched off."""
    require_manager(by, delivery.endpoint.store)
    if not delivery.endpoint.is_active:
        raise SwitchedOff
    ended = WebhookDelivery.objects.filter(pk=delivery.pk).exclude(status=WebhookStatus.PENDING)
    if not ended.update(
        status=WebhookStatus.PENDING,
        attempts=0,
        next_try_at=at,
        last_status_code=None,
        last_error="",
    ):
        raise OnItsWay
    return WebhookDelivery.objects.with_parts().get(pk=delivery.pk)


def is_cut_off(delivery: WebhookDelivery) -> bool:
    """Taken in hand more often than it may be tried: each time its worker died."""
    return delivery.attempts > MOST_WEBHOOK_TRIES


@transaction.atomic
def claim_notice(*, at: datetime) -> WebhookEndpoint | None:
    """An endpoint that was switched off, and whose managers have not been told. Should whoever
    takes it die, or no letter go out, it is due again after a pause."""
    due = WebhookEndpoint.objects.filter(notice_due_at__lte=at)
    for endpoint in due.select_related("store").order_by("notice_due_at", "pk")[:CANDIDATES]:
        own = WebhookEndpoint.objects.filter(pk=endpoint.pk, notice_due_at=endpoint.notice_due_at)
        if own.update(notice_due_at=at + NOTICE_PAUSE):
            return endpoint
    return None


def mark_notice_sent(endpoint: WebhookEndpoint, *, at: datetime) -> bool:
    """False when it was switched on again meanwhile."""
    told = WebhookEndpoint.objects.filter(pk=endpoint.pk, disabled_at=endpoint.disabled_at)
    return bool(told.update(notice_due_at=None, notice_sent_at=at))


def _facts_of(event: OutboxEvent) -> dict[str, str | None]:
    """As they are in this transaction. Ids are strings, as in all of the API, and dates are those
    of a stay."""
    row = Appointment.objects.values(*FACTS, *OF_ORDERS).get(pk=event.appointment_id)
    maybe = ("realtor_id", "listing_id", "check_in", "check_out")
    return {
        "appointment_id": str(event.appointment_id),
        "appointment_code": row["code"],
        "store_id": str(row["store_id"]),
        **{name: str(row[name]) if row[name] else None for name in maybe},
        "status": row["status"],
        "payment_status": row["payment_status"],
        **{name: str(event.facts[name]) for name in OF_MONEY if name in event.facts},
        **_facts_of_order(event, row),
    }


def _facts_of_order(event: OutboxEvent, row: dict[str, Any]) -> dict[str, str | None]:
    """With what became of a wish to call it off, where the news is of one."""
    if row["order__number"] is None:
        return {}
    told = {
        "order_number": row["order__number"],
        "amount": str(row["final_price"]),
        "currency": row["currency"],
    }
    if "request_id" in event.facts:
        told["cancel_request_state"] = event.facts["state"]
        told["refund"] = event.facts["refund"]
    return told


def _pending(
    event: OutboxEvent, endpoint: WebhookEndpoint, facts: dict[str, str | None]
) -> WebhookDelivery:
    return WebhookDelivery(
        endpoint=endpoint, event=event, facts=facts, next_try_at=event.at, created_at=event.at
    )


def _write(rows: Sequence[WebhookDelivery]) -> None:
    """A booking must not fail because somebody removes an endpoint at this very moment: then its
    row is left out."""
    try:
        with transaction.atomic():
            WebhookDelivery.objects.bulk_create(rows)
    except IntegrityError:
        for row in rows if len(rows) > 1 else ():
            _write([row])


def _note_failure(endpoint_id: int, answer: Answer, at: datetime) -> bool:
    """Whether it is no use to try again: the endpoint has been switched off by it."""
    own = WebhookEndpoint.objects.filter(pk=endpoint_id, is_active=True)
    own.filter(failing_since=None).update(failing_since=at)
    off: dict[str, object] = {"is_active": False, "disabled_at": at, "updated_at": at}
    off |= {"notice_due_at": at, "notice_sent_at": None}
    if answer.is_gone:
        own.update(**off, disabled_reason=OffReason.GONE)
        return True
    long_failing = own.filter(failing_since__lte=at - FAILING_FOR)
    return bool(long_failing.update(**off, disabled_reason=OffReason.FAILING))


def _close(delivery: WebhookDelivery, **changes: object) -> bool:
    own: WebhookDeliveryQuerySet = WebhookDelivery.objects.filter(
        pk=delivery.pk, status=WebhookStatus.PENDING, lease_owner=delivery.lease_owner
    )
    return bool(own.update(lease_until=None, lease_owner="", **changes))
