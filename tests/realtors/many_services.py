"""A hundred thousand services all over the world, made in seconds and shared by the tests of a
file."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import connection
from pytest_django import DjangoDbBlocker

from realtors.models import Listing, Realtor
from stores.models import Category, Store

from .conftest import NOW

BASE, COPIES, STORES = 1_000, 100, 300
# Of each copy from the one before it, in degrees.
NORTH, EAST = 0.013, 0.017
# In the middle of the others, and where formulas of maps go wrong.
CROWDED = (31.24, 121.49)
ODD_PLACES = (
    *((90, 0), (-90, 0), (89.99, -170), (-89.95, 100), (89.9, 10)),
    *((0, 180), (0, -180), (0.01, -179.97), (-0.02, 179.95), (71.5, -179.99), (71.4, 179.9)),
    *((0, 0), (-0.01, 0.01)),
)


CATEGORIES = (("housekeeping", "家政", "Housekeeping"), ("repair", "维修", "Repair"))


@contextmanager
def a_hundred_thousand(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Published ones at work, and among them every kind of service that cannot be had; committed,
    and taken away again. MariaDB counts a table that has grown seconds later, and tells those that
    have it open never: it would go by what a file before this one has left."""
    with blocker.unblock():
        try:
            _made()
            _counted()
            yield
        finally:
            _taken_away()
            _counted()


def _made() -> None:
    dice = random.Random(4)
    categories = [
        Category.objects.get_or_create(slug=slug, defaults={"name": name, "name_en": english})[0]
        for slug, name, english in CATEGORIES
    ]
    people = _people()
    Listing.objects.bulk_create(
        _service(number, people, categories, place)
        for number, place in enumerate([*_places(dice), *ODD_PLACES])
    )
    _copied(list(Listing.objects.order_by("pk").values_list("pk", flat=True)[:BASE]))


def _counted() -> None:
    if connection.vendor == "sqlite":
        return
    tables = ", ".join(one._meta.db_table for one in (Listing, Realtor, Store))
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE TABLE {tables}")
        cursor.fetchall()
        cursor.execute(f"FLUSH TABLES {tables}")


def _taken_away() -> None:
    """Not one by one, as a queryset does it that asks what hangs on each."""
    stores = Store.objects.filter(slug__startswith="many-")
    theirs = list(stores.values_list("pk", flat=True))
    for rows in (
        Listing.objects.filter(store__in=theirs),
        Realtor.objects.filter(store__in=theirs),
        stores,
        Category.objects.filter(slug__in=[slug for slug, _name, _english in CATEGORIES]),
    ):
        rows._raw_delete(using=rows.db)


def _people() -> list[Realtor]:
    """Each in a store of their own; the last but one has left, the last one's store is shut."""
    Store.objects.bulk_create(
        Store(name=f"Store {n}", slug=f"many-{n}", city="上海", is_active=n < STORES - 1)
        for n in range(STORES)
    )
    stores = Store.objects.filter(slug__startswith="many-").order_by("pk")
    Realtor.objects.bulk_create(
        Realtor(store=store, name=f"Realtor {n}", is_active=n != STORES - 2)
        for n, store in enumerate(stores)
    )
    return list(Realtor.objects.filter(store__in=stores).select_related("store").order_by("pk"))


def _places(dice: random.Random) -> Iterator[tuple[float, float]]:
    """A third of them in one city."""
    for number in range(BASE):
        if number % 3:
            yield round(dice.uniform(-80, 80), 6), round(dice.uniform(-180, 178), 6)
        else:
            north, east = CROWDED
            yield (
                round(north + dice.uniform(-0.8, 0.0), 6),
                round(east + dice.uniform(-0.9, 0.0), 6),
            )


def _service(
    number: int, people: list[Realtor], categories: list[Category], place: tuple[float, float]
) -> Listing:
    whose = people[number % len(people)]
    reviews = number % 5 * (number % 31)
    return Listing(
        kind="service",
        store=whose.store,
        # Every seventh is the store's: whoever is free comes.
        realtor=whose if number % 7 else None,
        title=f"Service {number}",
        category=categories[number % len(categories)],
        price=10 + number % 90,
        price_unit="visit",
        latitude=place[0],
        longitude=place[1],
        status="draft" if number % 50 == 49 else "published",
        rating=f"{1 + number % 41 / 10:.2f}" if reviews else 0,
        review_count=reviews,
        published_at=NOW - timedelta(hours=number),
        created_at=NOW,
        updated_at=NOW,
    )


def _copied(base: list[int]) -> None:
    """One statement, which both databases understand."""
    quote = connection.ops.quote_name
    columns = [one.column for one in Listing._meta.concrete_fields if not one.primary_key]
    moved = {
        **dict.fromkeys(("latitude", "spot_latitude"), NORTH),
        **dict.fromkeys(("longitude", "spot_longitude"), EAST),
    }
    told = [
        f"ROUND(b.{quote(name)} + n.k * {moved[name]}, 6)" if name in moved else f"b.{quote(name)}"
        for name in columns
    ]
    numbers = " UNION ALL ".join(f"SELECT {k} AS k" for k in range(1, COPIES))
    table = quote(Listing._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(map(quote, columns))}) "
            f"SELECT {', '.join(told)} FROM {table} b CROSS JOIN ({numbers}) n "
            f"WHERE b.id BETWEEN {base[0]} AND {base[-1]}"
        )


def plan_of(sql: str) -> list[dict[str, Any]]:
    """What the database says of how it would go about it."""
    explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    with connection.cursor() as cursor:
        cursor.execute(explain + sql)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
