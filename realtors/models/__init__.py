"""Realtors: everyone who gives time (agents, landlords, sitters, teachers, tradespeople)."""

from .hours import TimeOff, WorkingInterval
from .realtor import Presence, Realtor, RealtorQuerySet

__all__ = ["Presence", "Realtor", "RealtorQuerySet", "TimeOff", "WorkingInterval"]
