"""What few ratings are worth beside many."""

from typing import Any, TypeVar

from django.db.models import F, FloatField, Model, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, Round

Rows = TypeVar("Rows", bound=QuerySet[Any])

# As many ratings as it takes until a place's own weigh as much as everybody's.
WEIGHT = 10
# Of a score: coarser than databases disagree, so that equals are equal for all of them.
DIGITS = 9


def weighed(mean: float, count: int, *, prior: float, weight: float = WEIGHT) -> float:
    """The Bayesian mean: as if everybody began with ``weight`` ratings of ``prior``. One voice of
    five stars does not stand before a hundred that come to 4.8."""
    return (mean * count + prior * weight) / (count + weight)


def by_weighed_rating(rows: Rows) -> Rows:
    """The best first: ``weighed`` in SQL, as the column ``score``, with the mean of all rows of
    that table as the prior. Expects the columns ``rating`` and ``review_count``; one query."""
    own = Cast(F("rating"), FloatField()) * Cast(F("review_count"), FloatField())
    count = Cast(F("review_count"), FloatField())
    prior = Coalesce(Subquery(_mean_of_all(rows.model)), Value(0.0), output_field=FloatField())
    score = (own + prior * Value(float(WEIGHT))) / (count + Value(float(WEIGHT)))
    return rows.annotate(score=Round(score, precision=DIGITS)).order_by(
        "-score", "-review_count", "pk"
    )


def _mean_of_all(model: type[Model]) -> QuerySet[Any]:
    """Null where nobody has said anything."""
    total = Sum(Cast(F("rating"), FloatField()) * Cast(F("review_count"), FloatField()))
    said = model._default_manager.filter(review_count__gt=0).order_by()
    means = said.annotate(all=Value(1)).values("all").annotate(mean=total / Sum("review_count"))
    return means.values("mean")
