"""Realtors in the back office."""

from .hours import TimeOffAdmin, WorkingIntervalAdmin
from .realtors import RealtorAdmin

__all__ = ["RealtorAdmin", "TimeOffAdmin", "WorkingIntervalAdmin"]
