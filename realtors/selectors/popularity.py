"""What many people took an interest in lately."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Case, Count, Sum, Value, When
from redis.exceptions import RedisError

from realtors.models import Interest
from realtors.recommending_rules import MANY, WEIGHTS, Standing

LATELY = timedelta(days=30)
# Counts twice.
JUST_NOW = timedelta(days=7)
MOST_POPULAR = 500
# Every row of the last thirty days is counted for it, and the first page asks for it.
KEPT_SECONDS = 60

log = logging.getLogger(__name__)


def popular(kinds: Sequence[str], at: datetime) -> dict[int, Standing]:
    """By id, of listings of these kinds, to be had or not, as of a minute ago at most. One query,
    or none."""
    key = f"realtors.popular.{'.'.join(kinds)}"
    try:
        found = cache.get(key)
        if found is None:
            found = _counted(kinds, at)
            cache.set(key, found, KEPT_SECONDS)
    except RedisError:
        log.warning("what is popular is counted anew: the cache does not answer")
        found = _counted(kinds, at)
    return {pk: Standing(people=people, points=points) for pk, people, points in found}


def _counted(kinds: Sequence[str], at: datetime) -> list[tuple[int, int, float]]:
    points = Sum(
        Case(*(When(what=what, then=Value(weight)) for what, weight in WEIGHTS.items()))
        * Case(When(at__gte=at - JUST_NOW, then=Value(2.0)), default=Value(1.0))
    )
    lately = Interest.objects.since(at - LATELY).filter(
        what__in=tuple(WEIGHTS), listing__kind__in=kinds
    )
    found = lately.values_list("listing").annotate(people=Count("user", distinct=True), sum=points)
    rows = found.filter(people__gte=MANY).order_by("-sum", "-listing")[:MOST_POPULAR]
    return [(pk, people, float(total)) for pk, people, total in rows]
