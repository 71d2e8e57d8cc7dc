"""The number beside the way to one's conversations."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking_site.common.counts import shown_count


def count_of(unread: int) -> dict[str, Any]:
    """``said`` is what is read out; the script fills in what changes later."""
    return {
        "unread": unread,
        "shown": shown_count(unread),
        "said": _said(unread),
        "said_none": _said(0),
    }


def _said(unread: int) -> str:
    if not unread:
        return _("Conversations, all read")
    text = ngettext("Conversations, %(count)d unread", "Conversations, %(count)d unread", unread)
    return text % {"count": unread}
