"""Where places lie to each other, drawn to scale: plain geometry, no map and no request."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from booking_site.common.places import Point

# Of the drawing, in its own units: about a pixel each on a telephone. The foot holds the scale.
WIDTH, HEIGHT, FOOT = 400, 340, 44
# Half the height of a label: what a finger finds. Between labels, and around all of them:
HALF, GAP, MARGIN = 15, 2, 4
# How wide a sign of a label is, and the widest a label may be.
SIGN, MOST_SIGNS = 8, 9
# The drawing shows so many kilometres at least, however near to each other the places are.
LEAST_KM = 0.4
LONGEST_BAR, MOST_RINGS = 110, 6
# A place that is searched around is left out where it would make everything else so many times
# smaller.
MOST_SHRUNK = 5

Spot = tuple[float, float]


@dataclass(frozen=True)
class Label:
    """Of a place, or of several that are too near to be told apart. ``x``, ``y``: its middle;
    ``places``: which of them, counted from 0."""

    places: tuple[int, ...]
    text: str
    x: float
    y: float

    @property
    def half_width(self) -> float:
        return max(HALF, len(self.text) * SIGN / 2 + HALF / 2)

    def overlaps(self, other: "Label") -> bool:
        aside = self.half_width + other.half_width + GAP
        return abs(self.x - other.x) < aside and abs(self.y - other.y) < 2 * HALF + GAP


@dataclass(frozen=True)
class Drawing:
    """``bar`` is so wide as ``bar_km`` are; ``rings`` are radii around ``place``, one bar apart.
    ``place`` is None where none was asked for, or where it is too far away to be drawn with the
    rest. ``across`` and ``down``: where lines stand, one bar apart as well; none beside rings."""

    labels: tuple[Label, ...]
    place: Spot | None
    rings: tuple[float, ...]
    across: tuple[float, ...]
    down: tuple[float, ...]
    bar: float
    bar_km: float


def drawn(
    points: Sequence[Point], *, place: Point | None = None, numbers: Sequence[int] = ()
) -> Drawing:
    """``points``, of which there is at least one, are called by their ``numbers``, else 1, 2…"""
    spots = _flat([*points, *([place] if place else [])])
    units = _units_per_km(spots)
    if place and units * MOST_SHRUNK < _units_per_km(spots[:-1]):
        place, spots = None, spots[:-1]
        units = _units_per_km(spots)
    spots = _placed(spots, units)
    around = spots.pop() if place else None
    bar_km = _round_length(LONGEST_BAR / units)
    bar = bar_km * units
    return Drawing(
        labels=tuple(_joined(spots, numbers or range(1, len(spots) + 1))),
        place=around,
        rings=tuple(bar * n for n in range(1, MOST_RINGS + 1)) if around else (),
        across=() if around else _lines(WIDTH, bar),
        down=() if around else _lines(HEIGHT - FOOT, bar),
        bar=bar,
        bar_km=bar_km,
    )


def in_words(numbers: Sequence[int]) -> str:
    """``1, 3–5``; where that is too long, the first and how many more."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    text = ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
    return text if len(text) <= MOST_SIGNS else f"{runs[0][0]} +{len(numbers) - 1}"


def _lines(length: float, apart: float) -> tuple[float, ...]:
    """As many on either side of the middle as there is room for."""
    many = int(length / 2 / apart)
    return tuple(length / 2 + apart * n for n in range(-many, many + 1))


def _flat(points: Sequence[Point]) -> list[Spot]:
    """Kilometres to the east and to the south of the middle of all, each in its direction from
    there: nothing happens at the date line or at the poles."""
    middle = _middle(points)
    return [_from(middle, one) for one in points]


def _middle(points: Sequence[Point]) -> Point:
    """On the surface; the first where they lie all around the earth."""
    x = y = z = 0.0
    for one in points:
        up, along = math.radians(one.latitude), math.radians(one.longitude)
        x += math.cos(up) * math.cos(along)
        y += math.cos(up) * math.sin(along)
        z += math.sin(up)
    if math.hypot(x, y, z) < 1e-9 * len(points):
        return points[0]
    return Point(math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x)))


def _from(middle: Point, point: Point) -> Spot:
    here, there = math.radians(middle.latitude), math.radians(point.latitude)
    turn = math.radians(point.longitude - middle.longitude)
    east = math.sin(turn) * math.cos(there)
    north = math.cos(here) * math.sin(there) - math.sin(here) * math.cos(there) * math.cos(turn)
    bearing, away = math.atan2(east, north), middle.kilometres_to(point)
    return away * math.sin(bearing), -away * math.cos(bearing)


def _units_per_km(spots: Sequence[Spot]) -> float:
    across = max(x for x, _y in spots) - min(x for x, _y in spots)
    down = max(y for _x, y in spots) - min(y for _x, y in spots)
    wide, high = WIDTH - 4 * HALF, HEIGHT - FOOT - 4 * HALF
    return min(wide / max(across, LEAST_KM), high / max(down, LEAST_KM))


def _placed(spots: Sequence[Spot], units: float) -> list[Spot]:
    """In units, with what they cover in the middle of the drawing."""
    left, right = min(x for x, _y in spots), max(x for x, _y in spots)
    top, bottom = min(y for _x, y in spots), max(y for _x, y in spots)
    return [
        (
            WIDTH / 2 + (x - (left + right) / 2) * units,
            (HEIGHT - FOOT) / 2 + (y - (top + bottom) / 2) * units,
        )
        for x, y in spots
    ]


def _joined(spots: Sequence[Spot], called: Sequence[int]) -> list[Label]:
    """One label for those that would cover each other, until none does."""
    labels = [_label((place,), spots, called) for place in range(len(spots))]
    while (pair := _nearest_that_overlap(labels)) is not None:
        one, other = pair
        rest = [label for label in labels if label not in pair]
        together = tuple(sorted(one.places + other.places))
        labels = [*rest, _label(together, spots, called)]
    return sorted(labels, key=lambda label: label.places)


def _label(places: tuple[int, ...], spots: Sequence[Spot], called: Sequence[int]) -> Label:
    """In the middle of its places, and wholly inside."""
    text = in_words([called[place] for place in places])
    x = sum(spots[place][0] for place in places) / len(places)
    y = sum(spots[place][1] for place in places) / len(places)
    aside = Label(places, text, x, y).half_width + MARGIN
    above = HALF + MARGIN
    return Label(
        places,
        text,
        min(max(x, aside), WIDTH - aside),
        min(max(y, above), HEIGHT - FOOT - above),
    )


def _nearest_that_overlap(labels: Sequence[Label]) -> tuple[Label, Label] | None:
    pairs = [
        (math.hypot(one.x - other.x, one.y - other.y), one.places, one, other)
        for at, one in enumerate(labels)
        for other in labels[at + 1 :]
        if one.overlaps(other)
    ]
    if not pairs:
        return None
    _away, _places, one, other = min(pairs, key=lambda row: row[:2])
    return one, other


def _round_length(most_km: float) -> float:
    """The longest of 1, 2, 5, 10… metres that is no longer."""
    ten = 10 ** math.floor(math.log10(most_km * 1000))
    fits = [step for step in (1, 2, 5) if step * ten <= most_km * 1000]
    return (fits[-1] if fits else 1) * ten / 1000
