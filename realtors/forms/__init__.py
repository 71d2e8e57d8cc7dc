"""What realtors type: when they work, what they offer, and what their page says of them."""

from .listing import ListingForm
from .listing_picture import PictureForm
from .own_page import OwnPageForm
from .working_time import (
    KINDS,
    DayMode,
    TimeOffForm,
    WeekForm,
    copied_day,
    with_row_more,
)

__all__ = [
    "KINDS",
    "DayMode",
    "ListingForm",
    "OwnPageForm",
    "PictureForm",
    "TimeOffForm",
    "WeekForm",
    "copied_day",
    "with_row_more",
]
