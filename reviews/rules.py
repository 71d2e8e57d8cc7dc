"""What a review may hold, and what many of them come to."""

from decimal import ROUND_HALF_UP, Decimal

LOWEST, HIGHEST = 1, 5
LONGEST_COMMENT = 1000
CENT = Decimal("0.01")


def mean(total: int, count: int) -> Decimal:
    """Of so many ratings with this sum, to two decimals; 0 where nobody has said anything."""
    if not count:
        return Decimal(0)
    return (Decimal(total) / count).quantize(CENT, rounding=ROUND_HALF_UP)


def masked(name: str) -> str:
    """A name that others read: "张**". Nothing of it shows how long it is."""
    return f"{name.strip()[:1]}**"
