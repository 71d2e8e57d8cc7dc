"""How reviews read on pages."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse

from appointments.presenters import times
from reviews.models import Review, ReviewPhoto
from reviews.rules import REPLY_CHANGES
from reviews.selectors import Summary


def told(
    review: Review, at: datetime, *, parts: bool = False, reader_id: int | None = None
) -> dict[str, Any]:
    """A plain dictionary for reviews/_review.html. Days are those of the store's calendar.
    ``parts``: with aspects and photos, which ``with_parts`` has fetched. ``reader_id``: of the
    account that reads; nobody reports what they have said themselves."""
    own = reader_id is not None and review.user_id == reader_id
    return {
        "id": review.pk,
        "rating": review.rating,
        "comment": review.comment,
        "author": review.author,
        "realtor": review.realtor.name,
        "day": _day(review.created_at, review, at),
        "reply": review.reply,
        "reply_by": _answering(review),
        "reply_day": _day(review.replied_at, review, at) if review.replied_at else "",
        "hidden": review.is_hidden,
        "hidden_reason": review.hidden_reason,
        "aspects": _aspects(review) if parts else [],
        "photos": shown_photos(review.photos.all()) if parts else [],
        "report_href": reverse("reviews:report", args=[review.pk]) if parts and not own else "",
    }


def to_answer(review: Review, at: datetime) -> dict[str, Any]:
    """With what whoever answers needs besides."""
    changeable = review.replied_at is None or at - review.replied_at <= REPLY_CHANGES
    return told(review, at, parts=True) | {
        "may_answer": changeable and not review.is_hidden,
        "code": review.appointment.code,
    }


def shown_photos(photos: Iterable[ReviewPhoto]) -> list[dict[str, Any]]:
    return [
        {
            "key": photo.key,
            "href": reverse("reviews:photo", args=[photo.key]),
            "src": reverse("reviews:photo_small", args=[photo.key]),
        }
        for photo in photos
    ]


def summed_up(summary: Summary, *, address: str = "") -> dict[str, Any]:
    """For reviews/_summary.html. ``address``: of the page on which the rows lead to those who gave
    so many stars."""
    return {
        "count": summary.count,
        "mean": summary.mean,
        "rows": [
            {
                "stars": stars,
                "count": count,
                "href": f"{address}?rating={stars}" if address and count else "",
            }
            for stars, count in summary.counts
        ],
        "aspects": [
            {"label": one.aspect.label, "mean": one.mean, "count": one.count}
            for one in summary.aspects
        ],
    }


def _answering(review: Review) -> str:
    """The realtor by name; of staff, and of whoever has left, the store's."""
    own = review.replied_by_id is not None and review.replied_by_id == review.realtor.user_id
    return review.realtor.name if own else review.store.name


def _aspects(review: Review) -> list[dict[str, Any]]:
    return [{"label": one.get_aspect_display(), "stars": one.stars} for one in review.aspects.all()]


def _day(instant: datetime, review: Review, at: datetime) -> str:
    zone = review.store.zone
    return times.spoken_day(instant.astimezone(zone).date(), at.astimezone(zone).date())
