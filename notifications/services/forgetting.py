"""Whoever has their account erased gets no more letters, and leaves no address here."""

from django.db import transaction

from accounts.models import User
from appointments.models import SystemReason
from notifications.models import DeliveryStatus, OutboxEvent
from notifications.selectors.export import deliveries_to


@transaction.atomic
def forget(user: User) -> None:
    """What waits is dropped; addresses, what mail servers said of them, and what people gave as a
    reason go from all the rest."""
    theirs = deliveries_to(user)
    theirs.filter(status=DeliveryStatus.PENDING).update(
        status=DeliveryStatus.DROPPED, lease_until=None, lease_owner=""
    )
    theirs.update(address="", last_error="")
    for event in OutboxEvent.objects.filter(appointment__user=user):
        if event.facts.get("reason") and event.facts["reason"] not in SystemReason.values:
            event.facts["reason"] = ""
            event.save(update_fields=["facts"])
