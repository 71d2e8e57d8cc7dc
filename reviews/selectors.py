"""What has been said, for those who read it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, Window

from appointments.models import Appointment
from realtors.models import Realtor
from reviews.models import Review, ReviewQuerySet
from reviews.rules import HIGHEST, LOWEST, mean
from stores.models import Store

if TYPE_CHECKING:
    from accounts.models import User


def review_of(appointment: Appointment) -> Review | None:
    return Review.objects.with_people().filter(appointment=appointment).first()


@dataclass(frozen=True)
class Summary:
    """What many reviews come to. ``counts``: how many gave so many stars, five first."""

    count: int
    mean: Decimal
    counts: tuple[tuple[int, int], ...]


def newest_of(whose: Store | Realtor, *, most: int) -> list[Review]:
    """The last ones, the newest first. One query, none where nobody has said anything."""
    if not whose.review_count:
        return []
    return list(_of(whose).with_people().order_by("-id")[:most])


def summary_of(whose: Store | Realtor) -> Summary:
    """One query, none where nobody has said anything."""
    rows = _of(whose).order_by().values_list("rating").annotate(Count("pk"))
    found: dict[int, int] = dict(rows) if whose.review_count else {}
    counts = tuple((stars, found.get(stars, 0)) for stars in range(HIGHEST, LOWEST - 1, -1))
    count = sum(number for _stars, number in counts)
    total = sum(stars * number for stars, number in counts)
    return Summary(count=count, mean=mean(total, count), counts=counts)


def read_of(whose: Store | Realtor, *, most: int) -> tuple[Summary, list[Review]]:
    """``summary_of`` and ``newest_of`` in one query, none where nobody has said anything."""
    stars = range(HIGHEST, LOWEST - 1, -1)
    counted = {f"of_{n}": Window(Count("pk", filter=Q(rating=n))) for n in stars}
    rows = _of(whose).with_people().order_by("-id").annotate(**counted)
    newest = list(rows[:most]) if whose.review_count else []
    counts = tuple((n, getattr(newest[0], f"of_{n}") if newest else 0) for n in stars)
    count = sum(number for _stars, number in counts)
    total = sum(given * number for given, number in counts)
    return Summary(count=count, mean=mean(total, count), counts=counts), newest


def _of(whose: Store | Realtor) -> ReviewQuerySet:
    """Counted in the ratings, and read by everybody."""
    if isinstance(whose, Store):
        return Review.objects.filter(store=whose)
    return Review.objects.filter(realtor=whose)


def export_of(user: "User") -> dict[str, Any]:
    """What this app holds on a person, for themselves."""
    written = Review.objects.filter(user=user).order_by("pk")
    columns = ("appointment_id", "store__name", "realtor__name", "rating", "comment", "created_at")
    return {"reviews": list(written.values(*columns))}
