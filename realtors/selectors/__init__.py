"""What others may ask about realtors, and about what they offer."""

from .listings import (
    PARTICULARS,
    ListingWish,
    categories_with_listings,
    cities_with,
    counted_by_kind,
    matching_listings,
    picture_for,
    with_cover,
)
from .nearby import NearbyWish, nearby_services
from .people import (
    coming_time_off,
    ordinary_week,
    own_realtor,
    people_by_category,
    realtors_visible_to,
    run_among,
    working_weeks,
)
from .recommending import (
    Recommendation,
    first_houses,
    recommended_for,
    recommended_houses,
)
from .recommending_words import Reason
from .saved import saved_among, saved_by

__all__ = [
    "PARTICULARS",
    "ListingWish",
    "NearbyWish",
    "Reason",
    "Recommendation",
    "categories_with_listings",
    "cities_with",
    "coming_time_off",
    "counted_by_kind",
    "first_houses",
    "matching_listings",
    "nearby_services",
    "ordinary_week",
    "own_realtor",
    "people_by_category",
    "picture_for",
    "realtors_visible_to",
    "recommended_for",
    "recommended_houses",
    "run_among",
    "saved_among",
    "saved_by",
    "with_cover",
    "working_weeks",
]
