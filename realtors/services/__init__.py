"""Everything that changes a realtor: joining and leaving, working hours, time off."""

from .hours import set_working_hours
from .joining import forget, settle_in
from .time_off import add_time_off, change_time_off, remove_time_off

__all__ = [
    "add_time_off",
    "change_time_off",
    "forget",
    "remove_time_off",
    "set_working_hours",
    "settle_in",
]
