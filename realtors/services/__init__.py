"""Everything that changes a realtor: joining and leaving, presence, hours, time off, rating."""

from .editing import describe_realtor, save_realtor
from .hours import set_working_hours
from .joining import forget, settle_in
from .presence import heartbeat, mark_away, note_action, set_presence, sweep_silent
from .ratings import set_rating
from .time_off import add_time_off, change_time_off, remove_time_off

__all__ = [
    "add_time_off",
    "change_time_off",
    "describe_realtor",
    "forget",
    "heartbeat",
    "mark_away",
    "note_action",
    "remove_time_off",
    "save_realtor",
    "set_presence",
    "set_rating",
    "set_working_hours",
    "settle_in",
    "sweep_silent",
]
