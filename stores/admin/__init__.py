"""Stores in the back office: managers run theirs, operators all of them and the site's policy."""

from . import history  # noqa: F401
from .api_keys import ApiKeyAdmin
from .hours import OpeningIntervalAdmin, SpecialDayAdmin, SpecialIntervalAdmin
from .people import CategoryAdmin, StoreMembershipAdmin
from .policy import BookingPolicyAdmin
from .stores import StoreAdmin

__all__ = [
    "ApiKeyAdmin",
    "BookingPolicyAdmin",
    "CategoryAdmin",
    "OpeningIntervalAdmin",
    "SpecialDayAdmin",
    "SpecialIntervalAdmin",
    "StoreAdmin",
    "StoreMembershipAdmin",
]
