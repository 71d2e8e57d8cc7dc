"""What was taken back, hidden or forgotten is told to nobody who comes back later: the rows stay in
the streams, because numbers have no holes, and say no words."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.db.models import Min, Q, QuerySet

from booking_site.common.transactions import do_last
from chat.models import Message
from notifications.models import UserEvent

from .rewriting import rewrite

WITH_WORDS = ("new-message", "message-edited")
# Of more it is quicker to look at all that was told.
FEW = 200

Data = dict[str, Any]


def forget_words(message_ids: Iterable[int]) -> None:
    """Of these messages, and where others quote them. At the end of this transaction: streams are
    locked in one order, and what stands in them after that."""
    for pk in message_ids:
        do_last(_forget_words, pk)


def _forget_words(message_ids: list[int]) -> None:
    when_gone: dict[int, dict[str, str | None]] = defaultdict(dict)
    for message in Message.objects.filter(pk__in=message_ids).only(
        "conversation_id", "deleted_at", "hidden_at"
    ):
        at = message.deleted_at or message.hidden_at
        when_gone[message.conversation_id][str(message.pk)] = at.isoformat() if at else None
    for conversation_id, gone in sorted(when_gone.items()):
        _rewrite(_rows_with(conversation_id, list(gone)), partial(without_words, when_gone=gone))


def _rows_with(conversation_id: int, ids: list[str]) -> QuerySet[UserEvent]:
    first = Message.objects.filter(pk__in=ids).aggregate(at=Min("created_at"))["at"]
    rows = UserEvent.objects.filter(
        conversation=conversation_id, event__in=WITH_WORDS, created_at__gte=first
    )
    if len(ids) > FEW:
        return rows
    return rows.filter(Q(payload__data__id__in=ids) | Q(payload__data__replyTo__id__in=ids))


def without_words(data: Data, when_gone: dict[str, str | None]) -> Data:
    """What a frame may still say of a message, or of one that quotes it."""
    if data["id"] in when_gone:
        data = data | {"content": {}, "attachments": [], "deletedAt": when_gone[data["id"]]}
    quoted = data["replyTo"]
    if quoted and quoted["id"] in when_gone:
        data = data | {"replyTo": quoted | {"content": {}}}
    return data


def _rewrite(rows: QuerySet[UserEvent], change: Callable[[Data], Data]) -> None:
    changed = []
    for row in rows.order_by("user_id", "u"):
        data = change(row.payload["data"])
        if data != row.payload["data"]:
            row.payload |= {"data": data}
            changed.append(row)
    rewrite(changed)
