"""Forgetting what was said long ago: words and files go, the numbers stay."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from booking_site.common.events import publish
from chat.events import WordsForgotten
from chat.models import (
    Attachment,
    Conversation,
    Message,
    MessageQuerySet,
    MessageReport,
    ReportState,
)
from chat.selectors.members import as_members, members_of

from .attaching import delete_attachments
from .conversing import locked

AT_ONCE = 200


def to_be_forgotten(*, before: datetime) -> MessageQuerySet:
    """Words of people, shown or hidden, and what the site wrote to somebody. What it noted (who
    came, what was booked) are no words."""
    spoken = Q(sender__isnull=False) | ~Q(body="")
    return Message.objects.filter(spoken, created_at__lte=before, deleted_at=None)


@transaction.atomic
def forget_words(conversation: Conversation, *, before: datetime, at: datetime) -> int:
    """Of at most AT_ONCE messages of this conversation. How many; twice is once.

    The conversation is locked, so that what is shown again at this moment is told before it is
    forgotten, or is refused."""
    conversation = locked(conversation.pk)
    rows = to_be_forgotten(before=before).filter(conversation=conversation).order_by("seq")
    ids = list(rows.values_list("pk", flat=True)[:AT_ONCE])
    if not ids:
        return 0
    delete_attachments(Attachment.objects.filter(message__in=ids))
    Message.objects.filter(pk__in=ids).update(body="", meta={}, deleted_at=at)
    members = as_members(members_of(conversation.pk))
    publish(WordsForgotten(conversation.pk, members, at, message_ids=tuple(ids)))
    return len(ids)


@transaction.atomic
def forget_quotations(*, before: datetime) -> int:
    """What decided reports quote of messages so old, and what their reporters wrote so long ago. An
    open one keeps it until somebody has decided. How many."""
    decided = MessageReport.objects.exclude(state=ReportState.OPEN)
    old = decided.filter(Q(message__created_at__lte=before) | Q(created_at__lte=before))
    ids = list(old.exclude(quoted="", words="").values_list("pk", flat=True)[:AT_ONCE])
    return MessageReport.objects.filter(pk__in=ids).update(quoted="", words="")
