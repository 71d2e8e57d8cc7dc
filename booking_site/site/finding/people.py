"""People and categories that a few typed letters may mean."""

from django.db.models import Q

from booking_site.site.finding.words import every, first_those, good_at
from realtors.models import Realtor, RealtorQuerySet
from stores.models import Category, Store, StoreQuerySet


def people_named(words: list[str]) -> RealtorQuerySet:
    """Every word in their name, in what they are good at, or in what they say of themselves: those
    named so first, then those good at it."""
    rows = Realtor.objects.bookable().select_related("store", "user")
    found = rows.filter(every(words, lambda word: _named(word) | good_at(word) | _told(word)))
    better = every(words, _named), every(words, lambda word: _named(word) | good_at(word))
    return found.order_by(first_those(*better), "-review_count", "pk")


def stores_named(words: list[str]) -> StoreQuerySet:
    """Every word in their name, in where they are, or in what is said of them; the latter last."""
    rows = Store.objects.open_to_public()
    found = rows.filter(every(words, lambda word: _over_the_door(word) | _described(word)))
    return found.order_by(first_those(every(words, _over_the_door)), "-review_count", "pk")


def _named(word: str) -> Q:
    return Q(name__icontains=word)


def _told(word: str) -> Q:
    return Q(bio__icontains=word)


def _over_the_door(word: str) -> Q:
    return Q(name__icontains=word) | Q(city__icontains=word) | Q(address__icontains=word)


def _described(word: str) -> Q:
    return Q(description__icontains=word)


def categories_named(words: list[str]) -> list[Category]:
    """Of those in which somebody can be booked."""
    rows = Category.objects.filter(realtors__in=Realtor.objects.bookable())
    for word in words:
        rows = rows.filter(Q(name__icontains=word) | Q(name_en__icontains=word))
    return list(rows.distinct())
