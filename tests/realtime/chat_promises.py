"""Reads the tables and says where messages, their numbers and what people are told of them do not
belong together.

Nothing is asked of the code that writes them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from django.db.models import Count

from chat.models import Conversation, Message, Participant
from notifications.models import UserEvent

from .chaos import holes


def broken_promises() -> list[str]:
    """In sentences; empty when all is well. Everybody has an account that is open, and nobody has
    left a conversation."""
    return [*holes(), *_numbers(), *_doubles(), *_streams()]


def unkept(said: Iterable[tuple[int, str, str]]) -> list[str]:
    """Of messages by their sender, client_id and words: those that are not there exactly once. The
    words are only asked for where they still stand: they begin with the client_id."""
    by_name: Counter[tuple[int | None, str | None]] = Counter()
    by_words: Counter[tuple[int | None, str]] = Counter()
    words: dict[tuple[int | None, str | None], str] = {}
    rows = Message.objects.values_list("sender_id", "client_id", "body", "deleted_at")
    for sender, client_id, body, deleted_at in rows.iterator():
        by_name[sender, client_id] += 1
        if deleted_at is None:
            by_words[sender, body.partition(" ")[0]] += 1
            words[sender, client_id] = body
    found = []
    for sender, client_id, text in said:
        count = max(by_name[sender, client_id], by_words[sender, client_id])
        if count != 1:
            found.append(f"{client_id} of {sender} is there {count} times")
        elif words.get((sender, client_id), text).rstrip("!") != text.strip():
            found.append(f"{client_id} of {sender} has other words")
    return found


def _numbers() -> Iterator[str]:
    """From 1 to ``last_seq``, each once."""
    numbers: dict[int, list[int]] = defaultdict(list)
    rows = Message.objects.order_by("conversation_id", "seq").values_list("conversation_id", "seq")
    for pk, seq in rows.iterator():
        numbers[pk].append(seq)
    for one in Conversation.objects.all():
        if numbers[one.pk] != list(range(1, one.last_seq + 1)):
            yield f"conversation {one.pk}: {len(numbers[one.pk])} messages up to {one.last_seq}"


def _doubles() -> Iterator[str]:
    twice = Message.objects.exclude(client_id=None).values("sender", "client_id")
    twice = twice.annotate(count=Count("pk")).filter(count__gt=1)
    yield from (f"{one['client_id']} of {one['sender']} was sent twice" for one in twice)


def _streams() -> Iterator[str]:
    """Each member was told of each message that they see, once and in order; and of no other."""
    heard: dict[tuple[int, int], list[int]] = defaultdict(list)
    rows = UserEvent.objects.filter(event="new-message").order_by("user_id", "u")
    for user_id, payload in rows.values_list("user_id", "payload").iterator():
        data = payload["data"]
        heard[user_id, int(data["conversationId"])].append(data["seq"])
    for row in Participant.objects.select_related("conversation"):
        told = heard.pop((row.user_id, row.conversation_id), [])
        if told != list(range(row.joined_seq + 1, row.conversation.last_seq + 1)):
            yield (
                f"{row.user_id} was told of {len(told)} messages of {row.conversation_id}, "
                f"not of those from {row.joined_seq + 1} to {row.conversation.last_seq}"
            )
    yield from (f"{user} was told of {pk}, and is not in it" for user, pk in heard)
