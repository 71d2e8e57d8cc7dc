"""Realtors: everyone who gives time (agents, landlords, sitters, teachers, tradespeople), and what
they offer."""

from .hours import TimeOff, WorkingInterval
from .interest import Interest, InterestKind, InterestQuerySet
from .listing import Listing, ListingKind, ListingQuerySet, ListingStatus, PriceUnit
from .listing_picture import ListingPicture
from .realtor import Presence, Realtor, RealtorQuerySet

__all__ = [
    "Interest",
    "InterestKind",
    "InterestQuerySet",
    "Listing",
    "ListingKind",
    "ListingPicture",
    "ListingQuerySet",
    "ListingStatus",
    "Presence",
    "PriceUnit",
    "Realtor",
    "RealtorQuerySet",
    "TimeOff",
    "WorkingInterval",
]
