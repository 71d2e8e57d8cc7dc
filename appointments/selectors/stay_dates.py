"""On which dates pets can stay: in one place day by day, and where else or when else when the
wanted nights are full."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from appointments.models import Appointment
from appointments.selectors.nights import (
    DAY,
    Night,
    first_night,
    last_check_out,
    nights_of,
)
from realtors.models import Listing
from stores.rules import Policy

# How far around the wanted date others are looked for, and how many are told.
SEARCHED_DAYS = 30
MOST_TOLD = 4


@dataclass(frozen=True)
class Nights:
    """``[check_in, check_out)`` for so many pets."""

    check_in: date
    check_out: date
    pets: int = 1

    @property
    def count(self) -> int:
        return (self.check_out - self.check_in).days

    @property
    def parts(self) -> dict[str, str]:
        """As an address says it; one pet goes without saying."""
        dates = {"check_in": self.check_in.isoformat(), "check_out": self.check_out.isoformat()}
        return dates | ({"pets": str(self.pets)} if self.pets != 1 else {})


@dataclass(frozen=True)
class OpenNights:
    """The nights of one place that are known, and between which dates it can be booked."""

    nights: Mapping[date, Night]
    first: date
    last_check_out: date

    def has_room(self, check_in: date, check_out: date, units: int) -> bool:
        """Every night, within what can be booked. False, too, for what is not known."""
        if not self.first <= check_in < check_out <= self.last_check_out:
            return False
        return all(self.left(day) >= units for day in days(check_in, check_out))

    def full_in(self, check_in: date, check_out: date, units: int) -> list[date]:
        """The nights that have no room for so many."""
        return [day for day in days(check_in, check_out) if self.left(day) < units]

    def left(self, day: date) -> int:
        night = self.nights.get(day)
        return night.left if night is not None else 0

    def nearest(self, wanted: date, count: int, units: int) -> list[date]:
        """Check-ins around ``wanted`` from which so many nights have room, the nearest first."""
        around = sorted(self.nights, key=lambda day: (abs((day - wanted).days), day))
        fits = (day for day in around if self.has_room(day, day + count * DAY, units))
        return sorted(_first_few(fits))


def open_nights(
    place: Listing,
    policy: Policy,
    first: date,
    last: date,
    *,
    at: datetime,
    apart: Appointment | None = None,
) -> OpenNights:
    """Of ``place`` from ``first`` to ``last``, both included; the stay ``apart`` does not stand in
    its own way. Two queries."""
    found = nights_of([place], first, last, at=at, apart=apart)[place.pk]
    return OpenNights(
        nights={night.date: night for night in found},
        first=first_night(place, policy, at),
        last_check_out=last_check_out(place, policy, at),
    )


def all_open_nights(
    places: Sequence[Listing],
    policies: Mapping[int, Policy],
    first: date,
    last: date,
    *,
    at: datetime,
) -> list[OpenNights]:
    """Of each of ``places``, in their order; ``policies``: by store. Two queries."""
    found = nights_of(places, first, last, at=at)
    return [
        OpenNights(
            nights={night.date: night for night in found[place.pk]},
            first=first_night(place, policy, at),
            last_check_out=last_check_out(place, policy, at),
        )
        for place in places
        for policy in [policies[place.store_id].overridden_by(place)]
    ]


def nearest_dates(
    places: Sequence[Listing],
    policies: Mapping[int, Policy],
    check_in: date,
    check_out: date,
    *,
    units: int,
    at: datetime,
) -> list[tuple[date, int]]:
    """Where none of ``places`` has room: check-ins nearby at which some have it for as many nights,
    with how many they are, in their order. Two queries, whatever the number of places."""
    count = (check_out - check_in).days
    first = check_in - timedelta(days=SEARCHED_DAYS)
    last = check_out + timedelta(days=SEARCHED_DAYS)
    opened = all_open_nights(places, policies, first, last, at=at)
    around = sorted(days(first, last), key=lambda day: (abs((day - check_in).days), day))
    with_room = (
        (day, there)
        for day in around
        if (there := sum(one.has_room(day, day + count * DAY, units) for one in opened))
    )
    return sorted(_first_few(with_room))


def days(first: date, until: date) -> Iterator[date]:
    """``[first, until)``."""
    return (first + timedelta(days=number) for number in range((until - first).days))


def _first_few(found: Iterable[Any]) -> list[Any]:
    return [one for one, _place in zip(found, range(MOST_TOLD), strict=False)]
