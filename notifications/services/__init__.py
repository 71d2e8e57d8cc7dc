"""Everything that writes the outbox. What sends it is in timed.py, outside of any transaction."""

from .announcing import announce_some, publish_announcement
from .delivering import claim_next, claim_next_push, drop, mark_failed, mark_sent, send_again
from .devices import disable_device, register_device, remove_device
from .forgetting import forget
from .forgetting_words import forget_words
from .notifying import notify
from .nudging import claim_next_nudge, nudge
from .outbox import record
from .places import compare_places
from .preferring import set_preferences
from .reading import mark_all_read, mark_read
from .reminding import remind, remind_now
from .streaming import Happening, append, stream
from .telling_late import tell_late
from .telling_seats import claim_next_seat_hint, tell_seat_free

__all__ = [
    "Happening",
    "announce_some",
    "append",
    "claim_next",
    "claim_next_nudge",
    "claim_next_push",
    "claim_next_seat_hint",
    "compare_places",
    "disable_device",
    "drop",
    "forget",
    "forget_words",
    "mark_all_read",
    "mark_failed",
    "mark_read",
    "mark_sent",
    "notify",
    "nudge",
    "publish_announcement",
    "record",
    "register_device",
    "remind",
    "remind_now",
    "remove_device",
    "send_again",
    "set_preferences",
    "stream",
    "tell_late",
    "tell_seat_free",
]
