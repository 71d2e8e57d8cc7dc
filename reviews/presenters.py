"""How a review reads on pages."""

from datetime import datetime
from typing import Any

from appointments.presenters import times
from reviews.models import Review
from reviews.selectors import Summary


def told(review: Review, at: datetime) -> dict[str, Any]:
    """A plain dictionary for a template. The day is one by the store's calendar."""
    zone = review.store.zone
    day, today = review.created_at.astimezone(zone).date(), at.astimezone(zone).date()
    return {
        "rating": review.rating,
        "comment": review.comment,
        "author": review.author,
        "realtor": review.realtor.name,
        "day": times.spoken_day(day, today),
    }


def summed_up(summary: Summary) -> dict[str, Any]:
    """For reviews/_summary.html."""
    return {
        "count": summary.count,
        "mean": summary.mean,
        "rows": [{"stars": stars, "count": count} for stars, count in summary.counts],
    }
