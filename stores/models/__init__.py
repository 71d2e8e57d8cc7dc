"""Stores: where they are, when they are open, what they allow, who manages them, and which other
systems act for them."""

from .api_key import ApiKey
from .category import Category
from .hours import OpeningInterval, SpecialDay, SpecialInterval
from .membership import StoreMembership
from .policy import BookingPolicy
from .store import STORE_OF_ONE, Store, StoreQuerySet

__all__ = [
    "STORE_OF_ONE",
    "ApiKey",
    "BookingPolicy",
    "Category",
    "OpeningInterval",
    "SpecialDay",
    "SpecialInterval",
    "Store",
    "StoreMembership",
    "StoreQuerySet",
]
