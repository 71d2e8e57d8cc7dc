"""Realtors in the back office."""

from . import history  # noqa: F401
from .hours import TimeOffAdmin, WorkingIntervalAdmin
from .listings import ListingAdmin, ListingPictureAdmin
from .realtors import RealtorAdmin

__all__ = [
    "ListingAdmin",
    "ListingPictureAdmin",
    "RealtorAdmin",
    "TimeOffAdmin",
    "WorkingIntervalAdmin",
]
