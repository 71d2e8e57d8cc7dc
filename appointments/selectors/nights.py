"""Which nights of boarding places have room: counted from the claims, for any number of places and
nights by the same queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from appointments.models import Appointment, Claim
from appointments.rules import night_cell, night_cells, place_key
from booking_site.common.periods import Period, dates_between, local_boundary
from realtors.models import Listing, TimeOff
from stores.rules import Policy

# A sitter who is away at these hours of the place's wall clock cannot have pets there that night.
NIGHT_FROM, NIGHT_UNTIL = time(22), time(6)
CHECK_IN_HOUR, CHECK_OUT_HOUR = 14, 12
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Night:
    """One night of one place: how many units are taken, and whether the sitter is away."""

    date: date
    taken: int
    capacity: int
    away: bool

    @property
    def left(self) -> int:
        return 0 if self.away else max(self.capacity - self.taken, 0)


def hours_of_stay(listing: Listing, check_in: date, check_out: date) -> Period:
    """From when pets are brought to when they are fetched. Where the clock skips that hour, the
    end of the gap."""
    zone = listing.store.zone
    brought = int(listing.attributes.get("check_in_hour", CHECK_IN_HOUR))
    fetched = int(listing.attributes.get("check_out_hour", CHECK_OUT_HOUR))
    return Period(
        local_boundary(check_in, time(brought), zone),
        local_boundary(check_out, time(fetched), zone),
    )


def first_night(listing: Listing, policy: Policy, at: datetime) -> date:
    """The first date on which pets can still be brought, told beforehand as long as the policy
    asks. At that very hour it is too late: nobody would have a moment to pay in."""
    soonest = at + timedelta(minutes=policy.min_advance_minutes)
    day = soonest.astimezone(listing.store.zone).date()
    brought = hours_of_stay(listing, day, day + DAY).start
    return day if brought >= soonest and brought > at else day + DAY


def last_check_out(listing: Listing, policy: Policy, at: datetime) -> date:
    today = at.astimezone(listing.store.zone).date()
    return today + timedelta(days=policy.dated_advance_days)


def nights_of(
    listings: Sequence[Listing],
    first: date,
    last: date,
    *,
    at: datetime,
    apart: Appointment | None = None,
) -> dict[int, list[Night]]:
    """By listing: its nights from ``first`` to the one that begins on ``last``; without those of
    the stay ``apart``, which is to be moved. Two queries."""
    dates = dates_between(first, (last - first).days + 1)
    cells = night_cells(first, last + DAY)
    taken = _taken([one.pk for one in listings], cells, at, apart)
    away = _away(listings, first, last)
    return {
        one.pk: [
            Night(
                date=day,
                taken=taken[one.pk, night_cell(day)],
                capacity=one.capacity,
                away=_covers_a_night(away[one.realtor_id], one, day),
            )
            for day in dates
        ]
        for one in listings
    }


def units_left(
    listings: Sequence[Listing], check_in: date, check_out: date, *, at: datetime
) -> dict[int, int]:
    """By listing: how many pets can stay through every night of ``[check_in, check_out)``. Two
    queries."""
    found = nights_of(listings, check_in, check_out - DAY, at=at)
    return {pk: min((night.left for night in nights), default=0) for pk, nights in found.items()}


def _taken(
    listing_ids: list[int], cells: Sequence[int], at: datetime, apart: Appointment | None
) -> Counter[tuple[int, int]]:
    """By listing and night. What was not paid in time takes no room, swept or not. One query."""
    keys = {place_key(pk): pk for pk in listing_ids}
    rows = Claim.objects.standing(at).in_time(at).nights(listing_ids, cells)
    if apart is not None:
        rows = rows.exclude(appointment=apart)
    return Counter(
        (keys[resource], cell) for resource, cell in rows.values_list("resource", "cell")
    )


def _away(listings: Iterable[Listing], first: date, last: date) -> dict[int | None, list[TimeOff]]:
    """By realtor. One query."""
    places = list(listings)
    found: dict[int | None, list[TimeOff]] = defaultdict(list)
    if not places:
        return found
    # Of any zone.
    since = local_boundary(first - DAY, NIGHT_UNTIL, places[0].store.zone)
    until = local_boundary(last + 2 * DAY, NIGHT_FROM, places[0].store.zone)
    rows = TimeOff.objects.filter(
        realtor__in={one.realtor_id for one in places}, starts_at__lt=until, ends_at__gt=since
    )
    for off in rows:
        found[off.realtor_id].append(off)
    return found


def _covers_a_night(away: list[TimeOff], listing: Listing, day: date) -> bool:
    if not away:
        return False
    zone = listing.store.zone
    since = local_boundary(day, NIGHT_FROM, zone)
    until = local_boundary(day + DAY, NIGHT_UNTIL, zone)
    return any(off.starts_at < until and off.ends_at > since for off in away)
