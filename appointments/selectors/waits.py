"""How long the live line takes: one estimate, on every surface."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from appointments.models import Appointment
from stores.models import Store


@dataclass(frozen=True)
class LiveLine:
    """A store's live line. ``wait_minutes``: of somebody who joined now; None when nobody is on
    duty, never a made-up 0. ``serves_today``: whether somebody works today from now on."""

    store_id: int
    length: int
    on_duty: int
    wait_minutes: int | None
    serves_today: bool


def live_lines(stores: Iterable[Store], *, at: datetime) -> dict[int, LiveLine]:
    """By store id. Queries: constant."""
    raise NotImplementedError


def live_line(store: Store, *, at: datetime) -> LiveLine:
    return live_lines([store], at=at)[store.pk]


def estimated_waits(appointments: Iterable[Appointment], *, at: datetime) -> dict[int, int | None]:
    """Minutes until an offer, by appointment id: of those who wait in a live line, None for all
    others and where nobody is on duty. Queries: constant."""
    raise NotImplementedError
