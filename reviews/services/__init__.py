"""Everything that changes a review: its words and photos, the answer to it, and whether it is
shown."""

from .answering import reply
from .leaving import forget
from .moderating import dismiss_reports, hide, report, restore
from .photos import (
    add_photo,
    drop_unused,
    remove_photo,
    require_room,
    set_photos,
    sweep_photos,
)
from .writing import write_review

__all__ = [
    "add_photo",
    "dismiss_reports",
    "drop_unused",
    "forget",
    "hide",
    "remove_photo",
    "reply",
    "report",
    "require_room",
    "restore",
    "set_photos",
    "sweep_photos",
    "write_review",
]
