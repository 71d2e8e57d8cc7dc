"""Everything that changes a realtor and what they offer: joining and leaving, presence, hours, time
off, ratings, listings."""

from .editing import describe_realtor, save_realtor
from .hours import set_working_hours
from .interest import (
    forget_interest,
    note_booked,
    note_passed_over,
    note_viewed,
    save_listing,
    unsave_listing,
)
from .joining import forget, settle_in
from .listing_files import sweep_listing_files
from .listing_moderation import hide_listing, restore_listing
from .listing_pictures import add_picture, change_picture, remove_picture, require_room
from .listings import (
    create_listing,
    edit_listing,
    publish_listing,
    take_back_listing,
    withdraw_listing,
)
from .presence import heartbeat, mark_away, note_action, set_presence, sweep_silent
from .ratings import set_listing_rating, set_rating
from .time_off import add_time_off, change_time_off, remove_time_off

__all__ = [
    "add_picture",
    "add_time_off",
    "change_picture",
    "change_time_off",
    "create_listing",
    "describe_realtor",
    "edit_listing",
    "forget",
    "forget_interest",
    "heartbeat",
    "hide_listing",
    "mark_away",
    "note_action",
    "note_booked",
    "note_passed_over",
    "note_viewed",
    "publish_listing",
    "remove_picture",
    "remove_time_off",
    "require_room",
    "restore_listing",
    "save_listing",
    "save_realtor",
    "set_listing_rating",
    "set_presence",
    "set_rating",
    "set_working_hours",
    "settle_in",
    "sweep_listing_files",
    "sweep_silent",
    "take_back_listing",
    "unsave_listing",
    "withdraw_listing",
]
