"""What realtors type: when they work, and what their page says of them."""

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
    "OwnPageForm",
    "TimeOffForm",
    "WeekForm",
    "copied_day",
    "with_row_more",
]
