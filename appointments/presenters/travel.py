"""The ways between the places of a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import ceil
from typing import Any

from django.utils.translation import gettext as _

from appointments.models import Appointment, Session, Status
from appointments.presenters.ruler import MINUTE, SHORTEST, Ruler
from appointments.presenters.where import point_of
from appointments.scoring import Place, travel_minutes
from appointments.selectors.availability import place_of
from appointments.selectors.console import Promise

# Nobody goes anywhere for what was called off.
OFF = (Status.CANCELLED, Status.NO_SHOW)


@dataclass(frozen=True)
class Leg:
    """A way from one place to the next: ``free`` is the time between the two."""

    starts_at: datetime
    ends_at: datetime
    minutes: int
    to: Promise
    name: str

    @property
    def free(self) -> int:
        return int((self.ends_at - self.starts_at) / MINUTE)

    @property
    def is_tight(self) -> bool:
        return self.free < self.minutes

    @property
    def words(self) -> str:
        facts = {"minutes": self.minutes, "place": self.name}
        return _("about %(minutes)d min to %(place)s") % facts

    @property
    def warning(self) -> str:
        if not self.is_tight:
            return ""
        return _("Only %(minutes)d minutes are free for it.") % {"minutes": max(self.free, 0)}


def legs(promised: Iterable[Promise]) -> list[Leg]:
    """Between what follows upon each other on one day and takes place elsewhere, by time. The
    listings are loaded."""
    stops = [one for one in promised if one.status not in OFF]
    stops.sort(key=lambda one: (one.starts_at, one.ends_at))
    found = []
    for before, after in pairwise(stops):
        zone = after.store.zone
        if before.ends_at.astimezone(zone).date() != after.starts_at.astimezone(zone).date():
            continue
        minutes = ceil(travel_minutes(_place(before), _place(after)))
        if minutes and before.ends_at <= after.starts_at:
            found.append(Leg(before.ends_at, after.starts_at, minutes, after, _name(after)))
    return found


def leg_to(appointment: Appointment, promised: Iterable[Promise]) -> Leg | None:
    return next((one for one in legs(promised) if one.to == appointment), None)


def travel_blocks(ruler: Ruler, promised: Iterable[Promise]) -> list[dict[str, Any]]:
    """Rows of a day's picture: each just before what one travels to, in the time that is free."""
    found = []
    for leg in legs(promised):
        sets_out = max(leg.starts_at, leg.ends_at - max(leg.minutes, SHORTEST) * MINUTE)
        place = ruler.place(sets_out, leg.ends_at)
        if place:
            found.append(
                {
                    "kind": "travel",
                    "place": place,
                    # Before what it leads to, also where that begins at the same moment.
                    "order": sets_out.isoformat(),
                    "label": leg.words,
                    "warning": leg.warning,
                }
            )
    return found


def _place(one: Promise) -> Place | None:
    own = point_of(one.listing) if one.listing is not None else None
    return place_of(own or one.store.point)


def _name(one: Promise) -> str:
    """Of the house; of what has no place of its own, the store."""
    if one.listing is not None and (isinstance(one, Session) or point_of(one.listing)):
        return one.listing.title
    return one.store.name
