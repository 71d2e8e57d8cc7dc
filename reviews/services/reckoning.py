"""Ratings of store, realtor and listing, from all the rows, so that no error is ever carried on."""

from decimal import Decimal

from django.db.models import Count, Sum

from realtors import services as realtors
from reviews.models import Review
from reviews.rules import mean
from stores import services as stores


def reckon(review: Review) -> None:
    """For whom this one is about. Call it with all of them locked, after what was changed."""
    rating, count = _ratings(store_id=review.store_id)
    stores.set_rating(review.store_id, rating=rating, count=count)
    rating, count = _ratings(realtor_id=review.realtor_id)
    realtors.set_rating(review.realtor_id, rating=rating, count=count)
    if review.listing_id is not None:
        rating, count = _ratings(listing_id=review.listing_id)
        realtors.set_listing_rating(review.listing_id, rating=rating, count=count)


def _ratings(**whose: int) -> tuple[Decimal, int]:
    shown = Review.objects.shown().filter(**whose)
    found = shown.aggregate(total=Sum("rating"), count=Count("pk"))
    return mean(found["total"] or 0, found["count"]), found["count"]
