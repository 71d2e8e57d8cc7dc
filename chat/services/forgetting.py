"""When somebody has their account erased.

Their words and files go, and their names where the site has written them; that something was said
stays, because numbers have no holes. Everything is done in statements for many rows at once: as
many for a hundred thousand messages as for one, but for batches.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from booking_site.common.actors import SYSTEM
from booking_site.common.events import publish
from chat.events import ConversationUpdated, WordsForgotten
from chat.models import (
    Attachment,
    Block,
    ChatAction,
    ChatLogEntry,
    Conversation,
    ConversationType,
    Message,
    MessageKind,
    MessageReport,
    Participant,
    ParticipantRole,
)
from chat.selectors.members import as_members

from .attaching import delete_attachments

BATCH = 500


@transaction.atomic
def forget(user: User, *, at: datetime) -> None:
    """Also in conversations they had left. They are in none any more, and those of two are put
    away. Names of groups stay: they are everybody's."""
    theirs = _locked(user)
    telling = [row for row in theirs if row.left_at is None and row.conversation.is_active]
    gone = _words_of(user, theirs, at)
    _names_in_notes(user, gone)
    delete_attachments(Attachment.objects.of_person(user))
    _out_of_the_reports(user)
    Block.objects.filter(Q(blocker=user) | Q(blocked=user)).delete()
    _leave(user, at)
    _write_down(theirs, at)
    for conversation_id, message_ids in sorted(gone.items()):
        publish(WordsForgotten(conversation_id, (), at, message_ids=tuple(message_ids)))
    _tell([row.conversation_id for row in telling], at)


def _locked(user: User) -> list[Participant]:
    """Their rows. Nobody writes in these conversations until the transaction ends."""
    rows = Participant.objects.filter(user=user).order_by("conversation_id")
    ids = list(rows.values_list("conversation_id", flat=True))
    Conversation.objects.filter(pk__in=ids).update(closed=F("closed"))
    return list(rows.select_related("conversation"))


def _words_of(user: User, theirs: list[Participant], at: datetime) -> dict[int, list[int]]:
    """What they have said, and what the site has said to them alone; whose words went, by
    conversation."""
    own_post = [
        row.conversation_id for row in theirs if row.conversation.type == ConversationType.SYSTEM
    ]
    said = Message.objects.filter(Q(sender=user) | Q(conversation__in=own_post)).order_by()
    gone: dict[int, list[int]] = defaultdict(list)
    with_words = said.filter(deleted_at=None).values_list("conversation_id", "pk")
    for conversation_id, pk in with_words:
        gone[conversation_id].append(pk)
    said.update(
        body="",
        meta={},
        client_id=None,
        fingerprint="",
        deleted_at=Coalesce("deleted_at", Value(at)),
    )
    return gone


def _names_in_notes(user: User, gone: dict[int, list[int]]) -> None:
    """Who came and who left, without saying who it was."""
    notes = Message.objects.filter(
        Q(meta__by_id=user.pk) | Q(meta__whom_id=user.pk),
        conversation__in=Participant.objects.filter(user=user).values("conversation"),
        kind=MessageKind.SYSTEM,
    )
    rows = list(notes)
    for row in rows:
        for name in ("by", "whom"):
            if row.meta.get(f"{name}_id") == user.pk:
                row.meta |= {name: "", f"{name}_id": None}
        gone[row.conversation_id].append(row.pk)
    Message.objects.bulk_update(rows, ["meta"], batch_size=BATCH)


def _out_of_the_reports(user: User) -> None:
    MessageReport.objects.filter(message__sender=user).update(quoted="")
    MessageReport.objects.filter(reporter=user).update(reporter=None, words="")


def _leave(user: User, at: datetime) -> None:
    present = Participant.objects.present().filter(user=user)
    owned = list(
        present.filter(role=ParticipantRole.OWNER).values_list("conversation_id", flat=True)
    )
    left = list(present.values_list("conversation_id", flat=True))
    present.update(left_at=at)
    _to_their_heirs(owned)
    active = Conversation.objects.filter(pk__in=left, archived_at=None)
    active.exclude(type=ConversationType.GROUP).update(archived_at=at)


def _to_their_heirs(owned: list[int]) -> None:
    """Whoever came first looks after a group from now on."""
    others = Participant.objects.present().filter(conversation__in=owned)
    heirs: dict[int, int] = {}
    for row in others.order_by("joined_at", "pk"):
        heirs.setdefault(row.conversation_id, row.pk)
    Participant.objects.filter(pk__in=heirs.values()).update(role=ParticipantRole.OWNER)


def _write_down(theirs: Iterable[Participant], at: datetime) -> None:
    ChatLogEntry.objects.bulk_create(
        [
            ChatLogEntry(
                conversation_id=row.conversation_id,
                action=ChatAction.FORGOTTEN,
                actor_kind=SYSTEM.kind,
                at=at,
            )
            for row in theirs
        ],
        batch_size=BATCH,
    )


def _tell(conversation_ids: list[int], at: datetime) -> None:
    """Those who are still there, of conversations that went on until now."""
    members: dict[int, list[Participant]] = defaultdict(list)
    present: QuerySet[Participant] = Participant.objects.present().filter(
        conversation__in=conversation_ids
    )
    for row in present.select_related("user", "conversation").order_by("user_id"):
        members[row.conversation_id].append(row)
    for conversation_id, rows in sorted(members.items()):
        conversation = rows[0].conversation
        publish(ConversationUpdated(conversation_id, as_members(rows), at, conversation))
