"""Putting conversations away about appointments that are over."""

from datetime import datetime, timedelta

from django.db import transaction

from appointments.models import Status
from chat.models import Conversation, ConversationQuerySet

from .conversing import locked, put_away

OVER = (Status.COMPLETED, Status.CANCELLED, Status.NO_SHOW)


def to_be_archived(*, after: timedelta, at: datetime) -> ConversationQuerySet:
    """About an appointment that is over, and nobody has said anything for so long."""
    return Conversation.objects.filter(
        archived_at=None, updated_at__lte=at - after, appointment__status__in=OVER
    )


@transaction.atomic
def archive(conversation: Conversation, *, after: timedelta, at: datetime) -> bool:
    """Unless somebody has written, or opened it again, since it was found. Whether it was put
    away; twice is once."""
    now = locked(conversation.pk)
    if not to_be_archived(after=after, at=at).filter(pk=now.pk).exists():
        return False
    return put_away(now, at=at)
