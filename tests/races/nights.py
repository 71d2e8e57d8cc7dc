"""Who sleeps where: the nights of stays, their units and their pets, for the checker."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from appointments.models import Appointment, Claim, StayPet

from .promises import CELL, Promise, ended_at

DAY = timedelta(days=1)
SECONDS_A_DAY = 24 * 60 * 60
EPOCH = date(1970, 1, 1)
# Claims of what is longer past may be forgotten.
KEPT = timedelta(days=3)
# Appointment, resource and cell; how many units.
Taken = Counter[tuple[int, str, int]]


def cell_of_night(night: date) -> int:
    return (night - EPOCH).days * SECONDS_A_DAY // CELL


def nights_of(stay: Appointment) -> list[date]:
    """Those that are promised: of a stay that ended early those before the local date it ended
    on."""
    assert stay.check_in is not None
    assert stay.check_out is not None
    until, ended = stay.check_out, ended_at(stay)
    if ended is not None:
        until = min(until, ended.astimezone(stay.store.zone).date())
    return [stay.check_in + number * DAY for number in range((until - stay.check_in).days)]


def stays_among(appointments: Iterable[Appointment]) -> list[Appointment]:
    return [one for one in appointments if one.check_in is not None and one.status != "cancelled"]


def pets_of(stays: Iterable[Appointment]) -> dict[int, list[int | None]]:
    """By stay. None for a pet that is no longer written down."""
    found: dict[int, list[int | None]] = defaultdict(list)
    for stay_id, pet_id in StayPet.objects.values_list("appointment", "pet"):
        found[stay_id].append(pet_id)
    return {one.pk: found[one.pk] for one in stays}


def promises_of_pets(appointments: Iterable[Appointment]) -> Iterator[Promise]:
    """A pet from its first night to its last, so that overlaps are found among dates."""
    stays = stays_among(appointments)
    pets = pets_of(stays)
    for one in stays:
        nights = nights_of(one)
        if not nights:
            continue
        first, last = cell_of_night(nights[0]) * CELL, cell_of_night(nights[-1]) * CELL
        for pet in pets[one.pk]:
            if pet is not None:
                yield Promise(f"a:{pet}", first, last + SECONDS_A_DAY, f"appointment {one.pk}")


def wrong_nights(appointments: list[Appointment], at: datetime) -> Iterator[str]:
    """More pets than units in a night; a pet or a night that is not claimed, or claimed without a
    right; two owners of one unit; a stay whose columns contradict each other."""
    stays = stays_among(appointments)
    pets = pets_of(stays)
    yield from _too_many(stays, pets)
    yield from _claims_that_differ(stays, pets, at)
    yield from _shared_units()
    for one in stays:
        yield from _odd_columns(one, len(pets[one.pk]))


def _too_many(stays: list[Appointment], pets: Mapping[int, list[int | None]]) -> Iterator[str]:
    """By what was promised, whatever is claimed. A place that was made smaller afterwards keeps
    its guests: who resizes puts the old size back before the checker looks."""
    staying: dict[tuple[int, date], int] = Counter()
    places = {}
    for one in stays:
        assert one.listing is not None
        places[one.listing.pk] = one.listing
        for night in nights_of(one):
            staying[one.listing.pk, night] += len(pets[one.pk])
    for (place_id, night), count in sorted(staying.items()):
        if count > places[place_id].capacity:
            units = places[place_id].capacity
            yield f"place {place_id} has {units} units and {count} pets on {night}"


def _claims_that_differ(
    stays: list[Appointment], pets: Mapping[int, list[int | None]], at: datetime
) -> Iterator[str]:
    wanted: Taken = Counter()
    forgotten = int((at - KEPT).timestamp()) // CELL
    for one in stays:
        for night in nights_of(one):
            cell = cell_of_night(night)
            wanted[one.pk, f"n:{one.listing_id}", cell] = len(pets[one.pk])
            for pet in pets[one.pk]:
                if pet is not None:
                    wanted[one.pk, f"a:{pet}", cell] = 1
    there: Taken = Counter()
    rows = Claim.objects.filter(resource__regex="^[na]:")
    for owner, resource, cell in rows.values_list("appointment_id", "resource", "cell"):
        there[owner or 0, resource, cell] += 1
    told = set()
    for (owner, resource, cell), count in sorted((wanted - there).items()):
        if cell >= forgotten and (owner, resource) not in told:
            told.add((owner, resource))
            yield f"appointment {owner} lacks {count} of {resource} in a night"
    for (owner, resource, _cell), count in sorted((there - wanted).items()):
        if (owner, resource) not in told:
            told.add((owner, resource))
            yield f"appointment {owner} has {count} too many of {resource} in a night"


def _shared_units() -> Iterator[str]:
    """What the unique key refuses; without it they are found."""
    units = Counter(
        Claim.objects.filter(resource__startswith="n:").values_list("resource", "cell", "unit")
    )
    for (resource, _cell, unit), owners in sorted(units.items()):
        if owners > 1:
            yield f"unit {unit} of {resource} has {owners} owners in a night"


def _odd_columns(one: Appointment, pets: int) -> Iterator[str]:
    name = f"appointment {one.pk}"
    assert one.listing is not None
    assert one.check_in is not None
    assert one.check_out is not None
    if one.realtor_id != one.listing.realtor_id or not one.realtor_named:
        yield f"{name} is not with the sitter of its place"
    zone = one.store.zone
    dates = (one.starts_at.astimezone(zone).date(), one.ends_at.astimezone(zone).date())
    if dates != (one.check_in, one.check_out):
        yield f"{name} begins and ends on other dates than its nights"
    nights = (one.check_out - one.check_in).days
    if nights < 1 or not pets:
        yield f"{name} is a stay of {nights} nights and {pets} pets"
    elif one.nightly_price is None or one.price != one.nightly_price * nights * pets:
        yield f"{name} costs {one.price} for {nights} nights and {pets} pets"
