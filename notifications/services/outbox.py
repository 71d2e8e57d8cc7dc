"""Writing down what happened, and who is to be told."""

from datetime import datetime
from typing import Any

from django.db import transaction

from notifications.models import Channel, Delivery, Kind, OutboxEvent
from notifications.selectors.recipients import recipients_of


# No savepoint of its own: it stands or falls with the change it is part of.
@transaction.atomic(savepoint=False)
def record(kind: Kind, *, appointment_id: int, at: datetime, facts: dict[str, Any]) -> OutboxEvent:
    """The news, and a letter for everybody whom it concerns and who can be reached. Only rows: they
    are sent after the commit, and never if there is none."""
    event = OutboxEvent.objects.create(kind=kind, appointment_id=appointment_id, at=at, facts=facts)
    letters = [
        Delivery(
            event=event,
            channel=Channel.EMAIL,
            role=one.role,
            recipient_id=one.recipient_id,
            letter=one.letter,
            address=one.address,
            locale=one.locale,
            next_try_at=at + one.after,
            created_at=at,
        )
        for one in recipients_of(event)
    ]
    if letters:
        Delivery.objects.bulk_create(letters)
    return event
