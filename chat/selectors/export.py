"""What this app holds on a person, for themselves.

Of what others have said it tells when, to whom and by whom, and not the words: those are somebody
else's, who has not been asked whether they may be carried away. They can be read in the
conversation itself as long as one is in it.
"""

from typing import TYPE_CHECKING, Any

from django.db.models import F, Q

from chat.models import (
    Attachment,
    Block,
    ConversationType,
    Message,
    MessageKind,
    MessageReport,
    Participant,
)
from chat.presenters.people import name_of
from chat.presenters.stickers import sticker_label

if TYPE_CHECKING:
    from accounts.models import User

# The newest of what others have said. Everything of one's own is there.
OTHERS_LISTED = 10_000


def export_of(user: "User") -> dict[str, Any]:
    """Plain data, ready for JSON with Django's encoder. The same number of queries however much
    was said."""
    reports = MessageReport.objects.filter(reporter=user).order_by("pk")
    columns = ("conversation_id", "message_id", "reason", "words", "state", "created_at")
    files = _files(user)
    return {
        "conversations": _conversations(user),
        "messages": _said(user, files),
        "messages_from_the_site": _from_the_site(user),
        "messages_of_others": _of_others(user),
        "attachments_not_sent": files.get(None, []),
        "blocked_people": _blocked(user),
        "message_reports": list(reports.values(*columns)),
    }


def _conversations(user: "User") -> list[dict[str, Any]]:
    rows = list(Participant.objects.filter(user=user).select_related("conversation"))
    names: dict[int, list[str]] = {row.conversation_id: [] for row in rows}
    # Who is there, for those who are there.
    here = [row.conversation_id for row in rows if row.left_at is None]
    others = Participant.objects.present().filter(conversation__in=here).exclude(user=user)
    for other in others.select_related("user__realtor"):
        names[other.conversation_id].append(name_of(other.user))
    return [
        {
            "id": row.conversation_id,
            "type": row.conversation.type,
            "name": row.conversation.name,
            "appointment_id": row.conversation.appointment_id,
            "with": names[row.conversation_id],
            "role": row.role,
            "joined_at": row.joined_at,
            "left_at": row.left_at,
            "last_read_at": row.last_read_at,
            "is_muted": row.is_muted,
        }
        for row in rows
    ]


def _said(user: "User", files: dict[int | None, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    columns = ("pk", "conversation_id", "seq", "kind", "body", "meta")
    times = ("created_at", "edited_at", "deleted_at", "hidden_at")
    rows = Message.objects.filter(sender=user).order_by("pk").values(*columns, *times)
    said = []
    for row in rows:
        message = {name: row[name] for name in ("conversation_id", "seq", "kind", *times)}
        message["text"] = row["body"]
        if row["kind"] == MessageKind.STICKER:
            message["text"] = sticker_label(row["meta"].get("sticker", ""))
        said.append(message | {"attachments": files.get(row["pk"], [])})
    return said


def _from_the_site(user: "User") -> list[dict[str, Any]]:
    """Written to them alone, and so theirs with its words."""
    rows = Message.objects.filter(
        conversation__participants__user=user,
        conversation__type=ConversationType.SYSTEM,
        sender=None,
    )
    columns = ("conversation_id", "seq", "body", "created_at")
    return [dict(row) for row in rows.order_by("pk").values(*columns)]


def _of_others(user: "User") -> list[dict[str, Any]]:
    """While they were there."""
    rows = Message.objects.filter(
        Q(conversation__participants__left_at=None)
        | Q(created_at__lte=F("conversation__participants__left_at")),
        conversation__participants__user=user,
        seq__gt=F("conversation__participants__joined_seq"),
        sender__isnull=False,
    ).exclude(sender=user)
    some = rows.select_related("sender__realtor").order_by("-pk")[:OTHERS_LISTED]
    return [
        {
            "conversation_id": message.conversation_id,
            "seq": message.seq,
            "kind": message.kind,
            "by": name_of(message.sender),
            "created_at": message.created_at,
        }
        for message in some.defer("body")
    ]


def _files(user: "User") -> dict[int | None, list[dict[str, Any]]]:
    """Facts of theirs by message; None has those that were not sent."""
    found: dict[int | None, list[dict[str, Any]]] = {}
    columns = ("kind", "name", "content_type", "size", "created_at")
    for row in Attachment.objects.of_person(user).values("message_id", "key", *columns):
        facts = {name: row[name] for name in columns}
        found.setdefault(row["message_id"], []).append({"id": row["key"], **facts})
    return found


def _blocked(user: "User") -> list[dict[str, Any]]:
    rows = Block.objects.visible_to(user).select_related("blocked__realtor")
    return [{"name": name_of(row.blocked), "created_at": row.created_at} for row in rows]
