"""Where typed words are found, and what is found first."""

from collections.abc import Callable, Iterable
from functools import reduce
from operator import and_

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Value, When

from stores.models import Category


def every(words: Iterable[str], has: Callable[[str], Q]) -> Q:
    """That ``has`` holds for each word."""
    return reduce(and_, map(has, words), Q())


def first_those(*better: Q) -> Case:
    """To order by: 0 for what the first holds for, 1 for the second, and so on; the others last."""
    cases = [When(one, then=Value(place)) for place, one in enumerate(better) if one]
    return Case(*cases, default=Value(len(better)), output_field=IntegerField())


def good_at(word: str) -> Q:
    """Of realtors: one of their skills is called so, in either language."""
    named = Q(name__icontains=word) | Q(name_en__icontains=word)
    return Q(Exists(Category.objects.filter(named, realtors=OuterRef("pk"))))
