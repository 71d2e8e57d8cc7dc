"""Arithmetic of claims and lives; no database."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal

from booking_site.common.money import CENT, unit_of
from booking_site.common.periods import Period

CELL_SECONDS = 300
CELLS_A_DAY = 24 * 60 * 60 // CELL_SECONDS
EPOCH = date(1970, 1, 1)
START_EARLY = timedelta(minutes=15)
# From here on an unanswered booking is a matter of minutes.
SOON = timedelta(hours=2)


def is_its_day(starts_at: datetime, at: datetime, zone: tzinfo) -> bool:
    """Whether ``at`` lies on the local date of the start: on no other day has somebody arrived."""
    return starts_at.astimezone(zone).date() == at.astimezone(zone).date()


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


def child_key(child_id: int) -> str:
    return f"c:{child_id}"


def session_key(session_id: int) -> str:
    return f"s:{session_id}"


def house_key(listing_id: int) -> str:
    return f"h:{listing_id}"


def place_key(listing_id: int) -> str:
    """A boarding place, of which each unit is claimed by the night."""
    return f"n:{listing_id}"


def pet_key(pet_id: int) -> str:
    return f"a:{pet_id}"


def night_cell(night: date) -> int:
    """A night by the date on which it begins, on the axis of all cells, so that what is long past
    is forgotten alike. A date of the place's wall clock: that of a day of 23 hours is one night."""
    return (night - EPOCH).days * CELLS_A_DAY


def night_cells(check_in: date, check_out: date) -> list[int]:
    """One for each night of ``[check_in, check_out)``."""
    nights = (check_out - check_in).days
    return [night_cell(check_in) + number * CELLS_A_DAY for number in range(nights)]


def units_of_nights(
    taken: Mapping[int, Collection[int]], units: int, capacity: int
) -> dict[int, list[int]] | None:
    """Which units to take, by night, of a place with ``capacity`` of them; None when a night has
    fewer than ``units`` left. Those that are free every night come first, so that a pet stays where
    it is if it can; the lowest numbers before others."""
    if any(len(others) + units > capacity for others in taken.values()):
        return None
    nights_free = dict.fromkeys(range(capacity), 0)
    for others in taken.values():
        for unit in nights_free:
            nights_free[unit] += unit not in others
    order = sorted(nights_free, key=lambda unit: (-nights_free[unit], unit))
    chosen = {
        night: [unit for unit in order if unit not in others][:units]
        for night, others in taken.items()
    }
    # Units beyond a capacity that was made smaller count, but leave lower ones free.
    return chosen if all(len(found) == units for found in chosen.values()) else None


def cancellation_percent(
    steps: Iterable[Sequence[int]], *, starts_at: datetime, at: datetime
) -> int:
    """What calling off at ``at`` costs, in percent of the price: ``steps`` are [minutes before the
    start, percent], each from then on; the one nearest to the start that has begun counts."""
    left = starts_at - at
    begun = [
        (minutes, percent)
        for minutes, percent in steps
        if percent and left <= timedelta(minutes=minutes)
    ]
    return int(min(begun)[1]) if begun else 0


def share_of(amount: Decimal, percent: Decimal | int, currency: str) -> Decimal:
    """So many percent of an amount, halves up, as a sum that can be paid: to the cent, or in whole
    yen."""
    units = (amount * Decimal(percent) / 100 / unit_of(currency)).quantize(
        Decimal(1), ROUND_HALF_UP
    )
    return (units * unit_of(currency)).quantize(CENT)


def offer_deadline(
    *,
    at: datetime,
    starts_at: datetime | None,
    accept_minutes: int,
    later_minutes: int,
    working: Iterable[Period],
) -> datetime:
    """By when a realtor must have answered. Live (``starts_at`` is None) and for starts within two
    hours it is a matter of ``accept_minutes``, at most until the start. For others
    ``later_minutes`` run while the realtor is ``working`` (sorted periods), at most until two hours
    before the start."""
    soonest = at + timedelta(minutes=accept_minutes)
    if starts_at is None:
        return soonest
    latest = starts_at - SOON
    if latest <= soonest:
        return min(soonest, starts_at)
    left = timedelta(minutes=later_minutes)
    for period in working:
        begins = max(period.start, at)
        if begins >= period.end:
            continue
        if begins + left <= period.end:
            return min(begins + left, latest)
        left -= period.end - begins
    return latest
