"""What the customers' reviews come to."""

from decimal import Decimal

from realtors.models import Listing, Realtor


def set_rating(realtor_id: int, *, rating: Decimal, count: int) -> None:
    """Reckoned by whoever holds the reviews."""
    Realtor.objects.filter(pk=realtor_id).update(rating=rating, review_count=count)


def set_listing_rating(listing_id: int, *, rating: Decimal, count: int) -> None:
    """Reckoned by whoever holds the reviews."""
    Listing.objects.filter(pk=listing_id).update(rating=rating, review_count=count)
