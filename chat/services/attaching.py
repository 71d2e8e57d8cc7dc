"""Files: kept for a conversation until the message they belong to is sent, and gone with it."""

from collections.abc import Iterable

from booking_site.common.files import delete_after_commit
from chat.models import Attachment


def delete_attachments(rows: Iterable[Attachment]) -> int:
    """Rows now, files after the commit."""
    gone = list(rows)
    for one in gone:
        for field in (one.file, one.small):
            delete_after_commit(field.storage, field.name or "")
    Attachment.objects.filter(pk__in=[one.pk for one in gone]).delete()
    return len(gone)
