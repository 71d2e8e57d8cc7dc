"""Arithmetic of claims and lives; no database."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from booking_site.common.periods import Period

CELL_SECONDS = 300
START_EARLY = timedelta(minutes=15)


def cell_of(instant: datetime) -> int:
    """The five minutes of UTC that contain this instant."""
    return int(instant.timestamp()) // CELL_SECONDS


def cells(period: Period) -> range:
    """Every cell that a period touches."""
    return range(cell_of(period.start), cell_of(period.end - timedelta(microseconds=1)) + 1)


def cell_start(cell: int) -> datetime:
    return datetime.fromtimestamp(cell * CELL_SECONDS, UTC)


def mask(taken: Iterable[int], base: int) -> int:
    """Cells as bits of one integer, bit 0 being ``base``: a week of a realtor is 2016 bits."""
    bits = 0
    for cell in taken:
        if cell >= base:
            bits |= 1 << (cell - base)
    return bits


def span_mask(wanted: range, base: int) -> int:
    """The bits of a run of cells."""
    first, last = max(wanted.start, base), wanted.stop
    return ((1 << (last - first)) - 1) << (first - base) if last > first else 0


def realtor_key(realtor_id: int) -> str:
    return f"r:{realtor_id}"


def user_key(user_id: int) -> str:
    return f"u:{user_id}"


def phone_key(phone: str) -> str:
    return f"p:{phone}"


def offer_deadline(*, at: datetime, starts_at: datetime, accept_minutes: int) -> datetime:
    """Short for starts within two hours; otherwise until two hours before the start."""
    two_hours_before = starts_at - timedelta(hours=2)
    soonest = at + timedelta(minutes=accept_minutes)
    return max(soonest, two_hours_before)
