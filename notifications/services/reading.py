"""Having read: on all of one's devices at once."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from booking_site.common.errors import NotFound
from notifications.models import Notification

from .streaming import Happening, stream


@transaction.atomic
def mark_read(user: User, u: int, *, at: datetime) -> Notification:
    """One's own notification of this number. Twice is once. Raises NotFound."""
    own = Notification.objects.filter(user=user, u=u)
    if own.unread().update(read_at=at):
        _tell_devices(user, {"ids": [str(u)]}, at)
    row = own.first()
    if row is None:
        raise NotFound
    return row


@transaction.atomic
def mark_all_read(user: User, *, up_to: int, at: datetime) -> int:
    """Those up to this number: what came since somebody looked is not read. How many they were."""
    own = Notification.objects.filter(user=user, u__lte=up_to)
    count = own.unread().update(read_at=at)
    if count:
        _tell_devices(user, {"up_to": up_to}, at)
    return count


def _tell_devices(user: User, what: dict[str, object], at: datetime) -> None:
    def payload(u: int) -> dict[str, Any]:
        unread = Notification.objects.filter(user=user, u__lt=u).unread().count()
        return {"data": {**what, "unread": unread}}

    stream(Happening(user_id=user.pk, event="notifications-read", payload=payload, at=at))
