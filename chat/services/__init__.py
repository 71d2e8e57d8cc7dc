"""Everything that writes conversations."""

from .attaching import delete_attachments
from .blocking import block, unblock
from .cards import follow
from .changing import edit, take_back
from .conversing import (
    Opened,
    add_people,
    leave,
    mute,
    open_direct,
    open_group,
    put_away,
    rename,
    system_conversation,
    take_out,
)
from .notes import write_to
from .receipts import mark_delivered, mark_read
from .reporting import report
from .sending import AlreadySent, Draft, Posted, post, send

__all__ = [
    "AlreadySent",
    "Draft",
    "Opened",
    "Posted",
    "add_people",
    "block",
    "delete_attachments",
    "edit",
    "follow",
    "leave",
    "mark_delivered",
    "mark_read",
    "mute",
    "open_direct",
    "open_group",
    "post",
    "put_away",
    "rename",
    "report",
    "send",
    "system_conversation",
    "take_back",
    "take_out",
    "unblock",
    "write_to",
]
