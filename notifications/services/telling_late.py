"""What is told on the site some time after its news."""

from datetime import datetime

from django.db import transaction

from notifications.models import Delivery, DropReason
from notifications.selectors.recipients import recipient_again

from .delivering import drop, mark_sent
from .notifying import notify


@transaction.atomic
def tell_late(delivery: Delivery, *, at: datetime) -> bool:
    """Its notification, and that it was written, stand and fall together. False when another has
    taken it over meanwhile, or its person is gone."""
    to = recipient_again(delivery)
    if to is None:
        return drop(delivery, reason=DropReason.FORGOTTEN)
    return mark_sent(delivery, at=at) and notify(delivery.event, to, at=at)
