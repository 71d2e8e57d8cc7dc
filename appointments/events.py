"""News of appointments, published in the transaction that made them true."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True)
class AppointmentNews:
    appointment_id: int
    at: datetime


@dataclass(frozen=True)
class AppointmentCreated(AppointmentNews):
    """Booked; ``queued`` when it waits for a realtor."""

    queued: bool


@dataclass(frozen=True)
class AppointmentAssigned(AppointmentNews):
    """Given to a realtor, who has yet to accept unless it confirmed itself."""

    realtor_id: int


@dataclass(frozen=True)
class AppointmentUnassigned(AppointmentNews):
    """Back in its line, because its realtor said no, did not answer or can no longer come. Where
    somebody else got it at once, AppointmentAssigned follows. ``announced``: that realtor had
    accepted, so the customer knows their name. ``previous_start``: the start that realtor knows,
    where it was a move that took it from them."""

    realtor_id: int
    reason: str = ""
    announced: bool = False
    previous_start: datetime | None = None


@dataclass(frozen=True)
class AppointmentConfirmed(AppointmentNews):
    pass


@dataclass(frozen=True)
class AppointmentRescheduled(AppointmentNews):
    previous_start: datetime


@dataclass(frozen=True)
class AppointmentStarted(AppointmentNews):
    pass


@dataclass(frozen=True)
class AppointmentCompleted(AppointmentNews):
    pass


@dataclass(frozen=True)
class AppointmentCancelled(AppointmentNews):
    reason: str


@dataclass(frozen=True)
class AppointmentNoShow(AppointmentNews):
    pass


@dataclass(frozen=True)
class AppointmentPaid(AppointmentNews):
    """What was due before it can be confirmed has been paid."""


@dataclass(frozen=True)
class CancelRequestChanged(AppointmentNews):
    """One side has asked to call an order off, or what became of that: ``state`` is a RequestState.
    Where it ends the order, AppointmentCancelled is told, too. ``refund``: what staff give back to
    the customer of an order that stands."""

    request_id: int
    state: str
    refund: Decimal = Decimal(0)


@dataclass(frozen=True)
class ViewingFeedbackGiven(AppointmentNews):
    """The customer has said, or changed, what they think of a house they saw."""

    verdict: str


@dataclass(frozen=True)
class SeatFreed:
    """A seat of a full session is free again; these accounts had asked to hear of it."""

    session_id: int
    user_ids: tuple[int, ...]
    at: datetime
