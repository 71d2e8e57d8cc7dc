"""Finding words in one's own conversations.

A search reads rows, not an index of words, so what it may read is bounded: of each conversation the
newest DEEPEST numbers, of the MOST_CONVERSATIONS in which something was said last, together
MOST_NUMBERS. What is older is found by opening the conversation and going back in it.
"""

from dataclasses import dataclass

from django.db.models import Q

from accounts.models import User
from booking_site.common.pagination import Page, paginate
from chat.models import Message, MessageKind, Participant

from .reading import Thread, thread_of, threads_from

DEEPEST = 10_000
MOST_CONVERSATIONS = 100
MOST_NUMBERS = 200_000
# Where words of people stand, as captions too.
WORDED = (MessageKind.TEXT, MessageKind.IMAGE, MessageKind.VOICE, MessageKind.FILE)


@dataclass(frozen=True)
class Found:
    message: Message
    thread: Thread


def search_messages(
    user: User, words: str, query: dict[str, str], *, conversation_id: int | None = None
) -> Page[Found]:
    """What is still to be seen and holds these words, the newest first; of one conversation or of
    all. Raises NotFound for one that is not the user's."""
    looked_at = _looked_at(user, conversation_id)
    shown = Message.objects.filter(kind__in=WORDED, deleted_at=None, hidden_at=None)
    rows = shown.filter(looked_at, body__icontains=words) if looked_at else shown.none()
    page = paginate(rows.with_parts().order_by("-created_at", "-pk"), query)
    threads = _threads_of(user, {message.conversation_id for message in page.rows})
    found = [Found(message, threads[message.conversation_id]) for message in page.rows]
    return Page(found, page.number, page.limit, page.total)


def _looked_at(user: User, conversation_id: int | None) -> Q:
    """Ranges of the key (conversation, seq), one for each: what is compared row by row would make
    the database read all that was ever said."""
    own = Participant.objects.present().filter(user=user).select_related("conversation")
    if conversation_id is not None:
        own = own.filter(pk=thread_of(user, conversation_id).own.pk)
    newest_first = own.order_by("-conversation__updated_at", "-conversation_id")
    ranges, left = Q(), MOST_NUMBERS
    for row in newest_first[:MOST_CONVERSATIONS]:
        last = row.conversation.last_seq
        low = max(row.joined_seq, last - min(DEEPEST, left))
        left -= last - low
        if low < last:
            ranges |= Q(conversation=row.conversation_id, seq__range=(low + 1, last))
    return ranges


def _threads_of(user: User, ids: set[int]) -> dict[int, Thread]:
    rows = Participant.objects.present().filter(user=user, conversation__in=ids)
    threads = threads_from(list(rows.select_related("conversation")))
    return {one.conversation.pk: one for one in threads}
