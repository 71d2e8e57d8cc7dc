"""Where those who show houses are when, and whether they can get there, for the checker."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from appointments.models import Appointment, Hold, Session
from appointments.scoring import Place, travel_minutes
from realtors.models import Listing
from stores.models import Store

from .histories import Logs, given_by_staff

OPEN = ("pending", "confirmed", "in_progress")


@dataclass(frozen=True)
class Visit:
    """Somebody is expected there; ``free``: nobody has asked whether they can get there."""

    start: datetime
    end: datetime
    place: Place | None
    owner: str
    free: bool = False


def place_of(store: Store, listing: Listing | None) -> Place | None:
    for one in (listing, store):
        if one is not None and one.latitude is not None and one.longitude is not None:
            return float(one.latitude), float(one.longitude)
    return None


def visits(
    appointments: Iterable[Appointment], holds: Iterable[Hold], sessions: Iterable[Session]
) -> dict[int, list[Visit]]:
    """By realtor, sorted. Stays take nobody's time, and neither do seats beside their session."""
    found: dict[int, list[Visit]] = defaultdict(list)
    for one in appointments:
        if one.status not in OPEN or one.realtor_id is None or one.session_id or one.check_in:
            continue
        where = place_of(one.store, one.listing)
        owner = f"appointment {one.pk}"
        found[one.realtor_id].append(Visit(one.starts_at, one.ends_at, where, owner, one.live))
    for held in holds:
        if held.session_id is None:
            where = place_of(held.store, held.listing)
            visit = Visit(held.starts_at, held.ends_at, where, f"hold {held.pk}")
            found[held.realtor_id].append(visit)
    for taught in sessions:
        if taught.status != "cancelled":
            where = place_of(taught.store, taught.listing)
            visit = Visit(taught.starts_at, taught.ends_at, where, f"session {taught.pk}", True)
            found[taught.realtor_id].append(visit)
    for theirs in found.values():
        theirs.sort(key=lambda visit: (visit.start, visit.end))
    return found


def rushed(by_realtor: dict[int, list[Visit]], found: Logs) -> Iterator[str]:
    """Two promises of one person that leave no time to get from one to the other. Sessions are
    opened and live customers served without asking; staff may know better."""
    by_staff = {f"appointment {pk}" for pk, log in found.items() if given_by_staff(log)}
    for realtor_id, theirs in by_realtor.items():
        for one, other in pairwise(theirs):
            if one.free or other.free or {one.owner, other.owner} & by_staff:
                continue
            if one.end <= other.start and not _leaves_time(one, other):
                yield f"realtor {realtor_id} cannot get from {one.owner} to {other.owner} in time"


def can_get_there(theirs: list[Visit], wanted: Visit) -> bool:
    """From what ends last before it, and to what begins first after it."""
    before = [one for one in theirs if one.end <= wanted.start]
    after = [one for one in theirs if one.start >= wanted.end]
    return all(
        [
            *(_leaves_time(one, wanted) for one in before[-1:]),
            *(_leaves_time(wanted, one) for one in after[:1]),
        ]
    )


def _leaves_time(one: Visit, other: Visit) -> bool:
    return other.start - one.end >= timedelta(minutes=travel_minutes(one.place, other.place))
