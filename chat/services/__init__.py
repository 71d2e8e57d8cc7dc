"""Everything that writes conversations."""

from .attaching import add_attachment, delete_attachments, require_room, sweep_uploads
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
from .forgetting import forget
from .moderating import (
    close,
    dismiss_reports,
    hide,
    open_again,
    read_thread,
    restore,
    write_to_person,
)
from .notes import write_to
from .orders import order_in
from .receipts import mark_delivered, mark_read
from .reminding import claim_unseen
from .reporting import report
from .sending import AlreadySent, Draft, Posted, post, posting, send
from .setting_policy import Figures, set_policy, set_words

__all__ = [
    "AlreadySent",
    "Draft",
    "Figures",
    "Opened",
    "Posted",
    "add_attachment",
    "add_people",
    "block",
    "claim_unseen",
    "close",
    "delete_attachments",
    "dismiss_reports",
    "edit",
    "follow",
    "forget",
    "hide",
    "leave",
    "mark_delivered",
    "mark_read",
    "mute",
    "open_again",
    "open_direct",
    "open_group",
    "order_in",
    "post",
    "posting",
    "put_away",
    "read_thread",
    "rename",
    "report",
    "require_room",
    "restore",
    "send",
    "set_policy",
    "set_words",
    "sweep_uploads",
    "system_conversation",
    "take_back",
    "take_out",
    "unblock",
    "write_to",
    "write_to_person",
]
