"""Realtors in the back office."""

from . import history  # noqa: F401
from .hours import TimeOffAdmin, WorkingIntervalAdmin
from .realtors import RealtorAdmin

__all__ = ["RealtorAdmin", "TimeOffAdmin", "WorkingIntervalAdmin"]
