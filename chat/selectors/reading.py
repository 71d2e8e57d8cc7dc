"""Conversations and their messages, for those who are in them."""

from dataclasses import dataclass

from django.db.models import (
    Count,
    Expression,
    F,
    OuterRef,
    Prefetch,
    Subquery,
    Sum,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce

from accounts.models import User
from booking_site.common.errors import NotFound
from booking_site.common.pagination import DEFAULT_LIMIT, Page, paginate
from chat.models import Conversation, Message, Participant, ParticipantQuerySet
from chat.rules import page_of_numbers
from realtors.models import Listing

from .about import put_orders_on, whole, with_what_cards_say

MESSAGES_LIMIT = 50


@dataclass(frozen=True)
class Thread:
    """A conversation as one member sees it: ``own`` is their row in it, ``members`` everybody who
    is there, ``last`` its newest message, if they see one."""

    conversation: Conversation
    own: Participant
    members: list[Participant]
    last: Message | None

    @property
    def unread(self) -> int:
        return self.conversation.last_seq - self.own.last_read_seq

    @property
    def count(self) -> int:
        """Of messages: those there were before they came are not theirs."""
        return self.conversation.last_seq - self.own.joined_seq

    @property
    def others(self) -> list[Participant]:
        return [row for row in self.members if row.user_id != self.own.user_id]


def unread_with_user() -> dict[str, Expression]:
    """How many conversations hold something unread that is not muted, for whoever is signed in
    (accounts.backends.loaded_with_user)."""
    own = Participant.objects.counted().filter(user=OuterRef("pk")).order_by()
    count = own.values("user").annotate(n=Count("pk")).values("n")
    return {"unread_conversations": Coalesce(Subquery(count), 0)}


@dataclass(frozen=True)
class Unread:
    conversations: int
    messages: int


def unread_of(user: User) -> Unread:
    """Of what is neither muted nor put away. One query."""
    waiting = F("conversation__last_seq") - F("last_read_seq")
    told = Participant.objects.counted().filter(user=user)
    sums = told.aggregate(conversations=Count("pk"), messages=Sum(waiting))
    return Unread(sums["conversations"], sums["messages"] or 0)


def unread_conversations_of(user: User) -> int:
    return Participant.objects.counted().filter(user=user).count()


def rows_of(user: User, *, archived: bool = False) -> ParticipantQuerySet:
    """The user's own row in each conversation, the one with the newest message first."""
    own = Participant.objects.present().filter(
        user=user, conversation__archived_at__isnull=not archived
    )
    return own.select_related("conversation").order_by(
        "-conversation__updated_at", "-conversation_id"
    )


def threads_of(
    user: User, query: dict[str, str], *, archived: bool = False, limit: int = DEFAULT_LIMIT
) -> Page[Thread]:
    """One page of them. The same number of queries however many there are."""
    page = paginate(rows_of(user, archived=archived), query, limit=limit)
    threads = threads_from(page.rows, with_orders=True)
    return Page(threads, page.number, page.limit, page.total)


def thread_of(user: User, conversation_id: int) -> Thread:
    """One of the user's own. Raises NotFound, for those that are not there just as for those of
    others."""
    own = Participant.objects.present().filter(user=user, conversation=conversation_id)
    row = own.select_related("conversation").first()
    if row is None or not user.is_active:
        raise NotFound
    return threads_from([row], with_orders=True)[0]


def bare_thread_of(user: User, conversation_id: int) -> Thread:
    """One of the user's own, without what was said and what it is about. One query. Raises
    NotFound."""
    rows = Participant.objects.present().filter(conversation=conversation_id)
    members = list(rows.select_related("user__realtor", "conversation").order_by("joined_at", "id"))
    own = next((row for row in members if row.user_id == user.pk), None)
    if own is None or not user.is_active:
        raise NotFound
    return Thread(own.conversation, own, members, last=None)


def threads_in(conversation_id: int) -> list[Thread]:
    """One conversation as each who is in it sees it."""
    rows = Participant.objects.present().filter(conversation=conversation_id)
    return threads_from(list(rows.select_related("conversation").order_by("user_id")))


def threads_from(rows: list[Participant], *, with_orders: bool = False) -> list[Thread]:
    """For each of somebody's own rows, with its conversation. The same number of queries however
    many there are. ``with_orders``: for who tells more of the newest message than its words, which
    may be about an order of that somebody's."""
    ids = [row.conversation_id for row in rows]
    members: dict[int, list[Participant]] = {pk: [] for pk in ids}
    present = Participant.objects.present().filter(conversation__in=ids)
    for member in present.select_related("user__realtor").order_by("joined_at", "id"):
        members[member.conversation_id].append(member)
    last = last_messages(ids)
    if with_orders and rows:
        put_orders_on(last.values(), rows[0].user_id)
    _with_what_they_are_about([row.conversation for row in rows])
    return [
        Thread(
            conversation=row.conversation,
            own=row,
            members=members[row.conversation_id],
            last=_if_seen(row, last.get(row.conversation_id)),
        )
        for row in rows
    ]


def _if_seen(row: Participant, message: Message | None) -> Message | None:
    return message if message is not None and message.seq > row.joined_seq else None


def last_messages(conversation_ids: list[int]) -> dict[int, Message]:
    newest = Message.objects.filter(
        conversation__in=conversation_ids, seq=F("conversation__last_seq")
    )
    return {message.conversation_id: message for message in newest.with_parts()}


def _with_what_they_are_about(conversations: list[Conversation]) -> None:
    """What their cards say. A query each where there are appointments, stays, orders and
    listings."""
    about = [one for one in conversations if one.appointment_id]
    if about:
        prefetch_related_objects(about, Prefetch("appointment", queryset=whole()))
        with_what_cards_say(one.appointment for one in about if one.appointment)
    offered = [one for one in conversations if one.listing_id and not one.appointment_id]
    if offered:
        named = Listing.objects.only("title", "status", "kind", "realtor", "store")
        prefetch_related_objects(offered, Prefetch("listing", queryset=named))


def messages_page(thread: Thread, *, page: int = 1, limit: int = MESSAGES_LIMIT) -> list[Message]:
    """Ascending; page 1 ends with the newest. A range of the unique key: the same work for a
    thousand messages and a million."""
    low, high = page_of_numbers(
        first=thread.own.joined_seq + 1, last=thread.conversation.last_seq, page=page, limit=limit
    )
    return _between(thread, low, high)


def messages_before(thread: Thread, seq: int, *, limit: int = MESSAGES_LIMIT) -> list[Message]:
    """The newest of those with smaller numbers; ascending."""
    high = min(seq - 1, thread.conversation.last_seq)
    return _between(thread, max(thread.own.joined_seq + 1, high - limit + 1), high)


def messages_after(thread: Thread, seq: int, *, limit: int = MESSAGES_LIMIT) -> list[Message]:
    """The oldest of those with greater numbers; ascending."""
    low = max(seq, thread.own.joined_seq) + 1
    return _between(thread, low, min(low + limit - 1, thread.conversation.last_seq))


def message_of(thread: Thread, message_id: int) -> Message:
    """One that they see. Raises NotFound."""
    rows = Message.objects.filter(
        pk=message_id, conversation=thread.conversation, seq__gt=thread.own.joined_seq
    )
    found = rows.with_parts().first()
    if found is None:
        raise NotFound
    put_orders_on([found], thread.own.user_id)
    return found


def _between(thread: Thread, low: int, high: int) -> list[Message]:
    if low > high:
        return []
    rows = Message.objects.filter(conversation=thread.conversation, seq__range=(low, high))
    found = list(rows.with_parts().order_by("seq"))
    put_orders_on(found, thread.own.user_id)
    return found
