"""How far each has come: delivered to a device, read. Both only grow."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from booking_site.common.actors import Actor
from booking_site.common.errors import NotFound
from booking_site.common.events import publish
from chat.events import MessagesDelivered, MessagesRead
from chat.models import ConversationType, Participant
from chat.selectors.members import as_members, members_of


@transaction.atomic
def mark_read(conversation_id: int, seq: int, *, by: Actor, at: datetime) -> int:
    """Everything up to ``seq``, or to the newest message where that is less. What was read already
    stays so, and is told to nobody again. Up to where it is read now. Raises NotFound."""
    own = Participant.objects.present().filter(conversation=conversation_id, user=by.user)
    if by.user is None or not by.user.is_active:
        raise NotFound
    row = own.select_related("conversation").first()
    if row is None:
        raise NotFound
    seq = min(seq, row.conversation.last_seq)
    grown = own.filter(last_read_seq__lt=seq).update(
        last_read_seq=seq,
        last_delivered_seq=Greatest(F("last_delivered_seq"), Value(seq)),
        last_read_at=at,
    )
    if not grown:
        return max(seq, row.last_read_seq)
    members = as_members(members_of(conversation_id))
    publish(MessagesRead(conversation_id, members, at, user_id=row.user_id, seq=seq))
    return seq


@transaction.atomic
def mark_delivered(user_id: int, newest: Mapping[int, int], *, at: datetime) -> None:
    """A device has everything up to these numbers, by conversation. Told where two talk: in a group
    it would be more news than there are messages."""
    own = Participant.objects.present().filter(
        user=user_id, conversation__in=sorted(newest), conversation__type=ConversationType.DIRECT
    )
    for row in own.select_related("conversation").order_by("conversation_id"):
        seq = min(newest[row.conversation_id], row.conversation.last_seq)
        behind = Participant.objects.filter(pk=row.pk, last_delivered_seq__lt=seq)
        if behind.update(last_delivered_seq=seq):
            members = as_members(members_of(row.conversation_id))
            publish(MessagesDelivered(row.conversation_id, members, at, user_id=user_id, seq=seq))
