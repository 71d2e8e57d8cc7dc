"""People and categories that a few typed letters may mean."""

from django.db.models import Q

from realtors.models import Realtor, RealtorQuerySet
from stores.models import Category, Store, StoreQuerySet


def people_named(words: list[str]) -> RealtorQuerySet:
    """Every word in their name, or in what they are good at; those named so first."""
    rows = Realtor.objects.bookable().select_related("store", "user")
    for word in words:
        rows = rows.filter(name__icontains=word)
    return rows.order_by("-review_count", "pk")


def stores_named(words: list[str]) -> StoreQuerySet:
    rows = Store.objects.open_to_public()
    for word in words:
        rows = rows.filter(
            Q(name__icontains=word) | Q(city__icontains=word) | Q(address__icontains=word)
        )
    return rows.order_by("-review_count", "pk")


def categories_named(words: list[str]) -> list[Category]:
    """Of those in which somebody can be booked."""
    rows = Category.objects.filter(realtors__in=Realtor.objects.bookable())
    for word in words:
        rows = rows.filter(Q(name__icontains=word) | Q(name_en__icontains=word))
    return list(rows.distinct())
