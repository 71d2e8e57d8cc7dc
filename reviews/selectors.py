"""What has been said, for those who read it."""

from typing import TYPE_CHECKING, Any

from appointments.models import Appointment
from reviews.models import Review
from stores.models import Store

if TYPE_CHECKING:
    from accounts.models import User


def review_of(appointment: Appointment) -> Review | None:
    return Review.objects.with_people().filter(appointment=appointment).first()


def newest_of(store: Store, *, most: int) -> list[Review]:
    """The last ones, the newest first. One query, none where nobody has said anything."""
    if not store.review_count:
        return []
    return list(Review.objects.with_people().filter(store=store).order_by("-id")[:most])


def export_of(user: "User") -> dict[str, Any]:
    """What this app holds on a person, for themselves."""
    written = Review.objects.filter(user=user).order_by("pk")
    columns = ("appointment_id", "store__name", "realtor__name", "rating", "comment", "created_at")
    return {"reviews": list(written.values(*columns))}
