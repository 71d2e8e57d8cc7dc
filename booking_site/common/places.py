"""Points on the earth: read from an address, how far apart, and what lies around one."""

import math
import re
from dataclasses import dataclass

EARTH_KM = 6371.0088
KM_PER_DEGREE = EARTH_KM * math.pi / 180
# Degrees as programs write them: no exponent, no sign but a minus, no digits of other scripts.
DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,20})?")


@dataclass(frozen=True)
class Point:
    """Degrees: latitude from -90 to 90, longitude from -180 to 180."""

    latitude: float
    longitude: float

    def kilometres_to(self, other: "Point") -> float:
        """Along the surface, by the haversine formula: right to half a percent everywhere."""
        here, there = math.radians(self.latitude), math.radians(other.latitude)
        up = math.sin((there - here) / 2) ** 2
        along = math.sin(math.radians(other.longitude - self.longitude) / 2) ** 2
        return (
            2
            * EARTH_KM
            * math.asin(min(1.0, math.sqrt(up + math.cos(here) * math.cos(there) * along)))
        )


@dataclass(frozen=True)
class Box:
    """Bounds in degrees. Where ``west`` is greater than ``east`` it reaches over the date line."""

    south: float
    north: float
    west: float
    east: float

    @property
    def crosses_date_line(self) -> bool:
        return self.west > self.east


def read_point(latitude: str, longitude: str) -> Point | None:
    """The point somebody sent; None for anything that is none."""
    if not (DEGREES.fullmatch(latitude) and DEGREES.fullmatch(longitude)):
        return None
    point = Point(float(latitude), float(longitude))
    if abs(point.latitude) > 90 or abs(point.longitude) > 180:
        return None
    return point


def box_around(point: Point, kilometres: float) -> Box:
    """The smallest box that holds everything within so many kilometres, a little more for the
    rounding of stored degrees."""
    reach = kilometres / KM_PER_DEGREE + 0.0001
    south, north = point.latitude - reach, point.latitude + reach
    if south <= -90 or north >= 90:
        # A pole is inside: every longitude is near.
        return Box(max(south, -90.0), min(north, 90.0), -180.0, 180.0)
    widest = math.sin(math.radians(reach)) / math.cos(math.radians(point.latitude))
    aside = math.degrees(math.asin(min(1.0, widest))) + 0.0001
    west, east = point.longitude - aside, point.longitude + aside
    if east - west >= 360:
        return Box(south, north, -180.0, 180.0)
    return Box(south, north, _turned(west), _turned(east))


def _turned(longitude: float) -> float:
    if longitude < -180:
        return longitude + 360
    return longitude - 360 if longitude > 180 else longitude
