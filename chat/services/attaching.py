"""Files: kept for a conversation until the message they belong to is sent, and gone with it."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q, Sum
from django.db.models.fields.files import FieldFile
from django.utils.translation import ngettext

from accounts.models import User
from booking_site.common.actors import Actor, ActorKind
from booking_site.common.errors import NotFound
from booking_site.common.files import delete_after_commit, keep
from chat.errors import Archived, QuotaUsedUp
from chat.gateways.uploads import Upload
from chat.models import Attachment, Conversation, ConversationType
from chat.rules import MOST_UNSENT, UPLOADS_KEPT

SWEPT_AT_ONCE = 200


@transaction.atomic
def add_attachment(
    conversation: Conversation, upload: Upload, *, by: Actor, at: datetime
) -> Attachment:
    """For a message that its uploader is about to send in this conversation; ``upload`` is what
    gateways.uploads has made of their file. The names in the folder tell nothing. Ask
    ``require_room`` before: here the file is written first.

    Raises NotFound for those who are not in it, Archived, QuotaUsedUp, Unavailable.
    """
    attachment = Attachment(
        conversation=conversation,
        uploader=by.user,
        key=secrets.token_hex(16),
        kind=upload.kind,
        name=upload.name,
        content_type=upload.content_type,
        size=upload.size,
        sha256=upload.sha256,
        width=upload.width,
        height=upload.height,
        seconds=upload.seconds,
        created_at=at,
    )
    # Before anybody waits for a lock: megabytes take their time.
    _keep(attachment, attachment.file, upload.content, upload.ending)
    if upload.small:
        _keep(attachment, attachment.small, upload.small, upload.ending)
    stand_in_line(conversation, by)
    require_room(conversation, size=upload.size, by=by)
    attachment.save(force_insert=True)
    return attachment


def stand_in_line(conversation: Conversation, by: Actor) -> None:
    """Whatever one person uploads comes one after the other. The rows are locked in the order in
    which a message takes them, and nothing is read before: what is read afterwards is as it is now,
    whatever the database thinks of repeated reads. Raises NotFound."""
    Conversation.objects.filter(pk=conversation.pk).update(closed=F("closed"))
    accounts = User.objects.select_for_update().filter(is_active=True)
    if by.user is None or not accounts.filter(pk=by.user.pk):
        raise NotFound


def require_room(conversation: Conversation, *, size: int = 0, by: Actor) -> None:
    """For one file more. Ask before the work of decoding it, and of writing it; ``add_attachment``
    asks again, in line. Raises as it does."""
    user = _require_member(conversation, by)
    own = Attachment.objects.of_person(user)
    have = own.aggregate(bytes=Sum("size"), unsent=Count("pk", filter=Q(message=None)))
    if have["unsent"] >= MOST_UNSENT:
        raise QuotaUsedUp(
            ngettext(
                "At most %(count)s file can wait to be sent. Please send it, or wait a day.",
                "At most %(count)s files can wait to be sent. Please send some, or wait a day.",
                MOST_UNSENT,
            )
            % {"count": MOST_UNSENT}
        )
    if (have["bytes"] or 0) + size > settings.CHAT_QUOTA_BYTES:
        raise QuotaUsedUp


def _require_member(conversation: Conversation, by: Actor) -> User:
    """Who is in it now, where people may write."""
    if by.kind != ActorKind.USER or by.user is None:
        raise NotFound
    rows = Conversation.objects.visible_to(by.user).filter(pk=conversation.pk)
    found = rows.first()
    if found is None:
        raise NotFound
    if not found.is_active or found.type == ConversationType.SYSTEM:
        raise Archived
    return by.user


def _keep(attachment: Attachment, file: FieldFile, content: bytes, ending: str) -> None:
    name = file.field.generate_filename(attachment, f"{secrets.token_hex(16)}.{ending}")
    file.name = keep(file.storage, name, content)


@transaction.atomic
def sweep_uploads(*, at: datetime) -> int:
    """Those whose message was never sent; how many there were."""
    old = Attachment.objects.unsent().filter(created_at__lt=at - UPLOADS_KEPT)
    # Held from here on: a message that takes one meanwhile waits, and finds it gone.
    return delete_attachments(old.order_by("pk").select_for_update()[:SWEPT_AT_ONCE])


def delete_attachments(rows: Iterable[Attachment]) -> int:
    """Rows now, files after the commit."""
    gone = list(rows)
    for one in gone:
        for field in (one.file, one.small):
            delete_after_commit(field.storage, field.name or "")
    Attachment.objects.filter(pk__in=[one.pk for one in gone]).delete()
    return len(gone)
