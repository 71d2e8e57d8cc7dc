"""Everything that changes a store: what its page says, hours, special days, its rating, and opening
a new one."""

from .describing import StoreFacts, describe_store
from .hours import set_opening_hours
from .opening import close_store_of_one, open_store_of_one
from .ratings import set_rating
from .special_days import add_special_day, change_special_day, remove_special_day

__all__ = [
    "StoreFacts",
    "add_special_day",
    "change_special_day",
    "close_store_of_one",
    "describe_store",
    "open_store_of_one",
    "remove_special_day",
    "set_opening_hours",
    "set_rating",
]
