"""Everything that changes a realtor: joining and leaving, presence, working hours, time off."""

from .hours import set_working_hours
from .joining import forget, settle_in
from .presence import heartbeat, mark_away, note_action, set_presence, sweep_silent
from .time_off import add_time_off, change_time_off, remove_time_off

__all__ = [
    "add_time_off",
    "change_time_off",
    "forget",
    "heartbeat",
    "mark_away",
    "note_action",
    "remove_time_off",
    "set_presence",
    "set_working_hours",
    "settle_in",
    "sweep_silent",
]
