"""What many reviews come to."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum, Window

from realtors.models import Listing
from reviews.models import Aspect, Review, ReviewAspect
from reviews.rules import HIGHEST, LOWEST, mean
from stores.models import Store

from .reading import Whose, reviews_of


@dataclass(frozen=True)
class AspectMean:
    """What those came to who said something of it."""

    aspect: Aspect
    mean: Decimal
    count: int


@dataclass(frozen=True)
class Summary:
    """``counts``: how many gave so many stars, five first. ``aspects``: of those that somebody
    has rated, in their own order."""

    count: int
    mean: Decimal
    counts: tuple[tuple[int, int], ...]
    aspects: tuple[AspectMean, ...] = ()


def summary_of(whose: Whose, *, aspects: bool = False) -> Summary:
    """One query, two with ``aspects``, none where nobody has said anything."""
    rows = reviews_of(whose).order_by().values_list("rating").annotate(Count("pk"))
    found: dict[int, int] = dict(rows) if whose.review_count else {}
    counts = tuple((stars, found.get(stars, 0)) for stars in range(HIGHEST, LOWEST - 1, -1))
    count = sum(number for _stars, number in counts)
    total = sum(stars * number for stars, number in counts)
    told = _aspects_of(whose) if aspects and count else ()
    return Summary(count=count, mean=mean(total, count), counts=counts, aspects=told)


def read_of(whose: Whose, *, most: int) -> tuple[Summary, list[Review]]:
    """``summary_of`` and ``newest_of`` in one query, none where nobody has said anything."""
    stars = range(HIGHEST, LOWEST - 1, -1)
    counted = {f"of_{n}": Window(Count("pk", filter=Q(rating=n))) for n in stars}
    rows = reviews_of(whose).with_people().order_by("-id").annotate(**counted)
    newest = list(rows[:most]) if whose.review_count else []
    counts = tuple((n, getattr(newest[0], f"of_{n}") if newest else 0) for n in stars)
    count = sum(number for _stars, number in counts)
    total = sum(given * number for given, number in counts)
    return Summary(count=count, mean=mean(total, count), counts=counts), newest


def _aspects_of(whose: Whose) -> tuple[AspectMean, ...]:
    shown = ReviewAspect.objects.filter(review__hidden_at=None)
    if isinstance(whose, Store):
        rows = shown.filter(review__store=whose)
    elif isinstance(whose, Listing):
        rows = shown.filter(review__listing=whose)
    else:
        rows = shown.filter(review__realtor=whose)
    sums = rows.order_by().values_list("aspect").annotate(Sum("stars"), Count("pk"))
    found = {aspect: (total, count) for aspect, total, count in sums}
    return tuple(
        AspectMean(aspect, mean(*found[aspect]), found[aspect][1])
        for aspect in Aspect
        if aspect in found
    )
