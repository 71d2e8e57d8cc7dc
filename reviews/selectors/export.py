"""What this app holds on a person, for themselves."""

from typing import TYPE_CHECKING, Any

from reviews.models import Review, ReviewPhoto, ReviewReport

if TYPE_CHECKING:
    from accounts.models import User


def export_of(user: "User") -> dict[str, Any]:
    """Plain data, ready for JSON with Django's encoder. Photos by the addresses at which their
    owner sees them."""
    replies = Review.objects.filter(replied_by=user).order_by("pk")
    reports = ReviewReport.objects.filter(reporter=user).order_by("pk")
    unused = ReviewPhoto.objects.of_person(user).unused().order_by("pk")
    return {
        "reviews": [_written(one) for one in _reviews(user)],
        "review_replies": list(replies.values("id", "store__name", "reply", "replied_at")),
        "review_reports": list(
            reports.values("review_id", "reason", "words", "state", "created_at")
        ),
        "review_photos_not_sent": [_photo(one) for one in unused],
    }


def _reviews(user: "User") -> Any:
    return Review.objects.with_parts().filter(user=user).order_by("pk")


def _written(review: Review) -> dict[str, Any]:
    return {
        "appointment_id": review.appointment_id,
        "store__name": review.store.name,
        "realtor__name": review.realtor.name,
        "rating": review.rating,
        "aspects": {one.aspect: one.stars for one in review.aspects.all()},
        "comment": review.comment,
        "photos": [_photo(one) for one in review.photos.all()],
        "reply": review.reply,
        "hidden_at": review.hidden_at,
        "created_at": review.created_at,
    }


def _photo(photo: ReviewPhoto) -> dict[str, Any]:
    return {"id": photo.key, "width": photo.width, "height": photo.height}
