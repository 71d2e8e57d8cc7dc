"""One line of the table, and what all parts share."""

import os
from dataclasses import dataclass

SECONDS = float(os.environ.get("BENCH_SECONDS", "20"))


@dataclass
class Row:
    """One line: which goal, what, how much, and what was wanted."""

    goal: str
    what: str
    value: str
    wanted: str = ""
    figure: float = 0.0


def at_share(values: list[float], share: float) -> float:
    """Of sorted ones, that at this share of them; 0.99 is nearly the last."""
    return values[min(len(values) - 1, int(len(values) * share))] if values else 0.0
