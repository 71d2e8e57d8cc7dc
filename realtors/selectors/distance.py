"""How far listings are, reckoned by the database, so that it can sort and cut by it."""

from typing import Any

from django.db.models import F, FloatField, Q, Value
from django.db.models.functions import ASin, Cast, Cos, Least, Power, Radians, Round, Sin, Sqrt

from booking_site.common.places import EARTH_KM, Box, Point, box_around
from realtors.models import ListingQuerySet

# Digits of a kilometre: millimetres, finer than places are written down and coarser than databases
# disagree, so that what lies on the edge lies on it for all of them.
DIGITS = 6


def near(rows: ListingQuerySet, place: Point, within: float | None) -> ListingQuerySet:
    """With ``away``, kilometres along the surface (the haversine formula of places.Point, to the
    millimetre), or null where neither the listing nor its store says where it is; those within so
    many kilometres only, where that is asked for."""
    if within is not None:
        # Cheap, and a range of the index ``listing_by_spot``; the formula then has the last word.
        rows = rows.filter(_inside(box_around(place, within)))
    rows = rows.annotate(away=_kilometres(place))
    return rows if within is None else rows.filter(away__lte=within)


def _inside(box: Box) -> Q:
    east, west = Q(spot_longitude__lte=box.east), Q(spot_longitude__gte=box.west)
    along = east | west if box.crosses_date_line else east & west
    return along & Q(spot_latitude__gte=box.south, spot_latitude__lte=box.north)


def _kilometres(place: Point) -> Any:
    latitude = Cast(F("spot_latitude"), FloatField())
    longitude = Cast(F("spot_longitude"), FloatField())
    up = Power(Sin(Radians(latitude - Value(place.latitude)) / 2.0), 2)
    along = Power(Sin(Radians(longitude - Value(place.longitude)) / 2.0), 2)
    shrunk = Cos(Radians(Value(place.latitude, FloatField()))) * Cos(Radians(latitude))
    square = Least(Value(1.0), up + shrunk * along)
    exact = Cast(Value(2 * EARTH_KM) * ASin(Sqrt(square)), FloatField())
    return Round(exact, precision=DIGITS)
