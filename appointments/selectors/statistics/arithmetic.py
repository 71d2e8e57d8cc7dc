"""Figures of figures. None where there is nothing to reckon with: no made-up 0."""

from collections.abc import Sequence
from math import ceil


def share(part: float, whole: float) -> float | None:
    """From 0 to 1."""
    return part / whole if whole else None


def mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def percentile(values: Sequence[float], percent: int) -> float | None:
    """The smallest of the values that ``percent`` of them do not exceed (nearest rank): always one
    that somebody really saw."""
    if not values:
        return None
    rank = ceil(len(values) * percent / 100)
    return sorted(values)[max(rank, 1) - 1]


def jain(values: Sequence[float]) -> float | None:
    """Jain's index of fairness: 1 when all have the same, 1/n when one has everything. None when
    nobody has anything."""
    squares = sum(value * value for value in values)
    return sum(values) ** 2 / (len(values) * squares) if squares else None
