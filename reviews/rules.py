"""What a review may hold, and what many of them come to."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

LOWEST, HIGHEST = 1, 5
LONGEST_COMMENT = 1000
LONGEST_REPLY = 1000
LONGEST_REPORT = 500
LONGEST_REASON = 200
MOST_PHOTOS = 6
# Pixels of the longer side: as large as a telephone or a window shows it, and in lists.
PHOTO_SIDE, SMALL_SIDE = 1600, 320
# Slips of the pen can be mended; later an answer that others have read stands.
REPLY_CHANGES = timedelta(days=1)
# Whoever has not sent the review by then begins anew.
PHOTOS_KEPT = timedelta(days=1)
CENT = Decimal("0.01")


def mean(total: int, count: int) -> Decimal:
    """Of so many ratings with this sum, to two decimals; 0 where nobody has said anything."""
    if not count:
        return Decimal(0)
    return (Decimal(total) / count).quantize(CENT, rounding=ROUND_HALF_UP)


def masked(name: str) -> str:
    """A name that others read: "张**". Nothing of it shows how long it is."""
    return f"{name.strip()[:1]}**"
