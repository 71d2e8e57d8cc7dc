"""Distances and boxes, at the poles and over the date line too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking_site.common.places import Box, Point, box_around, read_point

HANGZHOU, SHANGHAI = Point(30.25, 120.17), Point(31.23, 121.47)
points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


def test_from_hangzhou_to_shanghai_it_is_165_kilometres():
    assert HANGZHOU.kilometres_to(SHANGHAI) == pytest.approx(165, abs=1)


@pytest.mark.parametrize(
    ("one", "other", "kilometres"),
    [
        (Point(0, 179.9), Point(0, -179.9), 22.24),
        (Point(90, 0), Point(90, 137), 0),
        (Point(89.9, 0), Point(89.9, 180), 22.24),
        (Point(0, 0), Point(0, 180), 20015.1),
        (Point(-90, 0), Point(90, 0), 20015.1),
    ],
)
def test_the_date_line_and_the_poles_are_nothing_special(one, other, kilometres):
    assert one.kilometres_to(other) == pytest.approx(kilometres, abs=0.1)
    assert other.kilometres_to(one) == pytest.approx(kilometres, abs=0.1)


@given(points, points, st.sampled_from([0.1, 5, 50, 500, 3000]))
def test_whatever_is_near_enough_lies_in_the_box(here: Point, there: Point, reach: float):
    if here.kilometres_to(there) <= reach:
        assert holds(box_around(here, reach), there)


def test_a_box_over_the_date_line_reaches_over_it():
    box = box_around(Point(-17.7, 179.95), 50)

    assert box.crosses_date_line
    assert holds(box, Point(-17.7, -179.9))
    assert not holds(box, Point(-17.7, 178))


def holds(box: Box, point: Point) -> bool:
    east, west = point.longitude <= box.east, point.longitude >= box.west
    along = east or west if box.crosses_date_line else east and west
    return along and box.south <= point.latitude <= box.north


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ("", ""),
        ("30.25", ""),
        ("nan", "120"),
        ("inf", "120"),
        ("1e1", "120"),
        ("３０", "120"),
        ("90.1", "0"),
        ("0", "-180.001"),
        ("30.25\x00", "120"),
        ("30.25\n", "120"),
        ("9" * 500, "0"),
        ("1." + "0" * 500, "0"),
    ],
)
def test_what_is_no_point_is_none(latitude: str, longitude: str):
    assert read_point(latitude, longitude) is None


def test_a_point_is_read():
    assert read_point("-30.25", "120") == Point(-30.25, 120)
