"""What is counted of seats and money for whoever watches the site: once it is committed."""

from django.db import transaction
from prometheus_client import Counter

from appointments.models import SystemReason
from booking_site.common.meters import PAYMENTS, REFUNDS, SEATS_BOOKED, SEATS_NOT_PAID
from notifications.models import Kind, OutboxEvent

OF_MONEY = {
    Kind.PAYMENT_SUCCEEDED: PAYMENTS.labels("succeeded"),
    Kind.PAYMENT_FAILED: PAYMENTS.labels("failed"),
    Kind.REFUND_DONE: REFUNDS.labels("done"),
    Kind.REFUND_STUCK: REFUNDS.labels("stuck"),
}


def count_after_commit(event: OutboxEvent) -> None:
    """Nothing for most news."""
    counter = OF_MONEY.get(Kind(event.kind))
    if counter is None and event.kind in (Kind.CREATED, Kind.CANCELLED):
        counter = _of_seats(event)
    if counter is not None:
        transaction.on_commit(counter.inc, robust=True)


def _of_seats(event: OutboxEvent) -> Counter | None:
    if event.kind == Kind.CREATED:
        return SEATS_BOOKED if event.appointment.is_seat else None
    return SEATS_NOT_PAID if event.facts["reason"] == SystemReason.NOT_PAID else None
