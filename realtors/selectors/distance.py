"""How far listings are, reckoned by the database, so that it can sort and cut by it."""

from typing import Any

from django.db.models import Case, F, FloatField, Q, Value, When
from django.db.models.functions import ASin, Cast, Cos, Least, Power, Radians, Sin, Sqrt

from booking_site.common.places import EARTH_KM, Box, Point, box_around
from realtors.models import ListingQuerySet


def near(rows: ListingQuerySet, place: Point, within: float | None) -> ListingQuerySet:
    """With ``away``, kilometres along the surface (the haversine formula of places.Point), or null
    where neither the listing nor its store says where it is; those within so many kilometres only,
    where that is asked for."""
    if within is not None:
        # Cheap, and by an index; the formula then has the last word.
        box = box_around(place, within)
        own, stores = _inside(box, ""), _inside(box, "store__")
        rows = rows.filter(own | (Q(latitude=None) & stores))
    rows = rows.annotate(away=_kilometres(place))
    return rows if within is None else rows.filter(away__lte=within)


def _inside(box: Box, owner: str) -> Q:
    east = Q(**{f"{owner}longitude__lte": box.east})
    west = Q(**{f"{owner}longitude__gte": box.west})
    along = east | west if box.crosses_date_line else east & west
    return along & Q(**{f"{owner}latitude__gte": box.south, f"{owner}latitude__lte": box.north})


def _kilometres(place: Point) -> Any:
    latitude, longitude = _degrees("latitude"), _degrees("longitude")
    up = Power(Sin(Radians(latitude - Value(place.latitude)) / 2.0), 2)
    along = Power(Sin(Radians(longitude - Value(place.longitude)) / 2.0), 2)
    shrunk = Cos(Radians(Value(place.latitude, FloatField()))) * Cos(Radians(latitude))
    square = Least(Value(1.0), up + shrunk * along)
    return Cast(Value(2 * EARTH_KM) * ASin(Sqrt(square)), FloatField())


def _degrees(name: str) -> Any:
    """The listing's own, or its store's; never the one of one and the other of the other."""
    own, stores = Cast(F(name), FloatField()), Cast(F(f"store__{name}"), FloatField())
    return Case(When(latitude=None, then=stores), default=own, output_field=FloatField())
