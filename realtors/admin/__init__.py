"""Realtors in the back office."""

from . import history  # noqa: F401
from .hours import TimeOffAdmin, WorkingIntervalAdmin
from .interest import InterestAdmin
from .listings import ListingAdmin, ListingPictureAdmin
from .realtors import RealtorAdmin

__all__ = [
    "InterestAdmin",
    "ListingAdmin",
    "ListingPictureAdmin",
    "RealtorAdmin",
    "TimeOffAdmin",
    "WorkingIntervalAdmin",
]
