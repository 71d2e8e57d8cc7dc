"""Telling somebody once that messages wait."""

from django.db import transaction

from chat.models import Participant


@transaction.atomic
def claim_unseen(row: Participant) -> bool:
    """Note that they are told of everything up to its conversation's ``last_seq``, in the
    transaction that writes how: whoever gets False tells nobody, because another was faster, or
    because they have just read it, left or muted it."""
    asleep = Participant.objects.filter(
        pk=row.pk,
        reminded_seq=row.reminded_seq,
        last_read_seq=row.last_read_seq,
        left_at=None,
        is_muted=False,
    )
    return bool(asleep.update(reminded_seq=row.conversation.last_seq))
