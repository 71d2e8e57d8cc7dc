"""Points: none for what is not true, more for more of it, and always the same."""

import math

from hypothesis import given
from hypothesis import strategies as some

from realtors.recommending_rules import (
    COMPANY,
    MANY,
    MOST,
    NEW_DAYS,
    WEIGHTS,
    Facts,
    Standing,
    Taste,
    Trace,
    likeness,
    points_of,
    score_of,
    taste_of,
    told_of,
    weight_of,
)

CITIES = some.sampled_from(["", "上海", "杭州"])
FACTS = some.builds(
    Facts,
    place=some.tuples(CITIES, some.sampled_from(["", "A", "B"])),
    rooms=some.none() | some.integers(0, 5),
    price=some.floats(0, 1e8),
    money=some.tuples(some.sampled_from(["CNY", "EUR"]), some.sampled_from(["month", "visit"])),
    category_id=some.none() | some.integers(1, 3),
)
TRACES = some.lists(
    some.builds(
        Trace,
        what=some.sampled_from([*WEIGHTS, "passed_over"]),
        days=some.integers(0, 4000),
        facts=FACTS,
    ),
    max_size=12,
)
STANDINGS = some.builds(
    Standing,
    people=some.integers(0, 10**6),
    points=some.floats(0, 1e7),
    also_booked=some.integers(0, 100),
    also_liked=some.integers(0, 100),
    known=some.sampled_from(["", "saved", "viewed"]),
    days_old=some.none() | some.integers(0, 4000),
    rating=some.floats(0, 5),
    review_count=some.integers(0, 10**6),
)


@given(FACTS, STANDINGS, TRACES)
def test_points_are_more_than_nothing_and_never_more_than_the_most(facts, standing, traces):
    points = points_of(facts, standing, taste_of(traces))

    assert all(0 < value <= MOST[code] + 1e-9 for code, value in points.items())
    assert math.isfinite(score_of(points))


@given(FACTS, STANDINGS, TRACES, some.booleans())
def test_the_reason_is_one_of_those_that_have_points(facts, standing, traces, narrowed):
    taste = taste_of(traces)
    points = points_of(facts, standing, taste)
    told = told_of(points, facts, taste, narrowed=narrowed)

    if points:
        assert points[told.code] == max(points.values())
    else:
        assert told.code == ("fits" if narrowed else "more")


@given(FACTS, STANDINGS, TRACES)
def test_what_it_says_is_true(facts, standing, traces):
    taste = taste_of(traces)
    points = points_of(facts, standing, taste)
    liked = [one for one in traces if one.what in WEIGHTS]

    assert ("popular" in points) <= (standing.people >= MANY)
    assert ("also_booked" in points) <= (standing.also_booked >= COMPANY)
    assert ("new" in points) <= (standing.days_old is not None and standing.days_old < NEW_DAYS)
    assert ("well_rated" in points) <= (standing.rating >= 4 and standing.review_count >= 3)
    for code, like in likeness(facts, taste).items():
        alike = [one for one in liked if _alike(code, one.facts, facts)]
        assert like.what in {one.what for one in alike}, code


def _alike(code: str, one: Facts, other: Facts) -> bool:
    return {
        "same_place": one.place == other.place,
        "same_rooms": one.rooms == other.rooms,
        "same_category": one.category_id == other.category_id,
        "same_price": one.money == other.money
        and min(one.price, other.price) * 1.2501 >= max(one.price, other.price),
    }[code]


@given(TRACES)
def test_what_was_passed_over_speaks_for_nothing(traces):
    liked = [one for one in traces if one.what != "passed_over"]

    assert taste_of(traces) == taste_of(liked)


@given(FACTS, STANDINGS)
def test_a_newcomer_has_no_reason_of_their_own(facts, standing):
    points = points_of(facts, Standing(people=standing.people, points=standing.points), Taste())

    assert set(points) <= {"popular"}


@given(some.sampled_from(sorted(WEIGHTS)), some.integers(0, 4000))
def test_interest_fades(what, days):
    assert 0 < weight_of(what, days + 1) < weight_of(what, days) <= WEIGHTS[what]


@given(FACTS, some.integers(MANY, 10**6), some.floats(0.1, 1e7))
def test_the_more_take_an_interest_the_more_points(facts, people, points):
    less = points_of(facts, Standing(people=people, points=points), Taste())
    more = points_of(facts, Standing(people=people, points=points * 2), Taste())

    assert more["popular"] > less["popular"] or more["popular"] > 0.999 * MOST["popular"]


@given(FACTS, STANDINGS, TRACES)
def test_the_order_of_what_they_did_makes_no_difference(facts, standing, traces):
    one, other = taste_of(traces), taste_of(list(reversed(traces)))

    assert math.isclose(
        score_of(points_of(facts, standing, one)),
        score_of(points_of(facts, standing, other)),
        abs_tol=1e-5,
    )
