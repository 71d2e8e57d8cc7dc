"""Everything that changes a store: what its page says, hours, special days, its rating, opening a
new one; and what other systems may do for it, and keep here."""

from .api_keys import MadeKey, make_key, revoke_key
from .describing import StoreFacts, describe_store
from .hours import set_opening_hours
from .opening import close_store_of_one, open_store_of_one
from .ratings import set_rating
from .special_days import add_special_day, change_special_day, remove_special_day
from .tenants import set_settings

__all__ = [
    "MadeKey",
    "StoreFacts",
    "add_special_day",
    "change_special_day",
    "close_store_of_one",
    "describe_store",
    "make_key",
    "open_store_of_one",
    "remove_special_day",
    "revoke_key",
    "set_opening_hours",
    "set_rating",
    "set_settings",
]
