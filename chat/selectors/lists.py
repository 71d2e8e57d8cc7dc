"""Conversations as the pages list them."""

from django.db.models import Q

from accounts.models import User
from booking_site.common.errors import NotFound
from chat.models import Message, Participant

from .reading import Thread, rows_of, threads_from

# Beside an open conversation.
BESIDE = 30
MOST_NAMED = 10
# More ids than anybody mutes.
MOST_MUTED = 1000


def beside(user: User, conversation_id: int) -> tuple[Thread, list[Thread]]:
    """The one that is opened, and the newest, looked up together. Raises NotFound."""
    rows = list(rows_of(user)[:BESIDE])
    listed = {row.conversation_id for row in rows}
    if conversation_id not in listed:
        own = Participant.objects.present().filter(user=user, conversation=conversation_id)
        row = own.select_related("conversation").first()
        if row is None:
            raise NotFound
        rows.append(row)
    threads = threads_from(rows)
    opened = next(one for one in threads if one.conversation.pk == conversation_id)
    return opened, [one for one in threads if one.conversation.pk in listed]


def threads_named(user: User, words: str) -> list[Thread]:
    """With these words in the group's name, or in that of somebody who is there."""
    present = Participant.objects.present().exclude(user=user)
    named = Q(user__display_name__icontains=words) | Q(user__realtor__name__icontains=words)
    theirs = present.filter(named, user__is_active=True).values("conversation")
    own = Participant.objects.present().filter(user=user)
    found = own.filter(Q(conversation__name__icontains=words) | Q(conversation__in=theirs))
    newest = found.select_related("conversation").order_by(
        "-conversation__updated_at", "-conversation_id"
    )
    return threads_from(list(newest[:MOST_NAMED]))


def sent_before(user: User, conversation_id: int, client_id: str | None) -> Message | None:
    """What they have sent there under this name of their device."""
    if client_id is None:
        return None
    rows = Message.objects.filter(sender=user, client_id=client_id, conversation=conversation_id)
    return rows.with_parts().first()


def muted_with_unread(user: User) -> list[int]:
    rows = Participant.objects.present().with_unread().filter(user=user, is_muted=True)
    return list(rows.values_list("conversation", flat=True)[:MOST_MUTED])
