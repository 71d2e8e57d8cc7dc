"""Where places lie to each other: whatever they are, all are inside, none covers another, and what
the drawing says of distances and directions is true."""

import math
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from booking_site.common.places import Point
from booking_site.site.drawing import (
    FOOT,
    HALF,
    HEIGHT,
    LONGEST_BAR,
    WIDTH,
    Drawing,
    drawn,
    in_words,
)

anywhere = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))
# As cities are: within some tens of kilometres.
in_town = st.builds(Point, st.floats(30.1, 30.4), st.floats(120.0, 120.4))
many = st.one_of(
    st.lists(anywhere, min_size=1, max_size=14), st.lists(in_town, min_size=1, max_size=14)
)
LAKE = Point(30.2500, 120.1600)


@given(many, st.none() | anywhere | in_town)
@example([LAKE], None)
@example([LAKE] * 12, LAKE)
@example([Point(90, 0), Point(-90, 0)], None)
@example([Point(0, 0), Point(0, 90), Point(0, 180), Point(0, -90)], Point(0, 45))
@example([Point(-17, 179.99), Point(-17, -179.99)], None)
def test_all_are_inside_and_no_label_covers_another(points: list[Point], place: Point | None):
    drawing = drawn(points, place=place)

    told = sorted(number for label in drawing.labels for number in label.places)
    assert told == list(range(len(points)))
    for label in drawing.labels:
        assert label.half_width <= label.x <= WIDTH - label.half_width
        assert HALF <= label.y <= HEIGHT - FOOT - HALF
    for at, one in enumerate(drawing.labels):
        assert not any(one.overlaps(other) for other in drawing.labels[at + 1 :])
    if drawing.place:
        assert 0 <= drawing.place[0] <= WIDTH
        assert 0 <= drawing.place[1] <= HEIGHT - FOOT


@given(many, st.none() | anywhere)
def test_the_bar_fits_and_has_a_round_length(points: list[Point], place: Point | None):
    drawing = drawn(points, place=place)

    digits = f"{drawing.bar_km * 1000:.0f}"
    assert digits.rstrip("0") in ("1", "2", "5")
    assert LONGEST_BAR / 2.6 <= drawing.bar <= LONGEST_BAR + 0.01


@given(in_town, in_town)
def test_distances_are_to_scale(one: Point, other: Point):
    drawing = drawn([one, other])

    if len(drawing.labels) == 2:
        first, second = drawing.labels
        units = math.hypot(first.x - second.x, first.y - second.y)
        away = units / drawing.bar * drawing.bar_km
        assert away == pytest.approx(one.kilometres_to(other), rel=0.01)


@pytest.mark.parametrize(
    "middle", [LAKE, Point(-17.5, 180), Point(64, -21.9), Point(0, 0)], ids=str
)
def test_north_is_up_and_east_is_right_over_the_date_line_too(middle: Point):
    def beside(north: float, east: float) -> Point:
        along = middle.longitude + east
        return Point(middle.latitude + north, along - 360 if along > 180 else along)

    here, north, east = (
        drawn([beside(0, 0), beside(0.1, 0), beside(0, 0.1)]).labels[place] for place in range(3)
    )

    assert here.y - north.y > 100
    assert abs(here.x - north.x) < 2
    assert east.x - here.x > 50
    assert abs(here.y - east.y) < 2


def test_the_pole_is_a_place_like_any_other():
    around = [Point(89.9, longitude) for longitude in (0, 90, 180, -90)]

    drawing = drawn(around)

    assert len(drawing.labels) == 4
    assert drawing.bar_km == 5


def test_those_at_one_place_share_a_label_that_says_which_they_are():
    far = Point(30.30, 120.20)

    drawing = drawn([LAKE, far, LAKE, LAKE, LAKE], numbers=[13, 14, 15, 16, 18])

    assert [label.text for label in drawing.labels] == ["13 +3", "14"]


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ([4], "4"),
        ([3, 4, 5], "3–5"),
        ([5, 1, 4], "1, 4–5"),
        ([1, 3, 5, 7], "1 +3"),
        (list(range(1, 13)), "1–12"),
    ],
)
def test_numbers_in_words(numbers: list[int], told: str):
    assert in_words(numbers) == told


def test_one_alone_is_in_the_middle():
    (label,) = drawn([LAKE]).labels

    assert (label.x, label.y) == (WIDTH / 2, (HEIGHT - FOOT) / 2)


def test_a_place_far_away_does_not_make_the_others_one_dot():
    beijing, near = Point(39.9, 116.4), Point(30.27, 120.17)
    town = [LAKE, Point(30.28, 120.20)]

    assert drawn(town, place=beijing).place is None
    assert drawn(town, place=beijing).rings == ()
    assert len(drawn(town, place=beijing).labels) == 2
    assert drawn(town, place=near).place is not None


def test_rings_and_squares_are_one_bar_apart():
    around, plain = drawn([LAKE, Point(30.3, 120.2)], place=LAKE), drawn([LAKE])

    assert around.rings[:2] == (around.bar, 2 * around.bar)
    assert (around.across, around.down) == ((), ())
    assert steps(plain, plain.across) == steps(plain, plain.down) == {1.0}
    assert plain.rings == ()


def steps(drawing: Drawing, lines: tuple[float, ...]) -> set[float]:
    return {round((after - before) / drawing.bar, 6) for before, after in pairwise(lines)}
