"""Services around a place, among a hundred thousand: which, in which order, and at what cost; the
same on every database."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F, Q
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from booking_site.common.places import Point, box_around
from booking_site.common.ratings import weighed
from realtors.models import Listing
from realtors.selectors import NearbyWish, nearby_services
from realtors.selectors.distance import near

from .many_services import CROWDED, a_hundred_thousand, plan_of

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
CENTRE = Point(*CROWDED)
TABLE = Listing._meta.db_table
PLACES = {
    "a crowded city": (CENTRE, 10),
    "as far as it goes": (Point(10, 20), 2000),
    "all of the crowd": (CENTRE, 100),
    "the north pole": (Point(90, 0), 300),
    "near the south pole": (Point(-89.9, -90), 2000),
    "on the date line": (Point(0, 180), 50),
    "west of the date line": (Point(0, -179.99), 2000),
    "the date line in the north": (Point(71.45, 179.99), 40),
    "the zero of both": (Point(0, 0), 10),
    "nobody there": (Point(-60.0001, 0.0001), 0.1),
}


@dataclass(frozen=True)
class Told:
    """What plain Python knows of a service that can be had."""

    pk: int
    point: Point
    price: Decimal
    category: str
    rating: float
    reviews: int


@dataclass
class World:
    """Everything that can be had, and the mean of all ratings; by the formula alone, which looks
    at every one of them."""

    services: list[Told]
    prior: float
    known: dict[Point, dict[int, float]] = field(default_factory=dict)

    def away(self, place: Point) -> dict[int, float]:
        if place not in self.known:
            far = ((one.pk, place.kilometres_to(one.point)) for one in self.services)
            self.known = {place: {pk: round(kilometres, 6) for pk, kilometres in far}}
        return self.known[place]

    def fitting(self, wish: NearbyWish) -> list[int]:
        away = self.away(wish.place)
        lowest, highest = wish.price_min or 0, wish.price_max or 1_000_000
        found = [
            one
            for one in self.services
            if away[one.pk] <= wish.radius
            and wish.category in ("", one.category)
            and lowest <= one.price <= highest
        ]

        def best(one: Told) -> tuple[float, int, int]:
            score = round(weighed(one.rating, one.reviews, prior=self.prior), 9)
            return -score, -one.reviews, one.pk

        def nearest(one: Told) -> tuple[float, int]:
            return away[one.pk], one.pk

        ordered = sorted(found, key=best if wish.sort == "rating" else nearest)
        return [one.pk for one in ordered[: wish.limit]]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with a_hundred_thousand(django_db_blocker):
        columns = ("pk", "latitude", "longitude", "price", "category__slug", "rating")
        rows = Listing.objects.open_to_public().values_list(*columns, "review_count")
        services = [
            Told(pk, Point(float(north), float(east)), price, slug, float(rating), count)
            for pk, north, east, price, slug, rating, count in rows.iterator()
        ]
        # Also of what cannot be had any more.
        said = Listing.objects.filter(review_count__gt=0).values_list("rating", "review_count")
        stars = [(float(rating) * count, count) for rating, count in said.iterator()]
        yield World(services, sum(one for one, _n in stars) / sum(n for _one, n in stars))


def found(wish: NearbyWish) -> list[int]:
    return [one.pk for one in nearby_services(wish)]


@pytest.mark.parametrize("where", PLACES)
def test_the_answer_is_that_of_the_formula_everywhere(world, where):
    place, radius = PLACES[where]
    narrow = NearbyWish(place, radius, "repair", Decimal(30), Decimal(70), limit=100)

    assert len(world.services) > 90_000
    for wish in (
        NearbyWish(place, radius, limit=100),
        NearbyWish(place, radius, sort="distance", limit=100),
        narrow,
        replace(narrow, sort="distance", limit=7),
    ):
        assert found(wish) == world.fitting(wish)
    if where != "nobody there":
        assert found(NearbyWish(place, radius))


def test_what_lies_on_the_edge_is_found_and_a_millimetre_behind_it_is_not(world):
    away_of = world.away(CENTRE)
    edges = [pk for pk, away in sorted(away_of.items()) if away < 2000][::2000]

    assert len(edges) > 10
    for pk in edges:
        rows, away = Listing.objects.filter(pk=pk), away_of[pk]
        assert near(rows, CENTRE, away).exists()
        assert not near(rows, CENTRE, away - 0.000001).exists()


def statements(wish: NearbyWish) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        found(wish)
    return [one["sql"] for one in asked]


def reads_every_row(sql: str) -> bool:
    """Of the table of listings, as the database says of how it would go about it."""
    plan = plan_of(sql)
    if connection.vendor == "sqlite":
        # Subqueries are called by their alias; the table of realtors, too, is one of few rows.
        steps = [row["detail"] for row in plan]
        return any(one.startswith(f"SCAN {TABLE}") for one in steps) or not any(
            "listing_by" in one for one in steps
        )
    rows = [row for row in plan if row["table"] == TABLE or row["select_type"] == "SUBQUERY"]
    return not rows or any(row["type"] in ("ALL", "index") for row in rows)


def keys_of(sql: str) -> set[str]:
    plan = plan_of(sql)
    if connection.vendor != "sqlite":
        return {row["key"] for row in plan if row["key"]}
    known = {one.name for one in Listing._meta.indexes}
    return {name for row in plan for name in known if name in row["detail"]}


@pytest.mark.parametrize("sort", ["rating", "distance"])
def test_it_is_one_statement_that_reads_no_table_whole(world, sort):
    for place, radius in PLACES.values():
        (sql,) = statements(NearbyWish(place, radius, sort=sort))
        assert not reads_every_row(sql), (place, radius)


def test_a_category_is_one_statement_more(world):
    categories, _listings = statements(NearbyWish(CENTRE, 10, category="家政"))
    assert "category" in categories


def test_where_few_are_near_the_index_of_places_finds_them(world):
    for place, radius in ((CENTRE, 10), (Point(0, 180), 50), (Point(90, 0), 300)):
        (sql,) = statements(NearbyWish(place, radius))
        assert keys_of(sql) >= {"listing_by_spot", "listing_by_reviews"}


def test_the_place_of_the_listing_or_else_of_its_store_is_no_range_of_any_index(world):
    """A negative control: as it was asked before, the same question reads everything."""
    box = box_around(CENTRE, 10)
    own = Q(latitude__range=(box.south, box.north), longitude__range=(box.west, box.east))
    stores = Q(
        store__latitude__range=(box.south, box.north), store__longitude__range=(box.west, box.east)
    )
    rows = Listing.objects.filter(own | Q(latitude=None) & stores)
    with CaptureQueriesContext(connection) as asked:
        list(rows.order_by(F("pk"))[:20])

    assert "listing_by_spot" not in keys_of(asked[0]["sql"])
    sql = str(Listing.objects.filter(latitude__gt=89).order_by().query)
    assert reads_every_row(sql)


@pytest.mark.parametrize("name", ["housekeeping", "家政", "Housekeeping", "houseKEEPING"])
def test_a_category_is_called_as_in_addresses_or_in_either_language(world, name):
    wish = NearbyWish(CENTRE, 10)

    assert found(replace(wish, category=name)) == world.fitting(
        replace(wish, category="housekeeping")
    )


def test_a_category_that_nobody_knows_has_nothing_in_it(world):
    assert found(NearbyWish(CENTRE, 2000, category="占星")) == []


def test_at_most_a_hundred_and_at_most_so_far(world):
    assert len(found(NearbyWish(CENTRE, 100, limit=1000))) == 100
    far = NearbyWish(CENTRE, 20_000, sort="distance")
    assert found(far) == found(replace(far, radius=2000))
